"""Whose role counts at one site saves nothing about a subject of another: not by asking for it, and not by being quick.

A dialog is filled in by somebody who may do all, and just before it is written only the role at the other site is left.
"""

import pytest

from planner.records.facts.kinds import Kind
from planner.records.people.roles import Role
from tests.ui.dialogs.dialog_screens import can_save, give_reason, key, press
from tests.ui.rights.between import before_it_is_written
from tests.ui.rights.everything import refusals
from tests.ui.rights.people import AT_ONE_SITE, AT_THE_OTHER_SITE, HERE, Person, facts_besides, facts_of, facts_written, given, taken
from tests.ui.rights.test_saving_refused import BOARD, TRIED, close, decided, dialog
from tests.ui.rights.walking import arrived_as, follow

ALL = [*AT_ONE_SITE, *AT_THE_OTHER_SITE]
USUAL = ("investigator.nyc", "investigator.bei")
"""Investigators may do every act, at their own site; what others may not do there, they may not do elsewhere: in the long run."""
WRITERS = [pytest.param(person, marks=() if person.account in USUAL else pytest.mark.long, id=person.account) for person in ALL]


def of_other_site(person: Person) -> list[str]:
    """The acts that are about subjects of a site where this person is nobody."""
    return [name for name, tried in TRIED.items() if (f"/{HERE}-" in tried.subject) == (person.site != HERE)]


def test_every_act_is_of_another_site_for_somebody() -> None:
    assert {name for person in ALL for name in of_other_site(person)} == set(TRIED)


@pytest.mark.parametrize("person", ALL, ids=lambda person: person.account)
def test_a_dialog_about_a_subject_of_another_site_says_there_is_none(
    person: Person, staffed_screens: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = follow(arrived_as(person.account, monkeypatch), "help")
    for name in of_other_site(person):
        dialog(at, TRIED[name], staffed_screens)
        assert "There is no subject" in refusals(at), name
        assert not can_save(at), name
        close(at)


@pytest.mark.parametrize("person", WRITERS)
def test_nothing_is_written_about_a_subject_of_another_site(
    person: Person, own_staffed_screens: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = own_staffed_screens
    at = follow(arrived_as(person.account, monkeypatch), "help")
    before = facts_besides(url, person.account)
    for name in of_other_site(person):
        given(url, person.account, Role.INVESTIGATOR)
        TRIED[name].fill(dialog(at, TRIED[name], url))
        assert can_save(at), (name, refusals(at))
        with before_it_is_written(lambda: taken(url, person.account, Role.INVESTIGATOR)):
            press(at, "change.save")
        assert facts_besides(url, person.account) == before, name
        assert "There is no subject" in refusals(at) or "may not" in refusals(at), (name, refusals(at))
        assert not at.success, name
        close(at)


def test_a_nurse_takes_no_decision_back(own_staffed_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    url = own_staffed_screens
    at = follow(arrived_as("investigator.all", monkeypatch), "help")
    decided(dialog(at, TRIED["decision"], url))
    press(at, "change.save")
    made = facts_of(url, BOARD)[-1]
    assert made.kind is Kind.DECISION_MADE

    tried = TRIED["take back"]
    undoing = type(tried)(tried.action, tried.dialog, BOARD, tried.fill, entry=str(made.number))
    at = follow(arrived_as("nurse.all", monkeypatch), "help")
    dialog(at, undoing, url)
    assert "nurse.all may not" in refusals(at)
    assert not can_save(at)
    close(at)

    before = facts_besides(url, "nurse.all")
    given(url, "nurse.all", Role.INVESTIGATOR)
    undoing.fill(dialog(at, undoing, url))
    assert can_save(at)
    with before_it_is_written(lambda: taken(url, "nurse.all", Role.INVESTIGATOR)):
        press(at, "change.save")
    assert "nurse.all may not" in refusals(at)
    assert "It takes the role investigator" in refusals(at)
    assert facts_besides(url, "nurse.all") == before


@pytest.mark.parametrize("left", [Role.READER, None])
def test_undo_after_the_role_was_taken_away_says_so(left: Role | None, own_staffed_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    url, account = own_staffed_screens, "investigator.all"
    at = follow(arrived_as(account, monkeypatch), "help")
    dialog(at, TRIED["missed"], url)
    give_reason(at, "other")
    at.text_area(key=key("change.note")).set_value("asked twice").run()
    press(at, "change.save")
    kept = facts_of(url, TRIED["missed"].subject)
    if left is not None:
        given(url, account, left)
    taken(url, account, Role.INVESTIGATOR)
    before = facts_written(url)
    at.button(key="notice.undo").click().run()
    assert not at.exception, at.exception
    assert f"{account} may not" in refusals(at)
    assert not at.success
    assert facts_of(url, TRIED["missed"].subject) == kept
    assert facts_written(url) == before
