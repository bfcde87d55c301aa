"""A site in China with the first worked vector of the study."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from planner.records.store.database import Database
from tests.records.databases import Fill
from tests.records.desk import FIRST_VECTOR, Desk


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """On SQLite only: what is particular to an engine is tested below this."""
    return sqlite_url


@pytest.fixture
def desk(filled: Callable[[Fill], Database]) -> Desk:
    """One subject, all visits up to the second cycle done on their days."""
    return Desk(filled(_write_desk))


def _write_desk(database: Database) -> None:
    opened = Desk.opened(database)
    opened.enrol()
    opened.record_done(FIRST_VECTOR, on=date(2026, 3, 28))
