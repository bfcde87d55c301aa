"""Texts that a spreadsheet program must not run: the one guard of every CSV file that leaves the planner.

CSV has no types, so a program that opens it takes any cell that begins like a formula for one. An apostrophe before the text is the one
mark that Excel, LibreOffice and Google Sheets all take for "this is text"; it stays visible, and it stays in the file when the sheet is
saved as CSV again. A workbook needs no such mark: there a cell says itself that it is a text (planner.exchange.spreadsheets.sheet_cells).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from planner.exchange.spreadsheets.cells import Cell, text_of

FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
"""Characters with which a formula begins, or behind which a program looks for one; the wide ones count where Chinese is typed."""

_INSIDE = re.compile(r"([;\t\r\n][\s\"']*)(?=[=+\-@＝＋－＠])")
"""Where a cell begins for a program whose separator is the semicolon or the tab, as Excel's is in many countries."""

_WRITTEN_ALIKE = frozenset({int, date, type(None)})


def begins_formula(text: str) -> bool:
    """Whether a spreadsheet program may take a text for a formula."""
    return text[:1] in FORMULA_STARTS


def safe_text(text: str) -> str:
    """A text for CSV: with an apostrophe before it where it begins like a formula, and inside where another separator would cut it."""
    inside = _INSIDE.sub(r"\1'", text)
    return f"'{inside}" if text[:1] in FORMULA_STARTS else inside


def safe_csv_cell(cell: Cell) -> str:
    """A cell for CSV. Only texts are guarded: a number such as -3 and a day are written as they are, since they can run nothing."""
    return safe_text(text_of(cell)) if isinstance(cell, str | tuple) else text_of(cell)


def safe_csv_line(cells: Iterable[Cell]) -> list[str | int | date | None]:
    """The cells of a line, each as ``safe_csv_cell`` has it or as a value that Python's writer of CSV writes in the same way."""
    return [
        cell if type(cell) in _WRITTEN_ALIKE or (type(cell) is str and _is_harmless(cell)) else safe_csv_cell(cell)  # type: ignore[misc]
        for cell in cells
    ]


def _is_harmless(text: str) -> bool:
    return text[:1] not in FORMULA_STARTS and _INSIDE.search(text) is None
