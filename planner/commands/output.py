"""Where answers go: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import get_args

from planner.commands.failures import CallWrong
from planner.commands.options import ScheduleFormat, TableFormat

SCHEDULE_FORMATS: Sequence[str] = get_args(ScheduleFormat)
TABLE_FORMATS: Sequence[str] = get_args(TableFormat)


def chosen_format(given: str | None, out: Path | None, formats: Sequence[str]) -> str:
    """The format asked for; else what the file's name ends in; else a table on a terminal and CSV elsewhere.

    Raises CallWrong for a name that ends in none of ``formats``.
    """
    if given is not None:
        return given
    if out is not None and out.suffix:
        named = out.suffix.lower().removeprefix(".")
        endings = [form for form in formats if form != "table"]
        if named not in endings:
            shown = " or ".join(f".{form}" for form in endings)
            raise CallWrong([f"--out {out}: {out.suffix} is not written here; let the name end in {shown}, or give --format too"])
        return named
    if out is not None:
        return "csv"
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


def tell(message: str) -> None:
    """One line on standard output; characters that could steer a terminal are shown as ``?``."""
    print("".join(character if character.isprintable() else "?" for character in message))
