"""Who loses a role while a page stands filled in cannot save it: not by a press afterwards, and not by one just before."""

import pytest
from streamlit.testing.v1 import AppTest

from planner.records.people.roles import Role
from tests.ui.rights.between import before_it_is_written
from tests.ui.rights.elsewhere import ACTS, feeds, filled, press_save, somebody_has_a_feed
from tests.ui.rights.everything import refusals
from tests.ui.rights.people import EVERYWHERE, Person, facts_besides, given, taken
from tests.ui.rights.walking import arrived_as

USUAL = (Role.NURSE, Role.INVESTIGATOR)
"""Together they may not do any of the acts; the others are tried in the long run."""
ROLES = [pytest.param(person, marks=() if person.role in USUAL else pytest.mark.long, id=person.account) for person in EVERYWHERE]


@pytest.fixture
def url(own_staffed_screens: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PLANNER_PUBLIC_URL", "https://planner.example.org")
    somebody_has_a_feed(own_staffed_screens)
    return own_staffed_screens


@pytest.mark.parametrize("name", ACTS)
def test_every_act_is_saved_by_somebody_who_may(name: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    act = ACTS[name]
    account = f"{act.by}.all"
    at = filled(arrived_as(account, monkeypatch), act)
    before = facts_besides(url, account)
    press_save(at, act)
    assert len(facts_besides(url, account)) > len(before), refusals(at)


@pytest.mark.parametrize("person", ROLES)
def test_what_somebody_may_no_longer_do_is_not_written(person: Person, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at = arrived_as(person.account, monkeypatch)
    before, tried = facts_besides(url, person.account), 0
    for name, act in ACTS.items():
        if person.may(act.action, "*"):
            continue
        given(url, person.account, act.by)
        filled(at, act)
        with before_it_is_written(lambda by=act.by: taken(url, person.account, by)):
            press_save(at, act)
        said = refusals(at)
        assert act.refused in said, (name, said)
        assert act.refused != "may not" or f"{person.account} may not" in said, (name, said)
        assert act.refused != "may not" or "It takes the role" in said, (name, said)
        assert facts_besides(url, person.account) == before, name
        assert not at.success, name
        key, text = act.typed
        assert not key or at.text_input(key=key).value == text, name
        tried += 1
    assert tried >= 3


WITHOUT_A_WORD = ("end somebody's feed", "somebody's feed gets a new address", "amend")
"""What is simply not there any more: a reader has feeds too, and reads protocols."""


@pytest.mark.parametrize("name", [name for name in ACTS if name != "make a feed for somebody"])
def test_a_press_after_the_role_was_taken_away_writes_nothing(name: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    act, account = ACTS[name], "reader.all"
    before = facts_besides(url, account)
    at = _pressed_without_the_role(name, account, url, monkeypatch)
    assert facts_besides(url, account) == before
    assert name in WITHOUT_A_WORD or f"{account} may not" in refusals(at), refusals(at)
    assert not [button for button in at.button if button.key == act.save and not button.disabled]
    assert not at.success


def test_whoever_administers_no_more_makes_no_feed_for_somebody(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _pressed_without_the_role("make a feed for somebody", "reader.all", url, monkeypatch)
    assert {feed.person for feed in feeds(url)} <= {"coordinator.bei", "reader.all"}


def _pressed_without_the_role(name: str, account: str, url: str, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    act = ACTS[name]
    given(url, account, act.by)
    at = filled(arrived_as(account, monkeypatch), act)
    button = at.button(key=act.save).click()
    taken(url, account, act.by)
    button.run()
    assert not at.exception, at.exception
    return at
