"""A table of texts, whatever file it was read from, and what a file can be refused for."""

from __future__ import annotations

from dataclasses import dataclass

from planner.protocol.said import said
from planner.records.imports.rows import CellFault

MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_CELLS = 1_000_000
LONGEST_CELL = 32_767
"""Characters; what a spreadsheet program takes."""


class TableError(ValueError):
    """A file that is no usable table; ``fault`` says where (line and column from 1) and why."""

    def __init__(self, line: int, column: int, message: str) -> None:
        """Keep the place beside the message."""
        self.fault = CellFault(line, column, message)
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class TableRow:
    """The cells of one row as texts, without white space around them, and the line of the file or sheet on which it begins."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A header and rows; rows without any text are left out, as are columns without a name and any text at the right end."""

    header: TableRow
    rows: tuple[TableRow, ...]
    faults: tuple[CellFault, ...] = ()
    """Cells of a sheet that hold no plain value, such as formulas; their text is ""."""


def require_header(header: TableRow) -> TableRow:
    """``header`` itself without empty cells at its end; raises TableError for one that is too wide."""
    width = max((number for number, cell in enumerate(header.cells, start=1) if cell), default=0)
    if width > MOST_COLUMNS:
        raise TableError(
            header.line,
            MOST_COLUMNS + 1,
            said("the file has {width} columns; at most {most_columns} are read. Split it", width=width, most_columns=MOST_COLUMNS),
        )
    return TableRow(header.line, header.cells[:width])


def fitted(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """``cells`` without empty ones beyond ``width``; those with text stay, so that they can be told."""
    used = len(cells)
    while used > width and not cells[used - 1]:
        used -= 1
    return cells[:used]


def too_many_rows(line: int) -> TableError:
    """What to say of a row beyond the last that is read."""
    return TableError(line, 1, said("the file has more than {most_rows:,} rows; split it", most_rows=MOST_ROWS))


def too_many_cells(line: int) -> TableError:
    """What to say of a cell beyond the last that is read."""
    return TableError(line, 1, said("the file has more than {most_cells:,} cells; split it", most_cells=MOST_CELLS))
