"""A sheet of a workbook (.xlsx) as texts: dates as YYYY-MM-DD, numbers as they would be typed, never a formula's or an error's value."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from planner.exchange.table import (
    LONGEST_CELL,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    Table,
    TableError,
    TableRow,
    fitted,
    require_header,
    too_many_cells,
    too_many_rows,
)
from planner.exchange.xlsx_guard import require_harmless
from planner.protocol.errors import nearest
from planner.protocol.said import said
from planner.records.imports.rows import CellFault

if TYPE_CHECKING:
    from openpyxl import Workbook  # type: ignore[import-untyped]

_LAST_LINE = 1_048_576
"""Of a sheet in Excel; a damaged file may name lines far beyond."""
_WIDEST = 1_000
"""Columns; empty ones count too, because each row takes room for all of them."""
_COPY = said("copy the columns that are wanted into a new workbook, and import that")


def xlsx_table(content: bytes, sheet: str = "") -> Table:
    """The table on a workbook's sheet of this name, or on its first one.

    Raises TableError for a file that is no plain workbook, is too large, or whose sheet has no header. Formulas, error values and times
    of day are no plain values: they are among the table's ``faults``.
    """
    require_harmless(content)
    with warnings.catch_warnings():
        # openpyxl warns of styles and validations that it passes over, which is nothing to the person who imports.
        warnings.simplefilter("ignore")
        try:
            return _table(content, sheet)
        except TableError:
            raise
        except Exception as error:
            # Whatever else a damaged part makes the reader raise: it documents no list.
            message = said("this workbook cannot be read; open it in a spreadsheet program and save it again as .xlsx")
            raise TableError(1, 1, message) from error


def _table(content: bytes, sheet: str) -> Table:
    from openpyxl import load_workbook

    workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        reader = _SheetReader()
        rows = reader.rows(_sheet(workbook, sheet))
        header = next(rows, None)
        if header is None:
            raise TableError(1, 1, said("the sheet is empty; its first row names the columns"))
        header = require_header(header)
        width = len(header.cells)
        return Table(header, tuple(TableRow(row.line, _padded(row.cells, width)) for row in rows), tuple(reader.faults))
    finally:
        workbook.close()


def _sheet(workbook: Workbook, name: str) -> Any:
    sheets = {sheet.title: sheet for sheet in workbook.worksheets}
    if not sheets:
        raise TableError(1, 1, said("this workbook has no sheet with cells"))
    if not name:
        return next(iter(sheets.values()))
    if name not in sheets:
        near = nearest(name, sheets)
        hint = said("did you mean {near}?", near=near) if near else said("there is {sheets}", sheets=tuple(list(sheets)[:8]))
        raise TableError(1, 1, said("there is no such sheet; {hint}", hint=hint))
    return sheets[name]


def _padded(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """A sheet does not say how long a row is: empty cells may stand at its end or not."""
    return fitted(cells, width) if len(cells) >= width else (*cells, *[""] * (width - len(cells)))


class _SheetReader:
    """Reads a sheet row by row, and keeps each text once, because dates and visits repeat."""

    def __init__(self) -> None:
        self.faults: list[CellFault] = []
        self._known: dict[str, str] = {}

    def rows(self, sheet: Any) -> Iterator[TableRow]:
        """The rows with any text or fault."""
        # What the sheet says of its own size may be wrong, and rows beyond would be lost.
        sheet.reset_dimensions()
        rows = cells_seen = 0
        for line, row in enumerate(sheet.iter_rows(max_row=_LAST_LINE), start=1):
            if len(row) > _WIDEST:
                raise TableError(line, len(row), said("the sheet has cells as far as column {count:,}; {copy}", count=len(row), copy=_COPY))
            texts = [None if cell.value is None else self._text(line, column, cell) for column, cell in enumerate(row, start=1)]
            used = len(texts)
            while used and texts[used - 1] is None:
                used -= 1
            if not used:
                continue
            rows, cells_seen = rows + 1, cells_seen + used
            if used > MOST_COLUMNS:
                raise TableError(line, used, said("the file has more than {most_columns} columns; split it", most_columns=MOST_COLUMNS))
            if rows > MOST_ROWS + 1:
                raise too_many_rows(line)
            if cells_seen > MOST_CELLS:
                raise too_many_cells(line)
            yield TableRow(line, tuple(text or "" for text in texts[:used]))

    def _text(self, line: int, column: int, cell: Any) -> str | None:
        """The text of a cell that is not empty: "" with a fault where it holds no plain value, None for white space alone."""
        value = cell.value
        fault = _fault(cell.data_type, value)
        if fault:
            self.faults.append(CellFault(line, column, fault))
            return ""
        text = _TEXTS.get(type(value), str)(value).strip()
        return self._known.setdefault(text, text) if text else None


def _fault(data_type: str, value: Any) -> str:
    """Why a value is not taken, or ""."""
    if data_type == "f":
        return said("this cell holds a formula; copy the cells and paste them as values, then save again")
    if data_type == "e":
        return said("this cell holds an error of the spreadsheet; give the value, or empty the cell")
    if isinstance(value, (time, timedelta)):
        return said("this cell holds a time of day, not a date; give the date as YYYY-MM-DD")
    if isinstance(value, datetime) and value.time() != time():
        return said("this cell holds a date with a time of day ({value:%Y-%m-%d %H:%M}); give the date alone, as YYYY-MM-DD", value=value)
    if isinstance(value, str) and len(value) > LONGEST_CELL:
        return said("this cell holds more than {longest_cell:,} characters; shorten it", longest_cell=LONGEST_CELL)
    return ""


def _number_text(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def _date_text(day: date) -> str:
    return f"{day:%Y-%m-%d}" if day.year >= 1000 else day.isoformat()[:10]


def _truth_text(truth: bool) -> str:
    return "TRUE" if truth else "FALSE"


_TEXTS: dict[type, Callable[[Any], str]] = {float: _number_text, bool: _truth_text, datetime: _date_text, date: _date_text}
