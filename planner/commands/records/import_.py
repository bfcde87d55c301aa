"""``import subjects`` and ``import dates``: files from elsewhere, with a report first, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from planner.commands.failures import InputWrong, command
from planner.commands.inputs import read_bytes
from planner.commands.options import Bom, Out
from planner.commands.output import tell
from planner.commands.records import options
from planner.commands.records.desk import caller, existing_records
from planner.commands.records.listing import Cell, Listing, show

if TYPE_CHECKING:
    from planner.exchange.table import Table
    from planner.records.caller import Caller
    from planner.records.imports.plan import ImportPlan, PlannedRow
    from planner.records.store.database import Database

COLUMNS = ("line", "subject", "what", "state", "faults", "study")
Rows = TypeVar("Rows")
MOST_BYTES = 16 * 2**20
MOST_TOLD = 20
"""Subjects of whom a dry run says what becomes of their visits, the worst first."""

File = Annotated[Path, typer.Argument(metavar="FILE", help="A CSV (UTF-8) or XLSX file.", show_default=False)]
Sheet = Annotated[
    str, typer.Option("--sheet", metavar="NAME", help="Of an XLSX file: this sheet instead of the first.", show_default=False)
]


@command
def subjects(
    file: File,
    protocol: Annotated[
        str, typer.Option("--protocol", metavar="PROTOCOL", help="A name in protocols/, or the path of a file.", show_default=False)
    ],
    sheet: Sheet = "",
    dry_run: options.DryRun = False,
    format_: options.Format = None,
    out: Out = None,
    bom: Bom = False,
    account: options.Account = None,
) -> None:
    """Enrol the subjects of a file, one row each, with what has happened to them."""
    from planner.exchange.import_file import read_subjects
    from planner.protocol.compile import compile_plan
    from planner.protocol.library import protocol_path, protocol_text
    from planner.protocol.read import read_protocol
    from planner.records.imports.subjects import plan_subjects

    who = caller(account)
    path = protocol_path(protocol)
    text = protocol_text(path)
    plan = compile_plan(read_protocol(text, str(path)))
    rows = _read(file, lambda: read_subjects(_table(file, sheet), plan))
    with existing_records() as database:
        with database.reading() as connection:
            planned = plan_subjects(connection, who, rows, text)
        _finish(database, who, planned, file, dry_run, format_, out, bom=bom)


@command
def dates(
    file: File,
    study: Annotated[str, typer.Option("--study", metavar="CODE", help="The study of rows that name none.", show_default=False)] = "",
    sheet: Sheet = "",
    dry_run: options.DryRun = False,
    format_: options.Format = None,
    out: Out = None,
    bom: Bom = False,
    account: options.Account = None,
) -> None:
    """Record the visits of a file: columns subject, visit, date; also study, status (done or missed) and reason."""
    from planner.exchange.import_file import read_dates
    from planner.records.imports.dates import plan_dates

    who = caller(account)
    rows = _read(file, lambda: read_dates(_table(file, sheet)))
    with existing_records() as database:
        with database.reading() as connection:
            plan = plan_dates(connection, who, rows, study)
        _finish(database, who, plan, file, dry_run, format_, out, bom=bom)


def _read(file: Path, read: Callable[[], Rows]) -> Rows:
    """What ``read`` gives; a header that cannot be used is said with its places."""
    from planner.exchange.import_file import ImportFileError

    try:
        return read()
    except ImportFileError as error:
        raise InputWrong([f"{file}:{fault.line}:{fault.column}: {fault.message}" for fault in error.faults]) from None


def _table(file: Path, sheet: str) -> Table:
    from planner.exchange.table import TableError
    from planner.exchange.table_file import read_table

    try:
        return read_table(read_bytes(file, MOST_BYTES), sheet)
    except TableError as error:
        raise InputWrong([f"{file}:{error.fault.line}:{error.fault.column}: {error}"]) from None


def _finish(
    database: Database,
    who: Caller,
    plan: ImportPlan,
    file: Path,
    dry_run: bool,
    format_: options.ListFormat | None,
    out: Path | None,
    *,
    bom: bool,
) -> None:
    """Show the report, then write unless a row is refused or this is a dry run."""
    from planner.records.imports.plan import RowState, carry_out

    rows: list[list[Cell]] = [
        [row.line, row.subject.rpartition("/")[2], row.what, str(row.state), _why(row), row.subject.rpartition("/")[0]] for row in plan.rows
    ]
    counts = ", ".join(f"{count} {state}" for state, count in plan.counts.items())
    show(Listing(COLUMNS, rows, "The file has no rows."), format_, out, heading=f"{file.name}: {counts}", bom=bom)
    if plan.counts[RowState.REFUSED]:
        where = [f"{file}:{fault.line}:{fault.column}: {fault.message}" for fault in plan.faults]
        raise InputWrong(where, closing=f"{counts}. Nothing was written: mend these rows and import the file again.")
    if dry_run:
        _tell_effects(database, who, plan)
        tell("Nothing was written (--dry-run).")
        return
    with database.writing() as connection:
        written = carry_out(connection, who, plan)
    tell(f"Saved {len(written)} facts: {counts}.")


def _tell_effects(database: Database, who: Caller, plan: ImportPlan) -> None:
    """What becomes of the visits of subjects who are enrolled, the worst first."""
    from planner.records.imports.effects import import_effects

    with database.reading() as connection:
        lines = import_effects(connection, who, plan)
    for line in lines[:MOST_TOLD]:
        furthest = f", the furthest by {line.furthest:+d} days" if line.furthest else ""
        tell(f"{line.subject}: {line.changed} visits change, {line.moved} of them move{furthest}; warnings: {line.warnings}.")
    if len(lines) > MOST_TOLD:
        tell(f"{len(lines) - MOST_TOLD} more subjects see visits change.")


def _why(row: PlannedRow) -> str:
    return "; ".join(f"column {fault.column}: {fault.message}" for fault in row.faults)
