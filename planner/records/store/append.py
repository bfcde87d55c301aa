"""Writing to the log: the only place that adds facts, and that sees to it that nobody overwrites what somebody else has just written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select

from planner.protocol.said import said
from planner.protocol.said_lists import clauses, sentences
from planner.records.errors import RecordsError
from planner.records.facts.chain import FIELDS, FieldValue, details_text, fact_hash, head_hash
from planner.records.facts.fact import ADMINISTRATION, Act, Author, Fact, NewFact, SubjectKey
from planner.records.facts.form import form_faults, place_faults
from planner.records.facts.moments import microseconds
from planner.records.facts.wording import in_words
from planner.records.store.log import read_facts
from planner.records.store.schema import facts, subjects
from planner.schedule.days import day_number

_FEW = 50


def changes_said(since: Iterable[Fact]) -> str:
    """``14. C3D1 done on 2026-04-21 by nurse1 at 2026-04-21 08:10 UTC``, for each of them."""
    return clauses(
        said(
            "{fact_number}. {in_words} by {who} at {recorded_at:%Y-%m-%d %H:%M} UTC",
            fact_number=fact.number,
            in_words=in_words(fact.said),
            who=fact.who,
            recorded_at=fact.recorded_at,
        )
        for fact in since
    )


class ConflictError(RecordsError):
    """Somebody else wrote about the subject since it was looked at; ``since`` holds what they wrote. Nothing was written."""

    def __init__(self, subject: SubjectKey, since: tuple[Fact, ...]) -> None:
        """Say who wrote, when and what."""
        self.subject = subject
        self.since = since
        super().__init__(
            said(
                "{subject} was changed meanwhile ({changes}). Nothing was written: look at it again, then repeat.",
                subject=str(subject),
                changes=changes_said(since),
            )
        )


class FactFormError(ValueError):
    """A fact that does not have the form its kind asks for: a fault of the program that wrote it."""


@dataclass(slots=True)
class _End:
    """Where a subject's log ends."""

    row_id: int
    number: int
    hash: str


def append(connection: Connection, acts: Sequence[Act], author: Author, recorded_at: datetime) -> list[Fact]:
    """Write all facts of all acts, in order, as ``author`` at ``recorded_at`` (aware); ``connection`` is that of a ``writing()``.

    Rights, privacy and the protocol are the business of ``planner.records.changes.change``. Raises ConflictError where an act's
    ``last_seen`` is not the subject's last number, and FactFormError; then the transaction must be left by that exception, which takes
    everything back.
    """
    ends = _ends(connection, [act.subject for act in acts])
    position, head = _log_end(connection)
    written: list[Fact] = []
    new_subjects: list[SubjectKey] = []
    for act in acts:
        end = ends.get(act.subject)
        if end is None:
            end = ends[act.subject] = _End(_next_id(connection) + len(new_subjects), 0, "")
            new_subjects.append(act.subject)
        if end.number != act.last_seen:
            _refuse(connection, act, end)
        first = end.number + 1
        for new in act.facts:
            _require_form(act.subject, new, end.number + 1)
            position += 1
            fact = _linked(act.subject, new, first, end, position, head, author, recorded_at)
            end.number, end.hash, head = fact.number, fact.hash, fact.head
            written.append(fact)
    if new_subjects:
        connection.execute(insert(subjects), [{"id": ends[key].row_id, "study": key.study, "number": key.number} for key in new_subjects])
    if written:
        connection.execute(insert(facts), [_row(fact, ends[fact.subject].row_id) for fact in written])
    return written


def fact_fields(fact: Fact) -> tuple[FieldValue, ...]:
    """The fields that a fact's hash covers, in the order of ``chain.FIELDS``."""
    said = fact.said
    return (
        fact.position,
        fact.subject.study,
        fact.subject.number,
        fact.number,
        fact.act,
        str(said.kind),
        said.item,
        None if said.day is None else said.day.isoformat(),
        None if said.until_day is None else said.until_day.isoformat(),
        said.value,
        said.replaces,
        said.refers,
        details_text(said.details),
        said.reason,
        said.note,
        fact.who,
        fact.role,
        microseconds(fact.recorded_at),
        fact.previous_hash,
    )


def _ends(connection: Connection, keys: Sequence[SubjectKey]) -> dict[SubjectKey, _End]:
    """Where the logs of these subjects end; subjects without a row are left out."""
    query = select(subjects.c.id, subjects.c.study, subjects.c.number)
    if len(keys) <= _FEW:
        rows = [
            row
            for key in dict.fromkeys(keys)
            for row in connection.execute(query.where(subjects.c.study == key.study, subjects.c.number == key.number))
        ]
        wanted: ColumnElement[bool] = facts.c.subject_id.in_([row.id for row in rows])
    else:
        rows = list(connection.execute(query))
        wanted = facts.c.subject_id >= 0
    last = select(facts.c.subject_id, func.max(facts.c.number).label("number")).where(wanted).group_by(facts.c.subject_id).subquery()
    on = and_(facts.c.subject_id == last.c.subject_id, facts.c.number == last.c.number)
    ends = {row.subject_id: row for row in connection.execute(select(facts.c.subject_id, facts.c.number, facts.c.hash).join(last, on))}
    return {
        SubjectKey(row.study, row.number): _End(row.id, ends[row.id].number, ends[row.id].hash) if row.id in ends else _End(row.id, 0, "")
        for row in rows
    }


def _next_id(connection: Connection) -> int:
    return int(connection.execute(select(func.max(subjects.c.id))).scalar() or 0) + 1


def _log_end(connection: Connection) -> tuple[int, str]:
    row = connection.execute(select(facts.c.position, facts.c.head).order_by(facts.c.position.desc()).limit(1)).first()
    return (0, "") if row is None else (int(row.position), str(row.head))


def _refuse(connection: Connection, act: Act, end: _End) -> None:
    since = tuple(fact for fact in read_facts(connection, act.subject) if fact.number > act.last_seen)
    if not since:
        raise FactFormError(f"{act.subject} has {end.number} facts, so number {act.last_seen} cannot have been seen")
    raise ConflictError(act.subject, since)


def _require_form(subject: SubjectKey, new: NewFact, number: int) -> None:
    if faults := [*form_faults(new), *place_faults(subject, new, number)]:
        log = said("the administration log") if subject == ADMINISTRATION else str(subject)
        raise FactFormError(
            said("Fact {number} of {log} does not have the form of its kind. {faults}", number=number, log=log, faults=sentences(faults))
        )


def _linked(
    subject: SubjectKey, said: NewFact, act: int, end: _End, position: int, head: str, author: Author, recorded_at: datetime
) -> Fact:
    unsigned = Fact(position, subject, end.number + 1, act, said, author.who, author.role, recorded_at, end.hash, "", "")
    signature = fact_hash(fact_fields(unsigned))
    return Fact(
        position,
        subject,
        end.number + 1,
        act,
        said,
        author.who,
        author.role,
        recorded_at,
        end.hash,
        signature,
        head_hash(head, signature),
    )


def _row(fact: Fact, subject_id: int) -> dict[str, Any]:
    said = fact.said
    fields = dict(zip(FIELDS, fact_fields(fact), strict=True))
    for name in ("study", "subject"):
        del fields[name]
    return {
        **fields,
        "subject_id": subject_id,
        "day": _day(said.day),
        "until_day": _day(said.until_day),
        "hash": fact.hash,
        "head": fact.head,
    }


def _day(day: date | None) -> int | None:
    return None if day is None else day_number(day)
