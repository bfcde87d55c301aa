"""Listings as a table, as CSV, as a workbook and as JSON: the same columns and rows in each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import get_args

from planner.commands.output import chosen_format, require_csv_for_mark, write_out, write_workbook
from planner.commands.records.options import ListFormat
from planner.exchange.spreadsheets.cells import Cell, rows_of, text_of

__all__ = ["LIST_FORMATS", "Cell", "Listing", "rows_of", "show", "text_of"]

LIST_FORMATS: Sequence[str] = get_args(ListFormat)


@dataclass(frozen=True, slots=True)
class Listing:
    """Named columns and rows; ``empty`` is the sentence that a table shows where there are none."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    empty: str = "Nothing to list."


def show(listing: Listing, given_format: str | None, out: Path | None = None, heading: str = "", *, bom: bool = False) -> None:
    """Write a listing in the form asked for; a table gets its ``heading`` and leaves out columns without any content.

    ``bom``: with a byte order mark; raises CallWrong for another form than CSV.
    """
    form = chosen_format(given_format, out, LIST_FORMATS)
    require_csv_for_mark(form, bom=bom)
    if form == "json":
        write_out(_json(listing), out)
    elif form == "csv":
        from planner.exchange.schedule_csv import table_csv, with_byte_order_mark

        pieces = table_csv(listing.columns, listing.rows)
        write_out(with_byte_order_mark(pieces) if bom else pieces, out)
    elif form == "xlsx":
        from planner.exchange.spreadsheets.site_sheets import site_sheets
        from planner.exchange.spreadsheets.workbook import workbook_bytes

        write_workbook(workbook_bytes(site_sheets(listing.columns, listing.rows)), out)
    else:
        write_out([_table(listing, heading, to_terminal=out is None)], out)


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
    from planner.commands.terminal import width_for

    used = [index for index in range(len(listing.columns)) if any(text_of(row[index]) for row in listing.rows)]
    widest = [max(len(listing.columns[index]), *(len(_shown(row[index])) for row in listing.rows)) + 2 for index in used]
    if sum(widest) > width_for(to_terminal=to_terminal):
        return rendered(*head, *(Text(_in_a_line(listing.columns, row) + "\n") for row in listing.rows), to_terminal=to_terminal)
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for index in used:
        table.add_column(listing.columns[index], overflow="fold")
    for row in listing.rows:
        table.add_row(*(Text(_shown(row[index])) for index in used))
    return rendered(*head, table, to_terminal=to_terminal)


def _in_a_line(columns: Sequence[str], row: Sequence[Cell]) -> str:
    """A row of a list that is too wide for the terminal: what is known, each behind the name of its column."""
    return "; ".join(f"{column} {_shown(cell)}" for column, cell in zip(columns, row, strict=True) if _shown(cell))


def _shown(cell: Cell) -> str:
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return f"{cell:%a} {cell}"
    return f"{cell:%Y-%m-%d %H:%M} UTC" if isinstance(cell, datetime) else text_of(cell)
