"""Opening a subject: found among those that the caller may read, and one sentence for an unknown and an unreadable one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from planner.records.changes import acts
from planner.records.changes.amendment import propose_amendment
from planner.records.changes.proposal import RefusedError
from planner.records.changes.undoing import undone_last_act
from planner.records.facts.fact import ADMINISTRATION, SubjectKey
from planner.records.people.administration import read_settings
from planner.records.people.readable import open_subject, read_subject, readable_subjects
from planner.records.people.rights import NotAllowedError
from planner.records.people.settings import UnknownSiteError
from planner.records.store.append import ConflictError
from planner.records.store.database import Database
from planner.records.store.log import UnknownSubjectError
from tests.records.amendments import TEXTS
from tests.records.desk import LATE, SUBJECT, Desk, someone, texts
from tests.schedule.studies import china

ELSEWHERE = SubjectKey("ulrrc", "SHA-001")
NOBODY = SubjectKey("ulrrc", "SHA-777")


@pytest.fixture
def alone(database: Database) -> Desk:
    """Two sites with a subject each; nobody has been granted anything."""
    desk = Desk.opened(database, "PEK", "SHA")
    desk.enrol()
    desk.enrol("SHA-001", site="SHA")
    return desk


@pytest.fixture
def desk(alone: Desk) -> Desk:
    """With people at each site."""
    alone.grant(("peking", "coordinator", "PEK"), ("peking", "investigator", "PEK"), ("shanghai", "coordinator", "SHA"))
    return alone


def told(desk: Desk, text: str, who: str = "peking") -> str:
    """What somebody is told who cannot open a subject."""
    with desk.database.reading() as connection, pytest.raises(UnknownSubjectError) as caught:
        open_subject(connection, someone(who=who), text)
    return str(caught.value)


def opened(desk: Desk, text: str, who: str = "peking") -> SubjectKey:
    """The subject that somebody opens."""
    with desk.database.reading() as connection:
        return open_subject(connection, someone(who=who), text).key


def test_a_subject_is_opened_with_its_log(desk: Desk) -> None:
    for text in ("PEK-001", "ulrrc/PEK-001", " ULRRC/PEK-001 "):
        assert opened(desk, text) == SUBJECT
    with desk.database.reading() as connection:
        found = open_subject(connection, someone(who="peking"), "PEK-001")
        assert list(found.facts) == desk.facts() and len(found.table) == len(found.facts)


def test_unknown_and_unreadable_subjects_get_the_same_sentence(desk: Desk) -> None:
    """Whatever there is at another site, the answer is what it was before."""
    asked = ("SHA-777", "ulrrc/SHA-777", "ulrc/SHA-777", "SHA-778", "777")
    before = [told(desk, text) for text in asked]
    assert before[0] == "There is no subject SHA-777 that this account may read. Is it enrolled? `subject list` shows all."
    desk.save(desk.enrolment(NOBODY.number, site="SHA", who="shanghai"), who="shanghai")
    assert opened(desk, "SHA-777", who="shanghai") == NOBODY
    assert [told(desk, text) for text in asked] == before


def test_hints_name_only_whom_the_caller_may_read(desk: Desk) -> None:
    assert "SHA" not in told(desk, "SAH-001")
    assert told(desk, "SAH-001", who="shanghai").endswith("Did you mean SHA-001?")
    assert told(desk, "ulrrc/PEK-01").endswith("Did you mean ulrrc/PEK-001?")
    assert told(desk, "SAH-001", who="administrator") == "There is no subject SAH-001. Did you mean SHA-001?"


def test_a_number_of_two_studies_is_found_among_those_that_may_be_read(database: Database) -> None:
    """Who may read one of them needs no study; who may read both does."""
    desk = Desk.opened(database, "PEK")
    desk.add_site("SHA", china())
    desk.reset_pattern("SHA", r"[A-Z]{3}-\d{3}")
    desk.enrol()
    desk.enrol("PEK-001", "crlm", site="SHA")
    desk.grant(("peking", "nurse", "PEK"), ("shanghai", "nurse", "SHA"))
    assert (opened(desk, "PEK-001"), opened(desk, "PEK-001", who="shanghai")) == (SUBJECT, SubjectKey("crlm", "PEK-001"))
    assert told(desk, "PEK-001", who="administrator") == "Several studies have a subject PEK-001: write crlm/PEK-001 or ulrrc/PEK-001."


def test_who_has_no_role_is_told_nothing_of_subjects(desk: Desk) -> None:
    for text in ("PEK-001", "PEK-777"):
        with desk.database.reading() as connection, pytest.raises(NotAllowedError, match="stranger may not read at any site"):
            open_subject(connection, someone(who="stranger"), text)


def test_alone_everybody_may_open_all(alone: Desk) -> None:
    assert opened(alone, "SHA-001", who="anyone") == ELSEWHERE
    assert told(alone, "SHA-011", who="anyone") == "There is no subject SHA-011. Did you mean SHA-001?"
    with alone.database.reading() as connection:
        assert set(readable_subjects(connection, someone(who="anyone"))) == {SUBJECT, ELSEWHERE}


def test_the_site_that_counts_is_the_present_one(desk: Desk) -> None:
    """After a transfer the new one; where the enrolment was taken back, the one of that enrolment."""
    with desk.database.reading() as connection:
        moved = acts.site_transferred(read_settings(connection), "PEK", date(2026, 4, 1), reason="moved_away")
    desk.grant_more(("both", "coordinator", "*"))
    desk.record(moved, ELSEWHERE, who="both")
    assert opened(desk, "SHA-001") == ELSEWHERE
    assert "may read" in told(desk, "SHA-001", who="shanghai")
    desk.record(undone_last_act(desk.facts(), reason="wrong_subject"), who="both")
    assert opened(desk, "PEK-001") == SUBJECT
    with desk.database.reading() as connection:
        assert set(readable_subjects(connection, someone(who="peking"))) == {SUBJECT, ELSEWHERE}
        with pytest.raises(NotAllowedError):
            readable_subjects(connection, someone(who="stranger"))


def test_the_administration_log_is_no_subject(desk: Desk) -> None:
    with desk.database.reading() as connection, pytest.raises(UnknownSubjectError):
        read_subject(connection, someone(who="administrator"), ADMINISTRATION)


def test_no_conflict_tells_a_stranger_what_was_written(desk: Desk) -> None:
    """READ is asked before the last number seen is compared."""
    with pytest.raises(UnknownSubjectError):
        desk.propose(acts.noted("x"), ELSEWHERE, who="peking", last_seen=0)
    with pytest.raises(UnknownSubjectError):
        desk.propose(acts.noted("x"), ELSEWHERE, who="peking", last_seen=99)


def test_a_conflict_at_saving_is_told_only_to_who_may_read_it_now(desk: Desk) -> None:
    desk.grant_more(("both", "coordinator", "*"))
    proposal = desk.propose(acts.noted("seen today"), who="peking")
    desk.record(acts.noted("called"), who="both")
    with pytest.raises(ConflictError, match="note by both"):
        desk.save(proposal, who="peking")
    proposal = desk.propose(acts.noted("seen today"), who="peking")
    with desk.database.reading() as connection:
        moved = acts.site_transferred(read_settings(connection), "SHA", date(2026, 4, 21), reason="moved_away")
    desk.record(moved, who="both")
    with pytest.raises(NotAllowedError, match="at a site that this account may not read") as caught:
        desk.save(proposal, who="peking")
    assert "SHA" not in str(caught.value)


def test_an_earlier_number_elsewhere_is_as_unknown_as_none(desk: Desk) -> None:
    messages = []
    for earlier in ("SHA-001", "SHA-777"):
        with pytest.raises(RefusedError) as caught:
            desk.enrolment("PEK-002", who="peking", rescreen_of=earlier)
        messages.append(str(caught.value).replace(earlier, "it"))
    assert messages[0] == messages[1] == "There is no subject ulrrc/it that could have been screened before. Check the earlier number."
    assert "still in the study" in texts(desk.enrolment("PEK-002", who="peking", rescreen_of="PEK-001"))[0]


def test_a_number_in_use_elsewhere_is_in_use_and_no_more(database: Database) -> None:
    desk = Desk.opened(database, "PEK")
    desk.enrol()
    desk.add_site("SHA", china())
    desk.reset_pattern("SHA", r"[A-Z]{3}-\d{3}")
    desk.grant(("shanghai", "coordinator", "SHA"), ("peking", "coordinator", "PEK"))
    with pytest.raises(RefusedError) as caught:
        desk.enrolment(site="SHA", who="shanghai")
    assert str(caught.value) == "ulrrc/PEK-001 is in use. A number is given once in a study; check it, or give the next free one."
    with pytest.raises(RefusedError, match="is in use: enrolled at PEK"):
        desk.enrolment(who="peking")


def test_two_people_give_a_number_at_two_sites(database: Database) -> None:
    """Who is late is not told what the other wrote."""
    desk = Desk.opened(database, "PEK")
    desk.add_site("SHA", china())
    desk.reset_pattern("SHA", r"[A-Z]{3}-\d{3}")
    desk.grant(("shanghai", "coordinator", "SHA"), ("peking", "coordinator", "PEK"))
    late, first = desk.enrolment(site="SHA", who="shanghai"), desk.enrolment(who="peking")
    desk.save(first, who="peking")
    with pytest.raises(NotAllowedError, match="Somebody else wrote about ulrrc/PEK-001 meanwhile"):
        desk.save(late, who="shanghai")


def test_amendments_know_no_subject_elsewhere(desk: Desk) -> None:
    messages = []
    for key in (ELSEWHERE, NOBODY):
        with desk.database.reading() as connection, pytest.raises(RefusedError) as caught:
            propose_amendment(connection, someone(who="peking"), TEXTS["ulrrc"], "ulrrc.yaml", [SUBJECT, key])
        messages.append(str(caught.value).replace(key.number, "it"))
    assert messages[0] == messages[1] == "There is no subject ulrrc/it. Check the number."


def test_a_site_that_may_not_be_read_is_as_unknown_as_none(desk: Desk) -> None:
    for site in ("SHA", "SHB"):
        with pytest.raises(UnknownSiteError, match=rf"^There is no site '{site}'\. There is PEK\.$"):
            desk.enrolment("PEK-002", site=site, who="peking")


@pytest.mark.parametrize("act", [lambda desk, key: desk.view(key, who="peking"), lambda desk, key: desk.propose([], key, who="peking")])
def test_use_cases_of_a_subject_ask_first(desk: Desk, act: Callable[[Desk, SubjectKey], object]) -> None:
    for key in (ELSEWHERE, NOBODY):
        with pytest.raises(UnknownSubjectError, match=f"There is no subject {key} that this account may read"):
            act(desk, key)
    assert desk.view(SUBJECT, LATE, who="peking").rows
