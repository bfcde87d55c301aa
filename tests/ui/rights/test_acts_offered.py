"""Every act is offered exactly to those whose role allows it: as buttons of the pages, and as what dialogs go on with."""

import html
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from planner.records.people.roles import Action, action_of
from tests.ui.rights.conftest import set_the_day
from tests.ui.rights.everything import html_of
from tests.ui.rights.people import ELSEWHERE, HERE, PEOPLE, Person, facts_of
from tests.ui.rights.walking import arrived_as, follow

ACTIONS = {
    ("visit", "done"): Action.RECORD_VISIT,
    ("visit", "missed"): Action.RECORD_VISIT,
    ("visit", "omit"): Action.RECORD_VISIT,
    ("visit", "book"): Action.BOOK,
    ("visit", "release"): Action.BOOK,
    ("unscheduled", ""): Action.RECORD_VISIT,
    ("milestone", ""): Action.RECORD_VISIT,
    ("decision", ""): Action.DECIDE,
    ("hold", ""): Action.HOLD,
    ("resume", ""): Action.HOLD,
    ("stop", ""): Action.STOP,
    ("leave", ""): Action.END,
    ("parameter", ""): Action.SET_PARAMETER,
    ("start", ""): Action.ENROL,
    ("transfer", ""): Action.TRANSFER,
    ("note", ""): Action.NOTE,
}
"""What each act of a subject's page takes, by its dialog and entry."""
IN_LISTS = {
    "done": Action.RECORD_VISIT,
    "missed": Action.RECORD_VISIT,
    "milestone": Action.RECORD_VISIT,
    "book": Action.BOOK,
    "move": Action.BOOK,
    "decide": Action.DECIDE,
    "resume": Action.HOLD,
    "classify": Action.CLASS_DEVIATION,
    "open": Action.READ,
}
"""What each act in a line of Today or of the deviations takes."""
SUBJECTS = {
    "not started": ({"subject": "ulrrc/BEI-001"}, HERE),
    "treated, booked": ({"subject": "ulrrc/BEI-004"}, HERE),
    "a done visit": ({"subject": "ulrrc/BEI-036", "visit": "C1D1"}, HERE),
    "overdue": ({"subject": "ulrrc/BEI-018"}, HERE),
    "left": ({"subject": "ulrrc/BEI-010"}, HERE),
    "a decision is due": ({"subject": "ulrrc/NYC-009"}, ELSEWHERE),
    "on hold": ({"subject": "ulrrc/NYC-018"}, ELSEWHERE),
}
CORRECTED = {"subject": "ulrrc/BEI-036", "view": "history"}


def kind_of(code: str) -> tuple[str, str]:
    dialog, _, entry = code.split("|")
    return dialog, entry if dialog == "visit" else ""


def acts(at: AppTest) -> set[str]:
    """The acts of the page's bar and of its views, as ``dialog|visit|entry``."""
    in_bar = {str(button.key).split(".", 2)[2] for button in at.button if re.match(r"act\.(visit|subject)\.", str(button.key))}
    return in_bar | {html.unescape(code) for code in re.findall(r'data-choose="act" data-value="([^"]*)"', html_of(at))}


def in_lists(at: AppTest) -> set[tuple[str, str]]:
    """The acts in the lines of a list, with what each is about."""
    found = re.findall(r'data-choose="(\w+)" data-value="([^"]*)"', html_of(at))
    return {(act, html.unescape(value)) for act, value in found}


@dataclass(frozen=True)
class Offered:
    """What somebody is offered."""

    subjects: dict[str, set[str]]
    today: set[tuple[str, str]]
    deviations: set[tuple[str, str]]
    corrections: set[str]
    """The numbers of the facts that can be corrected or taken back."""


def offered(at: AppTest, site: str = "") -> Offered:
    """The acts of the subjects' pages and of the lists, these of one site."""
    subjects = {name: acts(follow(at, "subject", entries)) for name, (entries, _) in SUBJECTS.items()}
    today = in_lists(follow(at, "today", {"site": site}))
    deviations = in_lists(follow(at, "deviations", {"site": site}))
    facts = {code.split("|")[2] for code in acts(follow(at, "subject", CORRECTED)) if code.startswith("fact|")}
    return Offered(subjects, today, deviations, facts)


@pytest.fixture(scope="module")
def everything_offered(demo_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Offered:
    """What one person on one machine is offered, who may do all."""
    file = shutil.copyfile(demo_sqlite_file, tmp_path_factory.mktemp("alone") / "planner.sqlite")
    with pytest.MonkeyPatch.context() as alone:
        set_the_day(alone)
        alone.setenv("PLANNER_DATABASE_URL", f"sqlite:///{file}")
        return offered(arrived_as("nurse1", alone), HERE)


def test_every_act_is_among_them(everything_offered: Offered) -> None:
    assert {kind_of(code) for codes in everything_offered.subjects.values() for code in codes} == set(ACTIONS)
    assert {act for act, _ in everything_offered.today | everything_offered.deviations} >= {"done", "missed", "decide", "classify", "open"}
    assert len(everything_offered.corrections) > 10


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.account)
def test_acts_are_offered_to_those_who_may(
    person: Person, staffed_screens: str, everything_offered: Offered, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = offered(arrived_as(person.account, monkeypatch), HERE)
    for name, (entries, site) in SUBJECTS.items():
        allowed = {code for code in everything_offered.subjects[name] if person.may(ACTIONS[kind_of(code)], site)}
        if "visit" in entries and not person.may(Action.CORRECT, site):
            allowed = {code for code in allowed if not code.startswith(f"visit|{entries['visit']}|")}
        assert found.subjects[name] == allowed, name
    assert found.today == {(act, of) for act, of in everything_offered.today if person.may(IN_LISTS[act], HERE)}
    assert found.deviations == {(act, of) for act, of in everything_offered.deviations if person.may(IN_LISTS[act], HERE)}

    kinds = {str(fact.number): fact.kind for fact in facts_of(staffed_screens, CORRECTED["subject"])}
    assert found.corrections == {
        number
        for number in everything_offered.corrections
        if person.may(Action.CORRECT, HERE) and person.may(action_of(kinds[number]), HERE)
    }
