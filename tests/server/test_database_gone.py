"""A database that goes, is locked, is replaced, and comes back, under a running process."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from planner.records.feeds.granting import IssuedFeed
from planner.records.store.database import open_database
from planner.records.traces.feed_uses import last_uses
from tests.records.postgresql import Server
from tests.server.clinic import Clinic, path_of
from tests.server.serving import Served, serving


@pytest.fixture
def served(clinic: Clinic, written: Path) -> Iterator[Served]:
    with serving(str(clinic.database.url), written) as process:
        yield process


def file_of(clinic: Clinic) -> Path:
    assert clinic.database.path is not None
    return clinic.database.path


def settled(clinic: Clinic, issued: IssuedFeed) -> Path:
    """The file once all of it is in it, and nobody is going to write: what is moved then is whole."""
    while True:
        with clinic.database.reading() as connection:
            if issued.feed.code in last_uses(connection):
                break
        time.sleep(0.02)
    clinic.database.close()
    with closing(sqlite3.connect(file_of(clinic), isolation_level=None)) as connection:
        assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    return file_of(clinic)


def assert_unavailable(served: Served, path: str) -> None:
    answer = served.get(path)
    assert (answer.status, answer.body, answer.headers["retry-after"]) == (503, b"", "30")
    unwell = served.get("/healthz")
    assert (unwell.status, unwell.body) == (503, b'{"status":"unavailable"}')
    assert served.get("/").status == 200


def test_a_file_that_is_gone_and_back(clinic: Clinic, served: Served) -> None:
    issued = clinic.feed()
    path = path_of(issued)
    before = served.get(path)
    assert before.status == 200
    file = settled(clinic, issued)
    file.rename(file.with_suffix(".away"))
    assert_unavailable(served, path)
    assert not file.exists()
    file.with_suffix(".away").rename(file)
    assert served.get("/healthz").status == 200
    assert served.get(path).body == before.body


def test_a_file_that_is_replaced_by_another(clinic: Clinic, served: Served, tmp_path: Path) -> None:
    issued = clinic.feed()
    assert served.get(path_of(issued)).status == 200
    file, copy = settled(clinic, issued), tmp_path / "copy.sqlite"
    shutil.copy(file, copy)
    other = Clinic.opened(open_database(f"sqlite:///{tmp_path / 'other.sqlite'}"))
    elsewhere = other.feed("subject", "PEK-001")
    other.database.close()
    (tmp_path / "other.sqlite").replace(file)
    assert served.get(path_of(issued)).status == 404
    assert served.get(path_of(elsewhere)).status == 200
    copy.replace(file)
    assert served.get(path_of(issued)).status == 200
    assert served.get(path_of(elsewhere)).status == 404


def test_a_file_that_is_no_database(clinic: Clinic, served: Served) -> None:
    issued = clinic.feed()
    path = path_of(issued)
    assert served.get(path).status == 200
    file = settled(clinic, issued)
    file.rename(file.with_suffix(".away"))
    file.write_bytes(b"no database at all " * 100)
    assert_unavailable(served, path)
    file.with_suffix(".away").replace(file)
    assert served.get(path).status == 200


def test_a_file_that_another_program_locks(clinic: Clinic, served: Served) -> None:
    path = path_of(clinic.feed())
    clinic.database.close()
    # The process has not asked yet, so that another can have the file for itself.
    with closing(sqlite3.connect(file_of(clinic), isolation_level=None)) as alone:
        alone.execute("PRAGMA locking_mode=EXCLUSIVE")
        alone.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        assert served.get("/healthz").status == 503
        assert time.monotonic() - began < 5
        assert served.get("/").status == 200
    assert served.until("/healthz", 200).body == b'{"status":"ok"}'
    assert served.until(path, 200).status == 200


def test_a_log_that_cannot_be_read_is_no_traceback(clinic: Clinic, served: Served) -> None:
    issued = clinic.feed()
    assert served.get(path_of(issued)).status == 200
    with closing(sqlite3.connect(file_of(clinic), isolation_level=None)) as damaged:
        for (name,) in damaged.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            damaged.execute(f"DROP TRIGGER {name}")
        damaged.execute("UPDATE facts SET details = '{' WHERE kind = 'enrolled'")
        damaged.execute("UPDATE facts SET head = 'x' WHERE position = (SELECT max(position) FROM facts)")
    answer = served.get(path_of(issued))
    assert (answer.status, answer.body) == (503, b"")
    assert issued.token not in served.output()


def test_a_server_that_drops_its_connections(postgresql: Server, postgresql_url: str, written: Path) -> None:
    name = str(make_url(postgresql_url).database)
    database = open_database(postgresql_url)
    issued = Clinic.opened(database).feed()
    database.close()
    with serving(postgresql_url, written) as served:
        before = served.get(path_of(issued))
        assert before.status == 200
        postgresql.administer("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false", name)
        _drop_connections(postgresql, name)
        assert_unavailable(served, path_of(issued))
        postgresql.administer("ALTER DATABASE {} WITH ALLOW_CONNECTIONS true", name)
        served.until("/healthz", 200)
        assert served.get(path_of(issued)).body == before.body
        assert postgresql.password not in served.output()


def _drop_connections(server: Server, name: str) -> None:
    with psycopg.connect(server.url().replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
