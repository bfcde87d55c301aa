"""A schedule that hangs on facts alone, not on the day asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from planner.protocol.plan import Plan
from planner.schedule.calendar import SiteCalendar
from planner.schedule.codes import Flag, StatusCode
from planner.schedule.cohort import Cohort
from planner.schedule.days import day_number
from planner.schedule.expand import expand
from planner.schedule.schedule import Schedule

EVERY_DAY_HAS_COME = day_number(date.max)
"""As of the last of all days, nothing is still to come: a hold that has an end is over, a decision recorded for a day to come counts."""
NO_DAY_HAS_COME = day_number(date.min)
"""As of the first of all days, no hold is over."""


def facts_only(plan: Plan, cohort: Cohort, calendars: Sequence[SiteCalendar]) -> Schedule:
    """The schedule of a cohort whatever day it is: for calendars that others keep, so that their bytes change with facts only.

    Dates never depend on the day asked (R14). Of the statuses what facts say remains: what reads as overdue is merely not recorded yet, and
    ``on_hold`` is a visit held without end, or one that is booked on a day inside a hold, whenever that hold ends (R12), with the visits
    that follow it. A visit that a hold with an end has moved stands on its new day.
    """
    schedule = expand(plan, cohort, calendars, EVERY_DAY_HAS_COME)
    booked_inside = (schedule.flags & np.uint32(Flag.BOOKED_IN_HOLD)) != 0
    if not booked_inside.any():
        return schedule
    while_held = expand(plan, cohort, calendars, NO_DAY_HAS_COME)
    held = booked_inside
    for index, slot in enumerate(plan.slots):
        # A visit that another one accompanies stands before it (R12: companions follow their visit).
        if slot.accompanied is not None:
            held[index] |= held[slot.accompanied]
    held &= (while_held.status == StatusCode.ON_HOLD) & (schedule.status != StatusCode.DONE)
    return replace(schedule, status=np.where(held, np.uint8(StatusCode.ON_HOLD), schedule.status))
