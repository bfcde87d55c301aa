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


WORKBOOK = "xlsx"


def chosen_format(given: str | None, out: Path | None, formats: Sequence[str]) -> str:
    """The format asked for; else what the file's name ends in; else a table on a terminal and CSV elsewhere.

    Raises CallWrong for a name that ends in none of ``formats``, and for a workbook on a terminal.
    """
    if given == WORKBOOK and out is None and sys.stdout.isatty():
        raise CallWrong(["--format xlsx: a terminal cannot show a workbook; give --out FILE.xlsx, or lead the output to a file or program"])
    if given == WORKBOOK and out is not None and out.suffix.lower() in (".csv", ".json", ".ics"):
        raise CallWrong([f"--out {out}: a workbook is asked for, and the name says {out.suffix}; let it end in .xlsx"])
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


def require_csv_for_mark(form: str, *, bom: bool) -> None:
    """Raise CallWrong where a byte order mark is asked for in anything but CSV."""
    if bom and form != "csv":
        raise CallWrong([f"--bom is about CSV, and this is {form}; give --format csv too, or leave --bom out"])


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


def write_workbook(content: bytes, out: Path | None) -> None:
    """Write the bytes of a workbook; raises as ``write_out`` does."""
    if out is not None:
        from planner.exchange.write_file import write_file

        write_file(out, content)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def tell(message: str) -> None:
    """One line on standard output; characters that could steer a terminal are shown as ``?``."""
    print("".join(character if character.isprintable() else "?" for character in message))
