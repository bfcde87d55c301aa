"""Enrolling: what is pinned, which numbers are taken, and screening again."""

from __future__ import annotations

from datetime import date

import pytest

from planner.protocol.errors import ProtocolErrors
from planner.records.changes import acts
from planner.records.changes.proposal import RefusedError
from planner.records.changes.undoing import undone_last_act
from planner.records.facts.chain import content_hash
from planner.records.facts.kinds import Kind
from planner.records.people.administration import read_settings
from planner.records.people.rights import NotAllowedError
from planner.records.people.settings import UnknownSiteError
from planner.records.pinned.contents import PinnedContents, content_text, plan_hash
from planner.records.store.append import ConflictError
from planner.records.store.database import Database
from planner.records.store.log import subject_keys
from planner.schedule.calendar_sources import every_day_calendar
from tests.records.amendments import TEXTS
from tests.records.databases import mostly_sqlite_url
from tests.records.desk import Desk, texts
from tests.schedule.studies import CONSENT, START

# These rules stand above the log, which is the same on both engines: PostgreSQL in the long tests.
database_url = mostly_sqlite_url


@pytest.fixture
def desk(database: Database) -> Desk:
    """A site without subjects."""
    return Desk.opened(database)


def refused(desk: Desk, *number: str, **given: object) -> tuple[str, ...]:
    """Why an enrolment is refused."""
    with pytest.raises(RefusedError) as caught:
        desk.enrolment(*number, **given)
    return caught.value.messages


def test_enrolment_pins_the_file_the_plan_and_the_calendar(desk: Desk) -> None:
    """All is seen before, and nothing is written until it is saved."""
    proposal = desk.enrolment(parameters={"regimen": "FOLFIRI"})
    assert proposal.before == () and len(proposal.moves) == len(proposal.after) > 40
    with desk.database.reading() as connection:
        assert subject_keys(connection) == {}
    enrolled, regimen, consent = desk.save(proposal)
    with desk.database.reading() as connection:
        hashed = content_hash(TEXTS["ulrrc"])
        assert content_text(connection, hashed) == TEXTS["ulrrc"]
        calendar = read_settings(connection).site("PEK").calendar_hash
        plan = plan_hash(PinnedContents(connection).plan(hashed))
    assert (enrolled.kind, enrolled.said.item, enrolled.said.day, enrolled.said.value) == (Kind.ENROLLED, "PEK", START, hashed)
    assert enrolled.said.details == {"plan": plan, "calendar": calendar}
    assert (regimen.said.item, regimen.said.value, consent.said.item, consent.said.day) == ("regimen", "FOLFIRI", "CONSENT", CONSENT)
    assert {fact.act for fact in (enrolled, regimen, consent)} == {1}
    view = desk.view(on=date(2026, 2, 25))
    assert view.rows == proposal.after
    assert view.state.facts.parameters == {"regimen": "FOLFIRI"}


def test_number_is_given_once(desk: Desk) -> None:
    """In a study; another study may have it."""
    desk.enrol()
    assert refused(desk) == (
        "ulrrc/PEK-001 is in use: enrolled at PEK, start 2026-03-02. "
        "A number is given once in a study; check it, or give the next free one.",
    )
    assert desk.enrol(study="crlm").study == "crlm"


def test_number_of_an_enrolment_taken_back_is_free(desk: Desk) -> None:
    """A typing error at enrolment is mended under the same number."""
    desk.enrol(start=date(2026, 3, 9))
    desk.record(undone_last_act(desk.facts(), reason="transcription_error"))
    desk.enrol()
    assert desk.view().state.facts.start == START


def test_two_at_once(desk: Desk) -> None:
    """The second to save is told."""
    first, second = desk.enrolment(), desk.enrolment(start=date(2026, 3, 9))
    desk.save(first)
    with pytest.raises(ConflictError, match="ulrrc/PEK-001 was changed meanwhile"):
        desk.save(second)
    assert len(desk.facts()) == 2


def test_number_matches_the_sites_pattern(desk: Desk) -> None:
    """And the message never repeats what may be a name."""
    (message,) = refused(desk, "Zhang-Wei")
    assert "Zhang" not in message and r"PEK-\d{3}" in message


def test_what_the_protocol_refuses(desk: Desk) -> None:
    """All faults at once, each with what would be right."""
    messages = refused(desk, parameters={"regimen": "CAPIRI"}, milestones={"CONSENTS": CONSENT})
    assert messages[0].startswith("CAPIRI is not a choice of regimen; ")
    assert messages[1] == "There is no milestone CONSENTS; did you mean CONSENT?"
    assert refused(desk, start=date(1999, 1, 1))[0].startswith("The start: 1999-01-01 is outside")
    with pytest.raises(ProtocolErrors, match=r"ulrrc\.yaml"):
        desk.enrolment(text="protocol: [")


def test_site_and_rights(desk: Desk) -> None:
    """A site that is none, or has no calendar; somebody who may not."""
    with pytest.raises(UnknownSiteError):
        desk.enrolment(site="PEC")
    desk.grant(("nurse", "nurse", "PEK"), ("coordinator", "coordinator", "PEK"))
    with pytest.raises(NotAllowedError, match="nurse may not enrol"):
        desk.enrolment()
    proposal = desk.enrolment(who="coordinator")
    with pytest.raises(NotAllowedError):
        desk.save(proposal)
    assert desk.save(proposal, who="coordinator")[0].role == "coordinator"


def test_calendar_without_days_is_said(database: Database) -> None:
    """Follow-up visits beyond the last day of the site's calendar."""
    desk = Desk.opened(database, calendar=every_day_calendar(2026, 2026))
    (message,) = refused(desk)
    assert "has no open day for" in message and message.endswith(".")


def test_screened_again(desk: Desk) -> None:
    """Under a new number that names the earlier one; told where that one did not fail screening."""
    desk.enrol()
    assert texts(desk.enrolment("PEK-002", rescreen_of="PEK-001")) == [
        "PEK-001 is still in the study. Record the screen failure there, if that is what happened."
    ]
    desk.record(acts.left_study(date(2026, 2, 24), "screen_failure", reason="not_eligible"))
    proposal = desk.enrolment("PEK-002", rescreen_of="PEK-001")
    assert texts(proposal) == []
    desk.save(proposal)
    assert desk.view(proposal.subject).state.rescreen_of == "PEK-001"
    desk.record(acts.left_study(date(2026, 2, 25), "withdrawn"), proposal.subject)
    assert texts(desk.enrolment("PEK-003", rescreen_of="PEK-002")) == [
        "PEK-002 is no screen failure but left the study on 2026-02-25: withdrawn. Check the number."
    ]
    assert refused(desk, "PEK-003", rescreen_of="PEK-009") == (
        "There is no subject ulrrc/PEK-009 that could have been screened before. Check the earlier number.",
    )
    assert refused(desk, "PEK-003", rescreen_of="PEK-003")[0].startswith("ulrrc/PEK-003 cannot be screened again under the same number.")
