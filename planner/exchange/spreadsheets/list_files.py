"""A list as a file to take along: CSV that spreadsheet programs know as UTF-8, or a workbook with a sheet for each site."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.exchange.schedule_csv import table_csv, with_byte_order_mark
from planner.exchange.spreadsheets.cells import rows_of
from planner.exchange.spreadsheets.site_sheets import site_sheets
from planner.exchange.spreadsheets.workbook import workbook_bytes


def list_csv(items: Iterable[object], columns: Sequence[str]) -> bytes:
    """The list as CSV with a byte order mark."""
    return "".join(with_byte_order_mark(table_csv(columns, rows_of(items, columns)))).encode()


def list_workbook(items: Iterable[object], columns: Sequence[str]) -> bytes:
    """The list as a workbook (.xlsx). Raises WorkbookError for more rows than a sheet can hold."""
    return workbook_bytes(site_sheets(columns, rows_of(items, columns)))
