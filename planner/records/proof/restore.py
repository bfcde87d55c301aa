"""Everything in again: an export or a backup into an empty database, all of it or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, create_engine, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from planner.protocol.said import said
from planner.protocol.said_lists import enumerated
from planner.records.proof.archive import export_lines
from planner.records.proof.archive_reader import ArchiveError, ArchiveReader
from planner.records.proof.audit import verify
from planner.records.proof.fact_lines import UnreadableLogError
from planner.records.store.database import Database
from planner.records.store.schema import SCHEMA_VERSION, VERSION_TABLE, contents, facts, metadata, subjects

__all__ = ["ArchiveError", "Restored", "restore_all"]

LONGEST_LINE = 16 * 2**20
"""Bytes. No line of an export is near; a file without lines must not fill the memory."""
_SQLITE_BEGINS = b"SQLite format 3\x00"
_ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored; ``head`` is to be compared with the one printed when the copy was made."""

    contents: int
    subjects: int
    facts: int
    head: str


def restore_all(database: Database, source: Path) -> Restored:
    """Fill an empty database from an export (``archive``, or a backup of PostgreSQL) or from a backup that is an SQLite file.

    Every hash is verified on the way. Raises ArchiveError (with the line) and leaves the database empty, where anything is wrong with
    the source or where the database holds something already; DatabaseError where it cannot be written.
    """
    try:
        with source.open("rb") as file:
            begin = file.read(len(_SQLITE_BEGINS))
            if begin != _SQLITE_BEGINS:
                file.seek(0)
                return _fill(database, source.name, _lines(file, source.name))
    except OSError as error:
        raise ArchiveError(
            said("{source} cannot be read: {strerror}. Nothing was restored.", source=str(source), strerror=error.strerror)
        ) from error
    with _backup_file(source) as connection:
        return _fill(database, source.name, (line.encode("ascii") for line in export_lines(connection)))


def _fill(database: Database, name: str, lines: Iterable[bytes]) -> Restored:
    reader = ArchiveReader(name)
    with database.writing() as connection:
        _require_empty(connection)
        waiting: list[dict[str, Any]] = []
        table = ""
        for into, row in reader.rows(lines):
            if into != table or len(waiting) >= _ROWS_AT_ONCE:
                _insert(connection, table, waiting)
                table, waiting = into, []
            waiting.append(row)
        _insert(connection, table, waiting)
    return Restored(**reader.counts, head=reader.head)


def _insert(connection: Connection, table: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(metadata.tables[table]), rows)


def _require_empty(connection: Connection) -> None:
    count_facts = connection.execute(select(func.count()).select_from(facts)).scalar_one()
    count_subjects = connection.execute(select(func.count()).select_from(subjects).where(subjects.c.id != 0)).scalar_one()
    count_contents = connection.execute(select(func.count()).select_from(contents)).scalar_one()
    held = (
        (count_facts, said("{count} facts", count=count_facts)),
        (count_subjects, said("{count} subjects", count=count_subjects)),
        (count_contents, said("{count} protocols and calendars", count=count_contents)),
    )
    there = enumerated(words for count, words in held if count)
    if there:
        raise ArchiveError(
            said("The database holds {there} already. Restore into an empty one: name a new one. Nothing was restored.", there=there)
        )


def _lines(file: Any, name: str) -> Iterator[bytes]:
    for number in range(1, 2**62):
        line: bytes = file.readline(LONGEST_LINE + 1)
        if not line:
            return
        if len(line) > LONGEST_LINE:
            raise ArchiveError(
                said(
                    "{name}: line {number} has more than {longest_line} bytes: this is no export. Nothing was restored.",
                    name=name,
                    number=number,
                    longest_line=LONGEST_LINE,
                )
            )
        yield line


# --- a backup that is an SQLite file ------------------------------------------------------------------------------


@contextmanager
def _backup_file(source: Path) -> Iterator[Connection]:
    """The backup, opened for reading only and found sound. Raises ArchiveError."""
    address = f"file:{quote(str(source.resolve()))}?mode=ro"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True, isolation_level=None), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            _require_sound(connection, source.name)
            yield connection
    except (SQLAlchemyError, UnreadableLogError) as error:
        told = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise ArchiveError(said("{source} cannot be read: {strerror}. Nothing was restored.", source=source.name, strerror=told)) from error
    finally:
        engine.dispose()


def _require_sound(connection: Connection, name: str) -> None:
    try:
        version = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    except SQLAlchemyError:
        version = None
    if version != SCHEMA_VERSION:
        raise ArchiveError(
            said(
                "{name} has no tables of this planner (schema {version}, not {schema_version}). If it is a backup of an "
                "older planner, open a copy of it as the database, which brings it up to date. Nothing was restored.",
                name=name,
                version=version,
                schema_version=SCHEMA_VERSION,
            )
        )
    if faults := verify(connection).faults:
        raise ArchiveError(
            said(
                "{name} is damaged, {count} faults, the first: {faults} Nothing was restored.",
                name=name,
                count=len(faults),
                faults=str(faults[0]),
            )
        )
