"""Where a visit is counted from: its anchor, nominal date and window (R1-R4, R16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.schedule.days import EARLIEST_REAL_DAY, NO_DAY, Days
from planner.schedule.masks import Mask, as_array, but_not, chosen, either, neither, simplified
from planner.schedule.reference_value import ReferenceValue
from planner.schedule.visit import Visit

if TYPE_CHECKING:
    from planner.schedule.walk import Walk


def anchor_visit(walk: Walk, visit: Visit) -> None:
    """Fill in the anchor, the nominal date and the window of ``visit``."""
    slot, block = visit.slot, walk.block
    if slot.start:
        visit.nominal = _start_day(walk, visit)
        visit.anchor = ReferenceValue(visit.nominal)
        visit.earliest = visit.latest = visit.nominal
        return
    if slot.milestone is not None:
        days = block.cohort.milestones[slot.milestone]
        missing = simplified(days < EARLIEST_REAL_DAY)
        visit.nominal = visit.earliest = visit.latest = days
        visit.anchor = ReferenceValue(days, lacks_milestone=missing, settled=neither(missing))
        return
    if len(slot.anchor) == 1:
        term = slot.anchor[0]
        visit.anchor = walk.reference(term.reference)
        visit.nominal = _dateless_stays(block.added(visit.anchor.days, term.offset, slot.resource), visit.anchor.dateless)
    else:
        _latest_of(walk, visit)
    counted_from = visit.anchor.days if slot.window_from_anchor else visit.nominal
    visit.earliest = visit.nominal if slot.earliest.is_nothing else block.added(counted_from, slot.earliest, slot.resource)
    visit.latest = visit.nominal if slot.latest.is_nothing else block.added(counted_from, slot.latest, slot.resource)
    if slot.window_from_anchor:
        visit.earliest = counted_from if slot.earliest.is_nothing else visit.earliest
        visit.latest = counted_from if slot.latest.is_nothing else visit.latest


def _start_day(walk: Walk, visit: Visit) -> Days:
    """The date given, or the actual date: re-setting the start is no deviation (R16)."""
    start = walk.block.cohort.start
    actual = walk.block.actual(visit.slot.index)
    return start if actual is None else np.where(actual > EARLIEST_REAL_DAY, actual, start)


def _dateless_stays(days: Days, dateless: Mask) -> Days:
    return days if dateless is False else np.where(as_array(dateless, len(days)), NO_DAY, days)


def _latest_of(walk: Walk, visit: Visit) -> None:
    """``latest of [...]``: the latest term with a date; none at all where a term lacks its milestone."""
    slot, block = visit.slot, walk.block
    count = block.count
    days = np.full(count, NO_DAY, dtype=np.int32)
    given_by = np.zeros(count, dtype=np.uint8)
    lacking: Mask = False
    merged = ReferenceValue(days)
    handed_on: dict[str, Mask] = {"conditional": False, "cancelled": False, "missed": False}
    for number, term in enumerate(slot.anchor):
        value = walk.reference(term.reference)
        _note_lacking(handed_on, value, lacking, is_milestone=block.plan.references[term.reference].kind == "milestone")
        lacking = either(lacking, value.lacks_milestone)
        nominal = _dateless_stays(block.added(value.days, term.offset, slot.resource), value.dateless)
        later = nominal > days
        days = np.where(later, nominal, days)
        given_by[later] = number
        merged = ReferenceValue(
            np.where(later, value.days, merged.days),
            conditional=chosen(later, value.conditional, merged.conditional),
            cancelled=chosen(later, value.cancelled, merged.cancelled),
            missed=chosen(later, value.missed, merged.missed),
            settled=chosen(later, value.settled, merged.settled),
            stale=chosen(later, value.stale, merged.stale),
        )
    lacking = simplified(lacking)
    nothing = simplified(days < EARLIEST_REAL_DAY)
    merged.lacks_milestone = lacking
    merged.no_member = but_not(nothing, lacking)
    if lacking is not False:
        days = _dateless_stays(days, lacking)
        merged.days = _dateless_stays(merged.days, lacking)
        given_by[as_array(lacking, count)] = 0
        for name in ("conditional", "cancelled", "missed", "settled", "stale"):
            setattr(merged, name, chosen(lacking, handed_on.get(name, False), getattr(merged, name)))
    visit.anchor = merged
    visit.anchor_term = given_by
    visit.nominal = days


def _note_lacking(handed_on: dict[str, Mask], value: ReferenceValue, known: Mask, *, is_milestone: bool) -> None:
    """A visit without a date still takes its state from the first term that lacks a milestone; a milestone itself has none."""
    here = value.lacks_milestone
    first = here if is_milestone else but_not(here, known)
    for name in handed_on:
        handed_on[name] = chosen(first, False if is_milestone else getattr(value, name), handed_on[name])
