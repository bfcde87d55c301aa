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
    open_reason = but_not(visit.cancelled, visit.shown_done)
    for flag, mask in visit.reasons:
        _mark(flags, flag, both(mask, open_reason))
        open_reason = but_not(open_reason, mask)
    placed = visit.slot.milestone is None and not visit.slot.start
    planned = visit.planned
    for flag, mask in (
        (Flag.MILESTONE_MISSING, but_not(visit.anchor.lacks_milestone, visit.dated)),
        (Flag.ANCHOR_MISSED, but_not(visit.anchor.missed, visit.anchor.dateless) if visit.slot.accompanied is None else False),
        (Flag.MISSED_BY_HOLD, visit.skipped),
        (Flag.OUTSIDE_PLAN, visit.outside_plan),
        (Flag.EXPIRED, visit.expired),
        (Flag.NO_OPEN_DAY_IN_WINDOW, planned.no_open_day_in_window if placed else False),
        (Flag.CONSTRAINT_BREAKS_WINDOW, planned.constraint_breaks_window if placed else False),
        (Flag.OUTSIDE_WINDOW, _outside_window(visit)),
        (Flag.CLOSED_DAY, _on_closed_day(walk, visit)),
        (Flag.BOOKED_IN_HOLD, visit.held.booked_in_hold),
        (Flag.OMITTED, visit.omitted != 0),
        (Flag.UNCONFIRMED, _unconfirmed(walk, visit)),
        (Flag.EARLIER_UNRECORDED, _over_an_unrecorded_one(walk, visit)),
        (Flag.AT_MOST_REACHED, visit.exists if visit.slot.last_possible else False),
        (Flag.PROVISIONAL_CALENDAR, _provisional(walk, visit)),
    ):
        _mark(flags, flag, mask)


def _mark(flags: NDArray[np.uint32], flag: Flag, mask: Mask) -> None:
    if isinstance(mask, bool | np.bool_):
        if mask:
            flags |= np.uint32(flag)
        return
    if mask.any():
        flags |= mask * np.uint32(flag)


def _outside_window(visit: Visit) -> Mask:
    """Where the effective date lies outside the window; a start or milestone has none but its own day."""
    if visit.effective is visit.nominal:
        return False
    outside = (visit.effective > visit.latest) | (visit.effective < visit.earliest)
    return but_not(outside, visit.anchor.dateless)


def _on_closed_day(walk: Walk, visit: Visit) -> Mask:
    """The start's, or a done or booked visit's, day is closed in its calendar."""
    slot = visit.slot
    if slot.resource == ANY_DAY or slot.milestone is not None:
        return False
    where = True if slot.start else but_not(either(visit.done, visit.is_booked), visit.missed)
    if where is False:
        return False
    closed = walk.block.plain_lookup(slot.resource).on_or_after(visit.effective) != visit.effective
    return both(where, both(closed, visit.effective > EARLIEST_REAL_DAY))


def _unconfirmed(walk: Walk, visit: Visit) -> Mask:
    if visit.booked is None:
        return False
    passed = both(visit.is_booked, visit.booked < walk.block.as_of)
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


def _provisional(walk: Walk, visit: Visit) -> Mask:
    """R17: the date rests on a year whose official calendar is not known yet."""
    mask = walk.block.provisional(visit.slot, visit.effective)
    return but_not(mask, visit.settled)



