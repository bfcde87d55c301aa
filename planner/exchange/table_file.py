"""A table from a file that somebody's program wrote: CSV or XLSX, told apart by what it holds, not by its name."""

from __future__ import annotations

from planner.exchange.csv_table import DELIMITERS, CsvError, CsvRow, csv_table
from planner.exchange.table import (
    LONGEST_CELL,
    MOST_CELLS,
    MOST_ROWS,
    Table,
    TableError,
    TableRow,
    fitted,
    require_header,
    too_many_cells,
    too_many_rows,
)
from planner.exchange.xlsx_guard import MOST_BYTES
from planner.exchange.xlsx_table import xlsx_table
from planner.protocol.said import said

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_OTHERS = {
    b"%PDF": said("a PDF"),
    b"\x89PNG": said("a picture"),
    b"\xff\xd8\xff": said("a picture"),
    b"{\\rtf": said("a text document"),
    b"<": said("a web page or XML"),
}


def read_table(content: bytes, sheet: str = "") -> Table:
    """The table in a file's bytes, of an XLSX file that on the sheet of this name (its first where none is given).

    At most 200,000 rows, 200 columns, 1,000,000 cells and 16 MB are read. Raises TableError.
    """
    if content.startswith(_ZIP):
        return xlsx_table(content, sheet)
    if content.startswith(_OLD_OFFICE):
        if _ENCRYPTED_PACKAGE in content:
            raise TableError(1, 1, said("this workbook is protected with a password; save it without one"))
        raise TableError(1, 1, said("this is an old Excel workbook (.xls); save it as .xlsx or as CSV UTF-8"))
    for mark, what in _OTHERS.items():
        if content.lstrip().startswith(mark):
            raise TableError(1, 1, said("this is {what}, not a table; give a CSV (UTF-8) or XLSX file", what=what))
    if sheet:
        raise TableError(1, 1, said("a sheet is named, but this is a CSV file, which has only one; leave the sheet's name out"))
    return _from_csv(content)


def _from_csv(content: bytes) -> Table:
    if len(content) > MOST_BYTES:
        raise TableError(
            1, 1, said("this file is larger than {most_bytes} MB; split it, if it is the right one", most_bytes=MOST_BYTES // 1024**2)
        )
    # Before anything is cut apart: a file of nothing but commas would take a hundred times its size.
    if max(content.count(mark.encode()) for mark in DELIMITERS) + content.count(b"\n") > MOST_CELLS:
        raise too_many_cells(1)
    try:
        table = csv_table(content)
    except CsvError as error:
        raise TableError(error.line, 1, str(error)) from None
    if len(table.rows) > MOST_ROWS:
        raise too_many_rows(table.rows[MOST_ROWS].line)
    known: dict[str, str] = {}
    header = require_header(_row(table.header, known))
    width = len(header.cells)
    rows = (_row(row, known) for row in table.rows)
    return Table(header, tuple(TableRow(row.line, fitted(row.cells, width)) for row in rows))


def _row(row: CsvRow, known: dict[str, str]) -> TableRow:
    """The row with the white space around its texts gone, and each text kept once, because dates and visits repeat."""
    cells = [cell.strip() for cell in row.cells]
    for column, cell in enumerate(cells, start=1):
        if len(cell) > LONGEST_CELL:
            raise TableError(
                row.line, column, said("this cell holds more than {longest_cell:,} characters; shorten it", longest_cell=LONGEST_CELL)
            )
    return TableRow(row.line, tuple(known.setdefault(cell, cell) for cell in cells))
