"""While something takes long, the page says what is being done: looked at in the middle of the work, which is what takes the time."""

from collections.abc import Callable
from typing import Any

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from planner.ui import first_run
from planner.ui.audit import proof
from planner.ui.protocols import amend_view
from planner.ui.settings import refresh
from planner.ui.subjects import import_panel
from tests.ui.rights.elsewhere import ACTS, filled, press_save
from tests.ui.rights.walking import arrived_as, follow
from tests.ui.screens import opened


class Told:
    """What is said to be going on at the moment, and what was said whenever the work was looked at."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now: list[str] = []
        self.while_working: list[str] = []
        self._patched = monkeypatch
        for name in ("status", "spinner"):
            monkeypatch.setattr(streamlit, name, self._block(getattr(streamlit, name)))
        monkeypatch.setattr(streamlit, "progress", self._bar(streamlit.progress))

    def working(self, module: object, name: str) -> None:
        """Look whenever this is called."""
        whole = getattr(module, name)

        def looked_at(*given: Any, **named: Any) -> Any:
            self.while_working += self.now or ["nothing"]
            return whole(*given, **named)

        self._patched.setattr(module, name, looked_at)

    def _block(self, draw: Callable[..., Any]) -> Callable[..., Any]:
        told = self

        class Block:
            def __init__(self, text: str, *given: Any, **named: Any) -> None:
                self.text, self.drawn = text, draw(text, *given, **named)

            def __enter__(self) -> Any:
                told.now.append(self.text)
                return self.drawn.__enter__()

            def __exit__(self, *error: Any) -> Any:
                told.now.remove(self.text)
                return self.drawn.__exit__(*error)

        return Block

    def _bar(self, draw: Callable[..., Any]) -> Callable[..., Any]:
        told = self

        class Bar:
            def __init__(self, value: float, text: str = "") -> None:
                self.drawn = draw(value, text=text)
                told.now.append(text)
                self.text = text

            def progress(self, value: float, text: str = "") -> None:
                assert 0 <= value <= 1
                told.while_working.append(f"{value:.0%} {text}")
                self.drawn.progress(value, text=text)

            def empty(self) -> None:
                told.now.remove(self.text)
                self.drawn.empty()

        return Bar


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    return Told(monkeypatch)


def here(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    return arrived_as("nurse1", monkeypatch)


def test_making_the_demonstration(no_screens_yet: str, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_run, "fill_with_demo", lambda *given: None)
    told.working(first_run, "fill_with_demo")
    at = opened()
    at.button(key="first-run.fill").click().run()
    assert not at.exception, at.exception
    assert told.while_working == ["Making the demonstration …"]
    assert told.now == []


def test_working_out_and_saving_other_working_days(demo_screens: str, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    told.working(refresh, "propose_refresh")
    at = filled(here(monkeypatch), ACTS["refresh"])
    assert told.while_working[0].startswith("Working out every subject of BEI …"), told.while_working
    told.while_working.clear()
    told.working(refresh, "save_refresh")
    press_save(at, ACTS["refresh"])
    assert "Saving …" in told.while_working
    assert told.now == []


def test_working_out_and_writing_an_amendment(demo_screens: str, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    told.working(amend_view, "impact_of")
    at = filled(here(monkeypatch), ACTS["amend"])
    assert any("Working out every visit before and after …" in text for text in told.while_working)
    assert "100% Working out every visit before and after …" in told.while_working
    told.while_working.clear()
    told.working(amend_view, "save_all")
    press_save(at, ACTS["amend"])
    assert told.while_working == ["Writing …"]
    assert told.now == []


def test_reading_and_writing_a_file(demo_screens: str, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    told.working(import_panel, "planned_import")
    at = filled(here(monkeypatch), ACTS["import"])
    assert told.while_working == ["Reading the file …"]
    told.while_working.clear()
    told.working(import_panel, "carry_out")
    press_save(at, ACTS["import"])
    assert told.while_working[0] == "Writing …"
    assert told.now == []


def test_verifying_the_log(demo_screens: str, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    told.working(proof, "verify_log_watched")
    at = follow(here(monkeypatch), "audit", {"view": "proof"})
    at.button(key="audit.verify").click().run()
    assert told.while_working[0].startswith("Verifying ")
    assert told.now == []
