"""Who may not do something cannot save it either, whatever a screen offers: the records refuse it with a sentence, and nothing is written.

The screens' own asking is taken out of the way here, and what would be saved is worked out as somebody who may. What is left is what
``planner.records`` says when it is asked to write.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from planner.records.caller import Caller
from planner.records.changes.change import propose
from planner.records.people.roles import Action
from planner.ui.components import change_panel
from planner.ui.dialogs import beginnings
from planner.ui.dialogs.opened import OpenDialog
from tests.ui.clock import MOMENT
from tests.ui.dialogs.dialog_screens import can_save, enter_day, give_reason, key, press, subject_of
from tests.ui.rights.everything import refusals
from tests.ui.rights.people import EVERYWHERE, Person, facts_of, facts_written
from tests.ui.rights.walking import arrived_as, follow

INVESTIGATOR = Caller("investigator.all", MOMENT)
Filled = Callable[[AppTest], object]


@dataclass(frozen=True)
class Tried:
    """An act as its dialog offers it, ready to be saved once it is filled in."""

    action: Action
    dialog: str
    subject: str
    fill: Filled = lambda at: None
    visit: str = ""
    entry: str = ""


def reason(at: AppTest) -> object:
    return give_reason(at, "toxicity")


def leave(at: AppTest) -> object:
    at.radio(key=key("because")).set_value("withdrawn").run()
    return give_reason(at, "consent_withdrawn")


def cycles(at: AppTest) -> object:
    at.number_input(key=key("value.cycles")).set_value(6).run()
    return give_reason(at, "investigator_decision")


def start(at: AppTest) -> object:
    return give_reason(enter_day(at, "start", date(2026, 12, 3)), "patient_request")


def take_back(at: AppTest) -> object:
    at.radio(key=key("way")).set_value("back").run()
    return give_reason(at, "transcription_error")


def classed(at: AppTest) -> object:
    at.radio(key=key("class")).set_value("not_important").run()
    return give_reason(at, "holiday")


def decided(at: AppTest) -> object:
    return press(press(at, "choice.management.surgery"), "day.management.today")


TREATED, NEW, BOARD, HELD = "ulrrc/BEI-036", "ulrrc/BEI-001", "ulrrc/NYC-009", "ulrrc/NYC-018"
TRIED = {
    "done": Tried(Action.RECORD_VISIT, "visit", "crlm/BEI-016", visit="FU2", entry="done"),
    "missed": Tried(Action.RECORD_VISIT, "visit", "crlm/BEI-016", reason, visit="FU2", entry="missed"),
    "book": Tried(Action.BOOK, "visit", "ulrrc/BEI-004", lambda at: enter_day(at, "day", date(2026, 12, 8)), "C3D1", "book"),
    "release": Tried(Action.BOOK, "visit", "ulrrc/BEI-004", visit="C3D1", entry="release"),
    "omit": Tried(
        Action.RECORD_VISIT, "visit", TREATED, lambda at: at.multiselect(key=key("omitted")).set_value(["PD1"]).run(), "C4D1", "omit"
    ),
    "unscheduled": Tried(Action.RECORD_VISIT, "unscheduled", TREATED, lambda at: press(at, "day.today")),
    "milestone": Tried(
        Action.RECORD_VISIT, "milestone", NEW, lambda at: enter_day(at, "milestone.PRIOR_RT_END", date(2025, 3, 1)), entry="PRIOR_RT_END"
    ),
    "decision": Tried(Action.DECIDE, "decision", BOARD, decided, entry="management"),
    "hold": Tried(Action.HOLD, "hold", TREATED, reason),
    "resume": Tried(Action.HOLD, "resume", HELD),
    "stop": Tried(Action.STOP, "stop", TREATED, reason),
    "leave": Tried(Action.END, "leave", TREATED, leave),
    "parameter": Tried(Action.SET_PARAMETER, "parameter", TREATED, cycles, entry="cycles"),
    "start": Tried(Action.ENROL, "start", NEW, start),
    "transfer": Tried(Action.TRANSFER, "transfer", TREATED, lambda at: at.selectbox(key=key("site")).set_value("NYC").run()),
    "note": Tried(Action.NOTE, "note", TREATED, lambda at: at.text_area(key=key("text")).set_value("asked for mornings").run()),
    "take back": Tried(Action.CORRECT, "fact", TREATED, take_back, entry="15"),
    "classify": Tried(Action.CLASS_DEVIATION, "classify", "ulrrc/BEI-004", classed, entry="out_of_window:F1"),
}


def dialog(at: AppTest, tried: Tried, url: str) -> AppTest:
    """The dialog of the act, opened as no button of this person would open it."""
    seen = len(facts_of(url, tried.subject))
    at.session_state["dialogs.open"] = OpenDialog(tried.dialog, subject_of(tried.subject), seen, tried.visit, tried.entry, 1)
    return run(at)


def close(at: AppTest) -> None:
    at.session_state["dialogs.open"] = None
    run(at)
    # The next has the same number here, and nothing of this one.
    for name in map(key, ("act", "opened", "change.seen")):
        if name in at.session_state:
            del at.session_state[name]


def run(at: AppTest) -> AppTest:
    at.run()
    assert not at.exception, at.exception
    return at


@pytest.fixture
def nothing_asked_before_saving(monkeypatch: pytest.MonkeyPatch) -> None:
    """The screens ask nobody for rights, and show what an investigator would be shown."""

    def proposed(connection: Any, caller: Caller, *rest: Any) -> Any:
        return propose(connection, INVESTIGATOR, *rest)

    monkeypatch.setattr(beginnings, "permit", lambda *asked: None)
    monkeypatch.setattr(change_panel, "propose", proposed)


@pytest.mark.parametrize("name", TRIED)
def test_every_act_is_saved_by_somebody_who_may(
    name: str, own_staffed_screens: str, nothing_asked_before_saving: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = follow(arrived_as("investigator.all", monkeypatch), "help")
    before = facts_written(own_staffed_screens)
    TRIED[name].fill(dialog(at, TRIED[name], own_staffed_screens))
    assert can_save(at), refusals(at)
    press(at, "change.save")
    assert facts_written(own_staffed_screens) > before


@pytest.mark.parametrize("person", EVERYWHERE, ids=lambda person: person.account)
def test_a_dialog_says_who_may(person: Person, staffed_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at = follow(arrived_as(person.account, monkeypatch), "help")
    for name, tried in TRIED.items():
        dialog(at, tried, staffed_screens)
        may = person.may(tried.action, "*")
        assert ("may not" in refusals(at)) != may, (name, refusals(at))
        assert may or not can_save(at), name
        close(at)


@pytest.mark.parametrize("person", [person for person in EVERYWHERE if person.role != "investigator"], ids=lambda person: person.account)
def test_what_somebody_may_not_do_is_not_written(
    person: Person, staffed_screens: str, nothing_asked_before_saving: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = follow(arrived_as(person.account, monkeypatch), "help")
    before = facts_written(staffed_screens)
    for name, tried in TRIED.items():
        if person.may(tried.action, "*"):
            continue
        tried.fill(dialog(at, tried, staffed_screens))
        assert can_save(at), (name, refusals(at))
        press(at, "change.save")
        assert f"{person.account} may not" in refusals(at), name
        assert "It takes the role" in refusals(at), name
        assert facts_written(staffed_screens) == before, name
        close(at)
