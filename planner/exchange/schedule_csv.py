"""Visits as CSV: one line per visit, ISO dates, line feeds as line ends, no byte order mark once encoded."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from planner.schedule.rows import VisitRow

COLUMNS = (
    "subject",
    "visit",
    "name",
    "epoch",
    "kind",
    "n",
    "study_day",
    "anchor",
    "nominal",
    "earliest",
    "latest",
    "planned",
    "effective",
    "status",
    "certainty",
    "days_off",
    "flags",
)
"""The columns in their order."""

_LINES_AT_ONCE = 5000


def cells(row: VisitRow) -> tuple[str, ...]:
    """The cells of one visit, one for each of ``COLUMNS``; what is not known is an empty cell."""
    return (
        row.subject,
        row.visit,
        row.name,
        row.epoch,
        row.kind,
        _number(row.number),
        _number(row.study_day),
        row.anchor,
        _day(row.nominal),
        _day(row.earliest),
        _day(row.latest),
        _day(row.planned),
        _day(row.effective),
        row.status,
        row.certainty,
        _number(row.days_off),
        ";".join(row.flags),
    )


def schedule_csv(rows: Iterable[VisitRow]) -> Iterator[str]:
    """The CSV text of ``rows`` with a header line, in pieces of some thousand lines."""
    yield from table_csv(COLUMNS, (cells(row) for row in rows))


def table_csv(columns: Iterable[str], lines: Iterable[Iterable[str]]) -> Iterator[str]:
    """The CSV text of any table, in pieces: ``columns`` first, then ``lines``."""
    left = iter(lines)
    piece: list[Iterable[str]] = [columns]
    while piece:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(piece)
        yield text.getvalue()
        piece = list(islice(left, _LINES_AT_ONCE))


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _number(number: int | None) -> str:
    return "" if number is None else str(number)
