"""Site calendars (R17): for each resource of a site, an explicit table of the days that are open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from planner.protocol.said import said
from planner.schedule.days import day_date, day_number

CLINIC = "clinic"
ANY_DAY = "any"


class CalendarError(ValueError):
    """A calendar that cannot be used; the message says what is wrong and what would be right."""


@dataclass(frozen=True, eq=False)
class SiteCalendar:
    """The open days of a site, explicit from ``first_day`` on (days since 1970-01-01), one bool per day.

    ``open_days`` holds an array for ``clinic`` and for each resource that differs from it. ``provisional`` marks the
    days of years whose official calendar is not known yet; ``notes`` names days (holidays, make-up days, closures).
    """

    name: str
    zone: str
    first_day: int
    open_days: Mapping[str, NDArray[np.bool_]]
    provisional: NDArray[np.bool_]
    notes: Mapping[int, str] = field(default_factory=dict)

    @property
    def last_day(self) -> int:
        """The last day that the tables cover."""
        return self.first_day + len(self.provisional) - 1

    def open_table(self, resource: str) -> NDArray[np.bool_]:
        """Open or not, for each covered day: the site's own days where the resource lists none; all for ``any``."""
        if resource == ANY_DAY:
            return np.ones(len(self.provisional), dtype=np.bool_)
        return self.open_days.get(resource, self.open_days[CLINIC])

    def is_open(self, resource: str, day: date) -> bool:
        """Whether ``day`` is open for ``resource``; raises IndexError outside the covered days."""
        index = day_number(day) - self.first_day
        if not 0 <= index < len(self.provisional):
            raise IndexError(f"calendar {self.name} does not cover {day}")
        return bool(self.open_table(resource)[index])

    def never_open(self) -> tuple[str, ...]:
        """The site (``clinic``) and the resources that have no open day at all in the covered days."""
        return tuple(resource for resource, table in self.open_days.items() if not table.any())


def require_open_days(calendar: SiteCalendar) -> SiteCalendar:
    """``calendar`` itself; raises CalendarError if the site or a resource is closed on every covered day.

    A visit planned on such a calendar would look for an open day for ever.
    """
    never = calendar.never_open()
    if never:
        text = "Calendar {calendar} has no open day for {resources} from {first} to {last}. Give it at least one open weekday or open date."
        first, last = day_date(calendar.first_day), day_date(calendar.last_day)
        raise CalendarError(said(text, calendar=calendar.name, resources=never, first=first, last=last))
    return calendar
