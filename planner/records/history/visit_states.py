"""What a visit's dates are in one state of the log, to be compared with those in another."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, time
from typing import Literal

import numpy as np

from planner.schedule.codes import StatusCode
from planner.schedule.days import EARLIEST_REAL_DAY, day_date
from planner.schedule.schedule import Schedule

Standing = Literal["done", "missed", "cancelled", "conditional", "on_hold", "planned"]
STANDING_OF: tuple[Standing, ...] = ("done", "missed", "cancelled", "conditional", "on_hold", "planned", "planned", "planned")
"""The standing of each status code: overdue, due and upcoming are one, as they differ by the day asked and not by a fact."""
OFF_CALENDAR = (StatusCode.CANCELLED, StatusCode.CONDITIONAL, StatusCode.NO_ROW)


@dataclass(frozen=True, slots=True)
class VisitState:
    """Standing and dates of a visit; dates are None where it has none."""

    standing: Standing
    planned: date | None
    earliest: date | None
    latest: date | None
    effective: date | None
    booked: date | None
    booked_at: time | None

    @property
    def on_calendar(self) -> bool:
        """Whether it is neither cancelled nor conditional."""
        return self.standing not in ("cancelled", "conditional")

    def differences(self, other: VisitState | None) -> tuple[str, ...]:
        """The names of the fields that differ; where there is no other, of those that say something."""
        names = [entry.name for entry in fields(self)]
        return tuple(name for name in names if getattr(self, name) != getattr(other, name, None))


def visit_state(schedule: Schedule, slot: int, column: int) -> VisitState | None:
    """The state of a slot for a subject, by index; None where it is no visit of the subject."""
    status = int(schedule.status[slot, column])
    if status == StatusCode.NO_ROW:
        return None
    booked = schedule.cohort.booked
    return VisitState(
        standing=STANDING_OF[status],
        planned=_date(schedule.planned[slot, column]),
        earliest=_date(schedule.earliest[slot, column]),
        latest=_date(schedule.latest[slot, column]),
        effective=_date(schedule.effective[slot, column]),
        booked=None if booked is None else _date(booked[slot, column]),
        booked_at=schedule.cohort.booked_at.get((slot, column)),
    )


def _date(day: np.int32) -> date | None:
    return None if day < EARLIEST_REAL_DAY else day_date(int(day))
