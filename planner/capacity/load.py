"""How many subjects come on each day to each resource of a site, counted from everybody's schedules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from planner.capacity.coming import Places, is_at, is_attended, resources_of
from planner.records.facts.fact import SubjectKey
from planner.records.lists.site_schedules import SiteSchedule
from planner.schedule.codes import CertaintyCode, StatusCode
from planner.schedule.days import day_number

Counts = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Load:
    """The attendances of a span of days at one site.

    Arrays are (resource, day). A subject who has several visits on one day at one resource comes once. What counts is what is done, booked
    or planned, of the kinds that somebody comes to the site for; what is missed, cancelled or on hold does not, nor what hangs on an open
    decision unless it is booked.
    """

    site: str
    first: date
    resources: tuple[str, ...]
    """In the order of the alphabet."""
    attendances: Counts
    fixed: Counts
    """How many of them are done or booked, so that they no longer move by themselves."""

    def on(self, day: date, resource: str) -> int:
        """The attendances on a day; 0 outside the span, and for a resource that nobody comes to."""
        place = (day - self.first).days
        if resource not in self.resources or not 0 <= place < self.attendances.shape[1]:
            return 0
        return int(self.attendances[self.resources.index(resource), place])


def load_of(found: Sequence[SiteSchedule], site: str, first: date, days: int, *, leaving_out: SubjectKey | None = None) -> Load:
    """The attendances at ``site`` (where the subjects now are) on ``days`` days from ``first`` on, without those of one subject."""
    begin = day_number(first)
    parts = [_of_entry(entry, site, begin, days, leaving_out) for entry in found]
    resources = tuple(sorted({name for part in parts for name in part.resources}))
    attendances, fixed = (np.zeros((len(resources), days), dtype=np.int32) for _ in range(2))
    for part in parts:
        rows = [resources.index(name) for name in part.resources]
        attendances[rows] += part.attendances
        fixed[rows] += part.fixed
    return Load(site, first, resources, attendances, fixed)


@dataclass(frozen=True, eq=False)
class _Part:
    """What the subjects of one protocol text add."""

    resources: tuple[str, ...]
    attendances: Counts
    fixed: Counts


def _of_entry(entry: SiteSchedule, site: str, begin: int, days: int, leaving_out: SubjectKey | None) -> _Part:
    slot, column = _cells(entry, site, begin, days, leaving_out)
    names, resource = resources_of(entry, slot, column)
    schedule = entry.schedule
    day = schedule.effective[slot, column] - begin
    is_fixed = (schedule.status[slot, column] == StatusCode.DONE) | (schedule.certainty[slot, column] == CertaintyCode.BOOKED)
    # One number for each subject, resource and day, so that what is done there on one day is one attendance.
    key = (column * len(names) + resource) * days + day
    shape = (len(names), days)
    return _Part(names, _counted(key, shape), _counted(key[is_fixed], shape))


def _counted(key: Places, shape: tuple[int, int]) -> Counts:
    count = shape[0] * shape[1]
    if not count:
        return np.zeros(shape, dtype=np.int32)
    return np.bincount(np.unique(key) % count, minlength=count).astype(np.int32).reshape(shape)


def _cells(entry: SiteSchedule, site: str, begin: int, days: int, leaving_out: SubjectKey | None) -> tuple[Places, Places]:
    """The visits that somebody comes for, as slots and columns."""
    is_here = is_at(entry, site)
    if leaving_out is not None and leaving_out in entry.keys:
        is_here[entry.keys.index(leaving_out)] = False
    columns = np.flatnonzero(is_here)
    effective = entry.schedule.effective[:, columns]
    slot, place = np.nonzero((effective >= begin) & (effective < begin + days))
    column = columns[place]
    comes = is_attended(entry, slot, column)
    return slot[comes], column[comes]
