"""The screens without a browser (Streamlit's AppTest), on a copy of the demonstration, on the day on which it stands."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from planner.exchange import today
from tests.ui.clock import MOMENT

APP = Path(__file__).parents[2] / "app.py"
SECONDS = 30


@pytest.fixture
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the day of the demonstration, and ``nurse1`` sits at the machine."""
    monkeypatch.setattr(today, "now", lambda: MOMENT)
    monkeypatch.setattr(today, "today_in", lambda zone: MOMENT.date())
    monkeypatch.setenv("PLANNER_ACCOUNT", "nurse1")
    monkeypatch.setenv("PLANNER_INSTALL_KEY", "a secret of the tests, long enough to be one")


@pytest.fixture
def demo_screens(on_the_day: None, demo_database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The screens show a copy of the demonstration of their own; its URL."""
    monkeypatch.setenv("PLANNER_DATABASE_URL", demo_database_url)
    return demo_database_url


@pytest.fixture
def no_screens_yet(on_the_day: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """There is no database yet; its URL to be."""
    url = f"sqlite:///{tmp_path / 'planner.sqlite'}"
    monkeypatch.setenv("PLANNER_DATABASE_URL", url)
    return url


def opened(page: str = "today", entries: Mapping[str, str] | None = None, *, language: str = "en") -> AppTest:
    """The page of that code, as a link with these entries shows it."""
    at = AppTest.from_file(APP, default_timeout=SECONDS)
    at.query_params["lang"] = language
    at.run()
    for name, text in (entries or {}).items():
        at.query_params[name] = text
    at.switch_page(f"planner/ui/pages/{page.replace('-', '_')}.py").run()
    assert not at.exception, at.exception
    return at


def texts(at: AppTest) -> str:
    """All that stands on the page as text, for questions such as whether something is said."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "info", "success", "warning", "error", "button", "html")
    found = []
    for kind in kinds:
        for element in at.get(kind):
            found += [str(getattr(element, name, "") or "") for name in ("label", "value", "body")]
    return "\n".join(text for text in found if text)
