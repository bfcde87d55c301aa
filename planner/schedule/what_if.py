"""What if a visit were on another day: each candidate day is a row of one cohort, put through the same engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from planner.protocol.plan import Plan
from planner.schedule.calendar import ANY_DAY, SiteCalendar
from planner.schedule.checks import BREACH, WARNING, columns
from planner.schedule.codes import Flag, StatusCode
from planner.schedule.cohort_facts import cohort_of
from planner.schedule.days import NO_DAY, day_date, day_number
from planner.schedule.fact_faults import parameter_codes, suggestion
from planner.schedule.facts import SubjectFacts
from planner.schedule.visit_ids import ids_of_subject, slot_of
from planner.schedule.walk import Walk
from planner.schedule.walks import empty_result, walked


@dataclass(frozen=True, slots=True)
class CandidateDay:
    """One day a visit could be put on, and what that would do."""

    day: date
    is_open: bool
    in_window: bool
    keeps_bounds: bool
    """It is not before any ``not_before``."""
    intervals_kept: bool
    """No check is broken that is kept without the move."""
    broken_checks: tuple[str, ...]
    later_out_of_window: int
    """How many other visits would leave their window that are inside it without the move."""
    moved: int
    """How many other visits would get another date, or come into being."""


def candidate_days(
    plan: Plan, facts: SubjectFacts, calendars: Sequence[SiteCalendar], as_of: date, visit: str, days: Sequence[date]
) -> tuple[CandidateDay, ...]:
    """What booking ``visit`` on each of ``days`` would do; the first row of the cohort is the subject as it is.

    Raises KeyError with a sentence if the subject can have no such visit.
    """
    slot = slot_of(plan, visit, parameter_codes(plan, facts))
    if slot is None:
        ids = ids_of_subject(plan, parameter_codes(plan, facts))
        raise KeyError(f"there is no visit {visit}{suggestion(visit, ids, 'the visits are')}")
    count = len(days) + 1
    cohort = cohort_of(plan, [facts], [calendar.name for calendar in calendars]).repeated(0, count)
    candidates = np.array([NO_DAY, *(day_number(day) for day in days)], dtype=np.int32)
    booked = np.full((len(plan.slots), count), NO_DAY, dtype=np.int32) if cohort.booked is None else cohort.booked.copy()
    start = cohort.start
    if slot.start:
        start = np.where(candidates == NO_DAY, start, candidates)
    else:
        booked[slot.index, 1:] = candidates[1:]
    walk = walked(
        plan, replace(cohort, booked=booked, start=start), tuple(calendars), day_number(as_of), empty_result(len(plan.slots), count)
    )
    return tuple(_candidates(walk, slot.index, candidates, len(days)))


def _candidates(walk: Walk, slot: int, candidates: NDArray[np.int32], count: int) -> list[CandidateDay]:
    out, plan = walk.out, walk.block.plan
    open_days = walk.block.lookup(plan.slots[slot])
    is_open = np.ones(count + 1, dtype=np.bool_)
    if plan.slots[slot].resource != ANY_DAY:
        is_open = open_days.on_or_after(candidates) == candidates
    in_window = (candidates >= out.earliest[slot]) & (candidates <= out.latest[slot])
    bound = walk.bounds[slot]
    kept = np.ones(count + 1, dtype=np.bool_) if bound is None else candidates >= bound
    others = np.arange(len(plan.slots)) != slot
    off = (StatusCode.NO_ROW, StatusCode.CANCELLED, StatusCode.CONDITIONAL)
    on_calendar = ~np.isin(out.status, [int(code) for code in off])[others]
    was_visit = out.status[:, :1] != int(StatusCode.NO_ROW)
    outside = (out.flags & np.uint32(Flag.OUTSIDE_WINDOW)) != 0
    left = ((outside & ~(outside[:, :1] & was_visit))[others] & on_calendar).sum(axis=0)
    other_date = (out.effective != out.effective[:, :1]) | ~was_visit
    moved = (other_date[others] & on_calendar).sum(axis=0)
    broken = _broken_checks(walk, count + 1)
    return [
        CandidateDay(
            day_date(int(candidates[column])),
            bool(is_open[column]),
            bool(in_window[column]),
            bool(kept[column]),
            not broken[column],
            tuple(sorted(broken[column])),
            int(left[column]),
            int(moved[column]),
        )
        for column in range(1, count + 1)
    ]


def _broken_checks(walk: Walk, count: int) -> list[set[str]]:
    """For each row the checks that it breaks in more places than the subject as it is (row 0)."""
    faults: dict[str, NDArray[np.int64]] = {}
    for column in columns(walk):
        over = ((column.results == BREACH) | (column.results == WARNING)).astype(np.int64)
        faults[column.check.id] = faults.get(column.check.id, np.zeros(count, dtype=np.int64)) + over
    return [{check for check, number in faults.items() if number[row] > number[0]} for row in range(count)]
