"""Reading the log: a subject's facts, all facts in order, who is there, and the head of the chain."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from planner.protocol.said import said
from planner.protocol.said_lists import sentences
from planner.records.errors import RecordsError
from planner.records.facts.fact import ADMINISTRATION, Fact, NewFact, SubjectKey
from planner.records.facts.form import reading_faults
from planner.records.facts.kinds import Kind
from planner.records.facts.moments import moment_of
from planner.records.facts.unreadable import unknown_kind, unreadable_fact
from planner.records.store.schema import facts, subjects
from planner.schedule.days import day_date

_KINDS = frozenset(map(str, Kind))


class UnreadableFactError(RecordsError, ValueError):
    """The log holds a fact that this planner cannot read; the text names it by its position and says why."""


class UnknownSubjectError(RecordsError, LookupError):
    """No subject of that name, or several; the text names what would be right."""


def read_facts(connection: Connection, subject: SubjectKey | None = None) -> list[Fact]:
    """The facts of one subject by number (``ADMINISTRATION`` for that log), or of all logs by position; none of an unknown subject."""
    query = _query()
    if subject is not None:
        query = query.where(subjects.c.study == subject.study, subjects.c.number == subject.number)
    return [_fact(row) for row in connection.execute(query)]


def facts_at(connection: Connection, positions: Collection[int]) -> list[Fact]:
    """The facts at these places of the whole log, by position. Raises UnreadableFactError."""
    return [_fact(row) for row in connection.execute(_query().where(facts.c.position.in_(list(positions))))]


def subject_keys(connection: Connection) -> dict[SubjectKey, int]:
    """All subjects and the number of their log (``subjects.id``), in the order they came; the administration log left out."""
    rows = connection.execute(select(subjects.c.id, subjects.c.study, subjects.c.number).where(subjects.c.id > 0).order_by(subjects.c.id))
    return {SubjectKey(study, number): row_id for row_id, study, number in rows}


def last_number(connection: Connection, subject: SubjectKey) -> int:
    """The number of the subject's last fact, 0 where there is none."""
    query = (
        select(func.max(facts.c.number))
        .join(subjects, subjects.c.id == facts.c.subject_id)
        .where(subjects.c.study == subject.study, subjects.c.number == subject.number)
    )
    return int(connection.execute(query).scalar() or 0)


def head(connection: Connection) -> str:
    """The head of the chain through the whole log, "" where it is empty."""
    return str(connection.execute(select(facts.c.head).order_by(facts.c.position.desc()).limit(1)).scalar() or "")


def last_recorded(connection: Connection) -> datetime:
    """The latest moment at which anything was written to the log, in whole seconds; of an empty log 1970-01-01 UTC."""
    latest = int(connection.execute(select(func.max(facts.c.recorded_at))).scalar() or 0)
    return moment_of(latest).replace(microsecond=0)


def subjects_numbered(connection: Connection, number: str) -> list[SubjectKey]:
    """The subjects of all studies with this number; who may know of them is asked by ``planner.records.people.readable``."""
    query = select(subjects.c.study, subjects.c.number).where(subjects.c.id > 0, subjects.c.number == number)
    return [SubjectKey(*row) for row in connection.execute(query)]


def _query() -> Select[Any]:
    return (
        select(facts, subjects.c.study, subjects.c.number.label("subject_number"))
        .join(subjects, subjects.c.id == facts.c.subject_id)
        .order_by(facts.c.position)
    )


def _fact(row: Row[Any]) -> Fact:
    """The fact of a row. Raises UnreadableFactError for what no planner, or only a newer one, can have written."""
    try:
        fact = _as_written(row)
    except (ValueError, TypeError, OverflowError, RecursionError):
        why = unknown_kind(row.kind) if row.kind not in _KINDS else said("it holds values that are none")
        raise UnreadableFactError(unreadable_fact(row.position, why)) from None
    if faults := reading_faults(fact.said):
        raise UnreadableFactError(unreadable_fact(row.position, sentences(faults)))
    return fact


def _as_written(row: Row[Any]) -> Fact:
    key = SubjectKey(row.study, row.subject_number)
    said = NewFact(
        kind=Kind(row.kind),
        item=row.item,
        day=None if row.day is None else day_date(row.day),
        until_day=None if row.until_day is None else day_date(row.until_day),
        value=row.value,
        replaces=row.replaces,
        refers=row.refers,
        details=dict(json.loads(row.details)),
        reason=row.reason,
        note=row.note,
    )
    return Fact(
        position=row.position,
        subject=ADMINISTRATION if key == ADMINISTRATION else key,
        number=row.number,
        act=row.act,
        said=said,
        who=row.who,
        role=row.role,
        recorded_at=moment_of(row.recorded_at),
        previous_hash=row.previous_hash,
        hash=row.hash,
        head=row.head,
    )
