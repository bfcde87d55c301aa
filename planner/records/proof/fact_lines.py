"""The log as rows of plain values, the form in which it leaves: what hashes cover, the hash and the head."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from planner.protocol.said import said
from planner.records.errors import RecordsError
from planner.records.facts.chain import FIELDS, FieldValue
from planner.records.proof.audit_fields import wrong_types
from planner.records.proof.raw_rows import RawRow, UnreadableError, UnreadableFact, raw_facts, rows_as_stored
from planner.schedule.days import day_date

FACT_FIELDS = (*FIELDS, "hash", "head")
"""The names of the values of a line, in order."""


class UnreadableLogError(RecordsError):
    """The log is damaged, so that it cannot be written out; the text names the first fact that cannot."""


def fact_lines(connection: Connection) -> Iterator[tuple[FieldValue, ...]]:
    """Each fact's ``FACT_FIELDS``, by position, in bounded memory. Nothing is verified; raises UnreadableLogError for what is no value."""
    try:
        keys = {row_id: (study, number) for row_id, study, number in rows_as_stored(connection, "SELECT id, study, number FROM subjects")}
    except UnreadableError as error:
        raise _unreadable(said("The table subjects"), str(error)) from error
    for row in raw_facts(connection):
        if isinstance(row, UnreadableFact):
            raise _unreadable(said("Fact {position}", position=row.position), row.why)
        if wrong := wrong_types(row):
            raise _unreadable(said("Fact {row}", row=row[0]), wrong)
        if row[1] not in keys:
            raise _unreadable(said("Fact {row}", row=row[0]), said("its subject is not in the table subjects"))
        yield _values(row, keys[row[1]])


def _values(row: RawRow, key: tuple[str, str]) -> tuple[FieldValue, ...]:
    position, _, number, act, kind, item, day, until_day, *rest = row
    try:
        dates = tuple(None if each is None else day_date(each).isoformat() for each in (day, until_day))
    except (ValueError, OverflowError) as error:
        raise _unreadable(said("Fact {position}", position=position), said("a day is none that the calendar has")) from error
    return (position, *key, number, act, kind, item, *dates, *rest)


def _unreadable(what: str, why: str) -> UnreadableLogError:
    return UnreadableLogError(
        said("{what} cannot be read ({why}). Run `audit verify` to see all that is damaged, and restore a backup.", what=what, why=why)
    )
