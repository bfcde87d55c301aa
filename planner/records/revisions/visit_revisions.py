"""Every visit as calendars show it: its last dates, how often date, time or status has changed, and when it last did.

Worked out from the log alone, each time anew: the states after all acts are one cohort, and the changes between neighbouring states are
counted. Nothing of it is stored, and nothing hangs on the clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from planner.protocol.model import Protocol
from planner.records.facts.fact import SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.facts.moments import moment_of
from planner.records.feeds.feed import EventKind
from planner.records.fold.fact_columns import FactTable
from planner.records.fold.fact_table import read_fact_table
from planner.records.paused_collection import paused_collection
from planner.records.pinned.contents import PinnedContents
from planner.records.pinned.pinned import Pinned
from planner.records.revisions.act_states import ActStates, Indexes, act_states
from planner.records.revisions.scope import Scope
from planner.records.revisions.shown_cells import ShownCells, shown_cells
from planner.records.store.log import subject_keys
from planner.records.store.schema import facts
from planner.schedule.codes import StatusCode
from planner.schedule.days import day_number
from planner.schedule.rows import Status, VisitRow
from planner.schedule.table import VisitTable
from planner.schedule.visit_ids import slot_of
from planner.schedule.visit_rows import table_rows

_SECOND = 1_000_000
_OFF: Mapping[int, Status] = {int(StatusCode.MISSED): "missed", int(StatusCode.ON_HOLD): "on_hold"}


@dataclass(frozen=True, slots=True)
class VisitRevision:
    """A visit as calendars show it."""

    subject: SubjectKey
    site: str
    """Where the subject is; of a visit that is off, where it was while the visit stood."""
    zone: str
    """The IANA time zone in which ``row.booked_at`` is meant."""
    row: VisitRow
    """By facts alone (``planner.schedule.facts_only``). A visit that is off has the status cancelled, missed or on_hold, and the dates it
    last had."""
    is_off: bool
    """Cancelled, missed, held without end, no visit any more, or no longer in the scope."""
    sequence: int
    """How often date, time or status has changed, or in whose calendar it stands (SEQUENCE of RFC 5545): one count for all who see it."""
    at: datetime
    """When the fact was recorded that last changed what an event tells; UTC, whole seconds."""
    protocol: Protocol
    """The version by which the dates are what they are."""


@dataclass(frozen=True, slots=True)
class Span:
    """Which visits are wanted: those on days from ``first`` to ``last``, and of those that are off, such as were put off since."""

    first: date
    last: date
    off_since: datetime
    """Aware."""


def visit_revisions(connection: Connection, scope: Scope, event: EventKind = "visit", span: Span | None = None) -> list[VisitRevision]:
    """The visits of a scope that stand in a calendar of visits (or of windows), or once stood there, by study, subject and date.

    No right is asked for: the caller has put into ``scope`` what may be read. Raises what reading and folding the log raise.
    """
    with paused_collection():
        wanted = _subjects(connection, scope)
        return revisions_of(read_fact_table(connection, wanted), PinnedContents(connection), scope, event, span) if wanted else []


def revisions_of(
    table: FactTable, pinned: Pinned, scope: Scope, event: EventKind = "visit", span: Span | None = None
) -> list[VisitRevision]:
    """The same for a fact table, all of whose subjects are wanted."""
    states = act_states(table, pinned)
    cells = shown_cells(states, scope, event)
    found = list(_Changes(table, states, cells).revisions(span))
    return sorted(found, key=lambda one: (one.subject, one.row.effective or date.max, one.row.visit))


def _subjects(connection: Connection, scope: Scope) -> list[int]:
    """The numbers of the logs to read: of the subjects asked for, such as were ever at one of the sites."""
    ids = {number for key, number in subject_keys(connection).items() if scope.holds(key)}
    if scope.sites is not None:
        naming = facts.c.kind.in_([Kind.ENROLLED, Kind.SITE_TRANSFERRED]) & facts.c.item.in_(sorted(scope.sites))
        ids &= set(connection.execute(select(facts.c.subject_id).distinct().where(naming)).scalars())
    return sorted(ids)


class _Changes:
    """Counts the changes from state to state.

    ``last`` holds each visit's last visible cell, in which it stood in this calendar for the last time.
    """

    def __init__(self, table: FactTable, states: ActStates, cells: ShownCells) -> None:
        self.table = table
        self.states = states
        self.cells = cells
        count = len(cells.visit)
        begins = np.ones(count, dtype=np.bool_)
        begins[1:] = cells.visit[1:] != cells.visit[:-1]
        follows = ~begins[1:]
        was_off = np.zeros(count, dtype=np.bool_)
        was_off[1:] = follows & (cells.state[1:] != cells.state[:-1] + 1)
        changed = np.zeros(count, dtype=np.int64)
        changed[1:] = follows & (cells.said[1:] != cells.said[:-1]).any(axis=1)
        # Off and back again are two changes, whatever else is different then.
        changed[was_off] = 2
        told = begins | was_off | (changed > 0)
        told[1:] |= (cells.told[1:] != cells.told[:-1]).any(axis=1)
        seen = np.flatnonzero(cells.visible)
        ends = np.ones(len(seen), dtype=np.bool_)
        ends[:-1] = cells.visit[seen[1:]] != cells.visit[seen[:-1]]
        self.last: Indexes = seen[ends]
        self.is_off: NDArray[np.bool_] = ~states.is_last[cells.state[self.last]]
        upto = np.cumsum(changed)
        before = np.maximum.accumulate(np.where(begins, upto, 0)) if count else upto
        # Going off, or out of the scope, is a change of its own.
        self.sequence: NDArray[np.int64] = (upto - before)[self.last] + self.is_off
        latest = np.maximum.accumulate(np.where(told, np.arange(count), 0))[self.last] if count else self.last
        # A visit that is off was put off by the act after the last one in which it stood.
        self.by: Indexes = np.where(self.is_off, cells.state[self.last] + 1, cells.state[latest]) if count else self.last

    def revisions(self, span: Span | None) -> Iterator[VisitRevision]:
        kept = np.arange(len(self.last)) if span is None else self._within(span)
        group = self.cells.group[self.last[kept]]
        for index in range(len(self.states.groups)):
            yield from self._of_group(index, kept[group == index])

    def _within(self, span: Span) -> Indexes:
        first, last = self.cells.first[self.last], self.cells.last[self.last]
        days = (last >= day_number(span.first)) & (first <= day_number(span.last))
        recent = self.states.recorded_at[self.by] >= int(span.off_since.timestamp() * _SECOND)
        return np.flatnonzero(days & (~self.is_off | recent))

    def _of_group(self, index: int, which: Indexes) -> Iterator[VisitRevision]:
        """The visits, by their place in ``last``, whose last cell lies in this group."""
        schedule, group, cells = self.states.schedules[index], self.states.groups[index], self.last[which]
        slot, column = self.cells.slot[cells], self.cells.column[cells]
        table = VisitTable(schedule, slot.astype(np.int32), column.astype(np.int32), slot * len(schedule.cohort) + column)
        facts_of = zip(
            table_rows(table),
            slot.tolist(),
            column.tolist(),
            self.cells.state[cells].tolist(),
            self.by[which].tolist(),
            self.is_off[which].tolist(),
            self.sequence[which].tolist(),
            strict=True,
        )
        moments: dict[int, datetime] = {}
        for row, one, subject, state, by, is_off, sequence in facts_of:
            row = group.as_booked(row, one, subject)
            if is_off:
                status, by = self._status_off(by, row)
                row = replace(row, status=status)
            at = int(self.states.recorded_at[by]) // _SECOND * _SECOND
            yield VisitRevision(
                subject=self.table.subjects[int(self.states.subject[state])],
                site=group.sites[int(group.site[subject])],
                zone=schedule.calendar_of(subject).zone,
                row=row,
                is_off=is_off,
                sequence=sequence,
                at=moments.setdefault(at, moment_of(at)),
                protocol=schedule.plan.protocol,
            )

    def _status_off(self, by: int, row: VisitRow) -> tuple[Status, int]:
        """What became of a visit that state ``by`` put off (missed, on hold, else cancelled), and the state that last changed that."""
        status, since = self._status_in(by, row), by
        while not self.states.is_last[by]:
            by += 1
            if (now := self._status_in(by, row)) != status:
                status, since = now, by
        return status, since

    def _status_in(self, state: int, row: VisitRow) -> Status:
        group, column = self._places[state]
        if group < 0:
            return "cancelled"
        schedule = self.states.schedules[group]
        slot = slot_of(schedule.plan, row.visit, schedule.cohort.parameters[:, column].tolist())
        return "cancelled" if slot is None else _OFF.get(int(schedule.status[slot.index, column]), "cancelled")

    @cached_property
    def _places(self) -> list[tuple[int, int]]:
        """For each state its group and column, -1 where no enrolment is in force."""
        places = [(-1, -1)] * len(self.states.subject)
        for index, group in enumerate(self.states.groups):
            for column, state in enumerate(group.rows.tolist()):
                places[state] = index, column
        return places
