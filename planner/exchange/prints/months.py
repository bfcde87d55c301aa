"""Month pages: weeks from Monday to Sunday with the visits of each day."""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from planner.exchange.prints.day_names import DayNames
from planner.exchange.prints.shown import ShownVisit
from planner.exchange.prints.visit_lines import CellVisit, VisitWriter
from planner.exchange.prints.words import PrintWords

MOST_MONTHS = 18
"""Month pages of one print."""

_Month = tuple[int, int]


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of a month page; days of the months before and after are empty."""

    day: int
    in_month: bool
    is_weekend: bool
    visits: tuple[CellVisit, ...]


@dataclass(frozen=True, slots=True)
class MonthPage:
    """One month; ``note`` names months before it that have no page, or says that there is nothing in this one."""

    title: str
    note: str
    weeks: tuple[tuple[DayCell, ...], ...]


@dataclass(frozen=True, slots=True)
class MonthPages:
    """The pages, and where more than ``most`` months have visits, the sentence that says where the rest is."""

    pages: tuple[MonthPage, ...]
    cut: str


def month_pages(visits: Sequence[ShownVisit], as_of: date, most: int, writer: VisitWriter, words: PrintWords, days: DayNames) -> MonthPages:
    """From the month of ``as_of`` on a page for each month with a visit, and for the first one too where any follow; at most ``most``."""
    by_day: dict[date, list[ShownVisit]] = defaultdict(list)
    for shown in visits:
        if shown.day is not None:
            by_day[shown.day].append(shown)
    first = (as_of.year, as_of.month)
    with_visits = {(day.year, day.month) for day in by_day if (day.year, day.month) >= first}
    months = sorted(with_visits | {first}) if with_visits else []
    kept = months[:most]
    pages = []
    previous: _Month | None = None
    for month in kept:
        weeks = _weeks(month, by_day, writer)
        note = words.said("no_visit_this_month") if not any(cell.visits for week in weeks for cell in week) else ""
        skipped = _between(previous, month) if previous is not None else []
        if skipped:
            note = words.said("no_visit_in", months=_skipped(skipped, days))
        pages.append(MonthPage(days.month(*month), note, weeks))
        previous = month
    cut = words.said("later_in_list", month=days.month(*kept[-1])) if len(months) > most else ""
    return MonthPages(tuple(pages), cut)


def _weeks(month: _Month, by_day: dict[date, list[ShownVisit]], writer: VisitWriter) -> tuple[tuple[DayCell, ...], ...]:
    def cell(day: date) -> DayCell:
        in_month = (day.year, day.month) == month
        visits = tuple(writer.cell(visit) for visit in by_day.get(day, ())) if in_month else ()
        return DayCell(day.day, in_month, day.weekday() >= 5, visits)

    return tuple(tuple(cell(day) for day in week) for week in Calendar().monthdatescalendar(*month))


def _between(previous: _Month, month: _Month) -> list[_Month]:
    found: list[_Month] = []
    year, number = previous
    while True:
        year, number = (year + 1, 1) if number == 12 else (year, number + 1)
        if (year, number) == month:
            return found
        found.append((year, number))


def _skipped(months: list[_Month], days: DayNames) -> str:
    names = tuple(days.month(*month) for month in months)
    return days.listed(names) if len(names) <= 2 else days.span(names[0], names[-1])
