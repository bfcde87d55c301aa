"""Branches laid side by side: a line for each visit, a column for each branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.schedule.rows import VisitRow
from planner.ui.language import t
from planner.ui.preview import Branch
from planner.ui.words import short_date

ABSENT = "–"


@dataclass(frozen=True, slots=True)
class BranchTable:
    """Texts: ``Visit`` and the branches' labels above, then a line per visit, by its earliest date in any branch."""

    columns: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


def branch_table(branches: Sequence[Branch], texts: ProtocolTexts, *, only_different: bool) -> BranchTable:
    """All visits of all branches, or those whose date is not the same in each."""
    names: dict[str, str] = {}
    first: dict[str, date] = {}
    for branch in branches:
        for row in branch.rows:
            names.setdefault(row.visit, texts.visit(row))
            day = row.effective or date.max
            first[row.visit] = min(first.get(row.visit, date.max), day)
    by_visit = [{row.visit: row for row in branch.rows} for branch in branches]
    lines = []
    for visit in sorted(names, key=lambda visit: first[visit]):
        cells = tuple(_cell(rows.get(visit)) for rows in by_visit)
        if not only_different or len(set(cells)) > 1:
            lines.append((f"{visit}: {names[visit]}", *cells))
    return BranchTable((t("Visit"), *(branch.label for branch in branches)), tuple(lines))


def _cell(row: VisitRow | None) -> str:
    if row is None:
        return ABSENT
    return t("no date") if row.effective is None else short_date(row.effective)
