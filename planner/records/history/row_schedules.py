"""The schedules of all rows of a fact table: of subjects, or of the beginnings of their logs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.records.caller import Caller
from planner.records.fold.folded import Folded
from planner.schedule.days import NO_DAY, Days, day_number
from planner.schedule.expand import expand
from planner.schedule.schedule import Schedule


@dataclass(frozen=True, eq=False)
class RowSchedules:
    """A schedule for each protocol text, and where each row of the table is among them."""

    schedules: tuple[Schedule, ...]
    place: NDArray[np.intp]
    """For each row the index of its schedule, -1 where no enrolment is in force."""
    column: NDArray[np.intp]
    """For each row its column in that schedule."""

    def of_row(self, row: int) -> tuple[Schedule, int] | None:
        """A row's schedule and its column there; None where no enrolment is in force."""
        place = int(self.place[row])
        return None if place < 0 else (self.schedules[place], int(self.column[row]))


def row_schedules(folded: Folded, as_of: Days) -> RowSchedules:
    """The schedules as of one day for each row of the table; rows without an enrolment need none."""
    place = np.full(len(folded.subjects), -1, dtype=np.intp)
    column = np.zeros(len(folded.subjects), dtype=np.intp)
    schedules = []
    for index, group in enumerate(folded.groups):
        place[group.rows] = index
        column[group.rows] = np.arange(len(group.rows))
        schedules.append(expand(group.plan, group.cohort, group.calendars, as_of[group.rows]))
    return RowSchedules(tuple(schedules), place, column)


def todays(folded: Folded, caller: Caller) -> Days:
    """The date at the site of each row's subject, ``NO_DAY`` where no enrolment is in force."""
    days = np.full(len(folded.subjects), NO_DAY, dtype=np.int32)
    for group in folded.groups:
        here = np.array([day_number(caller.today(calendar.zone)) for calendar in group.calendars], dtype=np.int32)
        days[group.rows] = here[0] if group.cohort.calendar is None else here[group.cohort.calendar]
    return days
