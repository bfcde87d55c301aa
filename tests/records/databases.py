"""Databases for the tests: each test gets an empty, migrated one of its own, once in SQLite and once in a real PostgreSQL.

Where PostgreSQL is not installed (`.ci/postgresql` installs it), its half of the tests is skipped with the reason, and fails where ``CI``
is set.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from planner.records.store.database import Database, open_database
from tests.records.postgresql import NoPostgreSQLError, Server, shared_server

TEMPLATE = "planner_template"


def skip_or_fail(reason: str) -> NoReturn:
    """Skip with the reason; where ``CI`` is set, nothing may be skipped."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def session_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this test session share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def postgresql(session_folder: Path) -> Server:
    """The session's PostgreSQL server."""
    try:
        return shared_server(session_folder)
    except NoPostgreSQLError as error:
        skip_or_fail(str(error))


@pytest.fixture(scope="session")
def postgresql_template(postgresql: Server) -> str:
    """The name of an empty, migrated database to copy; each process of the session has its own."""
    name = f"{TEMPLATE}_{secrets.token_hex(4)}"
    postgresql.administer("CREATE DATABASE {}", name)
    open_database(postgresql.url(name)).close()
    return name


@pytest.fixture
def empty_postgresql_url(postgresql: Server) -> Iterator[str]:
    """The URL of a PostgreSQL database without any table, dropped after the test."""
    name = f"planner_{secrets.token_hex(6)}"
    postgresql.administer("CREATE DATABASE {}", name)
    yield postgresql.url(name)
    postgresql.administer("DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture
def postgresql_url(postgresql: Server, postgresql_template: str) -> Iterator[str]:
    """The URL of an empty, migrated PostgreSQL database, dropped after the test."""
    name = f"planner_{secrets.token_hex(6)}"
    postgresql.administer("CREATE DATABASE {} TEMPLATE {}", name, postgresql_template)
    yield postgresql.url(name)
    postgresql.administer("DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of an empty, migrated SQLite file."""
    file = tmp_path_factory.mktemp("template") / "planner.sqlite"
    open_database(f"sqlite:///{file}").close()
    return file.read_bytes()


@pytest.fixture
def sqlite_url(sqlite_template: bytes, tmp_path: Path) -> str:
    """The URL of an empty, migrated SQLite file."""
    file = tmp_path / "planner.sqlite"
    file.write_bytes(sqlite_template)
    return f"sqlite:///{file}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty, migrated database; the test runs once for each of the two engines."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def mostly_sqlite_url(request: pytest.FixtureRequest) -> str:
    """The same, on PostgreSQL in the long tests only: for modules of many commands, which import it as ``database_url``.

    What is particular to an engine is tested on both below these: the log, the fold, the traces, the feeds.
    """
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty, migrated database; the test runs once for each of the two engines."""
    opened = open_database(database_url)
    yield opened
    opened.close()
