"""Radicale, once for each process of the tests, and a clinic with a calendar of its own on it for each test."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from planner.records.store.database import open_database
from tests.exchange.caldav.clinic import Clinic, site
from tests.exchange.caldav.radicale_server import USER, RadicaleServer, started


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RadicaleServer]:
    server = started(tmp_path_factory.mktemp("radicale") / "server")
    yield server
    server.stop()


@pytest.fixture
def calendar(radicale: RadicaleServer) -> str:
    """The name of an empty calendar."""
    name = secrets.token_hex(4)
    radicale.ask("MKCALENDAR", f"{USER}/{name}/")
    return name


@pytest.fixture(scope="session")
def site_records(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of an SQLite file with the clinic's records."""
    file = tmp_path_factory.mktemp("site") / "site.sqlite"
    database = open_database(f"sqlite:///{file}")
    site(database)
    database.close()
    return file.read_bytes()


@pytest.fixture
def database_file(site_records: bytes, tmp_path) -> str:
    file = tmp_path / "clinic.sqlite"
    file.write_bytes(site_records)
    return f"sqlite:///{file}"


@pytest.fixture
def clinic(radicale: RadicaleServer, calendar: str, database_file: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """A clinic with the feed F1, which nothing was pushed of yet."""
    from tests.records.desk import Desk

    database = open_database(database_file)
    opened = Clinic(Desk(database), f"{radicale.home}{calendar}/", monkeypatch, radicale.environment, database_file)
    opened.make_feed()
    yield opened
    database.close()
