"""Rows exactly as the database file or server gives them, damaged ones included: what an audit reads.

The rest of the planner trusts the types of its columns. SQLite keeps any type in any column, and a damaged file may hold anything, so
here a value may be an int, float, text, bytes or None wherever it stands; a text that is not UTF-8 holds lone surrogates in place of its
wrong bytes, which no sound text does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from planner.protocol.said import said
from planner.records.store.schema import facts

RawRow = tuple[Any, ...]

FACT_COLUMNS = tuple(column.name for column in facts.columns)
"""The columns of a fact's raw row, in order."""

_ROWS_AT_ONCE = 2000
_FARTHEST = 10_000
"""How many positions in a row are tried one by one behind an unreadable place where no index tells which there are."""


class UnreadableError(Exception):
    """The database cannot give these rows; the text is what it says of why."""


@dataclass(frozen=True, slots=True)
class UnreadableFact:
    """A fact whose row cannot be read; its subject's id and its number are None where no index tells them."""

    position: int
    subject_id: int | None
    number: int | None
    why: str


def rows_as_stored(connection: Connection, query: str) -> Iterator[RawRow]:
    """The rows of ``query``, a few thousand in memory at a time. Raises UnreadableError, after the rows that could be read."""
    if connection.dialect.name == "sqlite":
        with _lenient(connection) as raw:
            try:
                yield from raw.execute(query)
            except sqlite3.Error as error:
                raise UnreadableError(_first_line(error)) from error
        return
    try:
        for row in connection.execute(text(query).execution_options(yield_per=_ROWS_AT_ONCE)):
            yield tuple(row)
    except SQLAlchemyError as error:
        raise UnreadableError(_first_line(getattr(error, "orig", None) or error)) from error


def raw_facts(connection: Connection) -> Iterator[RawRow | UnreadableFact]:
    """All facts in the order of their position, as tuples of ``FACT_COLUMNS``, in bounded memory.

    In SQLite the order is that of the file, whatever the positions say, and reading goes on behind a damaged place.
    """
    if connection.dialect.name == "sqlite":
        yield from _sqlite_facts(connection)
        return
    last = 0
    try:
        for row in rows_as_stored(connection, f"SELECT {', '.join(FACT_COLUMNS)} FROM facts ORDER BY position"):
            last = row[0]
            yield row
    except UnreadableError as error:
        yield UnreadableFact(last + 1, None, None, said("{error}; nor can what follows it", error=str(error)))


def integrity_faults(connection: Connection) -> list[str]:
    """What SQLite itself finds wrong with the file and its indexes; nothing for PostgreSQL, which checks its pages as it reads them."""
    if connection.dialect.name != "sqlite":
        return []
    try:
        return [line for (said,) in rows_as_stored(connection, "PRAGMA integrity_check") for line in str(said).splitlines() if line != "ok"]
    except UnreadableError as error:
        return [str(error)]


# --- SQLite -----------------------------------------------------------------------------------------------------


@contextmanager
def _lenient(connection: Connection) -> Iterator[sqlite3.Connection]:
    """The driver's own connection, for which a text of wrong bytes is no error."""
    raw: Any = connection.connection.driver_connection
    before = raw.text_factory
    raw.text_factory = _decoded
    try:
        yield raw
    finally:
        raw.text_factory = before


def _decoded(stored: bytes) -> str:
    return stored.decode("utf-8", "surrogateescape")


# A scan in the order of the file: looking positions up would go wrong where the damage is in the positions themselves.
_SCAN = f"SELECT {', '.join(FACT_COLUMNS)} FROM facts NOT INDEXED"


def _sqlite_facts(connection: Connection) -> Iterator[RawRow | UnreadableFact]:
    last = 0
    try:
        for row in rows_as_stored(connection, _SCAN):
            last = row[0]
            yield row
    except UnreadableError as error:
        yield from _facts_one_by_one(connection, last, str(error))


def _facts_one_by_one(connection: Connection, behind: int, why: str) -> Iterator[RawRow | UnreadableFact]:
    """What can be read of the facts behind a position; an index, kept elsewhere in the file, tells which there are."""
    last = behind
    try:
        # The plus signs keep SQLite from walking the damaged table itself; the index on subject and number holds all three columns.
        for position, subject_id, number in rows_as_stored(
            connection, f"SELECT position, subject_id, number FROM facts WHERE +position > {behind} ORDER BY +position"
        ):
            last = position
            yield _row_at(connection, position) or UnreadableFact(position, subject_id, number, why)
    except UnreadableError:
        yield from _facts_probed(connection, last, why)


def _facts_probed(connection: Connection, behind: int, why: str) -> Iterator[RawRow | UnreadableFact]:
    """The same without an index: each position in turn, until none has been found for long."""
    last = position = behind
    most = _last_position(connection)
    while position - last < _FARTHEST or position < most:
        position += 1
        if (row := _row_at(connection, position)) is not None:
            for missed in range(last + 1, position):
                yield UnreadableFact(missed, None, None, why)
            last = position
            yield row
    if last == behind:
        yield UnreadableFact(behind + 1, None, None, why)


def _last_position(connection: Connection) -> int:
    try:
        return next(rows_as_stored(connection, "SELECT max(position) FROM facts"))[0] or 0
    except UnreadableError:
        return 0


def _row_at(connection: Connection, position: int) -> RawRow | None:
    """The row of a position, None where it cannot be read or is not there."""
    try:
        return next(rows_as_stored(connection, f"SELECT {', '.join(FACT_COLUMNS)} FROM facts WHERE position = {position}"), None)
    except UnreadableError:
        return None


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
