"""A site in China with the first worked vector of the study."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from planner.records.store.database import open_database
from tests.records.desk import FIRST_VECTOR, Desk


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    """One subject, all visits up to the second cycle done on their days."""
    database = open_database(sqlite_url)
    opened = Desk.opened(database)
    opened.enrol()
    opened.record_done(FIRST_VECTOR, on=date(2026, 3, 28))
    yield opened
    database.close()
