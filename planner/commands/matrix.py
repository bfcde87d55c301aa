"""``matrix``: the schedule of activities."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from planner.commands import options
from planner.commands.failures import command
from planner.commands.output import TABLE_FORMATS, chosen_format, require_csv_for_mark, write_out

if TYPE_CHECKING:
    from planner.exchange.activity_matrix import ActivityMatrix, VisitColumn


@command
def matrix(
    protocol: options.Protocol,
    format_: Annotated[
        options.TableFormat | None,
        typer.Option("--format", help="The form of the answer (a table on a terminal, else csv).", show_default=False),
    ] = None,
    out: options.Out = None,
    bom: options.Bom = False,
) -> None:
    """The schedule of activities: what is done at which visit, and when."""
    from planner.exchange.activity_matrix import activity_matrix
    from planner.protocol.library import load_protocol

    form = chosen_format(format_, out, TABLE_FORMATS)
    require_csv_for_mark(form, bom=bom)
    found = activity_matrix(load_protocol(protocol))
    if form == "table":
        write_out(_tables(found, to_terminal=out is None), out)
        return
    from planner.exchange.schedule_csv import table_csv, with_byte_order_mark

    header, *lines = _lines(found)
    pieces = table_csv(header, lines)
    write_out(with_byte_order_mark(pieces) if bom else pieces, out)


def _lines(found: ActivityMatrix) -> Iterator[tuple[str, ...]]:
    columns = found.columns
    yield ("activity", "label", *(column.visit for column in columns))
    yield ("", "name", *(column.name for column in columns))
    yield ("", "epoch", *(column.epoch for column in columns))
    yield ("", "timing", *(column.timing for column in columns))
    yield ("", "window", *(column.window for column in columns))
    yield ("", "when", *(column.when for column in columns))
    for index, (activity, label) in enumerate(found.activities):
        yield (activity, label, *(column.marks[index] for column in columns))


def _tables(found: ActivityMatrix, *, to_terminal: bool) -> Iterator[str]:
    """A table per epoch, then what the numbers in it stand for."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from planner.commands.terminal import rendered
    from planner.exchange.activity_matrix import ALWAYS

    for epoch, group in groupby(found.columns, key=lambda column: column.epoch):
        columns = list(group)
        notes: dict[str, int] = {}
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for heading in ("activity", *(column.visit for column in columns)):
            table.add_column(Text(heading))
        for index, (activity, _) in enumerate(found.activities):
            marks = [column.marks[index] for column in columns]
            if any(marks):
                shown = [mark if mark in ("", ALWAYS) else f"{ALWAYS} {notes.setdefault(mark, len(notes) + 1)}" for mark in marks]
                table.add_row(activity, *(Text(mark) for mark in shown))
        lines = [_visit(column) for column in columns] + [f"{ALWAYS} {number}: {mark}" for mark, number in notes.items()]
        yield rendered(Text(epoch, style="bold"), table, *(Text(line) for line in lines), to_terminal=to_terminal) + "\n"


def _visit(column: VisitColumn) -> str:
    parts = [f"{column.visit}: {column.name}, {column.timing}", column.window, column.when]
    return ", ".join(part for part in parts if part)
