"""Fractions (R7): gaps and spans that are too long, and the first-fraction day that would avoid them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from planner.protocol.model import BetweenCheck, IntervalCheck, SeriesReference
from planner.protocol.plan import Plan
from planner.schedule.checks import BREACH, WARNING, columns
from planner.schedule.codes import Flag, StatusCode
from planner.schedule.days import EARLIEST_REAL_DAY, NO_DAY, Days
from planner.schedule.masks import as_array
from planner.schedule.schedule import Schedule
from planner.schedule.walk import Walk
from planner.schedule.walks import empty_result, walked

RADIOTHERAPY = "radiotherapy"


def fraction_checks(plan: Plan) -> dict[str, int]:
    """The checks over gaps and spans of a radiotherapy series: check id to series index."""
    found: dict[str, int] = {}
    for rule in plan.checks:
        check, name = rule.check, None
        if isinstance(check, BetweenCheck) and check.bound in ("at_most", "less_than"):
            name = check.series
        elif isinstance(check, IntervalCheck) and check.bound in ("at_most", "less_than"):
            whole = isinstance(check.start, SeriesReference) and check.end == SeriesReference(check.start.series, "last")
            if isinstance(check.start, SeriesReference) and whole and check.start.which == "first":
                name = check.start.series
        if name is not None and _is_radiotherapy(plan, plan.series.index(name)):
            found[check.id] = plan.series.index(name)
    return found


def _is_radiotherapy(plan: Plan, series: int) -> bool:
    if RADIOTHERAPY not in plan.doses:
        return False
    bit = 1 << plan.doses.index(RADIOTHERAPY)
    return any(plan.slots[index].possible_doses & bit for index in plan.series_slots[series])


def mark_fractions(walk: Walk) -> None:
    """Set ``fraction_gap`` and ``fraction_span`` in the flags of a finished walk."""
    checks = fraction_checks(walk.block.plan)
    subjects = np.arange(walk.block.count)
    for column in columns(walk, set(checks)):
        over = (column.results == BREACH) | (column.results == WARNING)
        if not over.any():
            continue
        if isinstance(column.second, np.ndarray):
            walk.out.flags[column.second[over], subjects[over]] |= np.uint32(Flag.FRACTION_GAP)
        else:
            slot = _giver_of_last(walk, checks[column.check.id], column.second_days)
            walk.out.flags[slot[over], subjects[over]] |= np.uint32(Flag.FRACTION_SPAN)


def _giver_of_last(walk: Walk, series: int, days: Days) -> NDArray[np.int32]:
    """The lowest slot of the series whose effective date is the last one."""
    giver = np.full(walk.block.count, -1, dtype=np.int32)
    for index in walk.block.plan.series_slots[series]:
        state = walk.states[index]
        gives = as_array(state.member, walk.block.count) & (state.effective == days) & (giver < 0)
        giver[gives] = index
    return giver


def advise_fractions(schedule: Schedule) -> None:
    """For each flagged subject, note the first-fraction day in its window that leaves no gap or span too long (R7)."""
    flagged = (schedule.flags & np.uint32(Flag.FRACTION_GAP | Flag.FRACTION_SPAN)) != 0
    if not flagged.any():
        return
    plan = schedule.plan
    for series in sorted(set(fraction_checks(plan).values())):
        slots = list(plan.series_slots[series])
        for subject in np.flatnonzero(flagged[slots].any(axis=0)).tolist():
            day = _better_first_day(schedule, series, subject)
            if day is not None:
                schedule.better_first_fraction[series, subject] = day


def _better_first_day(schedule: Schedule, series: int, subject: int) -> int | None:
    """Book the first member on each open day of its window, all in one cohort, and keep the closest day without a fault."""
    plan, first = schedule.plan, schedule.plan.series_slots[series][0]
    earliest, latest = int(schedule.earliest[first, subject]), int(schedule.latest[first, subject])
    if earliest < EARLIEST_REAL_DAY or not _is_open_visit(schedule, first, subject):
        return None
    candidates = np.arange(earliest, latest + 1, dtype=np.int32)
    cohort = schedule.cohort.repeated(subject, len(candidates))
    booked = np.full((len(plan.slots), len(candidates)), NO_DAY, dtype=np.int32) if cohort.booked is None else cohort.booked
    booked[first] = candidates
    walk = walked(
        plan, replace(cohort, booked=booked), schedule.calendars, schedule.as_of_day(subject), empty_result(len(plan.slots), len(candidates))
    )
    allowed = walk.block.lookup(plan.slots[first]).on_or_after(candidates) == candidates
    bound = walk.bounds[first]
    if bound is not None:
        allowed &= candidates >= bound
    checks = {name for name, of in fraction_checks(plan).items() if of == series}
    for column in columns(walk, checks):
        allowed &= (column.results != BREACH) & (column.results != WARNING)
    if not allowed.any():
        return None
    good = candidates[allowed]
    distance = np.abs(good - schedule.planned[first, subject])
    return int(good[distance == distance.min()].max())


def _is_open_visit(schedule: Schedule, slot: int, subject: int) -> bool:
    """Whether a visit is neither done nor missed."""
    return int(schedule.status[slot, subject]) not in (StatusCode.DONE, StatusCode.MISSED, StatusCode.NO_ROW)
