"""The log as people read it: the newest facts first, a page at a time, for whoever may read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Connection, select

from planner.records.caller import Caller
from planner.records.facts.fact import ADMINISTRATION, Fact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.facts.moments import microseconds
from planner.records.people.readable import readable_subjects
from planner.records.people.rights import Action, NotAllowedError, permit
from planner.records.people.roles import EVERYWHERE
from planner.records.store.log import facts_at
from planner.records.store.schema import facts, subjects

_AT_ONCE = 2_000
"""Rows that are looked through in one query where not all of them may be read."""
Logs = frozenset[int] | None
"""The numbers of the logs that somebody may read (``subjects.id``); None for all."""


@dataclass(frozen=True, slots=True)
class WantedFacts:
    """Which facts are looked for; the standard is all of them."""

    log: SubjectKey | None = None
    """A subject, or ``ADMINISTRATION`` for the log of sites and people."""
    who: str = ""
    """The account that recorded them."""
    kind: Kind | None = None
    day: date | None = None
    """The day on which they were recorded, in UTC."""


@dataclass(frozen=True, slots=True)
class LogPage:
    """A part of the log."""

    facts: tuple[Fact, ...]
    """The newest first."""
    has_newer: bool
    has_older: bool
    is_whole_log: bool
    """Whether the caller may read all logs; else those of some subjects, and not that of sites and people."""


def facts_before(connection: Connection, caller: Caller, wanted: WantedFacts, position: int | None, most: int) -> LogPage:
    """The newest facts before a place in the log (None: of all), at most ``most``.

    Whoever may audit reads all logs, everybody else those of the subjects whom they may read. Raises NotAllowedError, UnreadableFactError.
    """
    logs = _readable_logs(connection, caller, wanted)
    before = [] if position is None else [facts.c.position < position]
    found = _first_positions(connection, logs, [*_conditions(wanted), *before], most + 1, newest_first=True)
    newer = [] if position is None else _first_positions(connection, logs, _from(wanted, position), 1, newest_first=False)
    return LogPage(tuple(facts_at(connection, found[:most])[::-1]), bool(newer), len(found) > most, logs is None)


def facts_from(connection: Connection, caller: Caller, wanted: WantedFacts, position: int, most: int) -> LogPage:
    """The oldest facts from a place in the log on, at most ``most``; they too with the newest first. Raises as ``facts_before``."""
    logs = _readable_logs(connection, caller, wanted)
    found = _first_positions(connection, logs, _from(wanted, position), most + 1, newest_first=False)
    before = [*_conditions(wanted), facts.c.position < position]
    older = _first_positions(connection, logs, before, 1, newest_first=True)
    return LogPage(tuple(facts_at(connection, found[:most])[::-1]), len(found) > most, bool(older), logs is None)


def _readable_logs(connection: Connection, caller: Caller, wanted: WantedFacts) -> Logs:
    try:
        permit(connection, caller, Action.AUDIT, EVERYWHERE)
    except NotAllowedError:
        if wanted.log == ADMINISTRATION:
            raise
        return frozenset(readable_subjects(connection, caller).values())
    return None


def _conditions(wanted: WantedFacts) -> Iterator[ColumnElement[bool]]:
    if wanted.log is not None:
        log = select(subjects.c.id).where(subjects.c.study == wanted.log.study, subjects.c.number == wanted.log.number)
        yield facts.c.subject_id == log.scalar_subquery()
    if wanted.who:
        yield facts.c.who == wanted.who
    if wanted.kind is not None:
        yield facts.c.kind == str(wanted.kind)
    if wanted.day is not None:
        begin = datetime.combine(wanted.day, time(), UTC)
        yield facts.c.recorded_at >= microseconds(begin)
        yield facts.c.recorded_at < microseconds(begin + timedelta(days=1))


def _from(wanted: WantedFacts, position: int) -> list[ColumnElement[bool]]:
    return [*_conditions(wanted), facts.c.position >= position]


def _first_positions(
    connection: Connection, logs: Logs, conditions: list[ColumnElement[bool]], most: int, *, newest_first: bool
) -> list[int]:
    """The first ``most`` places at which such facts stand that may be read; never the whole log in memory."""
    order = facts.c.position.desc() if newest_first else facts.c.position.asc()
    query = select(facts.c.position, facts.c.subject_id).where(*conditions).order_by(order)
    if logs is None:
        return [row.position for row in connection.execute(query.limit(most))]
    found: list[int] = []
    beyond: list[ColumnElement[bool]] = []
    while True:
        rows = connection.execute(query.where(*beyond).limit(_AT_ONCE)).all()
        found += [row.position for row in rows if row.subject_id in logs]
        if len(found) >= most or len(rows) < _AT_ONCE:
            return found[:most]
        last = rows[-1].position
        beyond = [facts.c.position < last if newest_first else facts.c.position > last]
