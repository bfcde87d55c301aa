"""Everybody's visits on some days, found by arrays: a clinic looks at few of them at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from planner.capacity.coming import Mask, Places, is_at, is_attended, is_on_list, resources_of
from planner.records.facts.fact import SubjectKey
from planner.records.lists.site_schedules import SiteSchedule
from planner.records.lists.worklist_masks import ATTENDED
from planner.schedule.calendar import ANY_DAY, CLINIC
from planner.schedule.codes import StatusCode
from planner.schedule.days import EARLIEST_REAL_DAY, Days, day_date, day_number

Counts = NDArray[np.int32]
_Order = tuple[time, str, str, str, int, int]
_NO_TIME = time.max
_LAST = 2**30


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose visits are looked at; "" for all. Of a resource there are only visits that take place at it."""

    site: str = ""
    study: str = ""
    resource: str = ""


@dataclass(frozen=True, slots=True)
class Attendance:
    """All visits of one subject on one day: the subject comes once, if at all."""

    entry: SiteSchedule
    column: int
    day: date
    slots: tuple[int, ...]
    """Of the visits, in the protocol's order."""
    resources: tuple[str, ...]
    """Of each visit; "" for one that does not take place at the site."""
    at: time | None
    """The first time that anything of it is booked for."""
    comes: bool

    @property
    def subject(self) -> SubjectKey:
        """Whose visits."""
        return self.entry.keys[self.column]

    @property
    def site(self) -> str:
        """Where the subject now is."""
        return self.entry.site_of(self.column)


@dataclass(frozen=True, eq=False)
class _Found:
    """The visits of subjects who follow one protocol text, as arrays."""

    entry: SiteSchedule
    slot: Places
    column: Places
    day: Days
    names: tuple[str, ...]
    resource: Places
    """Index of ``names``."""
    comes: Mask


@dataclass(frozen=True, slots=True)
class DayList:
    """The attendances of one day in order: those with a time first, then by site, study and subject."""

    some: tuple[Attendance, ...]
    """Those that were asked for."""
    total: int
    """How many there are."""
    coming: int
    """For how many of them somebody comes."""
    visits: int
    """How many visits they have."""


def attendances(
    found: Sequence[SiteSchedule], wanted: Wanted, first: date, days: int, begin_at: int = 0, most: int | None = None
) -> dict[date, DayList]:
    """What is wanted on ``days`` days from ``first`` on: of each day ``most`` attendances (None: all) from index ``begin_at`` on.

    A day that has no such index begins at its first.
    """
    begin = day_number(first)
    groups = [_Groups(part) for part in _found(found, wanted, begin, begin + days)]
    by_day: dict[int, list[_Order]] = {begin + place: [] for place in range(days)}
    for number, group in enumerate(groups):
        for day, order in group.in_order(number):
            by_day[day].append(order)
    return {day_date(day): _day_list(groups, sorted(orders), begin_at, most) for day, orders in by_day.items()}


def _day_list(groups: Sequence[_Groups], orders: Sequence[_Order], begin_at: int, most: int | None) -> DayList:
    start = begin_at if begin_at < len(orders) else 0
    chosen = orders[start:] if most is None else orders[start : start + most]
    return DayList(
        tuple(groups[number].attendance(index) for *_, number, index in chosen),
        len(orders),
        sum(bool(groups[number].comes[index]) for *_, number, index in orders),
        sum(int(groups[number].visits[index]) for *_, number, index in orders),
    )


@dataclass(frozen=True, eq=False)
class DayCounts:
    """For each day of a span."""

    subjects: Counts
    """How many subjects come."""
    visits: Counts
    """How many visits there are, also such as nobody comes for."""


def day_counts(found: Sequence[SiteSchedule], wanted: Wanted, first: date, days: int) -> DayCounts:
    """What is wanted on ``days`` days from ``first`` on, in numbers."""
    begin = day_number(first)
    subjects, visits = (np.zeros(days, dtype=np.int32) for _ in range(2))
    for part in _found(found, wanted, begin, begin + days):
        place = part.day - begin
        visits += np.bincount(place, minlength=days).astype(np.int32)
        key = part.column[part.comes] * days + place[part.comes]
        subjects += np.bincount(np.unique(key) % days, minlength=days).astype(np.int32)
    return DayCounts(subjects, visits)


def nearest_days(found: Sequence[SiteSchedule], wanted: Wanted, first: date, last: date) -> tuple[date | None, date | None]:
    """The last day with a visit before a span, and the first one after it."""
    begin, end = day_number(first), day_number(last)
    before, after = [], []
    for part in _found(found, wanted, int(EARLIEST_REAL_DAY), _LAST):
        before += [int(part.day.max(where=part.day < begin, initial=EARLIEST_REAL_DAY))]
        after += [int(part.day.min(where=part.day > end, initial=_LAST))]
    earlier, later = max(before, default=int(EARLIEST_REAL_DAY)), min(after, default=_LAST)
    return (day_date(earlier) if earlier > EARLIEST_REAL_DAY else None, day_date(later) if later < _LAST else None)


def resources_named(found: Sequence[SiteSchedule], site: str) -> list[str]:
    """The resources that the protocols and the bookings of the subjects at a site ("": anywhere) name."""
    names = set[str]()
    for entry in found:
        if site and not is_at(entry, site).any():
            continue
        names |= {CLINIC if slot.resource == ANY_DAY else slot.resource for slot in entry.schedule.plan.slots}
        details = entry.group.booking_details
        names |= {known.resource for (_, column), known in details.items() if known.resource and site in ("", entry.site_of(column))}
    return sorted(names)


def _found(found: Sequence[SiteSchedule], wanted: Wanted, begin: int, end: int) -> Iterator[_Found]:
    for entry in found:
        if wanted.study not in ("", entry.study):
            continue
        effective = entry.schedule.effective
        inside = (effective >= begin) & (effective < end) & (effective > EARLIEST_REAL_DAY)
        if wanted.site:
            inside &= is_at(entry, wanted.site)
        slot, column = np.nonzero(inside)
        kept = is_on_list(entry, slot, column)
        part = _part(entry, slot[kept], column[kept])
        yield _at_resource(part, wanted.resource) if wanted.resource else part


def _part(entry: SiteSchedule, slot: Places, column: Places) -> _Found:
    names, resource = resources_of(entry, slot, column)
    return _Found(entry, slot, column, entry.schedule.effective[slot, column], names, resource, is_attended(entry, slot, column))


def _at_resource(part: _Found, resource: str) -> _Found:
    """The visits at one resource: also those that are on hold or were missed there, but none by telephone."""
    of_site = np.array([_takes_place(part.entry, slot) for slot in range(len(part.entry.schedule.plan.slots))], dtype=np.bool_)
    number = part.names.index(resource) if resource in part.names else -1
    kept = (part.resource == number) & of_site[part.slot]
    return _Found(part.entry, part.slot[kept], part.column[kept], part.day[kept], part.names, part.resource[kept], part.comes[kept])


def _takes_place(entry: SiteSchedule, slot: int) -> bool:
    return entry.schedule.plan.slots[slot].kind in ATTENDED


class _Groups:
    """The visits of one part by subject and day; only those that are shown are made into attendances."""

    def __init__(self, part: _Found) -> None:
        rank = np.array([slot.file_rank for slot in part.entry.schedule.plan.slots], dtype=np.int32)
        self.part = part
        self.order = np.lexsort((rank[part.slot], part.column, part.day))
        day, column = part.day[self.order], part.column[self.order]
        begins = np.ones(len(self.order), dtype=np.bool_)
        begins[1:] = (day[1:] != day[:-1]) | (column[1:] != column[:-1])
        self.first = np.flatnonzero(begins)
        self.visits = np.diff(np.append(self.first, len(self.order)))
        comes = part.comes[self.order]
        self.comes: Mask = np.logical_or.reduceat(comes, self.first) if len(self.first) else comes

    def in_order(self, number: int) -> Iterator[tuple[int, _Order]]:
        """The day of each, and what it is sorted by."""
        entry, times = self.part.entry, self.times
        places = self.order[self.first]
        sites, study = entry.group.sites, entry.study
        columns = self.part.column[places]
        of = zip(self.part.day[places].tolist(), columns.tolist(), entry.group.site[columns].tolist(), strict=True)
        for index, (day, column, site) in enumerate(of):
            yield day, (times.get(index, _NO_TIME), sites[site], study, entry.keys[column].number, number, index)

    def attendance(self, index: int) -> Attendance:
        """One of them."""
        part, entry = self.part, self.part.entry
        places = self.order[self.first[index] : self.first[index] + self.visits[index]]
        slots = tuple(part.slot[places].tolist())
        return Attendance(
            entry=entry,
            column=int(part.column[places[0]]),
            day=day_date(int(part.day[places[0]])),
            slots=slots,
            resources=tuple(
                part.names[name] if _takes_place(entry, slot) else ""
                for slot, name in zip(slots, part.resource[places].tolist(), strict=True)
            ),
            at=self.times.get(index),
            comes=bool(self.comes[index]),
        )

    @cached_property
    def times(self) -> dict[int, time]:
        """The first time booked of each that has one. Of what was done or missed, the booked time is no longer said."""
        part = self.part
        booked_at = part.entry.schedule.cohort.booked_at
        if not booked_at:
            return {}
        status = part.entry.schedule.status[part.slot, part.column]
        open_ = ~np.isin(status, [int(StatusCode.DONE), int(StatusCode.MISSED)])
        group = np.repeat(np.arange(len(self.first)), self.visits)
        found: dict[int, time] = {}
        cells = zip(
            group.tolist(), part.slot[self.order].tolist(), part.column[self.order].tolist(), open_[self.order].tolist(), strict=True
        )
        for index, slot, column, is_open in cells:
            at = booked_at.get((slot, column)) if is_open else None
            if at is not None:
                found[index] = min(at, found.get(index, at))
        return found
