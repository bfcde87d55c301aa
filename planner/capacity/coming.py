"""Which visits somebody comes to the site for, and what they take a place of there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planner.records.lists.site_schedules import SiteSchedule
from planner.records.lists.worklist_masks import ATTENDED
from planner.schedule.calendar import ANY_DAY, CLINIC
from planner.schedule.codes import CertaintyCode, StatusCode
from planner.schedule.days import NO_DAY

Mask = NDArray[np.bool_]
Places = NDArray[np.intp]
_NOBODY_COMES = (StatusCode.MISSED, StatusCode.CANCELLED, StatusCode.ON_HOLD, StatusCode.NO_ROW)


def is_at(entry: SiteSchedule, site: str) -> Mask:
    """For each column whether the subject is now at this site."""
    here: Mask = np.array([code == site for code in entry.group.sites], dtype=np.bool_)[entry.group.site]
    return here


def is_on_list(entry: SiteSchedule, slot: Places, column: Places) -> Mask:
    """Which visits a clinic's list of a day has: all on the calendar, and those that hang on an open decision once they are booked."""
    status, certainty = entry.schedule.status[slot, column], entry.schedule.certainty[slot, column]
    there = (status != StatusCode.NO_ROW) & (status != StatusCode.CANCELLED)
    listed: Mask = there & ((status != StatusCode.CONDITIONAL) | (certainty == CertaintyCode.BOOKED))
    return listed


def is_attended(entry: SiteSchedule, slot: Places, column: Places) -> Mask:
    """For which visits somebody comes: done, booked or planned, and of a kind that takes place at the site."""
    of_kind = np.array([one.kind in ATTENDED for one in entry.schedule.plan.slots], dtype=np.bool_)[slot]
    gone = np.isin(entry.schedule.status[slot, column], [int(code) for code in _NOBODY_COMES])
    comes: Mask = of_kind & ~gone & is_on_list(entry, slot, column)
    return comes


def resources_of(entry: SiteSchedule, slot: Places, column: Places) -> tuple[tuple[str, ...], Places]:
    """The names, and for each visit the number of its own: the one it is booked at, else the one its protocol asks for.

    What needs no resource (``on: any``) is left to the clinic: somebody there does it.
    """
    numbers: dict[str, int] = {}
    asked = [numbers.setdefault(CLINIC if one.resource == ANY_DAY else one.resource, len(numbers)) for one in entry.schedule.plan.slots]
    resource = np.array(asked, dtype=np.intp)[slot]
    booked, details = entry.schedule.cohort.booked, entry.group.booking_details
    if booked is not None and details:
        for place in np.flatnonzero(booked[slot, column] != NO_DAY).tolist():
            known = details.get((int(slot[place]), int(column[place])))
            if known is not None and known.resource:
                resource[place] = numbers.setdefault(known.resource, len(numbers))
    return tuple(numbers), resource
