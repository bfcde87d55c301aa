"""PostgreSQL servers whose own settings would weaken the log: the planner asks for what it needs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait

import psycopg
import pytest
from sqlalchemy import text

from planner.records.facts.fact import Act
from planner.records.store.append import append
from planner.records.store.database import Database, open_database
from planner.records.store.log import last_number
from tests.records.writing import NOON, NURSE, notes, subject


def with_default(url: str, setting: str, value: str) -> None:
    """Set up a PostgreSQL database so that its sessions begin with this setting."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        name = psycopg.sql.Identifier(connection.info.dbname)
        connection.execute(psycopg.sql.SQL("ALTER DATABASE {} SET {} = {}").format(name, psycopg.sql.Identifier(setting), value))


def test_a_write_waits_for_postgresql_s_disk_even_where_the_server_is_told_not_to(postgresql_url: str) -> None:
    with_default(postgresql_url, "synchronous_commit", "off")
    database = open_database(postgresql_url)
    with database.writing() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar_one() != "off"
    database.close()


@pytest.mark.parametrize("level", ["read committed", "repeatable read", "serializable"])
def test_who_waited_sees_what_was_written_meanwhile_whatever_the_server_begins_with(postgresql_url: str, level: str) -> None:
    with_default(postgresql_url, "default_transaction_isolation", level)
    database = open_database(postgresql_url)
    with ThreadPoolExecutor(1) as pool:
        with database.writing() as connection:
            waiting = pool.submit(next_number, database)
            wait([waiting], timeout=0.3)
            append(connection, [Act(subject(1), 0, notes("first"))], NURSE, NOON)
        assert waiting.result() == 2
    database.close()


def next_number(database: Database) -> int:
    """Write on top of what is there; the number of the fact."""
    with database.writing() as connection:
        (fact,) = append(connection, [Act(subject(1), last_number(connection, subject(1)), notes("second"))], NURSE, NOON)
    return fact.number
