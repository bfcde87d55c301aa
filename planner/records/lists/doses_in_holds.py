"""Doses given on a day on which their stream was on hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.protocol.model import DRUG_FREE_DOSES
from planner.schedule.checks import UNSCHEDULED
from planner.schedule.cohort import Holds
from planner.schedule.days import EARLIEST_REAL_DAY, Days
from planner.schedule.masks import as_array
from planner.schedule.walk import Walk


@dataclass(frozen=True, slots=True)
class HeldDose:
    """A visit, or an unscheduled one, that gave doses in a hold."""

    subject: int
    giver: int
    """The slot, or ``UNSCHEDULED``."""
    day: int
    doses: tuple[str, ...]
    """Those that were on hold."""
    first_day: int
    """Of the hold."""
    resume: int | None
    of_all_drugs: bool
    """Whether the hold is of every drug of the protocol."""


def doses_in_holds(walk: Walk) -> Iterator[HeldDose]:
    """All such visits of a walk; where several holds cover the day, the one that began first comes first."""
    holds = walk.block.cohort.holds
    if holds is None:
        return
    for giver, days, given in _given(walk):
        for row in range(len(holds.first_day)):
            held = given & holds.doses[row]
            inside = (held != 0) & (days >= holds.first_day[row]) & (days < holds.resume[row]) & (holds.first_day[row] > EARLIEST_REAL_DAY)
            for subject in np.flatnonzero(inside).tolist():
                yield _held_dose(walk, holds, row, giver, subject, int(days[subject]), int(held[subject]))


def _given(walk: Walk) -> Iterator[tuple[int, Days, NDArray[np.uint32]]]:
    """(slot, actual days, bit mask of the doses given) of all that was given; 0 where nothing was."""
    count = walk.block.count
    for slot, state in zip(walk.block.plan.slots, walk.states, strict=True):
        if slot.possible_doses and state.done is not False:
            doses = np.broadcast_to(np.asarray(state.doses, dtype=np.uint32), (count,))
            yield slot.index, state.effective, np.where(as_array(state.done, count), doses, np.uint32(0))
    cohort = walk.block.cohort
    if cohort.unscheduled_days is not None and cohort.unscheduled_doses is not None:
        for days, doses in zip(cohort.unscheduled_days, cohort.unscheduled_doses, strict=True):
            yield UNSCHEDULED, days, np.where(days > EARLIEST_REAL_DAY, doses, np.uint32(0))


def _held_dose(walk: Walk, holds: Holds, row: int, giver: int, subject: int, day: int, doses: int) -> HeldDose:
    every = walk.block.plan.doses
    names = tuple(name for bit, name in enumerate(every) if doses >> bit & 1)
    held = int(holds.doses[row, subject])
    of_all_drugs = all(held >> bit & 1 for bit, name in enumerate(every) if name not in DRUG_FREE_DOSES)
    resume = None if holds.without_end[row, subject] else int(holds.resume[row, subject])
    return HeldDose(subject, giver, day, names, int(holds.first_day[row, subject]), resume, of_all_drugs)
