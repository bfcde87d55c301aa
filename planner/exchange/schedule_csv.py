"""Visits as CSV: one line per visit, ISO dates, line feeds as line ends, no byte order mark once encoded unless it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from planner.exchange.csv_table import csv_text
from planner.exchange.spreadsheets.cells import Cell, text_of
from planner.exchange.spreadsheets.safe_cell import safe_csv_line
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


def values(row: VisitRow) -> tuple[Cell, ...]:
    """The values of one visit, one for each of ``COLUMNS``; None for what is not known."""
    return (
        row.subject,
        row.visit,
        row.name,
        row.epoch,
        row.kind,
        row.number,
        row.study_day,
        row.anchor,
        row.nominal,
        row.earliest,
        row.latest,
        row.planned,
        row.effective,
        row.status,
        row.certainty,
        row.days_off,
        row.flags,
    )


def cells(row: VisitRow) -> tuple[str, ...]:
    """The values as texts to be looked at; a file for a spreadsheet program needs ``schedule_csv``, which guards them."""
    return tuple(map(text_of, values(row)))


def schedule_csv(rows: Iterable[VisitRow]) -> Iterator[str]:
    """The CSV text of ``rows`` with a header line, in pieces of some thousand lines."""
    yield from table_csv(COLUMNS, map(values, rows))


def table_csv(columns: Iterable[str], lines: Iterable[Iterable[Cell]]) -> Iterator[str]:
    """The CSV text of any table, in pieces: ``columns`` first, then ``lines``. No text in it is taken for a formula."""
    left = iter(lines)
    piece: list[Iterable[Cell]] = [columns]
    while piece:
        yield csv_text(map(safe_csv_line, piece))
        piece = list(islice(left, _LINES_AT_ONCE))


def with_byte_order_mark(pieces: Iterable[str]) -> Iterator[str]:
    """The same text with the mark before it by which Excel knows UTF-8; without it, Excel takes a CSV file to be in the local encoding."""
    yield "\ufeff"
    yield from pieces
