"""Which visits are on the worklist, as masks over (slot, subject)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from planner.protocol.plan import Slot
from planner.records.lists.site_schedules import SiteSchedule
from planner.records.lists.waiting import conditional_behind, held_with, stale_behind
from planner.records.lists.worklist_kinds import Limits, WorklistKind
from planner.schedule.codes import CertaintyCode, Flag, StatusCode
from planner.schedule.days import EARLIEST_REAL_DAY, NO_DAY, Days

Cells = NDArray[np.bool_]
Indexes = NDArray[np.intp]

ATTENDED = ("clinic", "treatment", "imaging")
"""Kinds of visits that somebody comes to the site for."""
_NEVER = np.int32(2**30)


@dataclass(frozen=True, eq=False)
class Listed:
    """Entries of one kind: where they are in the schedule's arrays, ``days`` and ``waiting`` as in a ``WorklistRow``."""

    slot: Indexes
    subject: Indexes
    days: Days
    waiting: NDArray[np.int32]

    def __len__(self) -> int:
        """How many."""
        return len(self.slot)

    def taken(self, which: Indexes) -> Listed:
        """Some of them, by index."""
        return Listed(self.slot[which], self.subject[which], self.days[which], self.waiting[which])


def listed(site_schedule: SiteSchedule, kind: WorklistKind, limits: Limits, visit_kinds: Collection[str] | None = None) -> Listed:
    """The entries of one kind, of visits of some or all kinds."""
    return _FINDERS[kind](_Lister(site_schedule, limits, visit_kinds))


class _Lister:
    """Finds the entries of one schedule."""

    def __init__(self, site_schedule: SiteSchedule, limits: Limits, visit_kinds: Collection[str] | None) -> None:
        self.schedule = site_schedule.schedule
        self.as_of = site_schedule.as_of_days()
        self.limits = limits
        self.asked_for = self.slots_where(lambda slot: visit_kinds is None or slot.kind in visit_kinds)

    def slots_where(self, holds: Callable[[Slot], bool]) -> Cells:
        """(slot, 1), to be combined with masks (slot, subject)."""
        return np.array([[holds(slot)] for slot in self.schedule.plan.slots], dtype=np.bool_)

    def overdue(self) -> Listed:
        entries = self._last_days(self.schedule.status == StatusCode.OVERDUE)
        return replace(entries, waiting=stale_behind(self.schedule, entries.slot, entries.subject))

    def due(self) -> Listed:
        """Due, and not behind a visit that is overdue or held: those wait, and are counted there (R15)."""
        return self._last_days((self.schedule.status == StatusCode.DUE) & self._not_waiting())

    def closing(self) -> Listed:
        due = self.due()
        return due.taken(np.flatnonzero(due.days <= self.limits.closing))

    def unbooked(self) -> Listed:
        schedule = self.schedule
        cells = ((schedule.status == StatusCode.DUE) | (schedule.status == StatusCode.UPCOMING)) & self._not_waiting()
        cells &= self.slots_where(lambda slot: slot.kind in ATTENDED and slot.milestone is None)
        cells &= (schedule.planned <= self.as_of + np.int32(self.limits.unbooked)) & (schedule.planned > EARLIEST_REAL_DAY)
        if schedule.cohort.booked is not None:
            cells &= schedule.cohort.booked == NO_DAY
        return self._entries(cells, schedule.planned)

    def unconfirmed(self) -> Listed:
        flagged = (self.schedule.flags & np.uint32(Flag.UNCONFIRMED)) != 0
        return self._entries(flagged & self.schedule.on_calendar, self.schedule.effective)

    def decision(self) -> Listed:
        schedule = self.schedule
        cells = np.zeros(schedule.status.shape, dtype=np.bool_)
        for slot in schedule.plan.slots:
            if slot.decisions:
                pending = (schedule.cohort.decisions[list(slot.decisions)] < 0).any(axis=0)
                status, effective = schedule.status[slot.index], schedule.effective[slot.index]
                come = (effective <= self.as_of) & (effective > EARLIEST_REAL_DAY) & np.isin(status, (StatusCode.DONE, StatusCode.UPCOMING))
                cells[slot.index] = pending & (come | (status == StatusCode.OVERDUE) | (status == StatusCode.DUE))
        entries = self._last_days(cells & self._not_waiting())
        return replace(entries, waiting=conditional_behind(schedule, entries.slot, entries.subject))

    def stopped_clock(self) -> Listed:
        """For each hold in force for longer than the limit the first visit that it keeps waiting; the longest hold counts for a visit."""
        held = (self.schedule.status == StatusCode.ON_HOLD) & self.asked_for
        entries: dict[tuple[int, int], int] = {}
        for began, subjects, here in self._long_holds(held):
            first = np.where(here, self.schedule.effective[:, subjects], _NEVER).argmin(axis=0)
            for slot, subject, day in zip(first.tolist(), subjects.tolist(), began.tolist(), strict=True):
                entries[slot, subject] = min(day, entries.get((slot, subject), day))
        places = np.array(list(entries), dtype=np.intp).reshape(-1, 2)
        days = np.array(list(entries.values()), dtype=np.int32) - self.as_of[places[:, 1]]
        return Listed(places[:, 0], places[:, 1], days, held_with(self.schedule, places[:, 1]))

    def _long_holds(self, held: Cells) -> Iterator[tuple[Days, Indexes, Cells]]:
        """For each place among the holds: their first days, of whom, and (slot, of these) which visits they keep on hold."""
        holds = self.schedule.cohort.holds
        if holds is None:
            return
        possible = np.array([[slot.possible_doses] for slot in self.schedule.plan.slots], dtype=np.uint32)
        some_held = held.any(axis=0)
        for first_day, resume, doses in zip(holds.first_day, holds.resume, holds.doses, strict=True):
            lasts = (first_day > EARLIEST_REAL_DAY) & (self.as_of - first_day > self.limits.held) & (self.as_of < resume)
            subjects = np.flatnonzero(lasts & some_held)
            here = held[:, subjects] & ((possible & doses[subjects]) != 0)
            waits = np.flatnonzero(here.any(axis=0))
            yield first_day[subjects[waits]], subjects[waits], here[:, waits]

    def _not_waiting(self) -> Cells:
        """Not behind a visit that is overdue or held without end."""
        free: Cells = self.schedule.certainty != CertaintyCode.STALE
        return free

    def _last_days(self, cells: Cells) -> Listed:
        """Entries whose ``days`` count to the last day on which the visit is not overdue (R14); for one that took place, to that day."""
        slot, subject = np.nonzero(cells & self.asked_for)
        effective, latest = self.schedule.effective[slot, subject], self.schedule.latest[slot, subject]
        done = self.schedule.status[slot, subject] == StatusCode.DONE
        return self._listed(slot, subject, np.where(done, effective, np.maximum(effective, latest)))

    def _entries(self, cells: Cells, day: Days) -> Listed:
        """The entries of a mask (slot, subject), of the kinds of visits asked for; ``day`` is what ``days`` count to."""
        slot, subject = np.nonzero(cells & self.asked_for)
        return self._listed(slot, subject, day[slot, subject])

    def _listed(self, slot: Indexes, subject: Indexes, day: Days) -> Listed:
        return Listed(slot, subject, day - self.as_of[subject], np.zeros(len(slot), dtype=np.int32))


_FINDERS: Mapping[WorklistKind, Callable[[_Lister], Listed]] = {
    WorklistKind.OVERDUE: _Lister.overdue,
    WorklistKind.UNCONFIRMED: _Lister.unconfirmed,
    WorklistKind.DECISION: _Lister.decision,
    WorklistKind.STOPPED_CLOCK: _Lister.stopped_clock,
    WorklistKind.CLOSING: _Lister.closing,
    WorklistKind.DUE: _Lister.due,
    WorklistKind.UNBOOKED: _Lister.unbooked,
}
