"""The days that the calendar shows at once, and those before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from planner.exchange.prints.week import Week
from planner.schedule.calendar_sources import FIRST_YEAR, LAST_YEAR
from planner.ui.language import t
from planner.ui.month_bar import month_after
from planner.ui.words import days_in_words, long_date, month_name

DAY, WEEK, MONTH = "day", "week", "month"
VIEWS = (DAY, WEEK, MONTH)
FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
"""Calendars of sites cover no more."""
_DAYS_OF_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Span:
    """A day, a week from Monday to Sunday, or a month."""

    view: str
    first: date
    count: int

    @property
    def last(self) -> date:
        """Its last day."""
        return self.first + timedelta(days=self.count - 1)

    def days(self) -> list[date]:
        """All of them."""
        return [self.first + timedelta(days=place) for place in range(self.count)]

    def beside(self, step: int) -> date | None:
        """The first day of the span after (1) or before (-1); None where no calendar covers it."""
        day = month_after(self.first, step) if self.view == MONTH else self.first + timedelta(days=step * self.count)
        return day if FIRST_DAY <= day <= LAST_DAY else None

    def week(self) -> Week:
        """The week of its first day."""
        year, number, _ = self.first.isocalendar()
        return Week(year, number)

    def in_words(self) -> str:
        """``Friday 20 November 2026``, ``Week 47: 16 to 22 November 2026``, ``November 2026``."""
        if self.view == DAY:
            return long_date(self.first)
        if self.view == MONTH:
            return month_name(self.first.year, self.first.month)
        return t("Week {number}: {days}", number=self.week().number, days=days_in_words().days(self.first, self.last))


def span_of(view: str, day: date) -> Span:
    """The span of this kind that has the day."""
    if view == MONTH:
        first = day.replace(day=1)
        return Span(view, first, (month_after(first, 1) - first).days)
    if view == WEEK:
        return Span(view, max(day - timedelta(days=day.weekday()), FIRST_DAY), _DAYS_OF_A_WEEK)
    return Span(view, day, 1)
