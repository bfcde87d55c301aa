"""The planned and the effective date of a visit: bounds, rides, open days, holds and facts put together (R5, R6, R12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.schedule.calendar import ANY_DAY
from planner.schedule.days import EARLIEST_REAL_DAY, NO_DAY, Days
from planner.schedule.hold_effects import covers, names_all, note_held, omitted_doses, reaching
from planner.schedule.masks import Mask, as_array, both, but_not, chosen, either, holds_somewhere, neither, simplified
from planner.schedule.planned_day import PlannedDay, planned_day
from planner.schedule.presence import without_doses
from planner.schedule.visit import Visit

if TYPE_CHECKING:
    from planner.schedule.walk import Walk


def plan_visit(walk: Walk, visit: Visit) -> None:
    """Fill in the planned and the effective date, and what holds do to them."""
    if visit.slot.start or visit.slot.milestone is not None:
        visit.planned = PlannedDay(visit.nominal)
    else:
        _find_bounds(walk, visit)
        visit.planned = _planned(walk, visit)
    _apply_whole_holds(walk, visit)
    visit.effective = _effective(visit)
    visit.dated = _dated(visit)


def _find_bounds(walk: Walk, visit: Visit) -> None:
    """The greatest of the ``not_before`` days (R6); those without a date bind nothing."""
    for term in visit.slot.bounds:
        value = walk.bound_reference(term.reference, visit)
        if value.dateless is True:
            continue
        days = walk.block.added(value.days, term.offset, visit.slot.resource)
        walk.bound_values[visit.slot.index, term.reference] = value
        if value.dateless is not False:
            days = np.where(as_array(value.dateless, len(days)), NO_DAY, days)
        visit.bound = days if visit.bound is None else np.maximum(visit.bound, days)
        visit.bounds_stale = either(visit.bounds_stale, but_not(value.stale, value.dateless))
        visit.bounds_settled = both(visit.bounds_settled, either(value.settled, value.dateless))


def _planned(walk: Walk, visit: Visit) -> PlannedDay:
    slot = visit.slot
    lookup = None if slot.resource == ANY_DAY else walk.block.lookup(slot)
    planned = planned_day(visit.nominal, visit.earliest, visit.latest, visit.bound, slot.roll, lookup)
    dateless = visit.anchor.dateless
    if dateless is not False:
        planned.days = np.where(as_array(dateless, len(planned.days)), NO_DAY, planned.days)
        planned.no_open_day_in_window = but_not(planned.no_open_day_in_window, dateless)
        planned.constraint_breaks_window = but_not(planned.constraint_breaks_window, dateless)
    if slot.rides_on:
        _ride(walk, visit, planned)
    return planned


def _ride(walk: Walk, visit: Visit, planned: PlannedDay) -> None:
    """``with: SERIES``: on the day of the member closest to the nominal date, if one lies in the window and not before the bounds."""
    lowest = visit.earliest if visit.bound is None else np.maximum(visit.earliest, visit.bound)
    best = np.full(len(visit.nominal), NO_DAY, dtype=np.int32)
    stale: Mask = False
    settled: Mask = True
    for index in visit.slot.rides_on:
        state = walk.states[index]
        if state.member is False:
            continue
        fits = both(state.member, simplified((state.effective >= lowest) & (state.effective <= visit.latest)))
        if fits is False or not holds_somewhere(fits):
            continue
        distance = np.abs(state.effective - visit.nominal)
        best_distance = np.abs(best - visit.nominal)
        closer = both(fits, simplified((distance < best_distance) | ((distance == best_distance) & (state.effective > best))))
        best = np.where(closer, state.effective, best)
        stale = chosen(closer, state.stale_making, stale)
        settled = chosen(closer, state.settled, settled)
    rides = but_not(simplified(best > EARLIEST_REAL_DAY), visit.anchor.dateless)
    if rides is False or not holds_somewhere(rides):
        visit.ridden_stale, visit.ridden_settled = False, True
        return
    planned.days = np.where(as_array(rides, len(best)), best, planned.days)
    planned.no_open_day_in_window = but_not(planned.no_open_day_in_window, rides)
    planned.constraint_breaks_window = but_not(planned.constraint_breaks_window, rides)
    visit.ridden_stale = both(stale, rides)
    visit.ridden_settled = either(settled, neither(rides))


def _apply_whole_holds(walk: Walk, visit: Visit) -> None:
    """Holds that name every dose of the visit: shift moves the planned date to the resume day, one hold after the other."""
    holds = walk.block.cohort.holds
    rows = reaching(holds, visit.slot)
    if holds is None or not rows:
        return
    fixed = either(visit.done, visit.recorded_missed)
    for row in rows:
        candidates = but_not(names_all(holds, row, visit.doses), fixed)
        if candidates is False:
            continue
        inside = simplified(both(candidates, covers(holds, row, visit.planned.days)))
        note_held(visit.held, holds, row, inside, visit.booked, candidates, walk.block.as_of)
        if inside is not False:
            walk.holds_over.setdefault(visit.slot.index, []).append((row, inside))
        moved = simplified(both(inside, ~holds.skip[row] & ~holds.without_end[row]))
        if moved is False or visit.slot.start or visit.slot.milestone is not None:
            continue
        walk.bounds_without_holds.setdefault(visit.slot.index, visit.bound)
        resume = np.where(as_array(moved, len(visit.nominal)), holds.resume[row], NO_DAY)
        visit.bound = resume if visit.bound is None else np.maximum(visit.bound, resume)
        visit.planned = _planned(walk, visit)
    if visit.slot.start:
        visit.held.skipped = False


def _effective(visit: Visit) -> Days:
    """Actual, else (missed: planned), else booked, else planned."""
    days = visit.planned.days
    if visit.booked is not None:
        days = np.where(but_not(visit.is_booked, visit.recorded_missed), visit.booked, days)
    if visit.actual is not None and visit.done is not False:
        days = np.where(visit.done, visit.actual, days)
    return days


def _dated(visit: Visit) -> Mask:
    """Where the visit has an effective date."""
    if visit.anchor.dateless is False:
        return True
    return either(neither(visit.anchor.dateless), either(visit.done, but_not(visit.is_booked, visit.recorded_missed)))


def apply_partial_holds(walk: Walk, visit: Visit) -> None:
    """Holds that name some of the doses take these out of a not-done visit whose effective date they cover."""
    holds = walk.block.cohort.holds
    rows = reaching(holds, visit.slot)
    if holds is None or not rows:
        return
    taken = omitted_doses(holds, rows, visit.doses, visit.effective, neither(visit.done))
    if isinstance(taken, np.ndarray):
        without_doses(walk, visit, taken)
