"""Two people change one thing on the other pages: the second is told, and nothing that the first saved is lost unseen."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from planner.records.caller import Caller
from planner.records.changes.acts import noted
from planner.records.facts.fact import NewFact
from planner.records.people.administration import (
    append_administration,
    set_site,
    set_site_capacity,
    set_site_contact,
    settings_to_change,
)
from planner.records.people.settings import Settings, read_settings
from planner.records.store.database import open_database
from tests.ui.clock import MOMENT
from tests.ui.dialogs.dialog_screens import write
from tests.ui.rights.between import before_it_is_written
from tests.ui.rights.elsewhere import ACTS, filled, press_save
from tests.ui.rights.everything import refusals
from tests.ui.rights.people import facts_besides
from tests.ui.rights.walking import arrived_as
from tests.ui.screens import texts
from tests.ui.test_new_subject_page import enrolled_by_somebody_else

ABOUT = {"import": "ulrrc/BEI-018", "amend": "ulrrc/BEI-030", "refresh": "ulrrc/BEI-036"}
AGAIN = {"amend": "protocols.amend.again", "refresh": "settings.refresh.again"}


def sets(url: str, *facts_of: Callable[[Settings], NewFact]) -> None:
    """An administrator changes settings meanwhile."""
    who, database = Caller("doctor2", MOMENT), open_database(url)
    with database.writing() as connection:
        settings = settings_to_change(connection, who)
        append_administration(connection, who, [fact_of(settings) for fact_of in facts_of])
    database.close()


def settings(url: str) -> Settings:
    database = open_database(url)
    with database.reading() as connection:
        found = read_settings(connection)
    database.close()
    return found


def opened(name: str, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    return filled(arrived_as("nurse1", monkeypatch), ACTS[name])


@pytest.mark.parametrize("name", ABOUT)
def test_a_change_of_a_subject_between_the_look_and_the_writing_is_told(
    name: str, demo_screens: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    act, at = ACTS[name], opened(name, monkeypatch)
    with before_it_is_written(lambda: write(demo_screens, ABOUT[name], *noted("the ward called"))):
        press_save(at, act)
    said = refusals(at).replace("\\", "")
    assert f"{ABOUT[name]} was changed meanwhile" in said
    assert "note by doctor2" in said
    assert not at.success
    if name in AGAIN:
        at.button(key=AGAIN[name]).click().run()
        if name == "amend":
            at.button(key="protocols.amend.work-out").click().run()
    else:
        at.button(key="import.again").click().run()
    key, text = act.typed
    assert not key or at.text_input(key=key).value == text
    press_save(at, act)
    assert at.success, refusals(at)


def test_a_number_that_somebody_else_took_is_told(demo_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    act, at = ACTS["enrol"], opened("enrol", monkeypatch)
    with before_it_is_written(lambda: enrolled_by_somebody_else(demo_screens, "BEI-901")):
        press_save(at, act)
    assert "doctor2" in refusals(at)
    assert at.text_input(key=act.typed[0]).value == act.typed[1]
    assert not at.success
    at.text_input(key=act.typed[0]).set_value("BEI-902").run()
    press_save(at, act)
    assert at.success, refusals(at)


def test_what_was_not_typed_is_not_set_back(demo_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("change a site", monkeypatch)
    sets(demo_screens, lambda now: set_site(now, "BEI", "BEI-[0-9]{4}"))
    press_save(at, ACTS["change a site"])
    assert at.success, refusals(at)
    found = settings(demo_screens)
    assert found.sites["BEI"].subject_pattern == "BEI-[0-9]{4}"
    assert found.contacts["BEI"] == ACTS["change a site"].typed[1]


def test_the_numbers_of_another_resource_are_not_set_back(demo_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("capacity", monkeypatch)
    sets(demo_screens, lambda now: set_site_capacity(now, "BEI", "infusion", 9))
    press_save(at, ACTS["capacity"])
    assert settings(demo_screens).capacities == {("BEI", "infusion"): 9, ("BEI", "linac"): 4}
    assert at.success


MEANWHILE: dict[str, Callable[[Settings], NewFact]] = {
    "change a site": lambda now: set_site_contact(now, "BEI", "Ward 3, 010 5555 0200"),
    "capacity": lambda now: set_site_capacity(now, "BEI", "linac", 7),
}


@pytest.mark.parametrize("is_late", [False, True])
@pytest.mark.parametrize("name", MEANWHILE)
def test_the_same_setting_changed_by_somebody_else_is_told(
    name: str, is_late: bool, demo_screens: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    act, at = ACTS[name], opened(name, monkeypatch)
    if is_late:
        with before_it_is_written(lambda: sets(demo_screens, MEANWHILE[name])):
            press_save(at, act)
    else:
        sets(demo_screens, MEANWHILE[name])
        press_save(at, act)
    before = facts_besides(demo_screens, "nurse1")
    assert "doctor2" in refusals(at)
    assert "was changed meanwhile" in refusals(at)
    assert "What you entered is still here." in texts(at)
    assert not at.success
    assert facts_besides(demo_screens, "nurse1") == before
    at.button(key="settings.again").click().run()
    assert _typed(at, name)
    press_save(at, act)
    assert at.success, refusals(at)
    found = settings(demo_screens)
    assert found.capacities == {("BEI", "linac"): 4} if name == "capacity" else found.contacts["BEI"] == act.typed[1]


def _typed(at: AppTest, name: str) -> bool:
    if name == "capacity":
        return bool(at.number_input(key="settings.0.BEI.linac").value == 4)
    return bool(at.text_input(key=ACTS[name].typed[0]).value == ACTS[name].typed[1])
