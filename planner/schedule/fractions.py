"""Fractions (R7): gaps and spans that are too long, and the first-fraction day that would avoid them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from planner.protocol.model import RADIOTHERAPY, BetweenCheck, IntervalCheck, SeriesReference
from planner.protocol.plan import Plan
from planner.schedule.block import Block
from planner.schedule.checks import BREACH, WARNING, columns
from planner.schedule.codes import Flag, StatusCode
from planner.schedule.days import EARLIEST_REAL_DAY, NO_DAY, Days
from planner.schedule.masks import as_array
from planner.schedule.schedule import Schedule
from planner.schedule.walk import Walk
from planner.schedule.walks import empty_result

_AT_ONCE = 1024
"""Subjects whose candidate days are walked together."""


@lru_cache(maxsize=64)
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
    if not checks:
        return
    subjects = np.arange(walk.block.count)
    for column in columns(walk, checks):
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


def better_first_fractions(schedule: Schedule, subjects: NDArray[np.intp]) -> dict[tuple[int, int], int]:
    """(series, subject) to the first-fraction day in its window that leaves no gap or span too long (R7), where there is one.

    Looks only at the subjects given and flagged. All their candidate days together are one cohort, walked just as far
    as the fractions.
    """
    bits = np.uint32(Flag.FRACTION_GAP | Flag.FRACTION_SPAN)
    found: dict[tuple[int, int], int] = {}
    for series in sorted(set(fraction_checks(schedule.plan).values())):
        slots = np.array(schedule.plan.series_slots[series], dtype=np.intp)
        flagged = subjects[((schedule.flags[np.ix_(slots, subjects)] & bits) != 0).any(axis=0)]
        flagged = flagged[_can_still_move(schedule, int(slots[0]), flagged)]
        for first in range(0, len(flagged), _AT_ONCE):
            found.update(_better_days(schedule, series, flagged[first : first + _AT_ONCE]))
    return found


def _can_still_move(schedule: Schedule, slot: int, subjects: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Where the first fraction has a date and is neither done nor missed."""
    status = schedule.status[slot, subjects]
    settled = (status == StatusCode.DONE) | (status == StatusCode.MISSED) | (status == StatusCode.NO_ROW)
    free: NDArray[np.bool_] = ~settled & (schedule.earliest[slot, subjects] > EARLIEST_REAL_DAY)
    return free


def _better_days(schedule: Schedule, series: int, subjects: NDArray[np.intp]) -> dict[tuple[int, int], int]:
    """Book the first member on each day of its window, a row each, and keep the closest day without a fault."""
    plan, first = schedule.plan, schedule.plan.series_slots[series][0]
    earliest, latest = schedule.earliest[first, subjects], schedule.latest[first, subjects]
    length = latest - earliest + 1
    row_subject = np.repeat(subjects, length)
    before = np.repeat(np.cumsum(length) - length, length)
    candidates = (np.repeat(earliest, length) + np.arange(len(row_subject)) - before).astype(np.int32)
    cohort = schedule.cohort.taken(row_subject)
    booked = np.full((len(plan.slots), len(candidates)), NO_DAY, dtype=np.int32) if cohort.booked is None else cohort.booked
    booked[first] = candidates
    as_of = schedule.as_of[row_subject] if isinstance(schedule.as_of, np.ndarray) else schedule.as_of
    walk = Walk(Block(plan, replace(cohort, booked=booked), schedule.calendars, as_of), empty_result(len(plan.slots), len(candidates)))
    walk.run(plan.needed_for(plan.series_slots[series]))
    allowed = _is_allowed(walk, first, candidates)
    for column in columns(walk, {name for name, of in fraction_checks(plan).items() if of == series}):
        allowed &= (column.results != BREACH) & (column.results != WARNING)
    distance = np.abs(candidates - schedule.planned[first, row_subject])
    best: dict[tuple[int, int], tuple[int, int]] = {}
    for row in np.flatnonzero(allowed).tolist():
        key, rank = (series, int(row_subject[row])), (int(distance[row]), -int(candidates[row]))
        best[key] = min(best.get(key, rank), rank)
    return {key: -day for key, (_, day) in best.items()}


def _is_allowed(walk: Walk, slot: int, candidates: Days) -> NDArray[np.bool_]:
    """Where a candidate day has not passed, is open for the slot and not before its bounds."""
    is_open = walk.block.lookup(walk.block.plan.slots[slot]).on_or_after(candidates) == candidates
    allowed: NDArray[np.bool_] = is_open & (candidates >= walk.block.as_of)
    bound = walk.bounds[slot]
    return allowed if bound is None else allowed & (candidates >= bound)
