"""Whether a slot is a visit of the subject at all, and which facts are recorded about it (R2, R8-R10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from planner.schedule.block import Block
from planner.schedule.days import EARLIEST_REAL_DAY
from planner.schedule.hold_effects import Doses
from planner.schedule.masks import Mask, as_array, both, but_not, either, neither, simplified
from planner.schedule.visit import Visit

if TYPE_CHECKING:
    from planner.schedule.walk import Walk


def note_facts(walk: Walk, visit: Visit) -> None:
    """Fill in existence, and the actual, missed and booked facts that count."""
    slot, block = visit.slot, walk.block
    visit.exists = _exists(walk, visit)
    visit.actual = block.actual(slot.index)
    if visit.actual is not None:
        visit.done = simplified(visit.actual > EARLIEST_REAL_DAY)
        if slot.redo:
            visit.expired = simplified(both(visit.actual < visit.earliest, both(visit.done, neither(visit.anchor.dateless))))
            visit.done = but_not(visit.done, visit.expired)
    if slot.milestone is not None:
        visit.done = False
    visit.recorded_missed = False if slot.start or slot.milestone is not None else but_not(block.missed(slot.index), visit.done)
    visit.booked = block.booked(slot.index)
    visit.is_booked = False if visit.booked is None else simplified(visit.booked > EARLIEST_REAL_DAY)


def possible_by_parameters(block: Block) -> list[Mask]:
    """For each slot, where its own parameter conditions and count let it exist (docs/date-rules.md, R2 and R3)."""
    masks = []
    for slot in block.plan.slots:
        exists = block.parameters_hold(slot.exists_if)
        masks.append(but_not(exists, block.parameters_hold(slot.not_if)) if slot.not_if else exists)
    return masks


def slots_to_walk(block: Block, possible: list[Mask]) -> list[bool]:
    """For each slot whether it matters to anyone: it may exist, was done, or comes before such a member of its definition (R3)."""
    wanted = [mask is not False or block.present.actual[index] for index, mask in enumerate(possible)]
    for slot in reversed(block.plan.slots):
        if slot.previous is not None and wanted[slot.index]:
            wanted[slot.previous] = True
    return wanted


def done_from_here(block: Block) -> list[bool]:
    """For each slot whether it, or a later member of its definition, has an actual date for any subject."""
    done = list(block.present.actual)
    for slot in reversed(block.plan.slots):
        if slot.previous is not None and done[slot.index]:
            done[slot.previous] = True
    return done


def _exists(walk: Walk, visit: Visit) -> Mask:
    """Existence from parameters, the accompanied visit and ``until`` (docs/date-rules.md, R2 and R3)."""
    slot, block = visit.slot, walk.block
    exists = walk.possible[slot.index]
    if slot.accompanied is not None:
        exists = both(exists, walk.states[slot.accompanied].exists)
    if slot.until is None or (slot.until.counted_from_first and slot.position == 1):
        return exists
    limit = walk.reference(slot.until.term.reference)
    last_day = block.added(limit.days, slot.until.term.offset, slot.resource)
    within = simplified((visit.nominal <= last_day) & (visit.nominal > EARLIEST_REAL_DAY))
    within = but_not(within, limit.dateless)
    if slot.previous is not None:
        before = walk.states[slot.previous]
        within = both(within, either(before.exists, before.done))
    return simplified(both(exists, within))


def note_doses(walk: Walk, visit: Visit) -> None:
    """Fill in which doses the visit gives, and which activities are omitted by a fact (R9)."""
    slot, block = visit.slot, walk.block
    omitted: NDArray[np.uint64] | None = None
    if block.present.omitted[slot.index] and block.cohort.omitted is not None:
        omitted = _done_here(walk, visit) & block.cohort.omitted[slot.index]
        visit.omitted = omitted
    doses: Doses = 0
    for rule in slot.activities:
        if not rule.dose:
            continue
        given = block.holds(rule.condition)
        if omitted is not None:
            given = both(given, (omitted & np.uint64(1 << rule.activity)) == 0)
        doses = _with_dose(doses, rule.dose, given, block.count)
    visit.doses = doses


def _done_here(walk: Walk, visit: Visit) -> NDArray[np.uint64]:
    """Bit mask of the activities whose conditions hold, so that only these can be omitted."""
    mask = np.zeros(walk.block.count, dtype=np.uint64)
    for rule in visit.slot.activities:
        mask |= np.where(as_array(walk.block.holds(rule.condition), walk.block.count), np.uint64(1 << rule.activity), np.uint64(0))
    return mask


def _with_dose(doses: Doses, bit: int, given: Mask, count: int) -> Doses:
    if given is False:
        return doses
    if given is True and isinstance(doses, int):
        return doses | bit
    known = np.full(count, doses, dtype=np.uint32) if isinstance(doses, int) else doses
    return known | np.where(as_array(given, count), np.uint32(bit), np.uint32(0))


def without_doses(walk: Walk, visit: Visit, taken: NDArray[np.uint32]) -> None:
    """Take doses (bit masks) out of the visit, and mark the activities that give them as omitted."""
    visit.doses = np.asarray(visit.doses, dtype=np.uint32) & ~taken
    omitted = np.zeros(walk.block.count, dtype=np.uint64)
    for rule in visit.slot.activities:
        if rule.dose:
            here = both((taken & np.uint32(rule.dose)) != 0, walk.block.holds(rule.condition))
            omitted |= np.where(as_array(here, walk.block.count), np.uint64(1 << rule.activity), np.uint64(0))
    visit.omitted = omitted | np.asarray(visit.omitted, dtype=np.uint64)
