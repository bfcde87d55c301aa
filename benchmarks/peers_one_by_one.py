"""The study's dates in plain code, one subject and one visit at a time, with ``dateutil`` or with pandas."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal, Protocol

import pandas as pd
from dateutil.relativedelta import relativedelta

from benchmarks.plain_study import FOLLOW_UP_MONTHS, FRACTIONS, PUMP_DAYS, PlainSubject
from planner.schedule.calendar import CLINIC, SiteCalendar
from planner.schedule.days import day_date

DayDates = dict[str, Any]
"""Visit id to a date in the peer's own type."""


class OpenDays(Protocol):
    """What a library offers for dates; ``pump`` asks for days on which a pump can be put on."""

    def first(self, day: date) -> Any:
        """The day in the library's own type."""

    def plus(self, day: Any, days: int) -> Any:
        """So many days later."""

    def plus_months(self, day: Any, months: int) -> Any:
        """So many calendar months later."""

    def on_or_after(self, day: Any, pump: bool = False) -> Any:
        """The first open day from ``day`` on."""

    def on_or_before(self, day: Any, pump: bool = False) -> Any:
        """The last open day up to ``day``."""


class DateutilDays:
    """``datetime.date`` and ``relativedelta``, with the open days as a set, looked at day by day."""

    def __init__(self, calendar: SiteCalendar) -> None:
        """The site's own days."""
        self._open = {day_date(calendar.first_day + at) for at, is_open in enumerate(calendar.open_table(CLINIC).tolist()) if is_open}
        self._pump = {day for day in self._open if day + timedelta(days=PUMP_DAYS) in self._open}

    def first(self, day: date) -> date:
        """The day itself."""
        return day

    def plus(self, day: date, days: int) -> date:
        """So many days later."""
        return day + relativedelta(days=days)

    def plus_months(self, day: date, months: int) -> date:
        """So many calendar months later, clipped to the month's last day."""
        return day + relativedelta(months=months)

    def on_or_after(self, day: date, pump: bool = False) -> date:
        """Forward day by day."""
        days = self._pump if pump else self._open
        while day not in days:
            day += relativedelta(days=1)
        return day

    def on_or_before(self, day: date, pump: bool = False) -> date:
        """Backward day by day."""
        days = self._pump if pump else self._open
        while day not in days:
            day -= relativedelta(days=1)
        return day


class CustomBusinessDays:
    """``Timestamp`` and ``CustomBusinessDay``; as it knows no make-up weekends, every closed day is one of its holidays."""

    def __init__(self, calendar: SiteCalendar) -> None:
        """The site's own days."""
        first = pd.Timestamp(day_date(calendar.first_day))
        table = pd.Series(calendar.open_table(CLINIC), index=pd.date_range(first, periods=len(calendar.provisional)))
        pump = table & table.shift(-PUMP_DAYS, fill_value=False)
        self._open, self._pump = (
            pd.offsets.CustomBusinessDay(weekmask="1111111", holidays=days.index[~days].tolist()) for days in (table, pump)
        )

    def first(self, day: date) -> pd.Timestamp:
        """As a Timestamp."""
        return pd.Timestamp(day)

    def plus(self, day: pd.Timestamp, days: int) -> pd.Timestamp:
        """So many days later."""
        return day + pd.Timedelta(days=days)

    def plus_months(self, day: pd.Timestamp, months: int) -> pd.Timestamp:
        """So many calendar months later, clipped to the month's last day."""
        return day + pd.DateOffset(months=months)

    def on_or_after(self, day: pd.Timestamp, pump: bool = False) -> pd.Timestamp:
        """Rolled forward."""
        return (self._pump if pump else self._open).rollforward(day)

    def on_or_before(self, day: pd.Timestamp, pump: bool = False) -> pd.Timestamp:
        """Rolled back."""
        return (self._pump if pump else self._open).rollback(day)


def dates_of(subject: PlainSubject, days: OpenDays) -> DayDates:
    """The planned dates of the compared visits, each by the study's chains and windows."""
    start = days.first(subject.start)
    dates = {"C1D1": start}
    dates["SIM"] = _placed(days, days.plus(start, 7), -3, 4, "nearest")
    dates["F1"] = _placed(days, days.plus(start, 14), -7, 0, "next", not_before=days.plus(dates["SIM"], 3))
    for number in range(2, FRACTIONS + 1):
        dates[f"F{number}"] = days.on_or_after(days.plus(dates[f"F{number - 1}"], 1))
    last = dates[f"F{FRACTIONS}"]
    dates["C2D1"] = _placed(days, days.plus(last, 7), 0, 7, "next", pump=subject.pump)
    for number in range(3, subject.cycles + 2):
        nominal = days.plus(dates[f"C{number - 1}D1"], subject.cycle_days)
        dates[f"C{number}D1"] = _placed(days, nominal, -3, 3, "next", pump=subject.pump)
    dates["ASSESS"] = _placed(days, days.plus(last, 42), -14, 14, "nearest")
    dates["MDT"] = _placed(days, days.plus(last, 56), -14, 14, "nearest", not_before=dates["ASSESS"])
    for number, months in enumerate(FOLLOW_UP_MONTHS[subject.follow_up], start=1):
        dates[f"FU{number}"] = _placed(days, days.plus_months(last, months), -14, 14, "nearest")
    return dates


def _placed(
    days: OpenDays, nominal: Any, before: int, after: int, roll: Literal["nearest", "next"], not_before: Any = None, pump: bool = False
) -> Any:
    """The best open day inside the window and not before the bound, else the first one after both."""
    bound = nominal if not_before is None else max(nominal, not_before)
    later = days.on_or_after(bound, pump)
    if later == nominal:
        return later
    latest = days.plus(nominal, after)
    if later <= latest and roll == "next":
        return later
    earliest = days.plus(nominal, before)
    if not_before is not None and not_before > earliest:
        earliest = not_before
    earlier = days.on_or_before(min(nominal, latest), pump)
    if earlier < earliest:
        return later
    return earlier if later > latest or nominal - earlier < later - nominal else later
