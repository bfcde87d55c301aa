"""How long after the dose before it a visit would be, for each subject of a walk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.protocol.plan import Slot
from planner.schedule.days import EARLIEST_REAL_DAY, NO_DAY, Days
from planner.schedule.masks import Mask, as_array, both
from planner.schedule.visit_ids import visit_id
from planner.schedule.walk import Walk


@dataclass(frozen=True, slots=True)
class VisitBefore:
    """The last visit on or before a day that gives one of the same doses, or is of the same series where no dose is given."""

    visit: str
    """Its id; "" for an unscheduled dose."""
    days: int
    """How many days before; 0 on the same day."""


def visits_before(walk: Walk, slot: Slot, on: Days) -> list[VisitBefore | None]:
    """For each subject the visit before ``slot`` on the day ``on``; None where there is none."""
    count = walk.block.count
    last = np.full(count, NO_DAY, dtype=np.int32)
    giver = np.full(count, -1)
    for index, days, there in _others(walk, slot, count):
        later = as_array(there, count) & (days > EARLIEST_REAL_DAY) & (days <= on) & (days > last)
        last, giver = np.where(later, days, last), np.where(later, index, giver)
    codes = walk.block.cohort.parameters
    found: list[VisitBefore | None] = []
    for column in range(count):
        if last[column] == NO_DAY:
            found.append(None)
            continue
        index = int(giver[column])
        name = "" if index < 0 else visit_id(walk.block.plan, walk.block.plan.slots[index], codes[:, column].tolist())
        found.append(VisitBefore(name, int(on[column] - last[column])))
    return found


def _others(walk: Walk, slot: Slot, count: int) -> Iterator[tuple[int, Days, Mask]]:
    """Each other visit that could count: its slot (-1 for an unscheduled dose), its days, and where it counts."""
    given: NDArray[np.uint32] = np.broadcast_to(np.asarray(walk.states[slot.index].doses, dtype=np.uint32), (count,))
    for other in walk.block.plan.slots:
        if other.index == slot.index:
            continue
        state = walk.states[other.index]
        if slot.possible_doses & other.possible_doses:
            same = (np.asarray(state.doses, dtype=np.uint32) & given) != 0
            yield other.index, state.effective, both(state.member, as_array(np.broadcast_to(same, (count,)), count))
        elif not slot.possible_doses and slot.series is not None and slot.series == other.series:
            yield other.index, state.effective, state.member
    for dose in range(len(walk.block.plan.doses)):
        if slot.possible_doses & (1 << dose):
            for days, there in walk.unscheduled(1 << dose):
                yield -1, days, both(there, (given & np.uint32(1 << dose)) != 0)
