"""The times that a visit had before, by which a copy that is merely old is told from one that somebody moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from sqlalchemy import Connection

from planner.exchange.outside.shown_time import ShownTime, shown_time
from planner.records.facts.fact import SubjectKey
from planner.records.fold.fact_table import read_fact_table
from planner.records.fold.folded import FoldedGroup
from planner.records.pinned.contents import PinnedContents
from planner.records.revisions.act_states import ActStates, act_states
from planner.records.revisions.visit_revisions import VisitRevision
from planner.records.store.log import subject_keys
from planner.schedule.schedule import Schedule
from planner.schedule.table import VisitTable
from planner.schedule.visit_ids import slot_of
from planner.schedule.visit_rows import table_rows


@dataclass(frozen=True, slots=True)
class Earlier:
    """All times at which calendars have shown a visit, the present one among them."""

    starts: frozenset[date | datetime]
    """Days, and moments in UTC."""
    times: frozenset[ShownTime]


class EarlierTimes:
    """Asks the log, once for each subject of whom it is asked; in one ``reading()``, like the revisions."""

    def __init__(self, connection: Connection) -> None:
        """No right is asked for: it is asked of visits only that somebody may read."""
        self._connection = connection
        self._pinned = PinnedContents(connection)
        self._states: dict[SubjectKey, ActStates] = {}
        self._known: dict[tuple[SubjectKey, str], Earlier] = {}

    def of(self, revision: VisitRevision) -> Earlier:
        """Every time that the visit had after any act of its subject's log."""
        key = (revision.subject, revision.row.visit)
        if key not in self._known:
            times = frozenset(self._times(revision))
            self._known[key] = Earlier(frozenset(time.start for time in times), times)
        return self._known[key]

    def _times(self, revision: VisitRevision) -> Iterator[ShownTime]:
        states = self._states.get(revision.subject)
        if states is None:
            numbers = [number for key, number in subject_keys(self._connection).items() if key == revision.subject]
            states = self._states[revision.subject] = act_states(read_fact_table(self._connection, numbers), self._pinned)
        for group, schedule in zip(states.groups, states.schedules, strict=True):
            yield from _times_in(group, schedule, revision.row.visit)


def _times_in(group: FoldedGroup, schedule: Schedule, visit: str) -> Iterator[ShownTime]:
    """The visit's times in the states that follow one protocol text."""
    count = len(schedule.cohort)
    slots: dict[bytes, int | None] = {}
    cells = []
    for column in range(count):
        codes = schedule.cohort.parameters[:, column]
        key = codes.tobytes()
        if key not in slots:
            found = slot_of(schedule.plan, visit, codes.tolist())
            slots[key] = None if found is None else found.index
        slot = slots[key]
        if slot is not None and schedule.is_visit[slot, column]:
            cells.append((slot, column))
    if not cells:
        return
    slot_of_row, column_of_row = np.array(cells, dtype=np.int32).T
    table = VisitTable(schedule, slot_of_row, column_of_row, slot_of_row.astype(np.intp) * count + column_of_row)
    for row, (slot, column) in zip(table_rows(table), cells, strict=True):
        time = shown_time(group.as_booked(row, slot, column), schedule.calendar_of(column).zone)
        if time is not None:
            yield time
