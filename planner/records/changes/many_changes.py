"""Acts proposed for many subjects: one fold and one walk over the visits for each side, however many there are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Any

import numpy as np

from planner.records.caller import Caller
from planner.records.changes.held_doses import GivenInHold, given_in_holds, held_dose_warnings
from planner.records.changes.lost_visits import lost_warnings
from planner.records.changes.many_findings import evaluated_findings
from planner.records.changes.moves import Move, moves_between
from planner.records.changes.proposal import Proposal, RefusedError
from planner.records.changes.worsening import unfit_warnings, warnings_between
from planner.records.facts.chain import details_text
from planner.records.facts.fact import NewFact, SubjectKey
from planner.records.facts.sentences import sentence
from planner.records.fold.fact_columns import COLUMNS, KIND_CODES, FactTable
from planner.records.fold.fold import fold, revisions
from planner.records.fold.folded import FoldedGroup, UnfitFact
from planner.records.lists.site_schedules import as_of_days
from planner.records.people.roles import Action
from planner.records.pinned.pinned import Pinned
from planner.schedule.calendar import CalendarError, SiteCalendar
from planner.schedule.checks import Finding
from planner.schedule.closed_with import visit_closed_with
from planner.schedule.days import NO_DAY, day_date, day_number
from planner.schedule.expand import NoOpenDayError, expand
from planner.schedule.held_days import held_until
from planner.schedule.rows import VisitRow
from planner.schedule.schedule import Schedule
from planner.schedule.table import visit_table
from planner.schedule.visit_rows import table_rows


@dataclass(frozen=True, eq=False)
class Side:
    """One subject before or after the act."""

    schedule: Schedule
    column: int
    """The subject's in the schedule."""
    rows: tuple[VisitRow, ...]
    findings: Sequence[Finding]
    """Those that were evaluated."""
    given_in_holds: Sequence[GivenInHold]
    group: FoldedGroup
    unfit: tuple[UnfitFact, ...]

    @property
    def site(self) -> str:
        """Where the subject now is."""
        return self.group.sites[int(self.group.site[self.column])]

    @property
    def calendar(self) -> SiteCalendar:
        """The subject's whole calendar."""
        return self.schedule.calendar_of(self.column)


@dataclass(frozen=True, eq=False)
class Comparison:
    """One subject on both sides of an act."""

    subject: SubjectKey
    revision: int
    before: Side
    after: Side
    moves: tuple[Move, ...]


def compared(table: FactTable, rows: Sequence[int], facts: Sequence[NewFact], pinned: Pinned, caller: Caller) -> list[Comparison]:
    """What the same ``facts`` would do to each of these rows of ``table``; rows without an enrolment in force are left out.

    Raises RefusedError where a calendar has no days for a visit.
    """
    return compared_each(table, dict.fromkeys(rows, facts), pinned, caller)


def compared_each(table: FactTable, facts_of: Mapping[int, Sequence[NewFact]], pinned: Pinned, caller: Caller) -> list[Comparison]:
    """What each of these rows of ``table`` would become with facts of its own; otherwise as ``compared``."""
    rows = list(facts_of)
    chosen = np.isin(table.row, np.asarray(rows, dtype=np.int64))
    own = table.taken(chosen)
    before, after = _sides(own, pinned, caller), _sides(_with_facts(own, facts_of), pinned, caller)
    revision = revisions(own)
    return [
        Comparison(own.subjects[row], int(revision[row]), before[row], after[row], moves_between(before[row].rows, after[row].rows))
        for row in rows
        if row in before and row in after
    ]


def proposal_of(comparison: Comparison, facts: tuple[NewFact, ...], actions: Collection[Action]) -> Proposal:
    """The proposal of ``facts`` for one subject that was compared."""
    before, after = comparison.before, comparison.after
    return Proposal(
        subject=comparison.subject,
        last_seen=comparison.revision,
        facts=facts,
        as_of=day_date(after.schedule.as_of_day(after.column)),
        before=before.rows,
        after=after.rows,
        moves=comparison.moves,
        warnings=(
            *held_dose_warnings(before.given_in_holds, after.given_in_holds),
            *lost_warnings(before.rows, after.rows, {fact.kind for fact in facts}),
            *warnings_between(
                before.rows,
                after.rows,
                before.findings,
                after.findings,
                partial(visit_closed_with, after.schedule, after.column),
                partial(held_until, after.schedule, after.column),
            ),
            *unfit_warnings(before.unfit, after.unfit),
        ),
        unfit=after.unfit,
        needs=frozenset((action, before.site) for action in actions),
    )


def _sides(table: FactTable, pinned: Pinned, caller: Caller) -> dict[int, Side]:
    """Each row's side, by row."""
    folded = fold(table, pinned)
    # A proposal is of one subject, whose only row is the first.
    unfit = {row: tuple(replace(fact, row=0) for fact in facts) for row, facts in groupby(folded.unfit, key=lambda fact: fact.row)}
    sides = {}
    for group in folded.groups:
        schedule = _expanded(group, caller)
        found, held = evaluated_findings(schedule), given_in_holds(schedule)
        for column, rows in _rows_by_column(schedule):
            row = int(group.rows[column])
            sides[row] = Side(schedule, column, rows, found[column], held[column], group, unfit.get(row, ()))
    return sides


def _expanded(group: FoldedGroup, caller: Caller) -> Schedule:
    try:
        return expand(group.plan, group.cohort, group.calendars, as_of_days(group.calendars, group.cohort, caller, None))
    except (NoOpenDayError, CalendarError) as error:
        raise RefusedError((sentence(str(error)),)) from error


def _rows_by_column(schedule: Schedule) -> Iterator[tuple[int, tuple[VisitRow, ...]]]:
    table = visit_table(schedule, all_visits=True)
    rows = table_rows(table)
    counts = np.bincount(table.subject, minlength=len(schedule.cohort))
    for column, count in enumerate(counts.tolist()):
        yield column, tuple(next(rows) for _ in range(count))


def _with_facts(table: FactTable, facts_of: Mapping[int, Sequence[NewFact]]) -> FactTable:
    """The table with each row's facts written last to it."""
    last = revisions(table)
    latest = int(table.recorded_at.max(initial=0))
    words = dict.fromkeys((*table.words, *(text for facts in facts_of.values() for said in facts for text in _texts(said).values())))
    code: Mapping[str, int] = {word: place for place, word in enumerate(words)}
    added: dict[str, list[int]] = {name: [] for name in COLUMNS}
    for row, facts in facts_of.items():
        for number, said in enumerate(facts, start=int(last[row]) + 1):
            one = {
                **{name: code[text] for name, text in _texts(said).items()},
                "row": row,
                "number": number,
                "kind": KIND_CODES[said.kind],
                "day": int(NO_DAY) if said.day is None else day_number(said.day),
                "until_day": int(NO_DAY) if said.until_day is None else day_number(said.until_day),
                "replaces": said.replaces or 0,
                "refers": said.refers or 0,
                "recorded_at": latest,
            }
            for name, value in one.items():
                added[name].append(value)
    joined: dict[str, Any] = {
        name: np.concatenate([getattr(table, name), np.asarray(values, dtype=getattr(table, name).dtype)]) for name, values in added.items()
    }
    return replace(table, words=tuple(words), **joined)


def _texts(said: NewFact) -> dict[str, str]:
    return {"item": said.item, "value": said.value, "details": details_text(said.details), "reason": said.reason}
