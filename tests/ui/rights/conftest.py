"""One staffed copy of the demonstration for all tests that write nothing, and one for each of the others."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.exchange import today
from tests.ui.clock import MOMENT
from tests.ui.rights.people import facts_written, staffed


def set_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """What ``on_the_day`` does, for fixtures that last longer than a test."""
    monkeypatch.setattr(today, "now", lambda: MOMENT)
    monkeypatch.setattr(today, "today_in", lambda zone: MOMENT.date())
    monkeypatch.setenv("PLANNER_INSTALL_KEY", "a secret of the tests, long enough to be one")


@pytest.fixture(scope="package")
def staffed_file(tmp_path_factory: pytest.TempPathFactory, demo_sqlite_file: Path) -> Path:
    """The demonstration with somebody in every role."""
    file = Path(shutil.copyfile(demo_sqlite_file, tmp_path_factory.mktemp("staffed") / "planner.sqlite"))
    staffed(f"sqlite:///{file}")
    return file


@pytest.fixture
def staffed_screens(on_the_day: None, staffed_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The screens show it, and the test leaves it as it is; its URL."""
    url = f"sqlite:///{staffed_file}"
    monkeypatch.setenv("PLANNER_DATABASE_URL", url)
    before = facts_written(url)
    yield url
    assert facts_written(url) == before, "somebody wrote who may not"


@pytest.fixture
def own_staffed_screens(on_the_day: None, staffed_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same, of the test's own; its URL."""
    url = f"sqlite:///{shutil.copyfile(staffed_file, tmp_path / 'own.sqlite')}"
    monkeypatch.setenv("PLANNER_DATABASE_URL", url)
    return url
