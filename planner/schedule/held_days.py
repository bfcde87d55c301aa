"""Which hold a day lies in for a visit, and until when a hold keeps a visit from its window (R12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from planner.protocol.plan import Slot
from planner.schedule.codes import Flag, StatusCode
from planner.schedule.cohort import Holds
from planner.schedule.days import EARLIEST_REAL_DAY, Days, day_date
from planner.schedule.hold_effects import covers, names_all, reaching
from planner.schedule.masks import as_array
from planner.schedule.schedule import Schedule
from planner.schedule.visit_ids import slot_of
from planner.schedule.walk import Walk
from planner.schedule.walks import walk_of


@dataclass(frozen=True, slots=True)
class HeldDay:
    """The hold that a day lies in."""

    first_day: date
    resume: date | None
    """The first day on which treatment may be given again; None while that is not known."""


def held_days(walk: Walk, slot: Slot, days: Days) -> list[HeldDay | None]:
    """For each row of a walk in which the visit was put on ``days`` the hold it lies in; of several the one that lasts longest."""
    out, holds = walk.out, walk.block.cohort.holds
    found: list[HeldDay | None] = [None] * len(days)
    if holds is None:
        return found
    held = (out.flags[slot.index] & np.uint32(Flag.BOOKED_IN_HOLD)) != 0
    if slot.start:
        # A start is set on a day, never booked there.
        held = held | (out.status[slot.index] == int(StatusCode.ON_HOLD))
    for row in sorted(reaching(holds, slot), key=lambda row: int(holds.resume[row].max())):
        named = as_array(names_all(holds, row, walk.states[slot.index].doses), len(days))
        for place in np.flatnonzero(held & named & covers(holds, row, days)).tolist():
            found[place] = _held_day(holds, row, place)
    return found


def held_until(schedule: Schedule, subject: int, visit: str) -> date | None:
    """The resume day of the hold that alone binds a visit, by id, of a subject by index; None where something else, or nothing, does."""
    holds = schedule.cohort.holds
    if holds is None or not (holds.first_day[:, subject] > EARLIEST_REAL_DAY).any():
        return None
    slot = slot_of(schedule.plan, visit, schedule.cohort.parameters[:, subject].tolist())
    walk = walk_of(schedule, subject)
    if slot is None or slot.index not in walk.bounds_without_holds:
        return None
    bound, without = walk.bounds[slot.index], walk.bounds_without_holds[slot.index]
    if bound is None or (without is not None and int(without[0]) >= int(bound[0])):
        return None
    return day_date(int(bound[0]))


def _held_day(holds: Holds, row: int, place: int) -> HeldDay:
    resume = None if holds.without_end[row, place] else day_date(int(holds.resume[row, place]))
    return HeldDay(day_date(int(holds.first_day[row, place])), resume)
