"""Open days as plain sets of dates, and the durations of R1 counted on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import compress

from dateutil.relativedelta import relativedelta

from planner.protocol.durations import Duration
from planner.schedule.calendar import SiteCalendar

ONE_DAY = timedelta(days=1)
_EPOCH = date(1970, 1, 1)


@cache
def _days_from(first_day: int, count: int) -> list[date]:
    return [_EPOCH + timedelta(days=first_day + k) for k in range(count)]


@dataclass(frozen=True)
class PlainCalendar:
    """The open days of each resource, from ``first_day`` to ``last_day``; a resource without its own set has the clinic's."""

    first_day: date
    last_day: date
    open_days: Mapping[str, frozenset[date]]
    provisional: frozenset[date] = field(default_factory=frozenset)

    @classmethod
    def of(cls, calendar: SiteCalendar) -> PlainCalendar:
        """The same days as ``calendar``."""
        days = _days_from(calendar.first_day, len(calendar.provisional))

        def where(table: object) -> frozenset[date]:
            is_set = table.tolist()
            assert len(is_set) == len(days)
            return frozenset(compress(days, is_set))

        open_days = {resource: where(table) for resource, table in calendar.open_days.items()}
        return cls(days[0], days[-1], open_days, where(calendar.provisional))

    def is_open(self, resource: str, day: date) -> bool:
        """Whether ``day`` is open for ``resource``; raises IndexError outside the covered days."""
        if not self.first_day <= day <= self.last_day:
            raise IndexError(f"the calendar does not cover {day}")
        if resource == "any":
            return True
        return day in self.open_days.get(resource, self.open_days["clinic"])

    def provisional_on(self, day: date) -> bool:
        """Whether the official calendar of that day's year is not known yet."""
        return day in self.provisional

    def add(self, day: date, duration: Duration, resource: str) -> date:
        """R1: months first (clipped to the month's last day), then days; or the k-th open day after or before."""
        if duration.working_days is not None:
            return self.open_day_after(day, duration.working_days, resource)
        if duration.months:
            day += relativedelta(months=duration.months)
        return day + timedelta(days=duration.days)

    def open_day_after(self, day: date, count: int, resource: str) -> date:
        """The ``count``-th open day strictly after ``day``, or strictly before it where ``count`` is negative."""
        step = ONE_DAY if count > 0 else -ONE_DAY
        remaining = abs(count)
        while remaining:
            day += step
            if self.is_open(resource, day):
                remaining -= 1
        return day
