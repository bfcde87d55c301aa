"""Opening a database, what every connection to it is set to, and what it refuses by itself, whoever asks."""

from __future__ import annotations

import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, insert, select, text

from planner.records.facts.chain import content_hash
from planner.records.facts.fact import Fact
from planner.records.store.database import Database, DatabaseError, default_url, open_database
from planner.records.store.log import read_facts
from planner.records.store.schema import VERSION_TABLE, contents, facts, metadata, subjects
from planner.records.store.triggers import APPEND_ONLY
from tests.records.writing import notes, subject, write


@pytest.fixture
def filled(database: Database) -> Database:
    """A database with rows in each of the three tables."""
    write(database, subject(1), 0, *notes("a", "b"))
    write(database, subject(2), 0, *notes("c"))
    with database.writing() as connection:
        connection.execute(insert(contents).values(hash=content_hash("x"), kind="protocol", text="x"))
    return database


def all_rows(database: Database) -> list[list[Any]]:
    with database.reading() as connection:
        return [
            [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))] for table in (contents, subjects, facts)
        ]


def read_all(database: Database) -> list[Fact]:
    with database.reading() as connection:
        return read_facts(connection)


# --- opening it ---------------------------------------------------------------------------------------------------


def test_the_migrations_make_the_tables_that_the_code_works_with(database: Database) -> None:
    with database.reading() as connection:
        options = {"compare_type": True, "version_table": VERSION_TABLE}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def test_opening_again_changes_nothing(filled: Database) -> None:
    before = all_rows(filled)
    filled.close()
    again = open_database(filled.url.render_as_string(hide_password=False))
    assert all_rows(again) == before
    again.close()


def test_a_database_without_tables_gets_them(empty_postgresql_url: str, tmp_path: Any) -> None:
    for url in (empty_postgresql_url, f"sqlite:///{tmp_path / 'new.sqlite'}"):
        database = open_database(url)
        assert [fact.said.note for fact in write(database, subject(1), 0, *notes("a"))] == ["a"]
        database.close()


def test_a_new_file_and_those_beside_it_are_of_their_owner_only(tmp_path: Any) -> None:
    before = os.umask(0o022)
    try:
        database = open_database(f"sqlite:///{tmp_path / 'new.sqlite'}")
        write(database, subject(1), 0, *notes("a"))
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
        database.close()
    finally:
        os.umask(before)
    assert "new.sqlite" in modes and set(modes.values()) == {0o600}


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_many_may_open_a_new_database_at_once(engine: str, request: pytest.FixtureRequest, tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite'}" if engine == "sqlite" else request.getfixturevalue("empty_postgresql_url")
    together = threading.Barrier(8)

    def open_and_write(number: int) -> None:
        together.wait()
        database = open_database(url)
        write(database, subject(number), 0, *notes("a"))
        database.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(open_and_write, range(8)))
    database = open_database(url)
    assert [fact.position for fact in read_all(database)] == list(range(1, 9))
    database.close()


def test_every_connection_to_sqlite_has_the_settings_that_keep_facts(sqlite_url: str) -> None:
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}

    def settings(connection: Connection) -> dict[str, object]:
        return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in expected}

    for _ in range(2):
        database = open_database(sqlite_url)
        with ExitStack() as held, database.writing() as writing:
            assert settings(writing) == expected
            for _ in range(12):  # more than the pool keeps open: some are made only for this
                assert settings(held.enter_context(database.reading())) == expected
        with database.engine.connect() as neither:
            assert settings(neither) == expected
        database.close()


def test_the_default_is_a_file_where_the_planner_runs() -> None:
    assert default_url({}) == default_url({"PLANNER_DATABASE_URL": " "}) == "sqlite:///planner.sqlite"
    assert default_url({"PLANNER_DATABASE_URL": "postgresql://h/d"}) == "postgresql://h/d"


# --- transactions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("interruption", [ValueError, KeyboardInterrupt])
def test_a_transaction_that_is_left_by_an_exception_keeps_nothing(filled: Database, interruption: type[BaseException]) -> None:
    before = all_rows(filled)
    with pytest.raises(interruption), filled.writing() as connection:
        connection.execute(insert(contents).values(hash=content_hash("y"), kind="calendar", text="y"))
        connection.execute(insert(subjects).values(id=3, study="ulrrc", number="PEK-003"))
        raise interruption
    assert all_rows(filled) == before
    write(filled, subject(1), 2, *notes("the lock is free again"))


def test_who_reads_sees_one_state_while_others_write(filled: Database) -> None:
    with filled.reading() as connection:
        before = read_facts(connection)
        write(filled, subject(1), 2, *notes("meanwhile"))
        assert read_facts(connection) == before
    assert len(read_all(filled)) == len(before) + 1


def test_only_one_writes_at_a_time_and_the_others_wait(filled: Database) -> None:
    order: list[str] = []

    def second() -> None:
        with filled.writing():
            order.append("second")

    waiting = threading.Thread(target=second)
    with filled.writing():
        waiting.start()
        waiting.join(0.3)
        order.append("first")
    waiting.join(10)
    assert order == ["first", "second"]


# --- what the database itself refuses -----------------------------------------------------------------------------

COPY_OF_A_FACT = (
    "SELECT {position}, subject_id, {number}, act, kind, item, day, until_day, value, replaces, refers, details, reason, note, "
    "'somebody', role, recorded_at, previous_hash, hash, head FROM facts WHERE position = {source}"
)

CHANGES = [
    *(f"DELETE FROM {table}" for table in APPEND_ONLY),
    "UPDATE contents SET text = 'y'",
    "UPDATE contents SET text = text",
    "UPDATE subjects SET number = 'PEK-009' WHERE id = 1",
    "UPDATE subjects SET id = 9 WHERE id = 2",
    "UPDATE facts SET note = 'z' WHERE position = 2",
    "UPDATE facts SET who = 'somebody'",
    "UPDATE facts SET position = position + 1 WHERE position = 3",
    "DELETE FROM facts WHERE position = 3",
    "DELETE FROM subjects WHERE id = 0",
]

BOTH = [
    *CHANGES,
    f"INSERT INTO contents VALUES ('{content_hash('x')}', 'protocol', 'y') ON CONFLICT (hash) DO UPDATE SET text = excluded.text",
    "INSERT INTO subjects VALUES (1, 'ulrrc', 'PEK-009') ON CONFLICT (id) DO UPDATE SET number = excluded.number",
    "INSERT INTO subjects VALUES (3, 'ulrrc', 'PEK-001') ON CONFLICT (study, number) DO UPDATE SET id = excluded.id",
    f"INSERT INTO facts {COPY_OF_A_FACT.format(position=2, number=2, source=2)} "
    "AND true ON CONFLICT (position) DO UPDATE SET who = excluded.who",
    "WITH old AS (SELECT max(position) AS position FROM facts) DELETE FROM facts WHERE position = (SELECT position FROM old)",
    # a fact that is not the next one: of the log, and of its subject
    f"INSERT INTO facts {COPY_OF_A_FACT.format(position=5, number=3, source=2)}",
    f"INSERT INTO facts {COPY_OF_A_FACT.format(position=0, number=3, source=2)}",
    f"INSERT INTO facts {COPY_OF_A_FACT.format(position=4, number=4, source=2)}",
    f"INSERT INTO facts {COPY_OF_A_FACT.format(position=4, number=2, source=2)}",
]

SQLITE_ONLY = [
    f"REPLACE INTO contents VALUES ('{content_hash('x')}', 'protocol', 'y')",
    "INSERT OR REPLACE INTO subjects VALUES (1, 'ulrrc', 'PEK-009')",
    "INSERT OR REPLACE INTO subjects VALUES (3, 'ulrrc', 'PEK-001')",
    f"INSERT OR REPLACE INTO facts {COPY_OF_A_FACT.format(position=2, number=2, source=2)}",
    f"INSERT OR REPLACE INTO facts {COPY_OF_A_FACT.format(position=4, number=1, source=1)}",
    f"INSERT OR REPLACE INTO facts {COPY_OF_A_FACT.format(position='NULL', number=3, source=2)}",
    "UPDATE OR REPLACE facts SET number = 1 WHERE position = 2",
    "UPDATE OR REPLACE facts SET position = 1 WHERE position = 2",
    "UPDATE OR IGNORE facts SET who = 'somebody'",
    "UPDATE OR REPLACE subjects SET id = 1 WHERE id = 2",
]

POSTGRESQL_ONLY = [
    *(f"TRUNCATE {table} CASCADE" for table in APPEND_ONLY),
    "TRUNCATE contents, subjects, facts RESTART IDENTITY",
    "MERGE INTO contents USING (SELECT 1) AS one ON true WHEN MATCHED THEN UPDATE SET text = 'y'",
    "MERGE INTO facts USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE",
]


def refused_by_sqlite(path: str, settings: str, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection = sqlite3.connect(path)
        try:
            connection.executescript(settings)
            connection.execute(statement)
            connection.commit()
        finally:
            connection.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_refuses_to_change_what_was_written_whatever_the_connection_is_set_to(filled: Database) -> None:
    """Through SQLite alone, as any other program would, with its own defaults and with the planner's settings."""
    before = all_rows(filled)
    for statement in BOTH + SQLITE_ONLY:
        for settings in ("", "PRAGMA recursive_triggers=ON; PRAGMA foreign_keys=ON"):
            refused_by_sqlite(str(filled.path), settings, statement)
            assert all_rows(filled) == before, statement


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_refuses_to_change_what_was_written(filled: Database) -> None:
    before = all_rows(filled)
    url = filled.url.set(drivername="postgresql").render_as_string(hide_password=False)
    for statement in BOTH + POSTGRESQL_ONLY:
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"), psycopg.connect(url) as connection:
            connection.execute(statement)  # type: ignore[call-overload]  # the texts are the ones above
        assert all_rows(filled) == before, statement


def test_the_planner_s_own_connection_is_refused_too_and_says_so(filled: Database) -> None:
    before = all_rows(filled)
    for statement in CHANGES:
        with pytest.raises(DatabaseError, match="append-only"), filled.writing() as connection:
            connection.execute(text(statement))
    assert all_rows(filled) == before


def test_a_fact_needs_its_subject(filled: Database) -> None:
    with filled.reading() as connection:
        row = connection.execute(select(facts).where(facts.c.position == 1)).mappings().one()
    with pytest.raises(DatabaseError, match=r"(?i)foreign key"), filled.writing() as connection:
        connection.execute(insert(facts).values({**row, "position": 4, "subject_id": 77, "number": 1}))
    assert len(read_all(filled)) == 3


def test_a_subject_is_there_once(filled: Database) -> None:
    with pytest.raises(DatabaseError), filled.writing() as connection:
        connection.execute(insert(subjects).values(id=3, study="ulrrc", number="PEK-001"))
    assert len(all_rows(filled)[1]) == 3
