"""The worklist: what somebody has to see to, by one definition (docs/records.md, The worklist)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Connection

from planner.records.caller import Caller
from planner.records.lists.site_schedules import SiteSchedule, schedules
from planner.records.lists.worklist_kinds import Limits, Worklist, WorklistKind, WorklistRow
from planner.records.lists.worklist_masks import listed
from planner.records.lists.worklist_rows import RowMaker
from planner.records.paused_collection import paused_collection

__all__ = ["Limits", "Worklist", "WorklistKind", "WorklistRow", "worklist", "worklist_of"]

STANDARD_LIMITS = Limits()


def worklist(
    connection: Connection,
    caller: Caller,
    kinds: Collection[WorklistKind] | None = None,
    limits: Limits = STANDARD_LIMITS,
    *,
    studies: Collection[str] | None = None,
    sites: Collection[str] | None = None,
    visit_kinds: Collection[str] | None = None,
    as_of: date | None = None,
    most: int | None = None,
) -> Worklist:
    """What there is to see to, among all that the caller may read.

    ``kinds``: None for all. ``visit_kinds``: only visits of these kinds (clinic, treatment, imaging, phone, decision). ``as_of``: today at
    each subject's site where it is not given. ``most``: of each kind only so many rows, the most urgent ones; the counts stay whole.
    Raises NotAllowedError where the caller may read nothing.
    """
    with paused_collection():
        found = schedules(connection, caller, as_of, studies=studies, sites=sites)
        return worklist_of(found, kinds, limits, visit_kinds=visit_kinds, most=most)


def worklist_of(
    found: Sequence[SiteSchedule],
    kinds: Collection[WorklistKind] | None = None,
    limits: Limits = STANDARD_LIMITS,
    *,
    visit_kinds: Collection[str] | None = None,
    most: int | None = None,
) -> Worklist:
    """The same for schedules that have been made already."""
    makers = [RowMaker(site_schedule) for site_schedule in found]
    rows: list[WorklistRow] = []
    counts: dict[WorklistKind, int] = {}
    with paused_collection():
        for kind in WorklistKind:
            if kinds is not None and kind not in kinds:
                continue
            parts = [listed(site_schedule, kind, limits, visit_kinds) for site_schedule in found]
            counts[kind] = sum(len(part) for part in parts)
            made = [row for maker, part in zip(makers, parts, strict=True) for row in maker.rows(kind, maker.most_urgent(part, most))]
            if len(found) > 1:
                made.sort(key=_urgency)
            rows.extend(made[:most])
        return Worklist(tuple(rows), counts)


def _urgency(row: WorklistRow) -> tuple[int, str, str, str]:
    # Each schedule's rows are in order already, and sorting keeps the order of a subject's visits.
    return row.days, row.study, row.site, row.subject
