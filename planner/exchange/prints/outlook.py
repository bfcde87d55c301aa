"""What a print must know of a subject's whole schedule before it can speak of one visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from planner.schedule.codes import CertaintyCode, StatusCode
from planner.schedule.days import EARLIEST_REAL_DAY, day_date
from planner.schedule.schedule import Schedule

_OPEN = (StatusCode.OVERDUE, StatusCode.DUE, StatusCode.UPCOMING, StatusCode.ON_HOLD)


@dataclass(frozen=True, slots=True)
class Outlook:
    """Of one subject on one day."""

    as_of: date
    """The day asked about."""
    lacks_doses: bool
    """The day of a visit that gives a dose has passed and nothing is recorded of it: the last dose is not known."""
    has_open_hold: bool
    """Some treatment is on hold and no day is known on which it goes on."""
    may_have_more_doses: bool = False
    """A visit that gives a dose hangs on an open decision: the last dose is not settled."""


def outlooks(schedule: Schedule) -> tuple[Outlook, ...]:
    """The outlook of each subject of a schedule, by column."""
    lacking, held, more = _lacking_doses(schedule), _with_open_hold(schedule), _with_doses_undecided(schedule)
    return tuple(
        Outlook(day_date(schedule.as_of_day(column)), bool(lacking[column]), bool(held[column]), bool(more[column]))
        for column in range(len(schedule.cohort))
    )


def _with_open_hold(schedule: Schedule) -> NDArray[np.bool_]:
    holds = schedule.cohort.holds
    if holds is None:
        return np.zeros(len(schedule.cohort), dtype=np.bool_)
    return np.asarray((holds.without_end & (holds.first_day > EARLIEST_REAL_DAY)).any(axis=0), dtype=np.bool_)


def _with_doses_undecided(schedule: Schedule) -> NDArray[np.bool_]:
    slots = [index for index, slot in enumerate(schedule.plan.slots) if slot.possible_doses]
    return np.asarray((schedule.status[slots] == StatusCode.CONDITIONAL).any(axis=0), dtype=np.bool_)


def _lacking_doses(schedule: Schedule) -> NDArray[np.bool_]:
    """For each subject whether a dose visit has passed that is neither done nor missed; a conditional one counts where it is booked."""
    slots = [index for index, slot in enumerate(schedule.plan.slots) if slot.possible_doses]
    status, effective = schedule.status[slots], schedule.effective[slots]
    booked = (status == StatusCode.CONDITIONAL) & (schedule.certainty[slots] == CertaintyCode.BOOKED)
    waiting = np.isin(status, _OPEN) | booked
    passed = waiting & (effective > EARLIEST_REAL_DAY) & (effective < schedule.as_of)
    return np.asarray(passed.any(axis=0), dtype=np.bool_)
