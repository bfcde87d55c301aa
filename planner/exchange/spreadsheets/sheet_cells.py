"""Cells of a workbook: each kind of value as the type and with the number format that a spreadsheet program needs.

Texts are typed as texts, so that none is run, whatever it begins with, and reads back without any mark added to it. Two formats keep it so
when somebody edits the cell: ``@`` (text) on all of them, so that a visit called ``MAR1`` or ``1-2`` never becomes a date, and Excel's
"quote prefix" on those that begin like a formula, by which it shows the apostrophe that a person would have typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from planner.exchange.spreadsheets.cells import Cell, text_of
from planner.exchange.spreadsheets.safe_cell import begins_formula

LONGEST_TEXT = 32_767
"""UTF-16 code units in a cell; a spreadsheet program calls a file with more damaged."""

DATE_FORMAT = "yyyy-mm-dd"
TIME_FORMAT = "hh:mm"
MOMENT_FORMAT = 'yyyy-mm-dd hh:mm:ss" UTC"'
TEXT_FORMAT = "@"

_FIRST_TRUE_DAY = date(1900, 3, 1)
"""Excel counts a 1900-02-29 that never was, so serial numbers of days before this one mean different days in different programs."""
_DAY_ZERO = date(1899, 12, 30).toordinal()
_SECONDS_A_DAY = 86_400
_MOST_EXACT = 10**15
"""Numbers are kept with 15 digits."""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_CUT = " … (cut)"


class CellMaker:
    """Makes the cells of one sheet. A cell is used anew for each value of its kind: it has to be written before the next is asked for."""

    def __init__(self, sheet: Any) -> None:
        """Make cells of this sheet of openpyxl's."""
        from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
        from openpyxl.styles import Font, PatternFill  # type: ignore[import-untyped]

        def cell(number_format: str) -> Any:
            made = WriteOnlyCell(sheet)
            made.number_format = number_format
            return made

        self._text, self._quoted = cell(TEXT_FORMAT), cell(TEXT_FORMAT)
        self._quoted.quotePrefix = True
        self._heading = cell(TEXT_FORMAT)
        self._heading.font = Font(name="Calibri", sz=11, bold=True)
        self._heading.fill = PatternFill("solid", fgColor="FFE7ECF2")
        self._day, self._time, self._moment = cell(DATE_FORMAT), cell(TIME_FORMAT), cell(MOMENT_FORMAT)

    def headings(self, names: Sequence[str]) -> Iterator[Any]:
        """The cells of the header."""
        for name in names:
            yield _filled(self._heading, name)

    def row(self, cells: Sequence[Cell]) -> Iterator[Any]:
        """The cells of one row; None for an empty one."""
        for cell in cells:
            yield self._cell(cell)

    def _cell(self, cell: Cell) -> Any:
        match cell:
            case None | "" | ():
                return None
            case bool() | str() | tuple():
                return self._of_text(text_of(cell))
            case int():
                return cell if abs(cell) < _MOST_EXACT else self._of_text(str(cell))
            case datetime():
                moment = cell.astimezone(UTC) if cell.tzinfo is not None else cell
                if moment.date() < _FIRST_TRUE_DAY:
                    return self._of_text(text_of(moment))
                self._moment.value = _day_number(moment) + _seconds(moment.time()) / _SECONDS_A_DAY
                return self._moment
            case date():
                if cell < _FIRST_TRUE_DAY:
                    return self._of_text(text_of(cell))
                self._day.value = _day_number(cell)
                return self._day
            case time():
                self._time.value = _seconds(cell) / _SECONDS_A_DAY
                return self._time

    def _of_text(self, text: str) -> Any:
        return _filled(self._quoted if begins_formula(text) else self._text, text)


def storable(text: str) -> str:
    """A text as a cell can hold it.

    A control character becomes the picture of itself (``␀``), other characters that XML has not become ``�``, and a text too long for a
    cell is cut and says so. An underscore that would begin an escaped character (``_x0041_`` is read as ``A``) is escaped itself.
    """
    kept = _NOT_IN_XML.sub(_pictured, text)
    if len(kept) * 2 > LONGEST_TEXT:
        kept = _cut(kept)
    return _LOOKS_ESCAPED.sub("_x005F_", kept)


def _filled(cell: Any, text: str) -> Any:
    """The cell with this text, typed as a text: openpyxl itself would take ``=1`` for a formula and ``#N/A`` for an error."""
    cell.value = storable(text)
    cell.data_type = "s"
    return cell


def _pictured(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"


def _cut(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_TEXT:
        return text
    return units[: 2 * (LONGEST_TEXT - len(_CUT))].decode("utf-16-le", errors="ignore") + _CUT


def _day_number(day: date) -> int:
    """As spreadsheets count: 1 is 1899-12-31."""
    return day.toordinal() - _DAY_ZERO


def _seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second
