"""The dialog of one visit without a browser: opened on a visit, its inputs filled in."""

from datetime import date

from streamlit.testing.v1 import AppTest

from planner.records.facts.fact import Fact
from planner.ui.dialogs.opened import OpenDialog
from tests.ui.dialogs.dialog_screens import key, subject_of, view
from tests.ui.screens import opened


def visit_dialog(subject: str, visit: str, act: str = "", *, seen: int | None = None, language: str = "en") -> AppTest:
    """A page with the dialog of this visit open on it."""
    at = opened("subjects", language=language)
    at.session_state["dialogs.open"] = OpenDialog("visit", subject_of(subject), seen, visit=visit, entry=act, number=1)
    at.run()
    assert not at.exception, at.exception
    return at


def choose_act(at: AppTest, act: str) -> AppTest:
    """Another of the acts."""
    return at.segmented_control(key=key("act")).set_value(act).run()


def acts_offered(at: AppTest) -> list[str]:
    """What the acts are called."""
    return [option.content for option in at.segmented_control(key=key("act")).proto.options]


def take(at: AppTest, day: date) -> AppTest:
    """Press a day's button among the days of the window: what its component tells the script."""
    at.date_input(key=key("day")).set_value(day).run()
    assert not at.exception, at.exception
    return at


def last_facts(url: str, subject: str, count: int) -> list[Fact]:
    """What was recorded last."""
    return list(view(url, subject).facts[-count:])
