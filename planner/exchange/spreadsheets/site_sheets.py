"""A list of what is going on at several sites, as the sheets of one workbook.

The first sheet, ``all``, has every row: a filter, a pivot table and a program that reads the file need one table. Each site then has a
sheet with its own rows, so that a coordinator opens theirs and works there. Whose rows are in the list at all is settled before, by what
the caller may read. Lists that are not of subjects at sites (of the sites themselves, of people and their roles) have the first sheet only.
"""

from __future__ import annotations

from collections.abc import Sequence

from planner.exchange.spreadsheets.cells import Cell, text_of
from planner.exchange.spreadsheets.workbook import Sheet

ALL = "all"
_SUBJECT, _SITE = "subject", "site"


def site_sheets(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[Sheet]:
    """The sheet with all rows, then one for each site by name, rows in the order given."""
    sheets = [Sheet(ALL, columns, rows)]
    if _SUBJECT in columns and _SITE in columns:
        place = columns.index(_SITE)
        rows_of: dict[str, list[Sequence[Cell]]] = {}
        for row in rows:
            rows_of.setdefault(text_of(row[place]), []).append(row)
        sheets += [Sheet(site, columns, rows_of[site]) for site in sorted(rows_of)]
    return sheets
