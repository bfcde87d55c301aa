"""A site's own days laid over a base calendar (R17; docs/calendars.md): later layers win, day by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from planner.schedule.calendar import CLINIC, SiteCalendar
from planner.schedule.calendar_sources import BaseDays, day_of_week, put_days, years_of_days
from planner.schedule.days import day_date


@dataclass(frozen=True)
class OwnDays:
    """What the site, or one resource, lists for itself; days are numbers since 1970-01-01, each with its note."""

    weekly: frozenset[int] | None = None
    """Open weekdays, 0 for Monday; None where nothing is listed."""
    closed: Mapping[int, str] = field(default_factory=dict)
    opened: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SiteDays:
    """A calendar file's meaning."""

    name: str
    zone: str
    site: OwnDays
    resources: Mapping[str, OwnDays]
    official: Mapping[int, OwnDays]
    """Years with an official list of their own, which replaces the base's holidays and working weekends."""
    official_until: int | None


def layered_calendar(base: BaseDays, days: SiteDays) -> SiteCalendar:
    """The calendar of a site: ``base`` with the site's and its resources' own days laid over it."""
    first_year, last_year = day_date(base.first_day).year, day_date(base.first_day + len(base.provisional) - 1).year
    years = years_of_days(first_year, last_year)
    weekday = day_of_week(first_year, last_year)
    closed, opened = _legal_days(base, days.official)

    def table(weekly: frozenset[int] | None, layers: tuple[OwnDays, ...]) -> NDArray[np.bool_]:
        result = base.weekly_open.copy() if weekly is None else np.isin(weekday, list(weekly))
        put_days(result, base.first_day, closed, is_open=False)
        put_days(result, base.first_day, opened, is_open=True)
        for layer in layers:
            put_days(result, base.first_day, layer.closed, is_open=False)
            put_days(result, base.first_day, layer.opened, is_open=True)
        return result

    tables = {CLINIC: table(days.site.weekly, (days.site,))}
    for resource, own in days.resources.items():
        tables[resource] = table(days.site.weekly if own.weekly is None else own.weekly, (days.site, own))
    return SiteCalendar(
        name=days.name,
        zone=days.zone,
        first_day=base.first_day,
        open_days=tables,
        provisional=_provisional(base, days, years),
        notes=_notes({**closed, **opened}, days),
    )


def _legal_days(base: BaseDays, official: Mapping[int, OwnDays]) -> tuple[dict[int, str], dict[int, str]]:
    """The base's holidays and working weekends, in years with an official list that list's."""
    closed = {day: note for day, note in base.closed.items() if day_date(day).year not in official}
    opened = {day: note for day, note in base.opened.items() if day_date(day).year not in official}
    for own in official.values():
        closed |= own.closed
        opened |= own.opened
    return closed, opened


def _provisional(base: BaseDays, days: SiteDays, years: NDArray[np.int64]) -> NDArray[np.bool_]:
    marked = base.provisional if days.official_until is None else years > days.official_until
    return marked & ~np.isin(years, list(days.official))


def _notes(legal: Mapping[int, str], days: SiteDays) -> dict[int, str]:
    """Notes by day: the site's instead of the law's, a resource's behind them with its name."""
    notes = {**legal, **days.site.closed, **days.site.opened}
    for resource, own in days.resources.items():
        for day, note in {**own.closed, **own.opened}.items():
            notes[day] = f"{notes[day]}; {resource}: {note}" if day in notes else f"{resource}: {note}"
    return notes
