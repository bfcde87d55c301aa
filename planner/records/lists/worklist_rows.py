"""Rows of a worklist, from where they are in a schedule's arrays to what a person reads.

A column is made at a time, as an array of Python values: many times faster than value by value for hundreds of thousands of rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.records.history.visit_names import VisitNames
from planner.records.lists.site_schedules import SiteSchedule
from planner.records.lists.worklist_kinds import WorklistKind, WorklistRow
from planner.records.lists.worklist_masks import Listed
from planner.schedule.codes import CERTAINTY_NAMES, STATUS_NAMES, Flag
from planner.schedule.days import EARLIEST_REAL_DAY, NO_DAY, Days, day_date
from planner.schedule.table import VisitTable
from planner.schedule.visit_rows import RowWriter

Objects = NDArray[np.object_]

_OF_SUBJECT = int(Flag.MILESTONE_MISSING | Flag.FRACTION_GAP | Flag.FRACTION_SPAN)
"""Flags whose texts name something of the subject; the text of any other is the same for all subjects."""


class RowMaker:
    """Makes rows of one schedule."""

    def __init__(self, site_schedule: SiteSchedule) -> None:
        """Make rows of this schedule."""
        self._site_schedule = site_schedule
        self._schedule = site_schedule.schedule
        self._writer = RowWriter(self._schedule)
        self._names = VisitNames(self._schedule)
        self._slots = self._schedule.plan.slots
        self._flags_said: dict[tuple[int, int, int, int, int], tuple[str, ...]] = {}

    def most_urgent(self, entries: Listed, most: int | None) -> Listed:
        """The entries in the order of their rows: by days, site, subject, date and protocol order; only the first ``most``."""
        if most is not None and most < len(entries):
            beyond = np.partition(entries.days, max(most - 1, 0))[max(most - 1, 0)]
            entries = entries.taken(np.flatnonzero(entries.days <= beyond))
        ranks = np.array([slot.file_rank for slot in self._slots], dtype=np.intp)
        effective = self._schedule.effective[entries.slot, entries.subject]
        order = np.lexsort((ranks[entries.slot], effective, self._subject_ranks[entries.subject], entries.days))
        return entries.taken(order[:most])

    @cached_property
    def _subject_ranks(self) -> NDArray[np.intp]:
        """The place of each of the schedule's subjects by site and number."""
        sites, numbers = self._site_schedule.group.sites, self._schedule.cohort.subjects
        site_rank = np.empty(len(sites), dtype=np.intp)
        site_rank[sorted(range(len(sites)), key=sites.__getitem__)] = np.arange(len(sites))
        by_number = np.array(sorted(range(len(numbers)), key=numbers.__getitem__), dtype=np.intp)
        rank = np.empty(len(numbers), dtype=np.intp)
        rank[by_number[np.argsort(site_rank[self._site_schedule.group.site[by_number]], kind="stable")]] = np.arange(len(numbers))
        return rank

    def rows(self, kind: WorklistKind, entries: Listed) -> list[WorklistRow]:
        """A row for each entry, in the order of the entries."""
        schedule, group = self._schedule, self._site_schedule.group
        slot, subject = entries.slot, entries.subject
        table = VisitTable(schedule, slot.astype(np.int32), subject.astype(np.int32), slot * len(schedule.cohort) + subject)
        booked = self._booked(table)
        names = self._names.of(slot, subject)
        columns: tuple[Objects | NDArray[np.int32], ...] = (
            _values(group.sites)[group.site[subject]],
            _values(schedule.cohort.subjects)[subject],
            _values([name[0] for name in names.known])[names.which],
            _values([name[1] for name in names.known])[names.which],
            _values([one.epoch for one in self._slots])[slot],
            _values([one.kind for one in self._slots])[slot],
            _values(STATUS_NAMES)[table.of(schedule.status)],
            _values(CERTAINTY_NAMES)[table.of(schedule.certainty)],
            entries.days,
            _dates(self._site_schedule.as_of_days()[subject]),
            *(_dates(table.days(name)) for name in ("planned", "earliest", "latest", "effective")),
            _dates(booked),
            self._times(entries, booked),
            entries.waiting,
            self._flag_texts(table),
        )
        fields = zip(repeat(kind), repeat(self._site_schedule.study), *(column.tolist() for column in columns), strict=False)
        return list(map(WorklistRow._make, fields))

    def _booked(self, table: VisitTable) -> Days:
        booked: Days | None = self._schedule.cohort.booked
        return np.full(len(table), NO_DAY, dtype=np.int32) if booked is None else table.of(booked)

    def _times(self, entries: Listed, booked: Days) -> Objects:
        """The local times of bookings, None where there is none."""
        found: Objects = np.full(len(entries), None, dtype=object)
        times = self._schedule.cohort.booked_at
        for row in np.flatnonzero(booked != NO_DAY).tolist() if times else ():
            found[row] = times.get((int(entries.slot[row]), int(entries.subject[row])))
        return found

    def _flag_texts(self, table: VisitTable) -> Objects:
        """The flags of each row as they are written."""
        found: Objects = np.empty(len(table), dtype=object)
        found.fill(())
        flagged = np.flatnonzero(table.of(self._schedule.flags))
        some = table.some(flagged)
        self._writer.note_fractions(some)
        columns = (flagged, some.slot, some.subject, some.of(self._schedule.flags), some.outside_window(), some.of(self._schedule.omitted))
        for row, slot, subject, flags, outside, omitted in zip(*(column.tolist() for column in columns), strict=True):
            found[row] = self._flag_text(slot, subject, flags, outside, omitted)
        return found

    def _flag_text(self, slot: int, subject: int, flags: int, outside: int, omitted: int) -> tuple[str, ...]:
        said = (slot, flags, outside, omitted, subject if flags & _OF_SUBJECT else -1)
        texts = self._flags_said.get(said)
        if texts is None:
            self._writer.turn_to(subject)
            texts = self._flags_said[said] = tuple(self._writer.flag_texts(self._slots[slot], flags, outside, omitted))
        return texts


def _values(values: Sequence[Any]) -> Objects:
    """Texts, dates and None as an array."""
    array: Objects = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _dates(days: Days) -> Objects:
    """Dates, None where there is none."""
    known = days > EARLIEST_REAL_DAY
    first = int(days.min(where=known, initial=2**30))
    last = int(days.max(where=known, initial=int(NO_DAY)))
    table = _values([None, *(day_date(day) for day in range(first, last + 1))])
    return table[np.where(known, days - first + 1, 0)]
