"""How many visits wait behind another one (R15), by what the protocol counts them from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from planner.protocol.plan import Plan, Slot
from planner.schedule.codes import CertaintyCode, StatusCode
from planner.schedule.schedule import Schedule

Indexes = NDArray[np.intp]
Counts = NDArray[np.int32]
Cells = NDArray[np.bool_]


def stale_behind(schedule: Schedule, slot: Indexes, subject: Indexes) -> Counts:
    """For each overdue visit how many stale ones of the subject are counted from it, directly or through others that are stale."""
    waits = _stale(schedule, subject)
    return _reached(_only(waits.shape, slot), waits, _anchors(schedule.plan), schedule.status[:, subject] != StatusCode.MISSED)


def conditional_behind(schedule: Schedule, slot: Indexes, subject: Indexes) -> Counts:
    """For each decision visit how many conditional ones of the subject wait for what is decided there, or for one that does."""
    waits: Cells = schedule.status[:, subject] == StatusCode.CONDITIONAL
    return _reached(_only(waits.shape, slot), waits, _anchors_and_decisions(schedule.plan), waits)


def held_with(schedule: Schedule, subject: Indexes) -> Counts:
    """For the first held visit of each subject how many others are on hold, or stale behind any that is."""
    held = schedule.status[:, subject] == StatusCode.ON_HOLD
    others = held.sum(axis=0, dtype=np.int32) - np.int32(1)
    stale = _stale(schedule, subject) & ~held
    counts: Counts = others + _reached(held, stale, _anchors(schedule.plan), schedule.status[:, subject] != StatusCode.MISSED)
    return counts


def _stale(schedule: Schedule, subject: Indexes) -> Cells:
    """(slot, entry): on the calendar and stale; what is missed hands on that its date can only be later."""
    status = schedule.status[:, subject]
    shown = (status != StatusCode.CANCELLED) & (status != StatusCode.CONDITIONAL) & (status != StatusCode.NO_ROW)
    cells: Cells = (schedule.certainty[:, subject] == CertaintyCode.STALE) & shown
    return cells


def _only(shape: tuple[int, ...], slot: Indexes) -> Cells:
    """(slot, entry): the slot of each entry alone."""
    cells = np.zeros(shape, dtype=np.bool_)
    cells[slot, np.arange(len(slot))] = True
    return cells


def _reached(starts: Cells, waits: Cells, anchors: Sequence[Indexes], counted: Cells) -> Counts:
    """For each entry how many visits wait and hang on a start, directly or through others that wait."""
    reached = starts.copy()
    for index, given_by in enumerate(anchors):
        # A slot is counted from lower ones only, so one pass in the plan's order is enough.
        if len(given_by):
            reached[index] |= waits[index] & reached[given_by].any(axis=0)
    counts: Counts = (reached & ~starts & counted).sum(axis=0, dtype=np.int32)
    return counts


@lru_cache(maxsize=64)
def _anchors(plan: Plan) -> tuple[Indexes, ...]:
    """For each slot those that may give its date: through its anchor, its bounds, the series it rides on (R15)."""
    return tuple(np.array(sorted(_given_by(plan, slot)), dtype=np.intp) for slot in plan.slots)


@lru_cache(maxsize=64)
def _anchors_and_decisions(plan: Plan) -> tuple[Indexes, ...]:
    """The same, and the visits where its own branch is decided."""
    return tuple(
        np.array(sorted(_given_by(plan, slot) | {plan.decision_slot[test.index] for test in slot.branch}), dtype=np.intp)
        for slot in plan.slots
    )


def _given_by(plan: Plan, slot: Slot) -> set[int]:
    terms = {member for term in (*slot.anchor, *slot.bounds) for member in plan.references[term.reference].members}
    return terms | set(slot.rides_on)
