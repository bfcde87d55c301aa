"""A dialog of a subject, opened as the pages open it, without a browser; and what the log says afterwards."""

from datetime import date

from streamlit.testing.v1 import AppTest

from planner.records.caller import Caller
from planner.records.changes.change import propose, save
from planner.records.changes.view import SubjectView, subject_view
from planner.records.facts.fact import NewFact, SubjectKey
from planner.records.people.administration import append_administration, grant_role, settings_to_change
from planner.records.store.database import open_database
from planner.schedule.rows import VisitRow
from planner.ui.dialogs.opened import OpenDialog
from tests.ui.clock import MOMENT
from tests.ui.screens import opened

NURSE = Caller("nurse1", MOMENT)
OTHER = Caller("doctor2", MOMENT)


def subject_of(text: str) -> SubjectKey:
    """``ulrrc/BEI-001`` as a key."""
    study, _, number = text.partition("/")
    return SubjectKey(study, number)


def dialog(name: str, subject: str, *, entry: str = "", seen: int | None = None, language: str = "en") -> AppTest:
    """A page with this dialog open on it."""
    at = opened("help", language=language)
    at.session_state["dialogs.open"] = OpenDialog(name, subject_of(subject), seen, entry=entry, number=1)
    at.run()
    assert not at.exception, at.exception
    return at


def said(at: AppTest) -> str:
    """All that stands in the dialog as text; nothing where none is open."""
    found = []
    for block in at.get("dialog"):
        for kind in ("markdown", "caption", "info", "warning", "error", "button", "html", "expander"):
            for element in block.get(kind):
                found += [str(getattr(element, name, "") or "") for name in ("label", "value", "body")]
    return "\n".join(text for text in found if text)


def key(name: str) -> str:
    """The key of an input of that dialog."""
    return f"dialog.1.{name}"


def press(at: AppTest, name: str) -> AppTest:
    """Press the button of the dialog with this key."""
    at.button(key=key(name)).click().run()
    assert not at.exception, at.exception
    return at


def enter_day(at: AppTest, name: str, day: date | None) -> AppTest:
    """Enter a date into the dialog."""
    return at.date_input(key=key(name)).set_value(day).run()


def resume_on(at: AppTest, day: date) -> AppTest:
    """Enter the day on which treatment resumes, for the hold that is looked at."""
    (asked,) = [each for each in at.date_input if (each.key or "").startswith(key("on."))]
    return asked.set_value(day).run()


def give_reason(at: AppTest, code: str) -> AppTest:
    """Choose why."""
    return at.selectbox(key=key("change.reason")).set_value(code).run()


def can_save(at: AppTest) -> bool:
    """Whether there is something to save with."""
    return any(button.key == key("change.save") and not button.disabled for button in at.button)


def view(url: str, subject: str) -> SubjectView:
    """The subject as it is now."""
    with open_database(url).reading() as connection:
        return subject_view(connection, NURSE, subject_of(subject))


def row(url: str, subject: str, visit: str) -> VisitRow:
    """One visit as it is now."""
    return next(row for row in view(url, subject).rows if row.visit == visit)


def write(url: str, subject: str, *facts: NewFact) -> None:
    """Somebody else records something."""
    database = open_database(url)
    with database.reading() as connection:
        proposal = propose(connection, OTHER, subject_of(subject), facts)
    with database.writing() as connection:
        save(connection, OTHER, proposal)


def grant(url: str, person: str, role: str) -> None:
    """Give a person a role everywhere; somebody else is made the administrator first."""
    database, boss = open_database(url), Caller("boss1", MOMENT)
    for account, given in (("boss1", "administrator"), (person, role)):
        with database.writing() as connection:
            append_administration(connection, boss, [grant_role(settings_to_change(connection, boss), account, given, "*")])
