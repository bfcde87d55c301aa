"""One running process for the tests that do not stop it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from planner.records.feeds.feed import EventKind, FeedKind
from planner.records.feeds.granting import IssuedFeed
from planner.records.store.database import open_database
from tests.server.clinic import YEARS, Clinic
from tests.server.serving import Served, serving


@dataclass(frozen=True)
class Running:
    clinic: Clinic
    served: Served
    url: str

    def feed(
        self, kind: FeedKind = "site", of: str = "PEK", person: str = "nurse", event: EventKind = "visit", days: int = YEARS, by: str = ""
    ) -> IssuedFeed:
        """A new feed that the process knows of already: else its first request counts as a guess."""
        issued = self.clinic.feed(kind, of, person, event, days, by)
        assert self.served.get("/healthz").status == 200
        return issued


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A clinic and the process that serves it."""
    folder = tmp_path_factory.mktemp("served")
    url = f"sqlite:///{folder / 'planner.sqlite'}"
    database = open_database(url)
    with serving(url, folder / "written.txt") as served:
        yield Running(Clinic.opened(database), served, url)
    database.close()


@pytest.fixture
def clinic(sqlite_url: str) -> Iterator[Clinic]:
    """A clinic of the test's own."""
    database = open_database(sqlite_url)
    yield Clinic.opened(database)
    database.close()


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "written.txt"
