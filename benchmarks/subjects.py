"""Random subjects of a study, made directly as a cohort's arrays: parameters, starts over a year, milestones; no visit yet."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.study import DAYS_OF_STARTS, FIRST_START, calendar
from planner.protocol.plan import Plan
from planner.schedule.calendar import CLINIC
from planner.schedule.cohort import Cohort
from planner.schedule.day_tables import open_days
from planner.schedule.days import NO_DAY, day_number


def subjects_without_facts(plan: Plan, count: int, random: Generator) -> Cohort:
    """``count`` subjects: parameters drawn from all their values, starts over a year (nearly all on open days), consent before."""
    start = (day_number(FIRST_START) + random.integers(0, DAYS_OF_STARTS, count)).astype(np.int32)
    start = np.where(random.random(count) < 0.95, open_days(calendar(), CLINIC).on_or_after[start], start)
    return Cohort(
        subjects=tuple(f"S{number:07d}" for number in range(1, count + 1)),
        start=start,
        parameters=_parameters(plan, count, random),
        milestones=_milestones(plan, start, random),
        decisions=np.full((len(plan.decisions), count), -1, dtype=np.int16),
        decision_days=np.full((len(plan.decisions), count), NO_DAY, dtype=np.int32),
    )


def _parameters(plan: Plan, count: int, random: Generator) -> NDArray[np.int16]:
    codes = np.empty((len(plan.parameters), count), dtype=np.int16)
    for row, name in enumerate(plan.parameters):
        if name == "birth_year":
            years = list(plan.protocol.parameters[name].values)
            codes[row] = random.integers(years.index("1951"), years.index("2008"), count)
            codes[row, random.random(count) < 0.1] = -1
        else:
            codes[row] = random.integers(0, len(plan.protocol.parameters[name].values), count)
    return codes


def _milestones(plan: Plan, start: NDArray[np.int32], random: Generator) -> NDArray[np.int32]:
    days = np.full((len(plan.milestones), len(start)), NO_DAY, dtype=np.int32)
    days[plan.milestones.index("CONSENT")] = start - random.integers(7, 26, len(start))
    if "PRIOR_RT_END" in plan.milestones:
        ended = start - random.integers(100, 900, len(start))
        days[plan.milestones.index("PRIOR_RT_END")] = np.where(random.random(len(start)) < 0.7, ended, NO_DAY)
    return days
