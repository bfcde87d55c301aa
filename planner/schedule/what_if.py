"""What if a visit were on another day: each candidate day is a row of one cohort, put through the same engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from planner.protocol.plan import Plan
from planner.protocol.said import said
from planner.schedule.calendar import ANY_DAY, SiteCalendar
from planner.schedule.checks import BREACH, WARNING, columns
from planner.schedule.closed_with import ClosedWith, closed_with
from planner.schedule.codes import Flag, StatusCode
from planner.schedule.cohort_facts import cohort_of
from planner.schedule.days import NO_DAY, day_date, day_number
from planner.schedule.fact_faults import parameter_codes, suggestion
from planner.schedule.facts import SubjectFacts
from planner.schedule.held_days import HeldDay, held_days
from planner.schedule.visit_before import VisitBefore, visits_before
from planner.schedule.visit_ids import ids_of_subject, slot_of, visit_id
from planner.schedule.walk import Walk
from planner.schedule.walks import empty_result, walked


@dataclass(frozen=True, slots=True)
class CandidateDay:
    """One day a visit could be put on, and what that would do."""

    day: date
    is_open: bool
    in_window: bool
    keeps_bounds: bool
    """It is not before any ``not_before``; what a hold forbids is said by ``held``."""
    intervals_kept: bool
    """No check is broken that is kept without the move."""
    broken_checks: tuple[str, ...]
    later_out_of_window: int
    """How many other visits would leave their window that are inside it without the move."""
    moved: int
    """How many other visits would get another date, or come into being."""
    dropped: tuple[str, ...] = ()
    """The other visits to come (reminders apart) that would no longer take place, by id."""
    added: tuple[str, ...] = ()
    """The other visits (reminders apart) that would come into being, by id."""
    closed_with: ClosedWith | None = None
    """Where the day itself is open: the day that must be open with it, and is not."""
    before: VisitBefore | None = None
    """The last visit on or before it that gives one of the same doses."""
    held: HeldDay | None = None
    """The hold of all its doses that the day lies in."""


def candidate_days(
    plan: Plan, facts: SubjectFacts, calendars: Sequence[SiteCalendar], as_of: date, visit: str, days: Sequence[date]
) -> tuple[CandidateDay, ...]:
    """What booking ``visit`` on each of ``days`` would do; the first row of the cohort is the subject as it is.

    Raises KeyError with a sentence if the subject can have no such visit.
    """
    slot = slot_of(plan, visit, parameter_codes(plan, facts))
    if slot is None:
        ids = ids_of_subject(plan, parameter_codes(plan, facts))
        raise KeyError(said("there is no visit {visit}{suggestion}", visit=visit, suggestion=suggestion(visit, ids, "the visits are")))
    count = len(days) + 1
    cohort = cohort_of(plan, [facts], [calendar.name for calendar in calendars]).repeated(0, count)
    candidates = np.array([NO_DAY, *(day_number(day) for day in days)], dtype=np.int32)
    booked = np.full((len(plan.slots), count), NO_DAY, dtype=np.int32) if cohort.booked is None else cohort.booked.copy()
    start = cohort.start
    if slot.start:
        # A start is set on a day, and what was booked for it goes with it.
        start = np.where(candidates == NO_DAY, start, candidates)
        booked[slot.index, 1:] = NO_DAY
    else:
        booked[slot.index, 1:] = candidates[1:]
    walk = walked(
        plan, replace(cohort, booked=booked, start=start), tuple(calendars), day_number(as_of), empty_result(len(plan.slots), count)
    )
    calendar = calendars[0 if cohort.calendar is None else int(cohort.calendar[0])]
    return tuple(_candidates(walk, slot.index, candidates, calendar))


def _candidates(walk: Walk, slot: int, candidates: NDArray[np.int32], calendar: SiteCalendar) -> list[CandidateDay]:
    out, plan, count = walk.out, walk.block.plan, len(candidates) - 1
    open_days = walk.block.lookup(plan.slots[slot])
    is_open = np.ones(count + 1, dtype=np.bool_)
    if plan.slots[slot].resource != ANY_DAY:
        is_open = open_days.on_or_after(candidates) == candidates
    in_window = (candidates >= out.earliest[slot]) & (candidates <= out.latest[slot])
    bound = walk.bounds_without_holds.get(slot, walk.bounds[slot])
    kept = np.ones(count + 1, dtype=np.bool_) if bound is None else candidates >= bound
    others = np.arange(len(plan.slots)) != slot
    on_calendar = _on_calendar(walk)[others]
    was_visit = out.status[:, :1] != int(StatusCode.NO_ROW)
    outside = (out.flags & np.uint32(Flag.OUTSIDE_WINDOW)) != 0
    left = ((outside & ~(outside[:, :1] & was_visit))[others] & on_calendar).sum(axis=0)
    other_date = (out.effective != out.effective[:, :1]) | ~was_visit
    moved = (other_date[others] & on_calendar).sum(axis=0)
    broken = _broken_checks(walk, count + 1)
    dropped, added = _come_and_gone(walk, slot)
    before = visits_before(walk, plan.slots[slot], candidates)
    held = held_days(walk, plan.slots[slot], candidates)
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
            dropped[column],
            added[column],
            None if is_open[column] else closed_with(walk.block, plan.slots[slot], calendar, int(candidates[column]), column),
            before[column],
            held[column],
        )
        for column in range(1, count + 1)
    ]


def _on_calendar(walk: Walk) -> NDArray[np.bool_]:
    off = (StatusCode.NO_ROW, StatusCode.CANCELLED, StatusCode.CONDITIONAL)
    return ~np.isin(walk.out.status, [int(code) for code in off])


def _come_and_gone(walk: Walk, moved: int) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """For each row the visits to come that it has no longer, and those it has besides, compared with the subject as it is (row 0)."""
    plan, there = walk.block.plan, _on_calendar(walk)
    counts = np.array([slot.index != moved and (slot.kind != "reminder" or slot.possible_doses != 0) for slot in plan.slots])[:, np.newaxis]
    # What was missed already takes place neither way.
    to_come = there & (walk.out.status != int(StatusCode.MISSED))
    gone, come = counts & to_come[:, :1] & ~there, counts & ~there[:, :1] & to_come
    return _ids(walk, gone), _ids(walk, come)


def _ids(walk: Walk, cells: NDArray[np.bool_]) -> list[tuple[str, ...]]:
    plan, codes = walk.block.plan, walk.block.cohort.parameters[:, 0].tolist()
    found: list[list[str]] = [[] for _ in range(cells.shape[1])]
    for slot, row in zip(*(places.tolist() for places in np.nonzero(cells)), strict=True):
        found[row].append(visit_id(plan, plan.slots[slot], codes))
    return [tuple(ids) for ids in found]


def _broken_checks(walk: Walk, count: int) -> list[set[str]]:
    """For each row the checks that it breaks in more places than the subject as it is (row 0)."""
    faults: dict[str, NDArray[np.int64]] = {}
    for column in columns(walk):
        over = ((column.results == BREACH) | (column.results == WARNING)).astype(np.int64)
        faults[column.check.id] = faults.get(column.check.id, np.zeros(count, dtype=np.int64)) + over
    return [{check for check, number in faults.items() if number[row] > number[0]} for row in range(count)]
