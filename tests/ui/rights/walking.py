"""One session that goes from page to page by links: quicker than a new one for each page, and as people work."""

from collections.abc import Mapping

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.screens import APP, SECONDS


def arrived_as(account: str, monkeypatch: pytest.MonkeyPatch, *, language: str = "en") -> AppTest:
    """A session of that account, on the first page."""
    monkeypatch.setenv("PLANNER_ACCOUNT", account)
    at = AppTest.from_file(APP, default_timeout=SECONDS)
    at.query_params["lang"] = language
    return at.run()


def follow(at: AppTest, page: str, entries: Mapping[str, str] | None = None, *, language: str = "en") -> AppTest:
    """The page of that code, as a link with these entries shows it in the session."""
    at.query_params.clear()
    for name, text in {"lang": language, **(entries or {})}.items():
        at.query_params[name] = text
    at.switch_page(f"planner/ui/pages/{page.replace('-', '_')}.py").run()
    assert not at.exception, (page, entries, at.exception)
    assert at.session_state["main.page"] == page
    return at
