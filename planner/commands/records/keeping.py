"""``backup``, ``restore``, ``export`` and ``audit``: everything kept safe, taken along, and proven."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.commands.failures import CallWrong, InputWrong, command
from planner.commands.output import tell
from planner.commands.records import options
from planner.commands.records.desk import caller, existing_records, open_records, records_as_they_are

if TYPE_CHECKING:
    from planner.records.store.database import Database

NewFile = Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.", show_default=False)]
Replace = Annotated[bool, typer.Option("--replace", help="Write over a file that is there.")]


@command
def backup(file: NewFile, replace: Replace = False, account: options.Account = None) -> None:
    """Copy the whole database, while others may write; prints the head to keep elsewhere."""
    from planner.records.proof.keeping import back_up, back_up_replacing

    who = caller(account)
    with existing_records() as database:
        head = (back_up_replacing if replace else back_up)(database, who, file)
    tell(f"Wrote {file}, head {head}")


@command
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup or an export.", show_default=False)],
) -> None:
    """Fill an empty database from a backup or an export; every hash is verified."""
    from planner.records.proof.restore import restore_all

    with open_records() as database:
        found = restore_all(database, file)
    tell(f"Restored {found.subjects} subjects, {found.facts} facts, {found.contents} texts, head {found.head}")


@command
def export(
    file: NewFile,
    anonymised: Annotated[
        bool, typer.Option("--anonymised", help="Without subject numbers, sites, accounts and notes, for a bug report.")
    ] = False,
    replace: Replace = False,
    account: options.Account = None,
) -> None:
    """Write everything as JSON lines, an open format that `restore` takes."""
    from planner.records.proof.keeping import export_anonymised, export_everything

    who = caller(account)
    _refuse_existing(file, replace)
    with existing_records() as database, database.reading() as connection, _writer(file, database) as write:
        head = (export_anonymised if anonymised else export_everything)(connection, who, write)
    tell(f"Wrote {file}, head {head}")


@command
def verify(
    head: Annotated[
        str | None,
        typer.Option("--head", metavar="HASH", help="A head that was printed earlier: the log must still hold it.", show_default=False),
    ] = None,
    account: options.Account = None,
) -> None:
    """Prove that no fact was changed, removed or reordered; with a kept head also that none was cut off the end."""
    from planner.records.proof.audit import HeadError
    from planner.records.proof.keeping import verify_log

    who = caller(account)
    with records_as_they_are() as database, database.reading() as connection:
        try:
            found = verify_log(connection, who, head)
        except HeadError as error:
            raise CallWrong([f"--head: {error}"]) from error
    if found.faults:
        raise InputWrong(
            [str(fault) for fault in found.faults], closing=f"Faults found by the audit: {len(found.faults)}, in {found.facts} facts."
        )
    tell(f"{found.facts} facts, nothing changed, removed or reordered. Head {found.head}")


@command
def audit_export(file: NewFile, replace: Replace = False, account: options.Account = None) -> None:
    """Write the log with its proof; docs/verify_audit.py verifies it without this software."""
    from planner.records.proof.keeping import export_audit

    who = caller(account)
    _refuse_existing(file, replace)
    with existing_records() as database, database.reading() as connection, _writer(file, database) as write:
        head = export_audit(connection, who, write)
    tell(f"Wrote {file}, head {head}")


def _refuse_existing(file: Path, replace: bool) -> None:
    if file.exists() and not replace:
        raise CallWrong([f"{file} is there already; give --replace to write over it"])


@contextmanager
def _writer(file: Path, database: Database) -> Iterator[Callable[[str], object]]:
    """Takes pieces of text to a file that appears whole or not at all, of its owner only: it holds what the database holds."""
    from planner.exchange.write_file import whole_private_file

    if database.is_at(file):
        raise InputWrong([f"{file} is the database itself. Name another file."])
    with whole_private_file(file) as opened:
        yield lambda text: opened.write(text.encode("utf-8"))
