"""What can be taken along from the calendar: the visits that are looked at as a list, and a week's day sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from planner.capacity.clinic_visits import Attendance, Wanted, attendances
from planner.exchange.prints.day_names import PrintLanguage
from planner.exchange.prints.render import render_week
from planner.exchange.prints.week import Week, last_moment, shown_day, week_print
from planner.records.lists.list_columns import CLINIC_VISIT_COLUMNS
from planner.records.lists.listed_visits import ListedVisit, listed_visit
from planner.records.lists.site_schedules import schedules
from planner.ui.clinic.shown import visit_rows
from planner.ui.clinic.span import Span
from planner.ui.desk import Desk


def visit_list(at: Desk, wanted: Wanted, span: Span, to_bytes: Callable[[Sequence[object], Sequence[str]], bytes]) -> bytes:
    """Every visit of the span, by day, as it is looked at now."""
    with at.reading() as connection:
        found = at.schedules.of(connection, at.caller)
    by_day = attendances(found, wanted, span.first, span.count)
    return to_bytes(visit_lines([one for some in by_day.values() for one in some.some]), CLINIC_VISIT_COLUMNS)


def visit_lines(chosen: Sequence[Attendance]) -> list[ListedVisit]:
    """A line for each visit."""
    return [
        listed_visit(one.entry, slot, one.column, row, resource=resource)
        for one, rows in visit_rows(chosen)
        for slot, resource, row in zip(one.slots, one.resources, rows, strict=True)
    ]


def day_sheet(at: Desk, week: Week, site: str, language: PrintLanguage) -> bytes:
    """The day sheet of a week as PDF, of all studies: a clinic must not take a part of its visits for all of them."""
    with at.reading() as connection:
        found = schedules(connection, at.caller, sites=[site] if site else None)
    sheet = week_print(found, week, language, shown_day(found) or at.caller.today("UTC"), site or None)
    return render_week(sheet, last_moment(found)).pdf
