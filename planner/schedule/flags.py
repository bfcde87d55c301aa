"""The flags of one visit (docs/date-rules.md, Flags)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from planner.schedule.calendar import ANY_DAY
from planner.schedule.codes import Flag
from planner.schedule.days import EARLIEST_REAL_DAY
from planner.schedule.masks import Mask, both, but_not, either, simplified
from planner.schedule.visit import Visit

if TYPE_CHECKING:
    from planner.schedule.walk import Walk


def mark_flags(walk: Walk, visit: Visit, flags: NDArray[np.uint32]) -> None:
    """Set the bits of all flags of ``visit`` in ``flags``."""
    _mark_reason(visit, flags)
    slot, planned, anchor = visit.slot, visit.planned, visit.anchor
    _mark(flags, Flag.MILESTONE_MISSING, anchor.lacks_milestone)
    if anchor.missed is not False and slot.accompanied is None:
        _mark(flags, Flag.ANCHOR_MISSED, but_not(anchor.missed, anchor.dateless))
    if visit.skipped is not False:
        _mark(flags, Flag.MISSED_BY_HOLD, visit.skipped)
    if planned.no_open_day_in_window is not False:
        _mark(flags, Flag.NO_OPEN_DAY_IN_WINDOW, planned.no_open_day_in_window)
    if planned.constraint_breaks_window is not False:
        _mark(flags, Flag.CONSTRAINT_BREAKS_WINDOW, planned.constraint_breaks_window)
    _mark(flags, Flag.OUTSIDE_WINDOW, _outside_window(visit))
    if not (isinstance(visit.omitted, int) and visit.omitted == 0):
        _mark(flags, Flag.OMITTED, np.asarray(visit.omitted) != 0)
    if visit.done is not False:
        _mark(flags, Flag.OUTSIDE_PLAN, visit.outside_plan)
        _mark(flags, Flag.EARLIER_UNRECORDED, _over_an_unrecorded_one(walk, visit))
    if visit.expired is not False:
        _mark(flags, Flag.EXPIRED, visit.expired)
    if slot.start or visit.done is not False or visit.booked is not None:
        _mark(flags, Flag.CLOSED_DAY, _on_closed_day(walk, visit))
    if visit.booked is not None:
        _mark(flags, Flag.BOOKED_IN_HOLD, visit.held.booked_in_hold)
        _mark(flags, Flag.UNCONFIRMED, _unconfirmed(walk, visit))
    if walk.block.has_provisional_days and visit.settled is not True and slot.resource != ANY_DAY:
        _mark(flags, Flag.PROVISIONAL_CALENDAR, but_not(walk.block.provisional(visit.effective), visit.settled))
    if slot.last_possible:
        _mark(flags, Flag.AT_MOST_REACHED, visit.exists)


def _mark_reason(visit: Visit, flags: NDArray[np.uint32]) -> None:
    """Why it is cancelled: the first reason that holds."""
    open_reason = but_not(visit.cancelled, visit.shown_done)
    if open_reason is False:
        return
    for flag, mask in visit.reasons:
        _mark(flags, flag, both(mask, open_reason))
        open_reason = but_not(open_reason, mask)


def _mark(flags: NDArray[np.uint32], flag: Flag, mask: Mask) -> None:
    if isinstance(mask, bool):
        if mask:
            flags |= np.uint32(flag)
    else:
        flags |= mask * np.uint32(flag)


def _outside_window(visit: Visit) -> Mask:
    """Where the effective date lies outside the window; a planned one only where its window could not be kept."""
    if visit.effective is visit.planned.days:
        return either(visit.planned.no_open_day_in_window, visit.planned.constraint_breaks_window)
    outside = simplified((visit.effective > visit.latest) | (visit.effective < visit.earliest))
    return but_not(outside, visit.anchor.dateless)


def _on_closed_day(walk: Walk, visit: Visit) -> Mask:
    """The start's, or a done or booked visit's, day is closed in its calendar."""
    slot = visit.slot
    if slot.resource == ANY_DAY or slot.milestone is not None:
        return False
    where = True if slot.start else but_not(either(visit.done, visit.is_booked), visit.missed)
    if where is False:
        return False
    closed = walk.block.lookup(slot).on_or_after(visit.effective) != visit.effective
    return simplified(both(where, closed & (visit.effective > EARLIEST_REAL_DAY)))


def _unconfirmed(walk: Walk, visit: Visit) -> Mask:
    if visit.booked is None:
        return False
    passed = both(visit.is_booked, simplified(visit.booked < walk.block.as_of))
    return simplified(but_not(but_not(but_not(passed, visit.settled), visit.missed), visit.cancelled))


def _over_an_unrecorded_one(walk: Walk, visit: Visit) -> Mask:
    """R18: a done member while a lower number on the calendar is neither done nor missed."""
    slot = visit.slot
    if slot.series is None or visit.done is False:
        return False
    open_one: Mask = False
    for index in walk.block.plan.series_slots[slot.series]:
        if index == slot.index or walk.block.plan.slots[index].position >= slot.position:
            break
        state = walk.states[index]
        there = both(state.exists, state.on_calendar)
        open_one = either(open_one, but_not(but_not(there, state.done), state.missed))
    return simplified(both(visit.done, open_one))
