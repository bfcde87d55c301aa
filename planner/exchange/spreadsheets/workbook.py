"""Workbooks (.xlsx): lists as sheets with real dates, a header that stays, and filters; the same lists give the same bytes."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from planner.exchange.spreadsheets.cells import Cell, text_of
from planner.exchange.spreadsheets.sheet_names import sheet_names
from planner.records.errors import RecordsError

MOST_ROWS = 1_048_575
"""Below the header of a sheet."""

_ROWS_LOOKED_AT = 2_000
"""How many rows of a sheet settle how wide its columns are: a sheet says so before its first row."""
_NARROWEST, _WIDEST = 6, 60
_ROOM_FOR_FILTER = 3
_WIDE = ("W", "F")


class WorkbookError(RecordsError):
    """A list that no workbook can hold; the text says why and what would be right."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list and the name that its sheet should have; one that Excel does not take is mended. Rows are read once, one by one."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def workbook_bytes(sheets: Sequence[Sheet]) -> bytes:
    """A workbook with these sheets, at least one, in order.

    Days are real dates, moments are in UTC, and no text is a formula. Nothing says who made the workbook, when or where. Raises
    WorkbookError for a sheet with more rows than a sheet can hold.
    """
    from openpyxl import Workbook  # type: ignore[import-untyped]
    from openpyxl.writer.excel import ExcelWriter  # type: ignore[import-untyped]

    from planner.exchange.spreadsheets.archive import TimelessArchive

    workbook = Workbook(write_only=True)
    # There is nothing to work out; otherwise Excel asks everybody who only looked whether to save the changes.
    workbook.calculation.fullCalcOnLoad = False
    file = io.BytesIO()
    try:
        for sheet, name in zip(sheets, sheet_names(sheet.name for sheet in sheets), strict=True):
            _fill(workbook.create_sheet(name), sheet)
        ExcelWriter(workbook, TimelessArchive(file, "w", allowZip64=True)).save()
    except BaseException:
        _discard(workbook)
        raise
    return file.getvalue()


def _discard(workbook: Any) -> None:
    """Remove the files in which openpyxl gathers the rows of each sheet: by itself it would keep them until the process ends."""
    for made in workbook.worksheets:
        writer = made._writer
        if writer is not None and Path(writer.out).exists():
            made._rows.close()
            writer.close()
            writer.cleanup()


def _fill(made: Any, sheet: Sheet) -> None:
    """Write the header and all rows into an empty sheet of openpyxl's."""
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

    from planner.exchange.spreadsheets.sheet_cells import CellMaker

    left = iter(sheet.rows)
    first = list(islice(left, _ROWS_LOOKED_AT))
    for number, width in enumerate(_widths(sheet.columns, first), start=1):
        made.column_dimensions[get_column_letter(number)].width = width
    made.freeze_panes = "A2"
    _lay_out_for_paper(made)
    maker = CellMaker(made)
    made.append(maker.headings(sheet.columns))
    lines = 1
    for row in chain(first, left):
        lines += 1
        if lines > MOST_ROWS + 1:
            raise WorkbookError(f"A sheet holds at most {MOST_ROWS:,} rows, and this list has more. Write csv, or list less at a time.")
        made.append(maker.row(row))
    made.auto_filter.ref = f"A1:{get_column_letter(max(len(sheet.columns), 1))}{lines}"


def _lay_out_for_paper(made: Any) -> None:
    """All columns on one page across, and the header on every page."""
    made.page_setup.orientation = "landscape"
    made.sheet_properties.pageSetUpPr.fitToPage = True
    made.page_setup.fitToWidth, made.page_setup.fitToHeight = 1, 0
    made.print_title_rows = "1:1"


def _widths(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[int]:
    """How wide each column is, in characters."""
    widths = [_room(name) + _ROOM_FOR_FILTER for name in columns]
    for row in rows:
        for index, cell in enumerate(row):
            widths[index] = max(widths[index], _room(text_of(cell)) + 1)
    return [min(max(width, _NARROWEST), _WIDEST) for width in widths]


def _room(text: str) -> int:
    """The characters that a text takes; one that Chinese, Japanese or Korean is written with takes the room of two."""
    shown = text[:_WIDEST]
    return len(shown) if shown.isascii() else sum(1 + (unicodedata.east_asian_width(character) in _WIDE) for character in shown)
