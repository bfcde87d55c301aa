"""Which patient calendars were printed: what a newer print is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from planner.protocol.said import said
from planner.records.caller import Caller
from planner.records.facts.fact import SubjectKey
from planner.records.facts.moments import microseconds, moment_of
from planner.records.store.log import UnknownSubjectError
from planner.records.store.schema import prints, subjects


@dataclass(frozen=True, slots=True)
class Print:
    """One printed calendar of a subject."""

    revision: int
    """The number of the subject's last fact when it was printed."""
    language: str
    printed_at: datetime
    """In UTC."""
    who: str
    """The account that printed it."""


def last_print(connection: Connection, subject: SubjectKey, before: int | None = None, until: datetime | None = None) -> Print | None:
    """The subject's last print; with ``before``, the last one of an earlier revision than that; with ``until``, before that moment (UTC).

    A print is compared with the last one of an earlier revision, so that printing the same revision twice gives the same marks.
    """
    query = (
        select(prints.c.revision, prints.c.language, prints.c.printed_at, prints.c.who)
        .join(subjects, subjects.c.id == prints.c.subject_id)
        .where(subjects.c.study == subject.study, subjects.c.number == subject.number)
        .order_by(prints.c.id.desc())
        .limit(1)
    )
    if before is not None:
        query = query.where(prints.c.revision < before)
    if until is not None:
        query = query.where(prints.c.printed_at < microseconds(until))
    row = connection.execute(query).first()
    return None if row is None else Print(row.revision, row.language, moment_of(row.printed_at), row.who)


def last_printed(connection: Connection) -> dict[SubjectKey, datetime]:
    """When the calendar of each subject that was ever printed last was; UTC."""
    query = (
        select(subjects.c.study, subjects.c.number, func.max(prints.c.printed_at).label("printed_at"))
        .join(subjects, subjects.c.id == prints.c.subject_id)
        .group_by(subjects.c.study, subjects.c.number)
    )
    return {SubjectKey(row.study, row.number): moment_of(row.printed_at) for row in connection.execute(query)}


def note_print(connection: Connection, subject: SubjectKey, revision: int, language: str, caller: Caller) -> None:
    """Note that a subject's calendar was printed now. Raises UnknownSubjectError for a subject that there is not."""
    query = select(subjects.c.id).where(subjects.c.study == subject.study, subjects.c.number == subject.number)
    number = connection.execute(query).scalar()
    if number is None:
        raise UnknownSubjectError(said("There is no subject {subject}.", subject=str(subject)))
    connection.execute(
        insert(prints).values(subject_id=number, revision=revision, language=language, printed_at=microseconds(caller.now), who=caller.who)
    )
