"""The study's dates in plain code with numpy's ``busday_offset``, one visit at a time for all subjects at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from benchmarks.plain_study import FOLLOW_UP_MONTHS, FRACTIONS, MOST_CYCLES, PUMP_DAYS, PlainColumns
from planner.schedule.calendar import CLINIC, SiteCalendar

DateColumn = NDArray[np.datetime64]
_NO_DATE = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class BusinessDays:
    """The site's open days, and those on which a pump can be put on, as numpy's business-day calendars."""

    site: np.busdaycalendar
    pump: np.busdaycalendar

    @classmethod
    def of(cls, calendar: SiteCalendar) -> BusinessDays:
        """As they know no make-up weekends, every closed day is one of their holidays."""
        table = calendar.open_table(CLINIC)
        pump = np.append(table[:-PUMP_DAYS] & table[PUMP_DAYS:], [False] * PUMP_DAYS)
        first = np.datetime64(calendar.first_day, "D")
        site_days, pump_days = (np.busdaycalendar("1111111", first + np.flatnonzero(~days)) for days in (table, pump))
        return cls(site_days, pump_days)

    def rolled(self, days: DateColumn, roll: Literal["forward", "backward"], pump: NDArray[np.bool_] | None) -> DateColumn:
        """The first open day on or after, or the last on or before."""
        found = np.busday_offset(days, 0, roll, busdaycal=self.site)
        if pump is not None:
            found[pump] = np.busday_offset(days[pump], 0, roll, busdaycal=self.pump)
        return found


def busday_dates(subjects: PlainColumns, days: BusinessDays) -> dict[str, DateColumn]:
    """Visit id to the planned date of each subject, NaT where the visit is none of theirs."""
    pump = subjects.cycle_days == 14
    dates = {"C1D1": subjects.start}
    dates["SIM"] = _placed(days, subjects.start + 7, -3, 4, "nearest")
    dates["F1"] = _placed(days, subjects.start + 14, -7, 0, "next", not_before=dates["SIM"] + 3)
    for number in range(2, FRACTIONS + 1):
        dates[f"F{number}"] = np.busday_offset(dates[f"F{number - 1}"], 1, "backward", busdaycal=days.site)
    last = dates[f"F{FRACTIONS}"]
    previous = dates["C2D1"] = _placed(days, last + 7, 0, 7, "next", pump=pump)
    for number in range(3, MOST_CYCLES + 2):
        previous = _placed(days, previous + subjects.cycle_days, -3, 3, "next", pump=pump)
        dates[f"C{number}D1"] = np.where(number <= subjects.cycles + 1, previous, _NO_DATE)
    dates["ASSESS"] = _placed(days, last + 42, -14, 14, "nearest")
    dates["MDT"] = _placed(days, last + 56, -14, 14, "nearest", not_before=dates["ASSESS"])
    for number, months in enumerate(max(FOLLOW_UP_MONTHS.values()), start=1):
        planned = _placed(days, _plus_months(last, months), -14, 14, "nearest")
        dates[f"FU{number}"] = np.where(months <= subjects.follow_up, planned, _NO_DATE)
    return dates


def _plus_months(days: DateColumn, months: int) -> DateColumn:
    """Calendar months, clipped to the month's last day."""
    month = days.astype("datetime64[M]")
    first, beyond = (month + months).astype("datetime64[D]"), (month + months + 1).astype("datetime64[D]")
    clipped: DateColumn = np.minimum(first + (days - month.astype("datetime64[D]")), beyond - 1)
    return clipped


def _placed(
    days: BusinessDays,
    nominal: DateColumn,
    before: int,
    after: int,
    roll: Literal["nearest", "next"],
    not_before: DateColumn | None = None,
    pump: NDArray[np.bool_] | None = None,
) -> DateColumn:
    """The best open day inside the window and not before the bound, else the first one after both."""
    bound = nominal if not_before is None else np.maximum(nominal, not_before)
    earliest = nominal + before if not_before is None else np.maximum(nominal + before, not_before)
    later, earlier = days.rolled(bound, "forward", pump), days.rolled(nominal, "backward", pump)
    take_earlier = later > nominal + after
    if roll == "nearest":
        take_earlier |= nominal - earlier < later - nominal
    return np.where(take_earlier & (earlier >= earliest), earlier, later)
