"""A dialog belongs to the page that it was opened on: it is not drawn over another one, and not when the person comes back."""

from streamlit.testing.v1 import AppTest

from planner.records.facts.fact import SubjectKey
from planner.ui.dialogs.opened import OpenDialog
from tests.ui.screens import opened

SUBJECT = "ulrrc/BEI-004"
ASK = "act.visit.visit|C3D1|book"
PAGES = "planner/ui/pages/{page}.py"


def _with_a_dialog() -> AppTest:
    at = opened("subject", {"subject": SUBJECT})
    at.button(key=ASK).click().run()
    assert _dialogs(at) == 1
    return at


def _dialogs(at: AppTest) -> int:
    """How many are drawn."""
    assert not at.exception, at.exception
    return len(at.get("dialog"))


def test_a_dialog_is_not_drawn_over_the_next_page_nor_when_coming_back(demo_screens: str) -> None:
    at = _with_a_dialog()
    at.switch_page(PAGES.format(page="today")).run()
    assert at.title[0].value == "Today"
    assert not _dialogs(at)
    at.query_params["subject"] = SUBJECT
    at.switch_page(PAGES.format(page="subject")).run()
    assert at.title[0].value == "Subject BEI-004"
    assert not _dialogs(at)
    at.button(key=ASK).click().run()
    assert _dialogs(at) == 1


def test_a_dialog_is_not_drawn_over_another_subject(demo_screens: str) -> None:
    at = _with_a_dialog()
    at.query_params["subject"] = "ulrrc/BEI-018"
    at.run()
    assert at.title[0].value == "Subject BEI-018"
    assert not _dialogs(at)


def test_it_stays_while_its_own_page_is_drawn_anew(demo_screens: str) -> None:
    at = _with_a_dialog()
    at.run()
    assert _dialogs(at) == 1


def test_one_that_is_opened_together_with_its_page_is_shown_there(demo_screens: str) -> None:
    at = _with_a_dialog()
    # What a callback leaves behind that opens a dialog and asks for another page.
    at.session_state["dialogs.open"] = OpenDialog("note", SubjectKey("ulrrc", "BEI-004"), None, number=2)
    at.session_state["places.later"] = ("today", {})
    at.run()
    assert at.title[0].value == "Today"
    assert _dialogs(at) == 1
