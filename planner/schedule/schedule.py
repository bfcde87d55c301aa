"""The result of the engine: every visit of every subject, as arrays (slot, subject)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.protocol.plan import Plan
from planner.schedule.calendar import SiteCalendar
from planner.schedule.codes import StatusCode
from planner.schedule.cohort import Cohort
from planner.schedule.days import Days


@dataclass(frozen=True, eq=False)
class Schedule:
    """A pure function of plan, cohort, calendars and as-of day; never stored as truth.

    All arrays are (slot, subject); days are int32 since 1970-01-01, ``NO_DAY`` where there is none. ``status`` is
    ``StatusCode.NO_ROW`` where a slot is no visit of the subject; all else there is meaningless. ``omitted``
    is a bit mask over the plan's activities.
    """

    plan: Plan
    cohort: Cohort
    calendars: tuple[SiteCalendar, ...]
    as_of: int | Days
    nominal: Days
    earliest: Days
    latest: Days
    planned: Days
    effective: Days
    anchor_day: Days
    anchor_term: NDArray[np.uint8]
    flags: NDArray[np.uint32]
    status: NDArray[np.uint8]
    certainty: NDArray[np.uint8]
    omitted: NDArray[np.uint64]

    @property
    def is_visit(self) -> NDArray[np.bool_]:
        """Where a slot is a visit of the subject: on the calendar, cancelled or conditional."""
        there: NDArray[np.bool_] = self.status != StatusCode.NO_ROW
        return there

    @property
    def on_calendar(self) -> NDArray[np.bool_]:
        """Where a visit is on the default calendar: neither cancelled nor conditional."""
        shown: NDArray[np.bool_] = (self.status != StatusCode.CANCELLED) & (self.status != StatusCode.CONDITIONAL)
        return shown & self.is_visit

    def calendar_of(self, subject: int) -> SiteCalendar:
        """The calendar of a subject, by index."""
        return self.calendars[0 if self.cohort.calendar is None else int(self.cohort.calendar[subject])]

    def as_of_day(self, subject: int) -> int:
        """The day asked about, for a subject by index."""
        return int(self.as_of[subject]) if isinstance(self.as_of, np.ndarray) else int(self.as_of)
