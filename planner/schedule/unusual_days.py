"""The days of a year on which a site is not what the day of the week says: holidays, closures, make-up days, open weekends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from planner.schedule.calendar import SiteCalendar
from planner.schedule.days import day_date, day_number

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class UnusualDay:
    """One day of one resource."""

    day: date
    resource: str
    is_open: bool
    note: str
    is_provisional: bool
    """Whether the official calendar of the year is not known yet."""


def unusual_days(calendar: SiteCalendar, year: int) -> list[UnusualDay]:
    """Monday to Friday closed, or Saturday and Sunday open, by day; none outside the days that the calendar covers."""
    first = date(year, 1, 1)
    found = []
    for day in (first + timedelta(days=offset) for offset in range((date(year + 1, 1, 1) - first).days)):
        index = day_number(day) - calendar.first_day
        if not 0 <= index < len(calendar.provisional):
            continue
        for resource in calendar.open_days:
            is_open = calendar.is_open(resource, day)
            if is_open != (day.weekday() < _SATURDAY):
                note = calendar.notes.get(day_number(day), "")
                found.append(UnusualDay(day, resource, is_open, note, bool(calendar.provisional[index])))
    return found


def provisional_years(calendar: SiteCalendar) -> list[int]:
    """The years of which some day is provisional."""
    first, last = day_date(calendar.first_day).year, day_date(calendar.last_day).year
    found = []
    for year in range(first, last + 1):
        begin = max(day_number(date(year, 1, 1)) - calendar.first_day, 0)
        end = day_number(date(year, 12, 31)) - calendar.first_day + 1
        if calendar.provisional[begin:end].any():
            found.append(year)
    return found
