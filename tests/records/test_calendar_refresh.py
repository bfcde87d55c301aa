"""A new calendar for a site: done never moves, booked is flagged, planned moves, and everybody concerned is told of it in the log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from planner.records.changes import acts
from planner.records.changes.calendar_refresh import CalendarRefresh, propose_refresh, save_refresh
from planner.records.changes.proposal import RefusedError
from planner.records.facts.fact import ADMINISTRATION, Fact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.people.administration import read_settings
from planner.records.people.rights import NotAllowedError
from planner.records.people.settings import UnknownSiteError
from planner.records.store.append import ConflictError
from planner.records.store.database import Database
from planner.records.store.log import head
from planner.schedule.calendar import CLINIC, SiteCalendar
from planner.schedule.days import day_number
from tests.records.databases import Fill, mostly_sqlite_url
from tests.records.desk import FIRST_VECTOR, LATE, SUBJECT, Desk, dates, someone, texts
from tests.schedule.studies import china

# These rules stand above the log, which is the same on both engines: PostgreSQL in the long tests.
database_url = mostly_sqlite_url

BOOKED = SubjectKey("ulrrc", "PEK-002")
GONE = SubjectKey("ulrrc", "PEK-003")
ELSEWHERE = SubjectKey("ulrrc", "SHA-001")


def closed_on(*days: date, calendar: SiteCalendar | None = None) -> SiteCalendar:
    """China's calendar with these days closed."""
    known = calendar or china()
    table = known.open_days[CLINIC].copy()
    for day in days:
        table[day_number(day) - known.first_day] = False
    return replace(known, open_days={**known.open_days, CLINIC: table})


CLOSED = closed_on(date(2026, 3, 27), date(2026, 5, 8))
"""A day on which C2D1 was done, and the day that C4D1 is planned on."""


@pytest.fixture
def desk(filled: Callable[[Fill], Database]) -> Desk:
    """Two sites; at one a subject who is treated, one with a booking, one who left."""
    return Desk(filled(_write_desk))


def _write_desk(database: Database) -> None:
    opened = Desk.opened(database, "PEK", "SHA")
    for number, site in (("PEK-001", "PEK"), ("PEK-002", "PEK"), ("PEK-003", "PEK"), ("SHA-001", "SHA")):
        opened.enrol(number, site=site)
    for subject in (SUBJECT, BOOKED, ELSEWHERE):
        opened.record_done(FIRST_VECTOR, subject)
    opened.record(acts.visit_booked("C4D1", date(2026, 5, 8), "09:30"), BOOKED)
    opened.record(acts.left_study(date(2026, 2, 26), "died"), GONE)


def proposed(desk: Desk, calendar: SiteCalendar = CLOSED, site: str = "PEK", who: str = "administrator") -> CalendarRefresh:
    """What the calendar would do."""
    with desk.database.reading() as connection:
        return propose_refresh(connection, someone(who=who), site, calendar)


def saved(desk: Desk, refresh: CalendarRefresh, who: str = "administrator") -> Sequence[Fact]:
    """Write it."""
    with desk.database.writing() as connection:
        return save_refresh(connection, someone(who=who), refresh)


def test_planned_moves_booked_is_flagged_done_stays(desk: Desk) -> None:
    """C4D1 goes to the next open day of its window, and the cycles after it follow."""
    refresh = proposed(desk)
    planned, booked = refresh.proposals
    assert (planned.subject, booked.subject) == (SUBJECT, BOOKED), "not the one who died, nor the other site's"
    assert dates(planned)["C4D1"] == ("05-08", "05-09"), "a make-up working Saturday"
    for proposal in refresh.proposals:
        done = [{row.visit: row.effective for row in rows if row.status == "done"} for rows in (proposal.before, proposal.after)]
        assert done[0] == done[1]
    assert "C4D1" not in dates(booked)
    assert "C4D1 on 2026-05-08 is on a closed day." in texts(booked)
    assert [warning.kind for warning in booked.warnings if warning.about == "C4D1"] == ["booking"]


def test_written_at_once_and_in_every_log(desk: Desk) -> None:
    """The site's calendar in the administration log, a fact in each subject's; enrolments after it have the new days."""
    refresh = proposed(desk)
    written = saved(desk, refresh)
    assert [(fact.subject, fact.kind) for fact in written] == [
        (ADMINISTRATION, Kind.SITE_CALENDAR_SET),
        (SUBJECT, Kind.CALENDAR_REFRESHED),
        (BOOKED, Kind.CALENDAR_REFRESHED),
    ]
    assert len({fact.said.value for fact in written}) == 1
    for proposal in refresh.proposals:
        assert desk.view(proposal.subject).rows == proposal.after
    with desk.database.reading() as connection:
        sites = read_settings(connection).sites
    assert sites["PEK"].calendar_hash == written[0].said.value != sites["SHA"].calendar_hash
    desk.enrol("PEK-004")
    assert desk.rows(SubjectKey("ulrrc", "PEK-004"))["C2D1"].planned == date(2026, 3, 30)
    with pytest.raises(RefusedError, match="have this calendar already"):
        proposed(desk)


def test_subjects_whose_visits_do_not_move_see_the_new_days_too(desk: Desk) -> None:
    """A closure that hits no planned date now may hit one after the next change."""
    refresh = proposed(desk, closed_on(date(2026, 5, 12)))
    assert refresh.moved == () and [proposal.subject for proposal in refresh.proposals] == [SUBJECT, BOOKED]
    saved(desk, refresh)
    later = desk.propose(acts.visit_done("C3D1", LATE, reason="toxicity"))
    assert dates(later)["C4D1"] == ("05-08", "05-13")


def test_names_of_days_are_no_change(desk: Desk) -> None:
    """The site gets the text, the subjects need nothing."""
    refresh = proposed(desk, replace(china(), notes={**china().notes, day_number(LATE): "open house"}))
    assert refresh.is_new_to_site and refresh.proposals == ()
    assert [fact.kind for fact in saved(desk, refresh)] == [Kind.SITE_CALENDAR_SET]


@pytest.mark.parametrize("meanwhile", ["fact", "enrolment"])
def test_somebody_wrote_meanwhile(desk: Desk, meanwhile: str) -> None:
    """About a subject of the site, or enrolled one by the old calendar: nothing is written."""
    refresh = proposed(desk)
    if meanwhile == "fact":
        desk.record(acts.noted("seen today"), GONE)
    else:
        desk.enrol("PEK-009")
    with desk.database.reading() as connection:
        before = head(connection)
    with pytest.raises(ConflictError, match="was changed meanwhile"):
        saved(desk, refresh)
    with desk.database.reading() as connection:
        assert head(connection) == before


def test_a_change_at_another_site_is_no_conflict(desk: Desk) -> None:
    """Only the site's own subjects count."""
    refresh = proposed(desk)
    desk.record(acts.noted("seen today"), ELSEWHERE)
    assert saved(desk, refresh)


def test_transferred_subjects_are_refreshed_where_they_are(desk: Desk) -> None:
    """Their days before the transfer stay those of the first site."""
    with desk.database.reading() as connection:
        moved = acts.site_transferred(read_settings(connection), "SHA", date(2026, 4, 21), reason="moved_away")
    desk.record(moved)
    assert [proposal.subject for proposal in proposed(desk).proposals] == [BOOKED]
    refresh = proposed(desk, site="SHA")
    assert [proposal.subject for proposal in refresh.proposals] == [SUBJECT, ELSEWHERE]
    saved(desk, refresh)
    assert desk.rows()["C4D1"].planned == date(2026, 5, 9)
    assert "closed_day" not in desk.rows()["C2D1"].flags


def test_what_is_refused(desk: Desk) -> None:
    """A site that is none, days that are missing, somebody who may not."""
    with pytest.raises(UnknownSiteError):
        proposed(desk, site="PEC")
    short = replace(
        china(),
        open_days={name: table[: day_number(date(2026, 6, 1)) - china().first_day] for name, table in china().open_days.items()},
        provisional=china().provisional[: day_number(date(2026, 6, 1)) - china().first_day],
    )
    with pytest.raises(RefusedError, match="no open day"):
        proposed(desk, short)
    desk.grant(("nurse", "investigator", "*"))
    with pytest.raises(NotAllowedError):
        proposed(desk, who="nurse")
    refresh = proposed(desk)
    with pytest.raises(NotAllowedError):
        saved(desk, refresh, who="nurse")
