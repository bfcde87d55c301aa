"""Listings as a table, as CSV and as JSON: the same columns and rows in each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import get_args

from planner.commands.output import chosen_format, write_out
from planner.commands.records.options import ListFormat

Cell = str | int | date | datetime | time | bool | None | tuple[str, ...]

LIST_FORMATS: Sequence[str] = get_args(ListFormat)


@dataclass(frozen=True, slots=True)
class Listing:
    """Named columns and rows; ``empty`` is the sentence that a table shows where there are none."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    empty: str = "Nothing to list."


def show(listing: Listing, given_format: str | None, out: Path | None = None, heading: str = "") -> None:
    """Write a listing in the form asked for; a table gets its ``heading`` and leaves out columns without any content."""
    form = chosen_format(given_format, out, LIST_FORMATS)
    if form == "json":
        write_out(_json(listing), out)
    elif form == "csv":
        from planner.exchange.schedule_csv import table_csv

        write_out(table_csv(listing.columns, ([safe_text(cell) for cell in row] for row in listing.rows)), out)
    else:
        write_out([_table(listing, heading, to_terminal=out is None)], out)


def text_of(cell: Cell) -> str:
    """A cell as text: ISO dates, moments in UTC to the second, lists joined by ``;``, nothing for what is not known."""
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case datetime():
            return f"{cell:%Y-%m-%dT%H:%M:%SZ}"
        case date():
            return cell.isoformat()
        case time():
            return f"{cell:%H:%M}"
        case tuple():
            return ";".join(cell)
        case _:
            return str(cell)


def safe_text(cell: Cell) -> str:
    """A cell for a spreadsheet: a text that a spreadsheet would run as a formula gets an apostrophe before it."""
    text = text_of(cell)
    return f"'{text}" if isinstance(cell, str) and text[:1] in ("=", "+", "-", "@", "\t", "\r") and text else text


def _json(listing: Listing) -> Iterator[str]:
    yield "["
    between = "\n"
    for row in listing.rows:
        values = {column: _value(cell) for column, cell in zip(listing.columns, row, strict=True)}
        yield between + json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        between = ",\n"
    yield "\n]\n"


def _value(cell: Cell) -> object:
    if isinstance(cell, tuple):
        return list(cell)
    return cell if cell is None or isinstance(cell, bool | int | str) else text_of(cell)


def _table(listing: Listing, heading: str, *, to_terminal: bool) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from planner.commands.terminal import rendered

    head = [Text(heading, style="bold")] if heading else []
    if not listing.rows:
        return rendered(*head, Text(listing.empty), to_terminal=to_terminal)
    used = [index for index in range(len(listing.columns)) if any(text_of(row[index]) for row in listing.rows)]
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for index in used:
        table.add_column(listing.columns[index], overflow="fold")
    for row in listing.rows:
        table.add_row(*(Text(_shown(row[index])) for index in used))
    return rendered(*head, table, to_terminal=to_terminal)


def _shown(cell: Cell) -> str:
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return f"{cell:%a} {cell}"
    return f"{cell:%Y-%m-%d %H:%M} UTC" if isinstance(cell, datetime) else text_of(cell)


def rows_of(items: Iterable[object], columns: Sequence[str]) -> list[list[Cell]]:
    """The rows of frozen dataclasses whose attributes are the columns."""
    return [[getattr(item, column) for column in columns] for item in items]
