"""One subject's page: the state, the visits, the checks and the log behind them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import pytest

from planner.records.changes import acts
from planner.records.facts.fact import NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.fold.subject_facts import NotEnrolledError
from planner.records.store.database import Database
from planner.records.store.log import UnknownSubjectError
from planner.schedule.checks import findings
from planner.schedule.visit_rows import subject_rows
from tests.records.databases import Fill, mostly_sqlite_url
from tests.records.desk import FIRST_VECTOR, LATE, SUBJECT, Desk
from tests.schedule.studies import CONSENT, enrolled, expanded

# These rules stand above the log, which is the same on both engines: PostgreSQL in the long tests.
database_url = mostly_sqlite_url


@pytest.fixture
def desk(filled: Callable[[Fill], Database]) -> Desk:
    """A site with one subject, up to the second cycle."""
    return Desk(filled(_write_desk))


def _write_desk(database: Database) -> None:
    opened = Desk.opened(database)
    opened.enrol()
    opened.record_done(FIRST_VECTOR)


def test_view_is_what_the_engine_gives(desk: Desk) -> None:
    """Rows and findings of the same facts, put to the engine by hand."""
    actual = {visit: date.fromisoformat(day) for visit, day in FIRST_VECTOR.items()}
    schedule = expanded("ulrrc", enrolled(subject="PEK-001", actual=actual), LATE)
    view = desk.view()
    assert list(view.rows) == subject_rows(schedule, 0, all_visits=True)
    assert list(view.findings) == findings(schedule)
    assert (view.today, view.as_of, view.revision, view.unfit) == (LATE, LATE, len(view.facts), ())
    assert [fact.kind for fact in view.facts[:3]] == [Kind.ENROLLED, Kind.MILESTONE_SET, Kind.VISIT_DONE]
    assert view.state.facts.milestones == {"CONSENT": CONSENT}


def test_another_day_changes_statuses_only(desk: Desk) -> None:
    """Dates never depend on the day asked about (R14)."""
    early, late = desk.view(as_of=date(2026, 4, 13)), desk.view(as_of=date(2026, 5, 4))
    assert [row.effective for row in early.rows] == [row.effective for row in late.rows]
    assert {row.visit: row.status for row in early.rows}["C3D1"] == "upcoming"
    assert {row.visit: row.status for row in late.rows}["C3D1"] == "overdue"


def test_only_for_those_who_may_read(desk: Desk) -> None:
    """At the subject's own site."""
    desk.add_site("SHA", desk.view().state.calendar)
    desk.grant(("nurse", "reader", "PEK"), ("other", "nurse", "SHA"))
    assert desk.view().rows
    with pytest.raises(UnknownSubjectError, match="There is no subject ulrrc/PEK-001 that this account may read"):
        desk.view(who="other")


def test_nobody_of_that_number(desk: Desk) -> None:
    """And nobody whose enrolment was taken back."""
    with pytest.raises(UnknownSubjectError):
        desk.view(SubjectKey("ulrrc", "PEK-100"))
    other = desk.enrol("PEK-002", milestones={})
    desk.record([NewFact(Kind.UNDONE, replaces=1, reason="wrong_subject")], other)
    with pytest.raises(NotEnrolledError):
        desk.view(other)


def test_page_of_forty_facts_is_quick(desk: Desk) -> None:
    """Under 30 ms of work warm on SQLite, whatever else the machine does beside."""
    if not desk.database.is_sqlite:
        return
    for number in range(30):
        desk.record([NewFact(Kind.NOTE, note=f"note {number}")])
    assert len(desk.facts()) == 40

    def seconds() -> float:
        began = time.thread_time()
        desk.view()
        return time.thread_time() - began

    assert min(seconds() for _ in range(20)) < 0.030


def test_transfer_shows_the_new_site(desk: Desk) -> None:
    """The site and its calendar's hash are those of where the subject now is."""
    desk.add_site("SHA", desk.view().state.calendar)
    hashed = desk.view().state.calendar_hash
    desk.record([NewFact(Kind.SITE_TRANSFERRED, item="SHA", day=LATE, details={"calendar": hashed})])
    assert desk.view().state.site == "SHA"
    assert desk.rows()["C1D1"].status == "done"
    assert desk.record(acts.visit_done("C3D1", LATE, reason="toxicity")).subject == SUBJECT
