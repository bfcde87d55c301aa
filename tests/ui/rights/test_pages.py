"""Every page for somebody in every role: drawn or said who may, and without a word about subjects of other sites."""

import re

import pytest

from planner.records.people.roles import Action
from tests.ui.rights.everything import everything, html_of, refusals
from tests.ui.rights.people import AT_ONE_SITE, ELSEWHERE, HERE, PEOPLE, Person, numbers_by_site
from tests.ui.rights.walking import arrived_as, follow

PAGES = [
    ("today", {}),
    ("today", {"on": "2026-12-24"}),
    ("subjects", {}),
    ("subjects", {"row": "51"}),
    ("subject", {"subject": "ulrrc/BEI-036"}),
    ("new-subject", {}),
    ("calendar", {}),
    ("calendar", {"view": "week"}),
    ("calendar", {"view": "day", "day": "2026-11-24"}),
    ("deviations", {}),
    ("protocols", {}),
    ("plan", {}),
    *(("settings", {"view": view}) for view in ("sites", "calendars", "resources", "feeds", "people")),
    *(("audit", {"view": view}) for view in ("log", "proof", "files")),
    ("help", {}),
]


def named(page: tuple[str, dict[str, str]]) -> str:
    return "-".join([page[0], *page[1].values()])


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.account)
def test_every_page_is_drawn_and_tells_only_what_the_person_may_read(
    person: Person, staffed_screens: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = arrived_as(person.account, monkeypatch)
    elsewhere = numbers_by_site(staffed_screens)[ELSEWHERE]
    for code, entries in PAGES:
        follow(at, code, entries)
        page = named((code, entries))
        assert len(at.title) == 1, page
        shown = everything(at)
        assert "Something went wrong" not in shown, page
        if person.site == HERE:
            assert elsewhere.isdisjoint(re.findall(r"(?:BEI|NYC)-\d+", shown)), page
            assert not re.search(rf"\b{ELSEWHERE}\b", shown), page
        else:
            assert HERE in shown or code in ("new-subject", "protocols", "plan", "settings", "audit", "help"), page


@pytest.mark.parametrize("person", AT_ONE_SITE, ids=lambda person: person.account)
def test_a_subject_of_another_site_is_as_one_that_there_is_not(
    person: Person, staffed_screens: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = arrived_as(person.account, monkeypatch)
    said = []
    for number in ("NYC-001", "NYC-999"):
        follow(at, "subject", {"subject": f"ulrrc/{number}"})
        said.append(at.error[0].value.replace("\\", ""))
        assert said[-1].startswith(f"There is no subject ulrrc/{number} that this account may read. Did you mean ulrrc/BEI-")
        assert not html_of(at)
        assert not [button for button in at.button if str(button.key).startswith("act")]
    assert len(at.error) == 1


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.account)
def test_enrolling_importing_and_amending_are_offered_to_those_who_may(
    person: Person, staffed_screens: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = arrived_as(person.account, monkeypatch)
    follow(at, "new-subject")
    assert ("may not enrol" not in refusals(at)) == bool(at.selectbox) == person.may(Action.ENROL, HERE)
    follow(at, "subjects")
    assert ("Enrol a subject" in [getattr(link, "label", "") for link in at.get("page_link")]) == person.may(Action.ENROL, HERE)
    assert ("may not import" not in refusals(at)) == person.may(Action.IMPORT, HERE)
    assert not at.error
    assert bool([radio for radio in at.radio if radio.key == "import.holds"]) == person.may(Action.IMPORT, HERE)
    tabs = [tab.label for tab in follow(at, "protocols").tabs]
    assert any("mend" in tab for tab in tabs) == person.may(Action.AMEND, HERE), tabs


FILES = {"export": Action.AUDIT, "everything": Action.EXPORT, "anonymised": Action.ANONYMISE, "backup": Action.BACKUP}


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.account)
def test_settings_proof_and_files_are_offered_to_those_who_may(
    person: Person, staffed_screens: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = arrived_as(person.account, monkeypatch)
    files = everything(follow(at, "audit", {"view": "files"}))
    for name, action in FILES.items():
        assert (f"audit.{name}" in files) == person.may(action, "*"), name
    follow(at, "audit", {"view": "proof"})
    assert ("may not audit" in refusals(at)) != person.may(Action.AUDIT, "*")
    may_set = person.may(Action.ADMINISTER, "*")
    for view in ("sites", "resources", "people"):
        follow(at, "settings", {"view": view})
        assert ("may not administer" in refusals(at)) != may_set, view
        assert any(str(button.key).startswith("settings.") for button in at.button) == may_set, view
    follow(at, "settings", {"view": "calendars"})
    refreshes = person.may(Action.REFRESH_CALENDAR, HERE) and may_set
    assert bool(re.search("may not (administer|refresh)", refusals(at))) != refreshes
