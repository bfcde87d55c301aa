"""How busy each resource is on each day, beside how many attendances it takes; in words and by a sign, so that colour is never alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from planner.capacity.load import Load, load_of
from planner.records.lists.site_schedules import SiteSchedule
from planner.schedule.calendar import SiteCalendar
from planner.schedule.day_words import named_resource
from planner.schedule.days import day_number
from planner.ui.language import in_language, t, tn

Pressure = Literal["closed", "over", "full", "room", "unknown", "sum"]

SIGNS: Mapping[Pressure, str] = {"closed": "!", "over": "!", "full": "■", "room": "□", "unknown": "·", "sum": "Σ"}


@dataclass(frozen=True, slots=True)
class Busy:
    """One resource on one day; whatever study the subjects are in, for they all take its places."""

    site: str
    """"" where it goes without saying, because one site is looked at, and for the sum of all sites."""
    resource: str
    coming: int
    fixed: int
    """How many of them are done or booked."""
    places: int
    """How many it takes; 0 where that is not known."""
    is_open: bool
    is_sum: bool = False
    """Of all sites together, which take no places of one another."""

    @property
    def pressure(self) -> Pressure:
        """How it stands."""
        if self.is_sum:
            return "sum"
        if not self.is_open:
            return "closed"
        if not self.places:
            return "unknown"
        if self.coming > self.places:
            return "over"
        return "full" if self.coming == self.places else "room"

    @property
    def is_too_much(self) -> bool:
        """Whether somebody has to do something about it."""
        return self.pressure in ("closed", "over")


@dataclass(frozen=True, slots=True)
class Clinics:
    """The sites looked at, with their calendars and what their resources take."""

    calendars: Mapping[str, SiteCalendar | None]
    """By site; None for a site without one."""
    places: Mapping[tuple[str, str], int]
    """By site and resource, where it is known."""


@dataclass(frozen=True, slots=True)
class BusyDays:
    """Some days."""

    days: tuple[tuple[Busy, ...], ...]
    """For each the resources that somebody comes to. Of several sites the sum of each resource, after each site that has too much."""
    unknown: tuple[tuple[str, str], ...]
    """The sites and resources that somebody comes to, and nobody knows how many they take."""


def busy_days(found: Sequence[SiteSchedule], clinics: Clinics, first: date, days: int, resource: str = "") -> BusyDays:
    """The attendances of all studies at the sites looked at; ``resource`` leaves out all other resources."""
    loads = [load_of(found, site, first, days) for site in clinics.calendars]
    lines = []
    for place in range(days):
        day = first + timedelta(days=place)
        lines.append([line for load in loads for line in _lines(load, clinics, day, place) if resource in ("", line.resource)])
    unknown = sorted({(line.site, line.resource) for some in lines for line in some if not line.places})
    lines = [_together(some) if len(loads) > 1 else [replace(line, site="") for line in some] for some in lines]
    return BusyDays(tuple(map(tuple, lines)), tuple(unknown))


def resource_word(resource: str) -> str:
    """What a resource is called: a word of the site's own, but for those that the shipped protocols name."""
    return in_language(named_resource(resource))


def busy_words(busy: Busy) -> str:
    """``linac 5 of 4: one too many``."""
    name = resource_word(busy.resource)
    if busy.site:
        name = t("{site} {resource}", site=busy.site, resource=name)
    match busy.pressure:
        case "closed":
            return t("{resource} {coming}: closed", resource=name, coming=busy.coming)
        case "over":
            return tn(
                "{resource} {coming} of {places}: one too many",
                "{resource} {coming} of {places}: {number} too many",
                busy.coming - busy.places,
                resource=name,
                coming=busy.coming,
                places=busy.places,
            )
        case "full":
            return t("{resource} {coming} of {places}: full", resource=name, coming=busy.coming, places=busy.places)
        case "room":
            return t("{resource} {coming} of {places}", resource=name, coming=busy.coming, places=busy.places)
        case _:
            return t("{resource} {coming}", resource=name, coming=busy.coming)


def _lines(load: Load, clinics: Clinics, day: date, place: int) -> list[Busy]:
    calendar = clinics.calendars[load.site]
    lines = []
    for row, resource in enumerate(load.resources):
        coming = int(load.attendances[row, place])
        if coming:
            fixed, places = int(load.fixed[row, place]), clinics.places.get((load.site, resource), 0)
            lines.append(Busy(load.site, resource, coming, fixed, places, is_open(calendar, resource, day)))
    return lines


def is_open(calendar: SiteCalendar | None, resource: str, day: date) -> bool:
    """Whether a resource is open; where that is not known, nothing speaks against it."""
    if calendar is None or not calendar.first_day <= day_number(day) <= calendar.last_day:
        return True
    return calendar.is_open(resource, day)


def _together(lines: Sequence[Busy]) -> list[Busy]:
    resources = sorted({line.resource for line in lines})
    sums = [_sum(resource, [line for line in lines if line.resource == resource]) for resource in resources]
    return [line for line in lines if line.is_too_much] + sums


def _sum(resource: str, lines: Sequence[Busy]) -> Busy:
    return Busy("", resource, sum(line.coming for line in lines), sum(line.fixed for line in lines), 0, is_open=True, is_sum=True)
