"""The part of the study that other ways to its dates are compared on, as plain constants and plain subjects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from planner.protocol.plan import Plan
from planner.schedule.cohort import Cohort
from planner.schedule.days import day_date

COMPARED = ("C1D1", "SIM", "F{n}", "C{n}D1", "ASSESS", "MDT", "FU{n}")
FRACTIONS = 5
MOST_CYCLES = 6
CYCLE_DAYS = {"CAPOX": 21, "mFOLFOX6": 14, "FOLFIRI": 14, "FOLFOXIRI": 14}
PUMP_DAYS = 2
"""A 14-day regimen's pump is taken off 2 days later, which must be an open day too."""
FOLLOW_UP_MONTHS = {24: tuple(range(3, 25, 3)), 60: (*range(3, 25, 3), *range(30, 61, 6))}


@dataclass(frozen=True, slots=True)
class PlainSubject:
    """What the compared dates of one subject depend on."""

    start: date
    cycle_days: int
    cycles: int
    follow_up: int

    @property
    def pump(self) -> bool:
        """Whether the regimen runs a pump."""
        return self.cycle_days == min(CYCLE_DAYS.values())


@dataclass(frozen=True, eq=False)
class PlainColumns:
    """The same for many subjects, one array entry each."""

    start: NDArray[np.datetime64]
    cycle_days: NDArray[np.int64]
    cycles: NDArray[np.int64]
    follow_up: NDArray[np.int64]


def plain_columns(plan: Plan, cohort: Cohort) -> PlainColumns:
    """What a cohort's arrays say, in columns."""

    def values(name: str) -> NDArray[np.int64]:
        texts = plan.protocol.parameters[name].values
        numbers = np.array([CYCLE_DAYS[text] if name == "regimen" else int(text) for text in texts])
        found: NDArray[np.int64] = numbers[cohort.parameters[plan.parameters.index(name)]]
        return found

    return PlainColumns(cohort.start.astype("datetime64[D]"), values("regimen"), values("cycles"), values("follow_up_months"))


def plain_subjects(plan: Plan, cohort: Cohort) -> list[PlainSubject]:
    """The same, subject by subject."""
    columns = plain_columns(plan, cohort)
    numbers = zip(columns.cycle_days.tolist(), columns.cycles.tolist(), columns.follow_up.tolist(), strict=True)
    return [PlainSubject(day_date(start), *rest) for start, rest in zip(cohort.start.tolist(), numbers, strict=True)]
