"""A site that was changed after a change was worked out: nobody is pinned to what counted before."""

from __future__ import annotations

from datetime import date

import pytest

from planner.records.changes import acts
from planner.records.changes.calendar_refresh import CalendarRefresh, propose_refresh, save_refresh
from planner.records.facts.fact import ADMINISTRATION, NewFact
from planner.records.facts.kinds import Kind
from planner.records.imports.plan import ImportPlan, carry_out
from planner.records.imports.rows import SubjectFile, SubjectRow
from planner.records.imports.subjects import plan_subjects
from planner.records.people.administration import append_administration, read_settings, set_site_calendar
from planner.records.people.named_sites import SiteChangedError
from planner.records.pinned.contents import put_calendar
from planner.records.store.append import ConflictError
from planner.records.store.database import Database
from planner.records.store.log import head
from planner.schedule.calendar import SiteCalendar
from planner.schedule.calendar_sources import every_day_calendar
from planner.schedule.facts import SubjectFacts
from tests.records.amendments import TEXTS
from tests.records.desk import Desk, someone
from tests.records.test_calendar_refresh import closed_on
from tests.schedule.studies import START

OTHER_DAYS = closed_on(date(2026, 3, 27), date(2026, 5, 8))
MEANWHILE = (
    "Site PEK was changed meanwhile (its calendar by head-nurse at 2026-04-21 04:00 UTC). "
    "Nothing was written: look at it again, then repeat."
)


@pytest.fixture
def desk(database: Database) -> Desk:
    """Two sites without subjects, for one person alone."""
    return Desk.opened(database, "PEK", "SHA")


def proposed(desk: Desk, calendar: SiteCalendar, site: str = "PEK") -> CalendarRefresh:
    with desk.database.reading() as connection:
        return propose_refresh(connection, someone(), site, calendar)


def refresh(desk: Desk, calendar: SiteCalendar = OTHER_DAYS, site: str = "PEK") -> None:
    """Somebody gives a site other days."""
    found = proposed(desk, calendar, site)
    with desk.database.writing() as connection:
        save_refresh(connection, someone(who="head-nurse"), found)


def set_calendar(desk: Desk, calendar: SiteCalendar) -> None:
    """The site's own days only, for subjects to come."""
    with desk.database.writing() as connection:
        given = set_site_calendar(read_settings(connection), "PEK", put_calendar(connection, calendar))
        append_administration(connection, someone(who="head-nurse"), [given])


def take_site_back(desk: Desk, site: str) -> None:
    """All that was said of a site."""
    with desk.database.writing() as connection:
        log = desk.facts(ADMINISTRATION)
        for fact in reversed([fact for fact in log if fact.said.item == site]):
            append_administration(connection, someone(who="head-nurse"), [NewFact(Kind.UNDONE, replaces=fact.number)])


def imported(desk: Desk, number: str = "PEK-001", site: str = "PEK") -> ImportPlan:
    """The plan of a file with one new subject."""
    row = SubjectRow(2, site, SubjectFacts(number, START))
    with desk.database.reading() as connection:
        return plan_subjects(connection, someone(), SubjectFile({"subject": 1, "start": 2, "site": 3}, (row,), ()), TEXTS["ulrrc"])


def test_an_enrolment_is_refused_once_the_site_has_other_days(desk: Desk) -> None:
    proposal = desk.enrolment()
    refresh(desk)
    with pytest.raises(SiteChangedError) as caught:
        desk.save(proposal)
    assert str(caught.value) == MEANWHILE
    assert isinstance(caught.value, ConflictError) and [fact.kind for fact in caught.value.since] == [Kind.SITE_CALENDAR_SET]
    assert desk.facts() == []
    desk.save(desk.enrolment())
    assert desk.view().state.calendar_hash == desk.facts(ADMINISTRATION)[-1].said.value


def test_an_enrolment_is_refused_once_the_site_has_another_pattern(desk: Desk) -> None:
    proposal = desk.enrolment()
    desk.reset_pattern("PEK", r"PEK-\d{4}")
    with pytest.raises(SiteChangedError, match=r"Site PEK was changed meanwhile \(its subject numbers by administrator at"):
        desk.save(proposal)


def test_an_enrolment_is_refused_at_a_site_that_was_taken_back(desk: Desk) -> None:
    proposal = desk.enrolment("SHA-001", site="SHA")
    take_site_back(desk, "SHA")
    with pytest.raises(SiteChangedError, match="something taken back by head-nurse"):
        desk.save(proposal)


def test_a_transfer_is_refused_once_the_new_site_has_other_days(desk: Desk) -> None:
    desk.enrol()
    with desk.database.reading() as connection:
        moved = acts.site_transferred(read_settings(connection), "SHA", date(2026, 4, 21), reason="moved_away")
    proposal = desk.propose(moved)
    refresh(desk, site="SHA")
    with pytest.raises(SiteChangedError, match="Site SHA was changed meanwhile"):
        desk.save(proposal)


def test_changes_that_name_no_site_or_an_unchanged_one_are_saved(desk: Desk) -> None:
    """Another site's days, and a grant, are nobody's business here."""
    subject = desk.enrol()
    enrolment, note = desk.enrolment("PEK-002"), desk.propose(acts.noted("seen"), subject)
    refresh(desk, site="SHA")
    desk.grant(("nurse", "coordinator", "PEK"))
    assert desk.save(enrolment) and desk.save(note)


def test_an_import_is_refused_once_the_site_has_other_days(desk: Desk) -> None:
    plan, elsewhere = imported(desk), imported(desk, "SHA-001", "SHA")
    refresh(desk)
    with desk.database.writing() as connection:
        before = head(connection)
        with pytest.raises(SiteChangedError) as caught:
            carry_out(connection, someone(), plan)
        assert str(caught.value) == MEANWHILE and head(connection) == before
        assert carry_out(connection, someone(), elsewhere)


def test_an_import_is_refused_at_a_site_that_was_taken_back(desk: Desk) -> None:
    plan = imported(desk, "SHA-001", "SHA")
    take_site_back(desk, "SHA")
    with desk.database.writing() as connection, pytest.raises(SiteChangedError):
        carry_out(connection, someone(), plan)


def test_the_second_of_two_refreshes_does_not_overwrite_the_first(desk: Desk) -> None:
    """Of a site without subjects, so that no subject's log tells."""
    second = proposed(desk, every_day_calendar())
    refresh(desk)
    with desk.database.writing() as connection, pytest.raises(SiteChangedError) as caught:
        save_refresh(connection, someone(), second)
    assert str(caught.value) == MEANWHILE


def test_subjects_do_not_follow_days_that_the_site_no_longer_has(desk: Desk) -> None:
    """A refresh that brings subjects up to the days of their site, once the site has others: no subject's log tells of it."""
    desk.enrol()
    set_calendar(desk, OTHER_DAYS)
    late = proposed(desk, OTHER_DAYS)
    assert late.proposals and not late.is_new_to_site
    set_calendar(desk, every_day_calendar())
    with desk.database.writing() as connection, pytest.raises(SiteChangedError, match="Site PEK was changed meanwhile"):
        save_refresh(connection, someone(), late)
    assert desk.facts()[-1].kind is not Kind.CALENDAR_REFRESHED
