"""What several tests of calendar clients share: the demonstration, made once for each process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest

from planner.records.store.database import Database, open_database
from tests.clients.demo_subjects import DemoSubject, demo_subjects


@pytest.fixture(scope="session")
def demonstration(demo_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The demonstration's database; no test may change it."""
    database = open_database(f"sqlite:///{copyfile(demo_sqlite_file, tmp_path_factory.mktemp('demonstration') / 'demo.sqlite')}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def subjects(demonstration: Database) -> list[DemoSubject]:
    """All subjects of the demonstration."""
    found = demo_subjects(demonstration)
    assert len(found) == 60
    return found
