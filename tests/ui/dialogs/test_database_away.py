"""The database goes away while somebody types: what was entered is still there once it is back, and is saved once."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from planner.records.facts.kinds import Kind
from planner.ui.dialogs.opened import OpenDialog
from tests.ui.dialogs.dialog_screens import can_save, dialog, enter_day, key, press, said, subject_of, view
from tests.ui.screens import opened, texts
from tests.ui.test_protocols_page import LONGER_CYCLES, uploaded

SUBJECT = "ulrrc/BEI-004"
TEXT = "asked for morning visits"
UI = Path(__file__).parents[3] / "planner" / "ui"
OTHERS = ("components/change_panel.py", "components/form.py", "protocols/amend_view.py", "subjects/import_panel.py")
INPUTS = {
    *("text_input", "text_area", "date_input", "time_input", "number_input"),
    *("selectbox", "multiselect", "radio", "checkbox", "segmented_control"),
}


@pytest.fixture
def sqlite_screens(on_the_day: None, demo_sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The screens show a file, whatever the other tests run on: only a file can be put elsewhere."""
    monkeypatch.setenv("PLANNER_DATABASE_URL", demo_sqlite_url)
    return demo_sqlite_url


@contextmanager
def away(url: str) -> Iterator[None]:
    """The file stands elsewhere, with all that SQLite keeps beside it."""
    path = Path(url.removeprefix("sqlite:///"))
    moved = [(each, each.with_name(f"elsewhere-{each.name}")) for each in path.parent.glob(f"{path.name}*")]
    for here, there in moved:
        here.rename(there)
    yield
    for here, there in moved:
        there.rename(here)


def _noted(url: str) -> list[str]:
    return [fact.said.note for fact in view(url, SUBJECT).facts if fact.kind is Kind.NOTE]


def _note_written() -> AppTest:
    at = dialog("note", SUBJECT)
    return at.text_area(key=key("text")).set_value(TEXT).run()


def test_a_note_outlasts_the_database(sqlite_screens: str) -> None:
    at = _note_written()
    with away(sqlite_screens):
        press(at, "change.save")
        assert "What you entered is still here" in said(at)
        assert at.button(key=key("again")).label == "Try again"
        press(at, "again")
        assert "What you entered is still here" in said(at)
    press(at, "again")
    assert at.text_area(key=key("text")).value == TEXT
    assert _noted(sqlite_screens) == []
    press(at, "change.save")
    assert _noted(sqlite_screens) == [TEXT]


def test_it_outlasts_a_page_that_could_not_be_drawn(sqlite_screens: str) -> None:
    at = opened("subjects")
    at.session_state["dialogs.open"] = OpenDialog("note", subject_of(SUBJECT), None, number=1)
    at.run()
    at.text_area(key=key("text")).set_value(TEXT).run()
    with away(sqlite_screens):
        at.run()
        assert not at.get("dialog")
        at.button(key="main.again").click().run()
    at.button(key="main.again").click().run()
    assert at.text_area(key=key("text")).value == TEXT


def test_reason_and_day_outlast_it_too(sqlite_screens: str) -> None:
    at = dialog("hold", "ulrrc/BEI-036")
    day = at.date_input(key=key("from")).value
    enter_day(at, "from", day.replace(day=27))
    at.selectbox(key=key("change.reason")).set_value("toxicity").run()
    at.text_area(key=key("change.note")).set_value(TEXT).run()
    with away(sqlite_screens):
        press(at, "change.save")
    press(at, "again")
    assert at.date_input(key=key("from")).value == day.replace(day=27)
    assert at.selectbox(key=key("change.reason")).value == "toxicity"
    assert at.text_area(key=key("change.note")).value == TEXT
    assert can_save(at)


def test_an_enrolment_outlasts_it(sqlite_screens: str) -> None:
    at = opened("new-subject", {"protocol": "crlm", "site": "NYC", "start": "2026-12-07"})
    at.text_input(key="crlm/subject").set_value("NYC-909").run()
    at.text_input(key="crlm/note").set_value(TEXT).run()
    with away(sqlite_screens):
        at.button(key="enrol.save").click().run()
        assert "Try again" in texts(at)
        at.button(key="main.again").click().run()
    at.button(key="main.again").click().run()
    assert at.text_input(key="crlm/subject").value == "NYC-909"
    assert at.text_input(key="crlm/note").value == TEXT
    assert at.date_input(key="crlm/start").value is not None


def test_an_amendment_outlasts_it(sqlite_screens: str) -> None:
    at = opened("protocols", {"protocol": "ulrrc", "view": "file"})
    uploaded(at, LONGER_CYCLES)
    at.session_state["protocols.view"] = "amend"
    at.run()
    at.text_input(key="protocols.amend.numbers").set_value("BEI-001").run()
    at.text_area(key="protocols.amend.note").set_value(TEXT).run()
    with away(sqlite_screens):
        at.run()
        assert not [each for each in at.text_area if each.key == "protocols.amend.note"]
    at.run()
    assert at.text_input(key="protocols.amend.numbers").value == "BEI-001"
    assert at.text_area(key="protocols.amend.note").value == TEXT


def test_what_an_import_was_asked_for_outlasts_it(sqlite_screens: str) -> None:
    at = opened("subjects")
    at.radio(key="import.holds").set_value("dates").run()
    at.text_input(key="import.study").set_value("crlm").run()
    with away(sqlite_screens):
        at.run()
        assert not at.radio
    at.run()
    assert at.radio(key="import.holds").value == "dates"
    assert at.text_input(key="import.study").value == "crlm"


@pytest.mark.parametrize("path", [*sorted((UI / "dialogs").glob("*.py")), *map(UI.joinpath, OTHERS)])
def test_every_input_keeps_what_was_entered_while_it_cannot_be_drawn(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    inputs = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in INPUTS]
    forgetful = [call.lineno for call in inputs if not any(keyword.arg == "persist_state" for keyword in call.keywords)]
    assert not forgetful
