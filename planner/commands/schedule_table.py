"""A schedule as a table for a terminal: what a nurse looks for, then what needs attention."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from planner.commands.notices import notices
from planner.commands.terminal import rendered, width_for
from planner.schedule.checks import Finding, findings
from planner.schedule.days import day_date
from planner.schedule.rows import VisitRow
from planner.schedule.schedule import Schedule
from planner.schedule.visit_rows import subject_rows

ROOM_FOR_ALL_COLUMNS = 120
"""Characters a line must have for the wide table."""

_SAID_ONCE = "provisional_calendar"
_STYLES = {"overdue": "bold red", "due": "bold yellow", "done": "green", "cancelled": "dim", "conditional": "dim", "missed": "red"}


def schedule_tables(schedule: Schedule, *, all_visits: bool, to_terminal: bool) -> Iterator[str]:
    """For each subject a heading, its visits, and the checks that are breached or may be; notices at the end."""
    protocol = schedule.plan.protocol
    for index, subject in enumerate(schedule.cohort.subjects):
        calendar, as_of = schedule.calendar_of(index).name, _with_weekday(day_date(schedule.as_of_day(index)))
        head = f"{protocol.id} {protocol.version}, subject {subject}, calendar {calendar}, as of {as_of}"
        rows = subject_rows(schedule, index, all_visits=all_visits)
        table = _wide_table(rows) if width_for(to_terminal=to_terminal) >= ROOM_FOR_ALL_COLUMNS else _narrow_table(rows)
        lines = [Text(_finding(finding)) for finding in findings(schedule, [index]) if finding.result in ("breach", "warning")]
        yield rendered(Text(head, style="bold"), table, *lines, to_terminal=to_terminal) + (
            "\n" if index + 1 < len(schedule.cohort) else ""
        )
    said = [Text(f"Note: {notice}") for notice in notices(schedule)]
    if said:
        yield rendered(*said, to_terminal=to_terminal)


def _wide_table(rows: list[VisitRow]) -> Table:
    """Planned and effective date beside each other, and a column for flags."""
    differs = any(row.effective != row.planned for row in rows)
    table = _empty_table()
    table.add_column("visit", no_wrap=True)
    table.add_column("name")
    for heading in ("planned", *(["done/booked"] if differs else []), "window", "status", "certainty"):
        table.add_column(heading, no_wrap=True)
    table.add_column("flags", overflow="fold")
    for row in rows:
        actual = [_effective(row) if row.effective != row.planned or row.booked_at else ""] if differs else []
        cells = [row.visit, row.name, _with_weekday(row.planned), *actual, _window(row), _status(row), row.certainty, _flags(row)]
        table.add_row(*(Text(cell) for cell in cells), style=_STYLES.get(row.status))
    return table


def _narrow_table(rows: list[VisitRow]) -> Table:
    """One date, the effective one, and the flags under the name."""
    table = _empty_table()
    for heading in ("visit", "day", "window", "status", "certainty"):
        table.add_column(heading, no_wrap=True)
    table.add_column("name", overflow="fold")
    for row in rows:
        cells = [row.visit, _effective(row), _window(row), _status(row), row.certainty, f"{row.name} {_flags(row)}".rstrip()]
        table.add_row(*(Text(cell) for cell in cells), style=_STYLES.get(row.status))
    return table


def _empty_table() -> Table:
    return Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))


def _flags(row: VisitRow) -> str:
    return " ".join(flag for flag in row.flags if flag != _SAID_ONCE)


def _effective(row: VisitRow) -> str:
    day = _with_weekday(row.effective)
    return day if row.booked_at is None else f"{day} {row.booked_at:%H:%M}"


def _window(row: VisitRow) -> str:
    if row.earliest is None or row.latest is None or row.earliest == row.latest:
        return ""
    return f"{row.earliest:%m-%d}..{row.latest:%m-%d}"


def _status(row: VisitRow) -> str:
    if row.status == "due" and row.days_left is not None:
        return "due, last day" if row.days_left == 0 else f"due, {row.days_left} d left"
    if row.status == "done" and row.days_off:
        return f"done ({row.days_off:+d} d)"
    return row.status


def _finding(finding: Finding) -> str:
    word = "BREACH" if finding.result == "breach" else "Warning"
    days = "" if finding.days is None else f": {finding.days} days"
    over = "" if finding.over_by is None else f" (by {finding.over_by})"
    first, second = (_giver(name, day) for name, day in ((finding.first, finding.first_day), (finding.second, finding.second_day)))
    return f"{word}: {finding.label}: {first} to {second}{days}, allowed {finding.limit}{over}"


def _giver(name: str, day: date | None) -> str:
    return name if day is None else f"{name} {day}"


def _with_weekday(day: date | None) -> str:
    return "" if day is None else f"{day:%a} {day}"
