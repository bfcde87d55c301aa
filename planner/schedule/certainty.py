"""How sure a visit is, what waits for it, and its status on the day asked (R14, R15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from planner.schedule.codes import CertaintyCode, StatusCode
from planner.schedule.days import EARLIEST_REAL_DAY
from planner.schedule.masks import Mask, both, but_not, chosen, either, neither, simplified
from planner.schedule.visit import Visit

if TYPE_CHECKING:
    from planner.schedule.walk import Walk


def judge_certainty(walk: Walk, visit: Visit) -> None:
    """Fill in whether the visit is settled, on hold, stale, overdue, and whether it makes others stale."""
    slot = visit.slot
    visit.settled = _settled(walk, visit)
    visit.on_hold = visit.held.on_hold
    if slot.accompanied is not None:
        visit.on_hold = either(visit.on_hold, walk.states[slot.accompanied].on_hold)
    anchors_stale = either(either(but_not(visit.anchor.stale, visit.anchor.dateless), visit.bounds_stale), visit.ridden_stale)
    visit.anchors_settled = both(both(both(visit.anchor.settled, visit.bounds_settled), visit.ridden_settled), visit.dated)
    booked = but_not(visit.is_booked, visit.missed)
    visit.stale = but_not(but_not(either(anchors_stale, visit.held.without_end), visit.settled), booked)
    open_visit = but_not(but_not(visit.on_calendar, visit.missed), visit.settled)
    visit.overdue = _overdue(walk, visit, open_visit)
    waiting = either(either(visit.overdue, visit.held.without_end), visit.stale)
    stale_making = chosen(but_not(visit.on_calendar, visit.missed), waiting, anchors_stale)
    visit.stale_making = but_not(stale_making, visit.settled)
    visit.shown_done = _shown_done(walk, visit)


def _settled(walk: Walk, visit: Visit) -> Mask:
    """An actual date, a milestone given, or all decisions of the visit recorded on a day that has come."""
    slot = visit.slot
    if slot.milestone is not None:
        return visit.anchor.settled
    settled = visit.done
    if slot.decisions:
        settled = either(settled, decided(walk, visit))
    return settled


def decided(walk: Walk, visit: Visit) -> Mask:
    """Where all decisions of a decision visit are recorded and its effective date has come (R14)."""
    recorded: Mask = True
    for decision in visit.slot.decisions:
        recorded = both(recorded, neither(walk.block.undecided(decision)))
    if recorded is False:
        return False
    come = simplified((visit.effective <= walk.block.as_of) & (visit.effective > EARLIEST_REAL_DAY))
    return both(recorded, come)


def _overdue(walk: Walk, visit: Visit, open_visit: Mask) -> Mask:
    if visit.slot.kind == "reminder" or open_visit is False:
        return False
    as_of = walk.block.as_of
    late = simplified((as_of > visit.latest) & (as_of > visit.effective))
    return but_not(but_not(both(both(late, open_visit), visit.dated), visit.on_hold), visit.stale)


def status_codes(walk: Walk, visit: Visit, present: Mask) -> NDArray[np.uint8]:
    """R14: the first rule that applies, for each subject."""
    as_of, count = walk.block.as_of, walk.block.count
    codes = np.full(count, StatusCode.UPCOMING, dtype=np.uint8)
    slot = visit.slot
    if slot.kind != "reminder":
        codes[(as_of >= visit.earliest) & (visit.earliest > EARLIEST_REAL_DAY)] = StatusCode.DUE
    _put(codes, visit.overdue, StatusCode.OVERDUE)
    _put(codes, visit.on_hold, StatusCode.ON_HOLD)
    _put(codes, visit.conditional, StatusCode.CONDITIONAL)
    _put(codes, visit.cancelled, StatusCode.CANCELLED)
    _put(codes, visit.missed, StatusCode.MISSED)
    _put(codes, visit.shown_done, StatusCode.DONE)
    _put(codes, neither(present), StatusCode.NO_ROW)
    return codes


def _shown_done(walk: Walk, visit: Visit) -> Mask:
    """Where the status is ``done``: recorded, or (milestones, reminders) its day has come."""
    as_of = walk.block.as_of
    if visit.slot.milestone is not None:
        return simplified((visit.effective <= as_of) & (visit.effective > EARLIEST_REAL_DAY))
    if visit.slot.kind == "reminder":
        come = simplified((visit.effective <= as_of) & (visit.effective > EARLIEST_REAL_DAY))
        return either(visit.done, but_not(both(come, but_not(visit.on_calendar, visit.missed)), visit.stale))
    return visit.settled


def certainty_codes(walk: Walk, visit: Visit) -> NDArray[np.uint8]:
    """R15: the first rule that applies, for each subject."""
    codes = np.full(walk.block.count, CertaintyCode.PROJECTED, dtype=np.uint8)
    _put(codes, visit.anchors_settled, CertaintyCode.FIXED)
    if visit.slot.start:
        codes[:] = CertaintyCode.PROJECTED
    _put(codes, visit.stale, CertaintyCode.STALE)
    _put(codes, but_not(visit.is_booked, visit.missed), CertaintyCode.BOOKED)
    _put(codes, visit.settled, CertaintyCode.FIXED)
    return codes


def _put(codes: NDArray[np.uint8], mask: Mask, code: int) -> None:
    if isinstance(mask, bool):
        if mask:
            codes[:] = code
        return
    np.copyto(codes, np.uint8(code), where=mask)
