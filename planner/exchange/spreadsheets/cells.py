"""What a cell of a list can hold, and how it is written as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

Cell = str | int | date | datetime | time | bool | None | tuple[str, ...]
"""A text, a number, a day, a moment (UTC), a local time of day, yes or no, nothing, or a list of texts."""


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


def rows_of(items: Iterable[object], columns: Sequence[str]) -> list[list[Cell]]:
    """The rows of frozen dataclasses whose attributes are the columns."""
    return [[getattr(item, column) for column in columns] for item in items]
