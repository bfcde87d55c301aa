"""Databases for the tests: each test gets an empty, migrated one of its own, once in SQLite and once in a real PostgreSQL.

Where PostgreSQL is not installed (`.ci/postgresql` installs it), its half of the tests is skipped with the reason, and fails where ``CI``
is set.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NoReturn

import pytest

from planner.records.demo.demo import fill_with_demo
from planner.records.store.database import Database, open_database
from tests.records.postgresql import NoPostgreSQLError, Server, shared_server

DEMO_SEED, DEMO_DAY = 1, date(2026, 11, 20)
"""The demonstration that the `demo_` fixtures give copies of."""


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


def made_once(session_folder: Path, name: str, make: Callable[[Path], object]) -> Path:
    """The file of that name in the session's folder; whichever process comes first makes it, the others wait."""
    file, unfinished = session_folder / name, session_folder / f"{name}.unfinished"
    with (session_folder / f"{name}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not file.exists():
            unfinished.unlink(missing_ok=True)
            make(unfinished)
            unfinished.rename(file)
    return file


def _made_template(server: Server, session_folder: Path, name: str, fill: Callable[[str], object]) -> str:
    """The name of a database of this server, made once; no process may have it open, since then it cannot be copied."""

    def make(note: Path) -> None:
        made = f"{name}_{secrets.token_hex(4)}"
        server.administer("CREATE DATABASE {}", made)
        fill(server.url(made))
        note.write_text(made, encoding="ascii")

    return made_once(session_folder, f"{name}-of-{server.folder.name}", make).read_text(encoding="ascii")


@contextmanager
def copied(server: Server, template: str) -> Iterator[str]:
    """The URL of a database of the test's own, copied file by file, which costs half of what copying through the log does."""
    name = f"planner_{secrets.token_hex(6)}"
    server.administer("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template)
    yield server.url(name)
    server.administer("DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture(scope="session")
def postgresql(session_folder: Path) -> Server:
    """The session's PostgreSQL server."""
    try:
        return shared_server(session_folder)
    except NoPostgreSQLError as error:
        skip_or_fail(str(error))


@pytest.fixture(scope="session")
def postgresql_template(postgresql: Server, session_folder: Path) -> str:
    """The name of an empty, migrated database to copy, made once for all processes of the session."""
    return _made_template(postgresql, session_folder, "planner_template", lambda url: open_database(url).close())


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
    with copied(postgresql, postgresql_template) as url:
        yield url


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


# --- the demonstration --------------------------------------------------------------------------------------------


def _filled(url: str, write: Callable[[Database], object]) -> None:
    database = open_database(url)
    try:
        write(database)
    finally:
        database.close()


def _write_demo(database: Database) -> None:
    with database.writing() as connection:
        fill_with_demo(connection, DEMO_SEED, DEMO_DAY)


@pytest.fixture(scope="session")
def demo_sqlite_file(session_folder: Path) -> Path:
    """A SQLite file with the demonstration, made once for all processes of the session: to be copied, never opened."""
    return made_once(session_folder, "demo.sqlite", lambda file: _filled(f"sqlite:///{file}", _write_demo))


@pytest.fixture
def demo_sqlite_url(demo_sqlite_file: Path, tmp_path: Path) -> str:
    """The URL of a SQLite file with the demonstration, the test's own."""
    return f"sqlite:///{shutil.copyfile(demo_sqlite_file, tmp_path / 'demo.sqlite')}"


@pytest.fixture(scope="session")
def demo_postgresql_template(postgresql: Server, session_folder: Path) -> str:
    """The name of a PostgreSQL database with the demonstration, made once for all processes of the session: to be copied, never opened."""
    return _made_template(postgresql, session_folder, "planner_demo", lambda url: _filled(url, _write_demo))


@pytest.fixture
def demo_postgresql_url(postgresql: Server, demo_postgresql_template: str) -> Iterator[str]:
    """The URL of a PostgreSQL database with the demonstration, the test's own, dropped after the test."""
    with copied(postgresql, demo_postgresql_template) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def demo_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database with the demonstration, the test's own; the test runs once for each of the two engines."""
    url: str = request.getfixturevalue(f"demo_{request.param}_url")
    return url


# --- both engines -------------------------------------------------------------------------------------------------


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


Fill = Callable[[Database], object]


@pytest.fixture
def filled(request: pytest.FixtureRequest, database_url: str, session_folder: Path) -> Iterator[Callable[[Fill], Database]]:
    """Opens the test's database as a function that it is given fills it.

    What that function writes to SQLite is kept for the other tests of the session: it may hang on nothing but the empty database.
    """
    assert "database" not in request.fixturenames, "the file is exchanged: no fixture of this test may have it open already"
    opened: list[Database] = []

    def fill(write: Fill) -> Database:
        if database_url.startswith("sqlite"):
            name = f"{write.__module__}.{write.__qualname__}.sqlite"
            kept = made_once(session_folder, name, lambda file: _filled(f"sqlite:///{file}", write))
            shutil.copyfile(kept, database_url.removeprefix("sqlite:///"))
        opened.append(open_database(database_url))
        if not database_url.startswith("sqlite"):
            write(opened[-1])
        return opened[-1]

    yield fill
    for database in opened:
        database.close()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty, migrated database; the test runs once for each of the two engines."""
    opened = open_database(database_url)
    yield opened
    opened.close()
