"""What holds do to one visit (R12)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.protocol.plan import Slot
from planner.schedule.cohort import Holds
from planner.schedule.days import EARLIEST_REAL_DAY, Days
from planner.schedule.masks import Mask, as_array, both, but_not, either, simplified

Doses = int | NDArray[np.uint32]


@dataclass(slots=True)
class HeldVisit:
    """Where a visit is held; ``on_hold`` as of the day asked, ``skipped`` where a skip hold would make it missed."""

    on_hold: Mask = False
    without_end: Mask = False
    booked_in_hold: Mask = False
    skipped: Mask = False


def reaching(holds: Holds | None, slot: Slot) -> list[int]:
    """The rows of ``holds`` that name any dose of the visit for any subject, in order of first day."""
    if holds is None or not slot.possible_doses:
        return []
    mask = np.uint32(slot.possible_doses)
    return [row for row in range(len(holds.first_day)) if bool(((holds.doses[row] & mask) != 0).any())]


def names_all(holds: Holds, row: int, doses: Doses) -> Mask:
    """Where the hold names every dose the visit gives (and it gives one)."""
    given = np.asarray(doses, dtype=np.uint32)
    return simplified((given != 0) & ((given & ~holds.doses[row]) == 0) & (holds.first_day[row] > EARLIEST_REAL_DAY))


def covers(holds: Holds, row: int, days: Days) -> NDArray[np.bool_]:
    """Where a day lies in [first day, resume) of the hold."""
    inside: NDArray[np.bool_] = (days >= holds.first_day[row]) & (days < holds.resume[row]) & (holds.first_day[row] > EARLIEST_REAL_DAY)
    return inside


def note_held(held: HeldVisit, holds: Holds, row: int, inside: Mask, booked: Days | None, candidates: Mask, as_of: np.int32 | Days) -> None:
    """Add one whole hold to what is known: ``inside`` where the planned date lay in it, ``candidates`` where it can be held at all."""
    here = inside
    if booked is not None:
        is_booked = booked > EARLIEST_REAL_DAY
        in_booking = both(candidates, covers(holds, row, booked))
        here = either(but_not(inside, is_booked), both(in_booking, is_booked))
        held.booked_in_hold = either(held.booked_in_hold, simplified(both(in_booking, is_booked)))
    shift = ~holds.skip[row]
    waiting = holds.without_end[row] | (as_of < holds.resume[row])
    held.on_hold = either(held.on_hold, simplified(both(here, shift & waiting)))
    held.without_end = either(held.without_end, simplified(both(here, holds.without_end[row])))
    skipped = both(inside, holds.skip[row])
    if booked is not None:
        skipped = but_not(skipped, booked > EARLIEST_REAL_DAY)
    held.skipped = either(held.skipped, simplified(skipped))


def omitted_doses(holds: Holds, rows: list[int], doses: Doses, effective: Days, candidates: Mask) -> Doses:
    """The doses of a shared visit that partial holds take out of it: named, but not all that it gives."""
    given = np.asarray(doses, dtype=np.uint32)
    omitted = np.zeros(len(effective), dtype=np.uint32)
    for row in rows:
        part = ((given & holds.doses[row]) != 0) & ((given & ~holds.doses[row]) != 0)
        here = part & covers(holds, row, effective) & as_array(candidates, len(effective))
        omitted |= np.where(here, given & holds.doses[row], np.uint32(0))
    return omitted if omitted.any() else 0
