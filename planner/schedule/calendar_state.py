"""Whether a visit is on the calendar, conditional, cancelled or missed, and why (R9-R13)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from planner.schedule.codes import Flag
from planner.schedule.days import EARLIEST_REAL_DAY, Days
from planner.schedule.endings import NEVER
from planner.schedule.hold_effects import omitted_doses, reaching
from planner.schedule.masks import Mask, as_array, both, but_not, either, holds_somewhere, neither, simplified
from planner.schedule.presence import without_doses
from planner.schedule.visit import Visit

if TYPE_CHECKING:
    from planner.schedule.walk import Walk


def judge_calendar(walk: Walk, visit: Visit) -> None:
    """Fill in the reasons for cancellation in their order, and the visit's place on the calendar."""
    fixed = either(visit.done, visit.recorded_missed)
    own_branch, undecided = _branch(walk, visit) if visit.slot.branch else (False, False)
    visit.reasons = [(flag, mask) for flag, mask in _reasons(walk, visit, own_branch) if mask is not False]
    cancelled: Mask = False
    for _, mask in visit.reasons:
        cancelled = either(cancelled, mask)
    conditional = either(undecided, visit.anchor.conditional)
    if visit.done is not False:
        visit.outside_plan = both(visit.done, either(neither(visit.exists), either(_outside(walk, visit), conditional)))
    visit.cancelled = but_not(cancelled, fixed)
    visit.conditional = but_not(but_not(conditional, visit.cancelled), fixed)
    visit.skipped = _skipped(visit, fixed)
    visit.missed = either(visit.recorded_missed, visit.skipped)
    visit.on_calendar = either(visit.done, but_not(but_not(visit.exists, visit.cancelled), visit.conditional))


def _outside(walk: Walk, visit: Visit) -> Mask:
    """Where a done visit has a reason to be cancelled; what its anchor lost by an end after it is none (R10)."""
    outside: Mask = False
    for flag, mask in visit.reasons:
        reason = mask
        if flag is Flag.ANCHOR_CANCELLED:
            day = walk.endings.end_day(visit.slot.index)
            reason = mask if day is None else but_not(mask, (day < NEVER) & (visit.effective <= day))
        outside = either(outside, reason)
    return outside


def _reasons(walk: Walk, visit: Visit, own_branch: Mask) -> Iterator[tuple[Flag, Mask]]:
    """Why it would be cancelled, in the order of docs/date-rules.md."""
    yield Flag.NO_ANCHOR, visit.anchor.no_member
    if visit.slot.accompanied is not None:
        yield Flag.COMPANION_MISSED, visit.anchor.missed
    yield Flag.NOT_CHOSEN, own_branch
    yield Flag.ENDED_BY_DECISION, _ended_by_decision(walk, visit)
    if walk.endings.anything:
        yield Flag.STOPPED, _stopped(walk, visit)
        yield Flag.ENDED, _ended(walk, visit)
    yield Flag.ANCHOR_CANCELLED, visit.anchor.cancelled


def _skipped(visit: Visit, fixed: Mask) -> Mask:
    """A skip hold makes only visits missed that would be on the calendar (R12)."""
    if visit.held.skipped is False:
        return False
    there = but_not(but_not(visit.exists, visit.cancelled), visit.conditional)
    return simplified(but_not(both(visit.held.skipped, there), fixed))


def _branch(walk: Walk, visit: Visit) -> tuple[Mask, Mask]:
    """Where ``when`` was decided otherwise, and where it is not decided yet (R11)."""
    decided_otherwise: Mask = False
    undecided: Mask = False
    for test in visit.slot.branch:
        open_here = walk.block.undecided(test.index)
        undecided = either(undecided, open_here)
        decided_otherwise = either(decided_otherwise, neither(either(open_here, walk.block.decisions_hold((test,)))))
    return decided_otherwise, but_not(undecided, decided_otherwise)


def _ended_by_decision(walk: Walk, visit: Visit) -> Mask:
    """``unless`` once its choice is made, and ``ends_when`` for members later than the decision (R11)."""
    slot, block = visit.slot, walk.block
    ended: Mask = False
    if slot.unless.decisions:
        ended = block.holds(slot.unless)
    if slot.ends_when.decisions or slot.ends_when.parameters:
        chosen = block.holds(slot.ends_when)
        if chosen is not False and slot.ends_when.decisions:
            days = walk.endings.decision_days(slot.ends_when.decisions[0].index)
            for test in slot.ends_when.decisions[1:]:
                days = np.maximum(days, walk.endings.decision_days(test.index))
            later = simplified((days > EARLIEST_REAL_DAY) & (visit.effective > days))
            chosen = both(chosen, later)
        ended = either(ended, chosen)
    return simplified(ended)


def _stopped(walk: Walk, visit: Visit) -> Mask:
    """Where all doses of the visit are stopped; where only some are, these are taken out of it (R13)."""
    given = visit.doses
    if isinstance(given, int) and not given:
        return False
    stopped: NDArray[np.uint32] | None = None
    for dose in range(len(walk.block.plan.doses)):
        bit = np.uint32(1 << dose)
        if not visit.slot.possible_doses & int(bit):
            continue
        day = walk.endings.stop_day(dose, visit.slot.index)
        if day is None:
            continue
        hit = _reached(visit, day)
        if not holds_somewhere(hit):
            continue
        known = np.zeros(walk.block.count, dtype=np.uint32) if stopped is None else stopped
        stopped = known | np.where(hit, bit, np.uint32(0))
    if stopped is None:
        return False
    given = np.asarray(given, dtype=np.uint32)
    stopped = stopped & given
    if visit.dated is not True:
        stopped = np.where(as_array(visit.dated, walk.block.count), stopped, np.uint32(0))
    # Were it not done, the doses that a hold names would be left out of it, so the others are all that it gives (R10, R12).
    left = given & ~_held_when_done(walk, visit, given)
    whole = ((stopped & left) == left) & (left != 0)
    part = (stopped != 0) & ~whole & ~as_array(either(visit.done, visit.recorded_missed), walk.block.count)
    if part.any():
        without_doses(walk, visit, np.where(part, stopped, np.uint32(0)))
    return simplified(whole)


def _held_when_done(walk: Walk, visit: Visit, given: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The doses of a done visit that holds of some of its doses name, judged by its actual date."""
    holds = walk.block.cohort.holds
    rows = reaching(holds, visit.slot)
    if holds is None or not rows or visit.done is False:
        return np.zeros(walk.block.count, dtype=np.uint32)
    held = omitted_doses(holds, rows, given, visit.effective, visit.done)
    return np.broadcast_to(np.asarray(held, dtype=np.uint32), (walk.block.count,))


def _reached(visit: Visit, day: Days) -> NDArray[np.bool_]:
    """Where a stop on ``day`` reaches the visit: it is not before it, or (not done) its window is still open."""
    late = visit.effective >= day
    still_open = visit.latest >= day
    return late | (still_open if visit.done is False else still_open & ~as_array(visit.done, len(day)))


def _ended(walk: Walk, visit: Visit) -> Mask:
    """Where the subject's study ended before the visit; reminders stay after a withdrawal (R13)."""
    reminder = visit.slot.kind == "reminder"
    day = walk.endings.end_day_of_reminders() if reminder else walk.endings.end_day(visit.slot.index)
    if day is None:
        return False
    return both(simplified(visit.effective > day), visit.dated)
