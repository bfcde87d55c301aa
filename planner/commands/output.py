"""Where answers go: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

_FORMAT_OF_SUFFIX = {".csv": "csv", ".json": "json", ".ics": "ics"}


def chosen_format(given: str | None, out: Path | None) -> str:
    """The format asked for; else what the file's name says; else a table on a terminal and CSV elsewhere."""
    if given is not None:
        return given
    if out is not None:
        return _FORMAT_OF_SUFFIX.get(out.suffix.lower(), "csv")
    return "table" if sys.stdout.isatty() else "csv"


def is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file, by whatever name; of files that are not there yet, whether they would."""
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        # Not there, or a name that no file can have: only the paths themselves can be compared.
        return os.path.abspath(one) == os.path.abspath(other)


def write_out(pieces: Iterable[str], out: Path | None) -> None:
    """Write UTF-8 text; raises WriteError, or BrokenPipeError where the reader of standard output is gone."""
    if out is not None:
        from planner.exchange.write_file import write_file

        write_file(out, "".join(pieces).encode("utf-8"))
        return
    sys.stdout.flush()
    for piece in pieces:
        sys.stdout.buffer.write(piece.encode("utf-8"))
    sys.stdout.buffer.flush()
