"""Imports: the report of every row, all or nothing, and the same file twice."""

from __future__ import annotations

import re
import resource
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from planner.exchange.import_file import read_dates, read_subjects
from planner.exchange.table_file import read_table
from planner.protocol.compile import compile_plan
from planner.protocol.read import read_protocol
from planner.records.caller import Caller
from planner.records.facts.fact import Act, Author, Fact, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.fold.fact_table import fact_table
from planner.records.fold.subject_facts import SubjectState, subject_state
from planner.records.imports.dates import plan_dates
from planner.records.imports.plan import ImportPlan, ImportRefusedError, RowState, carry_out
from planner.records.imports.subjects import plan_subjects
from planner.records.people.administration import append_administration, grant_role, set_site, set_site_calendar
from planner.records.people.rights import NotAllowedError
from planner.records.people.settings import read_settings
from planner.records.pinned.contents import PinnedContents, put_calendar
from planner.records.store.append import ConflictError, append
from planner.records.store.database import Database, open_database
from planner.records.store.log import last_number, read_facts
from planner.schedule.calendar_sources import calendar_named
from planner.schedule.facts import Booking, DecisionMade, End, Hold, Stop
from tests.exchange.workbooks import workbook
from tests.records.databases import Fill, mostly_sqlite_url
from tests.records.writing import assert_proven

# These rules stand above the log, which is the same on both engines: PostgreSQL in the long tests.
database_url = mostly_sqlite_url

PROTOCOL = (Path(__file__).parents[2] / "protocols" / "ulrrc.yaml").read_text(encoding="utf-8")
PLAN = compile_plan(read_protocol(PROTOCOL))
CALENDAR = calendar_named("CN")
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
LOCAL = Caller("coordinator", NOW)
SUBJECTS = "subject,start,site\nPEK-001,2026-03-02,PEK\nPEK-002,2026-03-09,PEK\nSHA-001,2026-03-02,SHA\n"


@pytest.fixture
def sites(filled: Callable[[Fill], Database]) -> Database:
    """A database with two sites and nobody in it."""
    return filled(make_sites)


@pytest.fixture
def store(filled: Callable[[Fill], Database]) -> Database:
    """With three subjects, too."""
    return filled(make_store)


def make_sites(database: Database) -> None:
    with database.writing() as connection:
        calendar = put_calendar(connection, CALENDAR)
        for code in ("PEK", "SHA"):
            append_administration(connection, LOCAL, [set_site(read_settings(connection), code, rf"{code}-\d{{3,4}}")])
            append_administration(connection, LOCAL, [set_site_calendar(read_settings(connection), code, calendar)])


def make_store(database: Database) -> None:
    make_sites(database)
    do_subjects(database, SUBJECTS)


def grant(database: Database, *grants: tuple[str, str, str]) -> None:
    with database.writing() as connection:
        append_administration(connection, LOCAL, [grant_role(read_settings(connection), "chief", "administrator", "*")])
        chief = Caller("chief", NOW)
        for who, role, site in grants:
            append_administration(connection, chief, [grant_role(read_settings(connection), who, role, site)])


def subjects(database: Database, text: str, caller: Caller = LOCAL, protocol: str = PROTOCOL) -> ImportPlan:
    with database.reading() as connection:
        return plan_subjects(connection, caller, read_subjects(read_table(text.encode()), PLAN), protocol)


def dates(database: Database, text: str, caller: Caller = LOCAL) -> ImportPlan:
    with database.reading() as connection:
        return plan_dates(connection, caller, read_dates(read_table(f"subject,visit,date,status,reason\n{text}".encode())))


def write(database: Database, plan: ImportPlan, caller: Caller = LOCAL) -> list[Fact]:
    with database.writing() as connection:
        return carry_out(connection, caller, plan)


def do_subjects(database: Database, text: str) -> list[Fact]:
    return write(database, subjects(database, text))


def do_dates(database: Database, text: str) -> list[Fact]:
    return write(database, dates(database, text))


def log(database: Database) -> list[Fact]:
    with database.reading() as connection:
        return read_facts(connection)


def state(database: Database, number: str) -> SubjectState:
    with database.reading() as connection:
        facts = read_facts(connection, SubjectKey("ulrrc", number))
        return subject_state(fact_table(facts), PinnedContents(connection))


def say(database: Database, number: str, *said: NewFact, who: str = "nurse") -> list[Fact]:
    key = SubjectKey("ulrrc", number)
    with database.writing() as connection:
        return append(connection, [Act(key, last_number(connection, key), said)], Author(who, "nurse"), NOW)


def states(plan: ImportPlan) -> list[str]:
    return [row.state.value for row in plan.rows]


def assert_refused(database: Database, plan: ImportPlan, places: Sequence[tuple[int, int]], part: str) -> None:
    """The plan refuses exactly at these places, says why, and writes nothing."""
    assert [(fault.line, fault.column) for fault in plan.faults] == list(places), plan.faults
    assert re.search(part, plan.faults[0].message), plan.faults[0].message
    before = log(database)
    with pytest.raises(ImportRefusedError, match="nothing was written"):
        write(database, plan)
    assert log(database) == before


# --- subjects -------------------------------------------------------------------------------------------------


def test_subjects_are_enrolled_and_pinned(sites: Database) -> None:
    plan = subjects(sites, SUBJECTS)
    assert states(plan) == ["new"] * 3
    assert next((row.line, row.subject, row.what) for row in plan.rows) == (2, "ulrrc/PEK-001", "enrolled at PEK, start 2026-03-02")
    assert all(fact.kind is not Kind.ENROLLED for fact in log(sites)), "a plan writes nothing"
    written = write(sites, plan)
    assert [(fact.subject.number, fact.number, fact.who, fact.role) for fact in written][2] == ("SHA-001", 1, "coordinator", "local")
    found = state(sites, "PEK-002")
    assert (found.site, found.facts.start, found.plan.protocol.id) == ("PEK", date(2026, 3, 9), "ulrrc")
    assert_proven(log(sites))


FULL = (
    "subject,start,site,set.regimen,milestone.CONSENT,decide.management,actual.C1D1,actual.LAB,missed.C2D1,omit.C1D1,booked.C4D1,"
    "routine_care.LAB,hold,stop,end,unscheduled\n"
    "PEK-009,2026-03-02,PEK,mFOLFOX6,2026-02-01,surgery@2026-06-01,2026-03-02,2026-02-20,illness,EXAM,2026-12-01T09:30,"
    "1,pd1:2026-04-01..2026-04-15,pd1:2026-08-01,lost=2026-09-01,pd1=2026-05-01\n"
)


def test_all_facts_of_a_row_are_written_in_order_and_in_force(sites: Database) -> None:
    omitted = PLAN.activities[PLAN.slots[PLAN.slots_by_id["C1D1"][0]].activities[0].activity]
    text = FULL.replace("EXAM", omitted)
    written = do_subjects(sites, text)
    assert [fact.kind for fact in written[:3]] == [Kind.ENROLLED, Kind.PARAMETER_SET, Kind.MILESTONE_SET]
    days = [fact.said.day for fact in written[3:] if fact.said.day is not None]
    assert days == sorted(days)
    assert {fact.act for fact in written} == {1}
    found = state(sites, "PEK-009")
    assert found.unfit == ()
    facts = found.facts
    assert (facts.parameters, facts.milestones) == ({"regimen": "mFOLFOX6"}, {"CONSENT": date(2026, 2, 1)})
    assert facts.decisions == {"management": DecisionMade("surgery", date(2026, 6, 1))}
    assert facts.actual == {"C1D1": date(2026, 3, 2), "LAB": date(2026, 2, 20)}
    assert (facts.missed, facts.routine_care, facts.omitted) == ({"C2D1": "illness"}, {"LAB"}, {("C1D1", omitted)})
    assert facts.booked["C4D1"] == Booking(date(2026, 12, 1), datetime(2026, 1, 1, 9, 30).time())
    assert facts.holds == (Hold(date(2026, 4, 1), date(2026, 4, 15), "pd1"),)
    assert (facts.stops, facts.end) == ((Stop(date(2026, 8, 1), "pd1"),), End("lost", date(2026, 9, 1)))
    assert [(dose.day, dose.stream) for dose in facts.unscheduled] == [(date(2026, 5, 1), "pd1")]
    again = subjects(sites, text)
    assert (states(again), again.acts) == (["already recorded"], ())
    assert write(sites, again) == []


def test_what_a_row_adds_to_a_subject_is_new(store: Database) -> None:
    plan = subjects(store, "subject,start,site,actual.C1D1,set.cycles\nPEK-001,2026-03-02,PEK,2026-03-02,6\nPEK-002,2026-03-09,PEK,,\n")
    assert states(plan) == ["new", "already recorded"]
    written = write(store, plan)
    assert [(fact.subject.number, fact.kind, fact.number) for fact in written] == [
        ("PEK-001", Kind.PARAMETER_SET, 2),
        ("PEK-001", Kind.VISIT_DONE, 3),
    ]


@pytest.mark.parametrize(
    ("text", "places", "part"),
    [
        (
            "subject,start,site\nPEK-001,2026-03-03,PEK\n",
            [(2, 2)],
            r"start 2026-03-02 is recorded \(fact 1, by coordinator on 2026-11-20\)",
        ),
        ("subject,start,site\nPEK-001,2026-03-02,SHA\n", [(2, 2)], "enrolled at PEK"),
        ("subject,start,site\nPEK-003,2026-03-02,CAN\n", [(2, 3)], "no site"),
        ("subject,start\nPEK-003,2026-03-02\n", [(2, 1)], "the site is missing"),
        ("subject,start,site\nSHA-003,2026-03-02,PEK\n", [(2, 1)], "not a subject number of the site"),
        ("subject,start,site\nLi Ming,2026-03-02,PEK\n", [(2, 1)], "not a subject number of the site"),
        ("subject,start,site\nPEK-003,2026-03-02,PEK\nPEK-003,2026-03-02,PEK\n", [(2, 1), (3, 1)], "line 3 too"),
        ("subject,start,site\nPEK-003,2002-03-02,PEK\n", [(2, 2)], "outside 2012-01-01"),
        ("subject,start,site,set.cycles\nPEK-003,2026-03-02,PEK,9\n", [(2, 4)], "9 is not allowed for cycles"),
        ("subject,start,site,actual.C1D1\nPEK-003,2026-03-02,PEK,2027-03-02\n", [(2, 4)], "after 2026-11-20"),
        ("subject,start,site,actual.C1D1,missed.C1D1\nPEK-003,2026-03-02,PEK,2026-03-02,illness\n", [(2, 5)], "cannot be missed"),
        ("subject,start,site,routine_care.LAB\nPEK-003,2026-03-02,PEK,1\n", [(2, 4)], "no actual date"),
        ("subject,start,site,actual.C2D1,actual.C3D1\nPEK-003,2026-03-02,PEK,2026-04-02,2026-03-20\n", [(2, 5)], "is not after C2D1"),
        ("subject,start,site,actual.C1D1\nPEK-003,2026-03-02,PEK,31/04/2026\nPEK-004,2026-03-02,PEK,\n", [(2, 4)], "YYYY-MM-DD"),
    ],
)
def test_a_row_of_subjects_is_refused_at_its_cell(store: Database, text: str, places: list[tuple[int, int]], part: str) -> None:
    assert_refused(store, subjects(store, text), places, part)


def test_faults_that_follow_from_an_unread_cell_are_not_told(sites: Database) -> None:
    plan = subjects(sites, "subject,start,site,milestone.CONSENT,actual.ICF\nPEK-003,2026-03-02,PEK,1/2/2026,2026-02-01\n")
    assert_refused(sites, plan, [(2, 4)], "milestone.CONSENT")


def test_a_subject_enrolled_under_an_older_file_is_judged_by_its_own(store: Database) -> None:
    amended = PROTOCOL.replace('version: "1.0"', 'version: "1.1"')
    plan = subjects(store, SUBJECTS + "PEK-003,2026-03-02,PEK\n", protocol=amended)
    assert states(plan) == ["already recorded"] * 3 + ["new"]
    write(store, plan)
    assert state(store, "PEK-001").protocol_hash != state(store, "PEK-003").protocol_hash


def test_a_parameter_that_would_redraw_recorded_visits_is_refused(store: Database) -> None:
    text = "subject,start,site,set.cycles\nPEK-001,2026-03-02,PEK,6\n"
    assert states(subjects(store, text)) == ["new"]
    do_dates(store, "PEK-001,C1D1,2026-03-02,,\n")
    assert_refused(store, subjects(store, text), [(2, 4)], "cycles = 4 by default; set it for the subject alone")
    assert states(subjects(store, text.replace(",6", ",4"))) == ["new"]


def test_schedules_that_cannot_be_worked_out_are_refused(sites: Database) -> None:
    """One such subject would spoil the list of all."""
    with sites.writing() as connection:
        calendar = put_calendar(connection, calendar_named("CN", 2025, 2031))
        append_administration(connection, LOCAL, [set_site_calendar(read_settings(connection), "PEK", calendar)])
    rows = "".join(f"PEK-{number:03},{2026 if number % 3 else 2031}-03-03,PEK\n" for number in range(1, 8))
    assert_refused(sites, subjects(sites, f"subject,start,site\n{rows}"), [(4, 2), (7, 2)], "cannot be worked out")


def test_a_site_without_calendar_is_told(database: Database) -> None:
    with database.writing() as connection:
        append_administration(connection, LOCAL, [set_site(read_settings(connection), "PEK", r"PEK-\d{3}")])
    assert_refused(database, subjects(database, "subject,start\nPEK-001,2026-03-02\n"), [(2, 1)], "no calendar yet")


# --- dates ----------------------------------------------------------------------------------------------------

DATES = "PEK-001,C2D1,2026-04-20,,\nPEK-001,C1D1,2026-03-02,,\nPEK-002,SIM,,missed,machine_failure\nSHA-001,C1D1,2026-03-02,,entered_late\n"


def test_dates_are_written_by_date_whatever_the_order_of_the_rows(store: Database) -> None:
    plan = dates(store, DATES)
    assert [(row.line, row.subject, row.what, row.state) for row in plan.rows] == [
        (2, "ulrrc/PEK-001", "C2D1 done on 2026-04-20", RowState.NEW),
        (3, "ulrrc/PEK-001", "C1D1 done on 2026-03-02", RowState.NEW),
        (4, "ulrrc/PEK-002", "SIM missed", RowState.NEW),
        (5, "ulrrc/SHA-001", "C1D1 done on 2026-03-02", RowState.NEW),
    ]
    written = write(store, plan)
    assert [(fact.subject.number, fact.said.item, fact.number, fact.act) for fact in written] == [
        ("PEK-001", "C1D1", 2, 2),
        ("PEK-001", "C2D1", 3, 2),
        ("PEK-002", "SIM", 2, 2),
        ("SHA-001", "C1D1", 2, 2),
    ]
    assert written[3].said.reason == "entered_late"
    assert state(store, "PEK-001").facts.actual == {"C1D1": date(2026, 3, 2), "C2D1": date(2026, 4, 20)}
    assert state(store, "PEK-002").facts.missed == {"SIM": "machine_failure"}
    assert_proven(log(store))


def test_the_same_file_twice_changes_nothing(store: Database) -> None:
    do_dates(store, DATES)
    before = log(store)
    again = dates(store, DATES)
    assert (states(again), again.acts) == (["already recorded"] * 4, ())
    assert write(store, again) == []
    assert log(store) == before
    more = dates(store, f"{DATES}PEK-001,C3D1,2026-05-11,,\n")
    assert [fact.said.item for fact in write(store, more)] == ["C3D1"]


def test_a_workbook_with_typed_dates_is_imported(store: Database) -> None:
    content = workbook([["subject", "visit", "date"], ["PEK-001", "C1D1", date(2026, 3, 2)], [], ["SHA-001", "F1", datetime(2026, 3, 24)]])
    with store.reading() as connection:
        plan = plan_dates(connection, LOCAL, read_dates(read_table(content)))
    assert [(row.line, row.what) for row in plan.rows] == [(2, "C1D1 done on 2026-03-02"), (4, "F1 done on 2026-03-24")]
    assert len(write(store, plan)) == 2


@pytest.mark.parametrize(
    ("rows", "places", "part"),
    [
        ("PEK-001,C1D1,2026-02-30,,\n", [(2, 3)], "not a day of the calendar"),
        ("PEK-001,C1D1,31/04/2026,,\n", [(2, 3)], "YYYY-MM-DD"),
        ("PEK-001,C1D1,46083,,\n", [(2, 3)], "spreadsheet"),
        ("PEK-001,C1D1,2026-03-02,,\nPEK-001,C1D1,2026-03-02,,\n", [(2, 3), (3, 3)], "line 3 too"),
        ("PEK-001,C2D1,2026-04-02,,\nPEK-001,C2D1,,missed,\n", [(2, 3), (3, 2)], "line 3 too"),
        ("PEK-001,C2D1,,missed,\n", [(2, 2)], "missed.C2D1: a missed visit needs a reason"),
        ("PEK-001,LAB,2026-02-20,,\nPEK-001,LAB,2026-02-20,,\n", [(2, 3), (3, 3)], "line 3 too"),
        ("PEK-001,C1D7,2026-03-02,,\n", [(2, 3)], "there is no visit C1D7; did you mean"),
        ("PEK-001,C7D1,,missed,illness\n", [(2, 2)], "C7D1 is not in this subject's plan"),
        ("PEK-001,C1D1,2026-11-21,,\n", [(2, 3)], "after 2026-11-20"),
        ("PEK-001,C1D1,2011-11-21,,\n", [(2, 3)], "before 2012-01-01"),
        ("PEK-001,C2D1,2026-05-20,,\nPEK-001,C3D1,2026-04-11,,\n", [(3, 3)], "is not after C2D1"),
        ("PEK-001,C1D1,,missed,illness\n", [(2, 2)], "cannot be missed"),
        ("PEK-010,C1D1,2026-03-02,,\n", [(2, 1)], "did you mean PEK-00"),
        ("crml/PEK-001,C1D1,2026-03-02,,\n", [(2, 1)], "no subject of this study"),
        ("PEK-001,ICF,2026-03-02,,\n", [(2, 3)], "give milestone CONSENT"),
    ],
)
def test_a_row_of_dates_is_refused_at_its_cell(store: Database, rows: str, places: list[tuple[int, int]], part: str) -> None:
    assert_refused(store, dates(store, rows), places, part)


def test_a_visit_done_outside_the_plan_is_taken(store: Database) -> None:
    assert [fact.said.item for fact in do_dates(store, "PEK-001,C7D1,2026-08-02,,\n")] == ["C7D1"]


def test_a_bad_last_row_leaves_the_log_untouched(store: Database) -> None:
    plan = dates(store, f"{DATES}PEK-002,C1D1,2026-02-30,,\n")
    assert states(plan) == ["new"] * 4 + ["refused"]
    assert plan.acts == ()
    assert_refused(store, plan, [(6, 3)], "not a day")


def test_what_contradicts_the_log_names_the_fact_and_who_wrote_it(store: Database) -> None:
    say(store, "PEK-001", NewFact(Kind.VISIT_DONE, item="C1D1", day=date(2026, 3, 4)))
    sentence = r"C1D1 done on 2026-03-04 is recorded \(fact 2, by nurse on 2026-11-20\); if the file is right, correct that fact"
    assert_refused(store, dates(store, DATES), [(3, 3)], sentence)


def test_a_recorded_miss_contradicts_a_date(store: Database) -> None:
    say(store, "PEK-001", NewFact(Kind.VISIT_MISSED, item="C2D1", reason="illness"))
    assert_refused(store, dates(store, DATES), [(2, 3)], "both as done on 2026-04-20 and as missed")
    assert states(dates(store, "PEK-001,C2D1,,missed,\n")) == ["already recorded"]
    assert_refused(store, dates(store, "PEK-001,C2D1,,missed,holiday\n"), [(2, 2)], "C2D1 missed is recorded")


def test_what_was_taken_back_is_new_again(store: Database) -> None:
    (done,) = say(store, "PEK-001", NewFact(Kind.VISIT_DONE, item="C1D1", day=date(2026, 3, 4)))
    say(store, "PEK-001", NewFact(Kind.UNDONE, replaces=done.number))
    assert states(dates(store, DATES)) == ["new"] * 4


def test_a_corrected_date_is_compared_as_corrected(store: Database) -> None:
    (done,) = say(store, "PEK-001", NewFact(Kind.VISIT_DONE, item="C1D1", day=date(2026, 3, 4)))
    say(store, "PEK-001", NewFact(Kind.VISIT_DONE, item="C1D1", day=date(2026, 3, 2), replaces=done.number))
    assert states(dates(store, DATES)) == ["new", "already recorded", "new", "new"]


def test_a_corrected_value_stands_where_the_one_before_it_stood(store: Database) -> None:
    """Correcting an older value outdates no newer one, for the file as for the state."""
    (first,) = say(store, "PEK-001", NewFact(Kind.PARAMETER_SET, item="cycles", value="5"))
    say(store, "PEK-001", NewFact(Kind.PARAMETER_SET, item="cycles", value="6"))
    say(store, "PEK-001", NewFact(Kind.PARAMETER_SET, item="cycles", value="3", replaces=first.number))
    assert state(store, "PEK-001").facts.parameters["cycles"] == "6"
    text = "subject,start,site,set.cycles\nPEK-001,2026-03-02,PEK,{}\n"
    assert states(subjects(store, text.format(6))) == ["already recorded"]
    assert_refused(store, subjects(store, text.format(3)), [(2, 4)], r"is recorded \(fact 3, ")


def test_a_corrected_booking_stands_where_the_one_before_it_stood(store: Database) -> None:
    """Correcting the booking that was released brings no booking back, so one in the file contradicts nothing but the release."""
    (first,) = say(store, "PEK-001", NewFact(Kind.BOOKED, item="C3D1", day=date(2026, 4, 20)))
    say(store, "PEK-001", NewFact(Kind.RELEASED, item="C3D1"), NewFact(Kind.BOOKED, item="C3D1", day=date(2026, 4, 22)))
    say(store, "PEK-001", NewFact(Kind.BOOKED, item="C3D1", day=date(2026, 4, 21), replaces=first.number))
    text = "subject,start,site,booked.C3D1\nPEK-001,2026-03-02,PEK,2026-04-{}\n"
    assert states(subjects(store, text.format(22))) == ["already recorded"]
    assert_refused(store, subjects(store, text.format(21)), [(2, 4)], r"is recorded \(fact 4, ")


def test_a_visit_that_can_be_done_again_has_several_dates(store: Database) -> None:
    rows = "PEK-001,LAB,2026-02-25,,\nPEK-001,LAB,2026-02-20,,\n"
    assert [fact.said.day for fact in do_dates(store, rows)] == [date(2026, 2, 20), date(2026, 2, 25)]
    assert states(dates(store, f"{rows}PEK-001,LAB,2026-02-27,,\n")) == ["already recorded"] * 2 + ["new"]


def test_what_the_log_breaks_already_is_no_fault_of_the_file(store: Database) -> None:
    say(store, "PEK-001", NewFact(Kind.VISIT_DONE, item="C3D1", day=date(2026, 4, 20)))
    say(store, "PEK-001", NewFact(Kind.VISIT_DONE, item="C4D1", day=date(2026, 4, 20)))
    assert states(dates(store, "PEK-001,C1D1,2026-03-02,,\n")) == ["new"]
    assert_refused(store, dates(store, "PEK-001,C2D1,2026-04-20,,\n"), [(2, 3), (2, 3)], "actual.C3D1: 2026-04-20 is not after C2D1")


def test_a_number_of_two_studies_needs_the_study(store: Database) -> None:
    other = PROTOCOL.replace("protocol: ulrrc", "protocol: other")
    text = "subject,start,site\nPEK-001,2026-03-02,PEK\n"
    with store.reading() as connection:
        plan = plan_subjects(connection, LOCAL, read_subjects(read_table(text.encode()), compile_plan(read_protocol(other))), other)
    write(store, plan)
    assert_refused(store, dates(store, "PEK-001,C1D1,2026-03-02,,\n"), [(2, 1)], "other/PEK-001 or ulrrc/PEK-001")
    (fact,) = do_dates(store, "other/PEK-001,C1D1,2026-03-02,,\n")
    assert str(fact.subject) == "other/PEK-001"


def test_somebody_else_writing_meanwhile_refuses_all(store: Database) -> None:
    plan = dates(store, DATES)
    say(store, "SHA-001", NewFact(Kind.NOTE, note="asked for another day"))
    before = log(store)
    with pytest.raises(ConflictError, match="SHA-001 was changed meanwhile"):
        write(store, plan)
    assert log(store) == before


def test_the_same_plan_cannot_be_carried_out_twice(sites: Database) -> None:
    plan = subjects(sites, SUBJECTS)
    write(sites, plan)
    with pytest.raises(ConflictError):
        write(sites, plan)


# --- rights ---------------------------------------------------------------------------------------------------


def test_rows_of_sites_where_the_caller_may_not_import_are_refused(store: Database) -> None:
    grant(store, ("helen", "coordinator", "PEK"), ("nurse", "nurse", "*"))
    coordinator = Caller("helen", NOW)
    assert_refused(
        store,
        dates(store, DATES, coordinator),
        [(5, 1)],
        "^no subject with this number is enrolled at a site that this account may read; check",
    )
    written = write(store, dates(store, DATES.rpartition("SHA")[0], coordinator), coordinator)
    assert {(fact.who, fact.role) for fact in written} == {("helen", "coordinator")}
    assert_refused(store, subjects(store, "subject,start,site\nSHA-009,2026-03-02,SHA\n", coordinator), [(2, 3)], "There is no site 'SHA'")
    with pytest.raises(NotAllowedError, match="may not import at any site"):
        dates(store, DATES, Caller("nurse", NOW))


def test_where_the_caller_only_reads_the_right_that_is_missing_is_named(store: Database) -> None:
    grant(store, ("helen", "coordinator", "PEK"), ("helen", "reader", "SHA"))
    coordinator = Caller("helen", NOW)
    assert_refused(store, dates(store, DATES, coordinator), [(5, 1)], "helen may not import at SHA")
    assert_refused(store, subjects(store, "subject,start,site\nSHA-009,2026-03-02,SHA\n", coordinator), [(2, 3)], "may not import at SHA")


def test_an_import_knows_nobody_at_sites_that_may_not_be_read(store: Database) -> None:
    """Neither that there is such a subject, nor as a hint, nor what was recorded."""
    grant(store, ("helen", "coordinator", "PEK"))
    coordinator = Caller("helen", NOW)
    said = [dates(store, f"{number},C1D1,2026-03-02,,\n", coordinator).faults[0].message for number in ("SHA-001", "SHA-002", "SAH-001")]
    assert len(set(said)) == 1 and "SHA" not in said[0]
    assert "did you mean PEK-002?" in dates(store, "PEK-0002,C1D1,2026-03-02,,\n", coordinator).faults[0].message
    unknown_study = dates(store, "other/PEK-001,C1D1,2026-03-02,,\n", coordinator).faults[0].message
    assert unknown_study.startswith("there is no subject of this study at a site that this account may read; ")
    for number in ("SHA-001", "SHA-002"):
        (fault,) = subjects(store, f"subject,start,site\n{number},2026-03-02,PEK\n", coordinator).faults
        assert (fault.column, "may not import" in fault.message, "recorded" in fault.message) == (1, False, False)


def test_a_number_in_use_where_the_caller_may_not_read_is_in_use_and_no_more(sites: Database) -> None:
    with sites.writing() as connection:
        append_administration(connection, LOCAL, [set_site(read_settings(connection), "PEK", r"[A-Z]{3}-\d{3}")])
    do_subjects(sites, "subject,start,site\nSHA-001,2026-03-02,SHA\n")
    grant(sites, ("helen", "coordinator", "PEK"))
    text = "subject,start,site\nSHA-001,2026-04-01,PEK\nSHA-002,2026-04-01,PEK\n"
    plan = subjects(sites, text, Caller("helen", NOW))
    assert_refused(sites, plan, [(2, 1)], "^subject: this number is in use; a number is given once in a study")


def test_rights_taken_away_since_the_plan_count(store: Database) -> None:
    plan = dates(store, DATES)
    grant(store)
    with pytest.raises(NotAllowedError):
        write(store, plan, Caller("nurse", NOW))


def test_each_fact_has_the_role_that_its_site_allows(store: Database) -> None:
    grant(store, ("helen", "coordinator", "PEK"), ("helen", "investigator", "SHA"))
    caller = Caller("helen", NOW)
    written = write(store, dates(store, DATES, caller), caller)
    assert {(fact.subject.number, fact.role) for fact in written} == {
        ("PEK-001", "coordinator"),
        ("PEK-002", "coordinator"),
        ("SHA-001", "investigator"),
    }
    assert_proven(log(store))


# --- many -----------------------------------------------------------------------------------------------------

VISITS = {"LAB": -5, "SCR": -10, "C1D1": 0, "SIM": 10, "F1": 21, "F2": 23, "F3": 25, "F4": 28, "F5": 30, "C2D1": 45}
VISITS |= {"C3D1": 66, "ASSESS": 72, "C4D1": 87, "C5D1": 108, "M1": 150, "M2": 171, "M3": 192, "M4": 213, "M5": 240, "M6": 270}


@pytest.mark.long
def test_a_hundred_thousand_dates_take_less_than_a_minute(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'planner.sqlite'}")
    make_sites(database)
    numbers = [(f"PEK-{number:04}", date(2025, 3, 3) + timedelta(number % 200)) for number in range(5000)]
    do_subjects(database, "subject,start,site\n" + "".join(f"{number},{start},PEK\n" for number, start in numbers))
    rows = "".join(f"{number},{visit},{start + timedelta(days)},,\n" for number, start in numbers for visit, days in VISITS.items())
    started = time.monotonic()
    plan = dates(database, rows)
    assert plan.counts == {RowState.NEW: 100_000, RowState.RECORDED: 0, RowState.REFUSED: 0}
    assert len(write(database, plan)) == 100_000
    assert time.monotonic() - started < 60
    assert dates(database, rows).counts[RowState.RECORDED] == 100_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 500_000, "kilobytes"
    database.close()
