"""A schedule as a table: one row per visit, by subject, then effective date, then protocol order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from planner.protocol.model import MOST_SLOTS
from planner.schedule.days import EARLIEST_REAL_DAY, NO_DAY, Days
from planner.schedule.schedule import Schedule

Value = TypeVar("Value", bound=np.generic)

_RANK_BITS = MOST_SLOTS.bit_length()
_LAST = np.int32(2**31 - 1)


@dataclass(frozen=True, eq=False)
class VisitTable:
    """The visits of a schedule in order: ``slot`` and ``subject`` index the schedule's arrays, row by row."""

    schedule: Schedule
    slot: NDArray[np.int32]
    subject: NDArray[np.int32]
    cell: NDArray[np.intp]
    """Where each row lies in a flattened array (slot, subject): one index is several times faster than two."""

    def __len__(self) -> int:
        """How many rows."""
        return len(self.slot)

    def some(self, rows: NDArray[np.intp]) -> VisitTable:
        """A table of some of the rows."""
        return VisitTable(self.schedule, self.slot[rows], self.subject[rows], self.cell[rows])

    def of(self, values: NDArray[Value]) -> NDArray[Value]:
        """The rows' values of an array (slot, subject)."""
        return values.ravel().take(self.cell)

    def days(self, name: str) -> Days:
        """The rows' days of one of the schedule's date arrays."""
        days: Days = getattr(self.schedule, name)
        return self.of(days)

    def days_off(self) -> Days:
        """Effective minus nominal date, ``NO_DAY`` where either is missing."""
        nominal, effective = self.days("nominal"), self.days("effective")
        missing = (nominal < EARLIEST_REAL_DAY) | (effective < EARLIEST_REAL_DAY)
        return np.where(missing, NO_DAY, effective - nominal)

    def study_days(self) -> Days:
        """R16 for each row, ``NO_DAY`` where it has no date."""
        effective = self.days("effective")
        days = effective - self.schedule.effective[self.schedule.plan.start_slot][self.subject]
        return np.where(effective < EARLIEST_REAL_DAY, NO_DAY, days + (days >= 0))

    def outside_window(self) -> Days:
        """How many days the effective date is after ``latest`` (positive) or before ``earliest`` (negative), else 0."""
        effective, earliest, latest = self.days("effective"), self.days("earliest"), self.days("latest")
        late, early = np.maximum(effective - latest, 0), np.minimum(effective - earliest, 0)
        missing = (effective < EARLIEST_REAL_DAY) | (latest < EARLIEST_REAL_DAY)
        return np.where(missing, 0, late + early).astype(np.int32)


def visit_table(schedule: Schedule, subjects: Sequence[int] | None = None, *, all_visits: bool = False) -> VisitTable:
    """The visits on the calendar (``all_visits``: cancelled and conditional ones too) of some or all subjects."""
    chosen = slice(None) if subjects is None else np.asarray(subjects, dtype=np.intp)
    shown = schedule.is_visit[:, chosen] if all_visits else schedule.on_calendar[:, chosen]
    effective = schedule.effective[:, chosen]
    dated = effective > EARLIEST_REAL_DAY
    first = int(effective.min(where=dated, initial=2**20))
    rank = np.array([slot.file_rank for slot in schedule.plan.slots], dtype=np.int32)
    slot_of_rank = np.argsort(rank).astype(np.int32)
    # The keys hold date and protocol order in one number, so that one sort of plain integers does both.
    day = np.where(dated, effective - first, (1 << (30 - _RANK_BITS)) - 1)
    keys = np.where(shown, (day << _RANK_BITS) + rank[:, np.newaxis], _LAST).T.astype(np.int32)
    keys = np.ascontiguousarray(keys)
    keys.sort(axis=1)
    kept = keys != _LAST
    subject = np.repeat(np.arange(keys.shape[0], dtype=np.int32), kept.sum(axis=1))
    slot = slot_of_rank.take(keys[kept] & ((1 << _RANK_BITS) - 1))
    if subjects is not None:
        subject = np.asarray(subjects, dtype=np.int32)[subject]
    return VisitTable(schedule, slot, subject, slot.astype(np.intp) * len(schedule.cohort) + subject)
