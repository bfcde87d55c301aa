"""Names of sheets that every spreadsheet program takes."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST_NAME = 31
"""UTF-16 code units, as Excel counts: a character beyond U+FFFF is two."""

_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TAKEN_BY_EXCEL = ("history",)
_NAMELESS = "sheet"


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """A legal name for each that is wanted, in order, no two alike whatever their case; one that is legal already stays as it is."""
    names: list[str] = []
    taken = set(_TAKEN_BY_EXCEL)
    for text in wanted:
        name = _unlike(_legal(text), taken)
        taken.add(name.casefold())
        names.append(name)
    return names


def _legal(text: str) -> str:
    """Without what no name may hold, and without the apostrophes at its ends by which Excel quotes names."""
    replaced = _NOT_IN_NAMES.sub("_", text).strip()
    return _cut(replaced.strip("' "), LONGEST_NAME).rstrip("' ") or _NAMELESS


def _unlike(name: str, taken: set[str]) -> str:
    """The name, with a number behind it where it is taken."""
    found, number = name, 1
    while found.casefold() in taken:
        number += 1
        mark = f" ({number})"
        found = _cut(name, LONGEST_NAME - len(mark)).rstrip("' ") + mark
    return found


def _cut(text: str, units: int) -> str:
    """As much of a text as fits into so many UTF-16 code units, no character cut in half."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", errors="ignore")
