"""Where site calendars come from (R17): a country's public holidays, Monday to Friday, or every day open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from planner.schedule.calendar import CLINIC, SiteCalendar, require_open_days
from planner.schedule.country_zones import country_zone
from planner.schedule.days import day_number
from planner.schedule.official_years import last_official_year

FIRST_YEAR, LAST_YEAR = 2010, 2059
"""The years that a calendar covers unless asked otherwise."""

WEEKDAYS = "weekdays"
EVERY_DAY = "none"
_SATURDAY = 5


@dataclass(frozen=True, eq=False)
class BaseDays:
    """The parts of a calendar before they are put together, so that a site may replace some of them.

    Days are numbers since 1970-01-01; the tables hold one bool per day from ``first_day`` on.
    """

    name: str
    zone: str
    first_day: int
    weekly_open: NDArray[np.bool_]
    """Open by the day of the week alone."""
    closed: Mapping[int, str]
    """Public holidays, by day, with their names."""
    opened: Mapping[int, str]
    """Make-up working days, by day, with their names."""
    provisional: NDArray[np.bool_]


def country_calendar(code: str, first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> SiteCalendar:
    """The working days of a country or subdivision: ``CN``, ``US-NY``, ``DE-BY``.

    Raises CalendarError for a code that is not known, naming the nearest ones, or for years outside 1900 to 2100.
    """
    return _calendar(country_base(code, first_year, last_year))


def weekdays_calendar(first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> SiteCalendar:
    """Monday to Friday, no holidays, in UTC."""
    return _calendar(weekdays_base(first_year, last_year))


def every_day_calendar(first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> SiteCalendar:
    """Every day is open, in UTC."""
    return _calendar(every_day_base(first_year, last_year))


def calendar_named(name: str, first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> SiteCalendar:
    """The calendar called ``weekdays``, ``none``, or by a country's or subdivision's code; raises CalendarError for others."""
    return _calendar(base_named(name, first_year, last_year))


def base_named(name: str, first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> BaseDays:
    """The parts of the calendar that ``calendar_named`` gives; raises CalendarError likewise."""
    if name == WEEKDAYS:
        return weekdays_base(first_year, last_year)
    if name == EVERY_DAY:
        return every_day_base(first_year, last_year)
    return country_base(name, first_year, last_year)


def weekdays_base(first_year: int, last_year: int) -> BaseDays:
    """The parts of Monday to Friday without holidays."""
    weekday = day_of_week(first_year, last_year)
    return _without_holidays(WEEKDAYS, first_year, weekday < _SATURDAY)


def every_day_base(first_year: int, last_year: int) -> BaseDays:
    """The parts of a calendar on which every day is open."""
    return _without_holidays(EVERY_DAY, first_year, np.ones(len(day_of_week(first_year, last_year)), dtype=np.bool_))


@lru_cache(maxsize=64)
def country_base(code: str, first_year: int, last_year: int) -> BaseDays:
    """The parts of a country's calendar; raises CalendarError as ``country_calendar`` does."""
    from planner.schedule.holiday_package import country_days

    days = country_days(code, first_year, last_year)
    years = years_of_days(first_year, last_year)
    provisional = np.isin(years, list(days.uncertain_years))
    last_official = last_official_year(days.code)
    if last_official is not None:
        provisional |= years > last_official
    return BaseDays(
        name=days.code,
        zone=country_zone(days.code),
        first_day=day_number(date(first_year, 1, 1)),
        weekly_open=~days.weekend,
        closed={day_number(day): name for day, name in days.holidays.items()},
        opened={day_number(day): name for day, name in days.working_weekends.items()},
        provisional=provisional,
    )


def day_of_week(first_year: int, last_year: int) -> NDArray[np.int64]:
    """For each day of the years, 0 for Monday to 6 for Sunday."""
    days = np.arange(day_number(date(first_year, 1, 1)), day_number(date(last_year, 12, 31)) + 1, dtype=np.int64)
    return (days + date(1970, 1, 1).weekday()) % 7


def years_of_days(first_year: int, last_year: int) -> NDArray[np.int64]:
    """For each day of the years, the year it is in."""
    years = np.arange(first_year, last_year + 1, dtype=np.int64)
    lengths = [date(year, 12, 31).timetuple().tm_yday for year in years.tolist()]
    return np.repeat(years, lengths)


def put_days(table: NDArray[np.bool_], first_day: int, days: Mapping[int, str], is_open: bool) -> None:
    """Write ``is_open`` for each of ``days`` that the table covers."""
    index = np.fromiter(days, dtype=np.int64, count=len(days)) - first_day
    table[index[(index >= 0) & (index < len(table))]] = is_open


def _without_holidays(name: str, first_year: int, weekly_open: NDArray[np.bool_]) -> BaseDays:
    return BaseDays(
        name=name,
        zone="UTC",
        first_day=day_number(date(first_year, 1, 1)),
        weekly_open=weekly_open,
        closed={},
        opened={},
        provisional=np.zeros(len(weekly_open), dtype=np.bool_),
    )


def _calendar(base: BaseDays) -> SiteCalendar:
    table = base.weekly_open.copy()
    put_days(table, base.first_day, base.closed, is_open=False)
    put_days(table, base.first_day, base.opened, is_open=True)
    return require_open_days(
        SiteCalendar(
            name=base.name,
            zone=base.zone,
            first_day=base.first_day,
            open_days={CLINIC: table},
            provisional=base.provisional.copy(),
            notes={**base.closed, **base.opened},
        )
    )
