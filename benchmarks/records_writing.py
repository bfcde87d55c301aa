"""One fact written so that a power cut cannot take it back, beside the least that a durable row costs; and one subject's page."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psycopg

from benchmarks.measure import Figure, side_by_side
from benchmarks.records_day import AS_OF, CALLER
from benchmarks.records_store import AUTHOR, key_of
from planner.records.changes.acts import visit_booked
from planner.records.changes.change import propose, save
from planner.records.changes.view import SubjectView, subject_view
from planner.records.facts.fact import Act, NewFact, SubjectKey
from planner.records.history.history import visit_history
from planner.records.store.append import append
from planner.records.store.database import Database
from planner.records.store.log import last_number, read_facts
from planner.schedule.facts import SubjectFacts

WRITING = "Records: one fact, durably"
PAGE = "Records: one subject's page"
_ROUNDS = 25
_MILLI = 1e3
_BARE = "CREATE TABLE bare (id INTEGER PRIMARY KEY, content TEXT NOT NULL)"
_CONTENT = "x" * 300
"""About what a row of the log holds."""


class NothingToBookError(Exception):
    """Too few of the subjects have a visit to come."""


def writing_figures(database: Database, subjects: Sequence[SubjectFacts], folder: Path) -> Iterator[Figure]:
    """Milliseconds of one booking: written only, and worked out with all its checks before; beside one row in a bare table."""
    bookings = iter(_bookings(database, subjects, 2 * (_ROUNDS + 1)))
    bare = _bare_sqlite(folder / "bare.sqlite") if database.is_sqlite else _bare_postgresql(database)
    calls: dict[str, Callable[[], object]] = {
        "append": lambda: _append(database, *next(bookings)),
        "save": lambda: _propose_and_save(database, *next(bookings)),
        "bare": bare,
    }
    seconds = side_by_side(calls, _ROUNDS)
    name = "SQLite" if database.is_sqlite else "PostgreSQL"
    beside, floor = "one row in a bare table, as durable", seconds["bare"] * _MILLI
    yield Figure(WRITING, f"{name}: append", seconds["append"] * _MILLI, "ms", beside, floor, "under 10 ms")
    yield Figure(WRITING, f"{name}: propose, then save", seconds["save"] * _MILLI, "ms", beside, floor)


def _bookings(database: Database, subjects: Sequence[SubjectFacts], count: int) -> list[tuple[SubjectKey, NewFact]]:
    """A booking for one visit to come of each of ``count`` subjects."""
    found = []
    with database.reading() as connection:
        for facts in subjects:
            rows = subject_view(connection, CALLER, key_of(facts), AS_OF).rows
            visit = next((row for row in rows if row.status == "upcoming" and row.planned and row.kind == "clinic"), None)
            if visit is not None and visit.planned is not None:
                found.append((key_of(facts), visit_booked(visit.visit, visit.planned)[0]))
            if len(found) == count:
                return found
    raise NothingToBookError(f"only {len(found)} of {len(subjects)} subjects have a visit to come; {count} are needed")


def _append(database: Database, subject: SubjectKey, fact: NewFact) -> None:
    with database.writing() as connection:
        append(connection, [Act(subject, last_number(connection, subject), (fact,))], AUTHOR, CALLER.now)


def _propose_and_save(database: Database, subject: SubjectKey, fact: NewFact) -> None:
    with database.reading() as connection:
        proposal = propose(connection, CALLER, subject, [fact])
    with database.writing() as connection:
        save(connection, CALLER, proposal)


def _bare_sqlite(path: Path) -> Callable[[], object]:
    """One insert and its commit, with the settings that the records have."""
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", _BARE):
        connection.execute(statement)

    def write() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO bare (content) VALUES (?)", [_CONTENT])
        connection.execute("COMMIT")

    return write


def _bare_postgresql(database: Database) -> Callable[[], object]:
    url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(url, autocommit=True)
    connection.execute("DROP TABLE IF EXISTS bare")
    connection.execute(_BARE)
    numbers = itertools.count()
    return lambda: connection.execute("INSERT INTO bare VALUES (%s, %s)", [next(numbers), _CONTENT])


# --- reading one subject --------------------------------------------------------------------------------------


def page_figures(database: Database, subjects: Sequence[SubjectFacts]) -> Iterator[Figure]:
    """Milliseconds of all that a subject's page shows, and of one visit's history."""
    turns = {name: itertools.cycle(subjects[:_ROUNDS]) for name in ("page", "history", "facts")}
    calls: dict[str, Callable[[], object]] = {
        "page": lambda: _page(database, next(turns["page"])),
        "history": lambda: _history(database, next(turns["history"])),
        "facts": lambda: _facts(database, next(turns["facts"])),
    }
    seconds = side_by_side(calls, 2 * _ROUNDS)
    beside, floor = "reading that subject's facts alone", seconds["facts"] * _MILLI
    yield Figure(PAGE, "schedule, checks and facts", seconds["page"] * _MILLI, "ms", beside, floor, "under 30 ms")
    yield Figure(PAGE, "every date that one visit has had", seconds["history"] * _MILLI, "ms", beside, floor, "under 30 ms")


def _page(database: Database, facts: SubjectFacts) -> SubjectView:
    with database.reading() as connection:
        return subject_view(connection, CALLER, key_of(facts), AS_OF)


def _history(database: Database, facts: SubjectFacts) -> object:
    with database.reading() as connection:
        return visit_history(connection, CALLER, key_of(facts), "F5")


def _facts(database: Database, facts: SubjectFacts) -> object:
    with database.reading() as connection:
        return read_facts(connection, key_of(facts))
