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
    """R14: the first rule that applies, for each subject; the codes are in that order, so the least one wins."""
    as_of, count = walk.block.as_of, walk.block.count
    codes = np.full(count, StatusCode.UPCOMING, dtype=np.uint8)
    if visit.slot.kind != "reminder":
        due: Mask = as_of >= visit.earliest
        if visit.anchor.dateless is not False:
            due = but_not(due, visit.anchor.dateless)
        _lower(codes, due, StatusCode.DUE)
    _lower(codes, visit.overdue, StatusCode.OVERDUE)
    _lower(codes, visit.on_hold, StatusCode.ON_HOLD)
    _lower(codes, visit.conditional, StatusCode.CONDITIONAL)
    _lower(codes, visit.cancelled, StatusCode.CANCELLED)
    _lower(codes, visit.missed, StatusCode.MISSED)
    _lower(codes, visit.shown_done, StatusCode.DONE)
    if present is not True:
        codes |= np.uint8(StatusCode.NO_ROW) if present is False else present.view(np.uint8) - np.uint8(1)
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
    booked = but_not(visit.is_booked, visit.missed)
    by_anchors: Mask = False if visit.slot.start else but_not(but_not(visit.anchors_settled, visit.stale), booked)
    _lower(codes, visit.stale, CertaintyCode.STALE)
    _lower(codes, booked, CertaintyCode.BOOKED)
    _lower(codes, either(by_anchors, visit.settled), CertaintyCode.FIXED)
    return codes


def _lower(codes: NDArray[np.uint8], mask: Mask, code: int) -> None:
    """``codes`` become ``code`` where the mask holds and they are greater: three passes over bytes, without a branch."""
    if isinstance(mask, bool):
        if mask:
            np.minimum(codes, np.uint8(code), out=codes)
        return
    np.minimum(codes, (mask.view(np.uint8) - np.uint8(1)) | np.uint8(code), out=codes)
