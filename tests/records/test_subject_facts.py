"""One subject's state: each kind of fact, and what does not fit the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from planner.records.facts.fact import NewFact
from planner.records.facts.kinds import Kind
from planner.records.fold.fact_table import fact_table
from planner.records.fold.fold import fold
from planner.records.fold.subject_facts import NotEnrolledError, SubjectState, subject_state
from planner.schedule.calendar_transfer import after_transfer
from planner.schedule.facts import Booking, DecisionMade, End, Hold, Stop, SubjectFacts, UnscheduledDose
from tests.records.hand_logs import KEY, START, enrolled, log_of, protocol_hash, state_of, ulrrc
from tests.records.worlds import study_world

DAY = date(2026, 3, 9)


def unfit(state: SubjectState) -> dict[int, str]:
    return {fact.number: fact.why for fact in state.unfit}


def undone(number: int) -> NewFact:
    return NewFact(Kind.UNDONE, replaces=number)


def test_an_enrolment_alone() -> None:
    state = subject_state(fact_table(log_of(enrolled(rescreen_of="PEK-000"))), ulrrc())
    assert state.facts == SubjectFacts("PEK-001", START)
    assert state.plan is ulrrc().plan(protocol_hash())
    assert state.calendar is ulrrc().calendar("calendar-0")
    said = (state.key, state.protocol_hash, state.calendar_hash, state.site, state.revision, state.rescreen_of, state.unfit)
    assert said == (KEY, protocol_hash(), "calendar-0", "PEK", 1, "PEK-000", ())


def test_no_enrolment_in_force() -> None:
    with pytest.raises(NotEnrolledError, match="ulrrc/PEK-001 is not enrolled"):
        subject_state(fact_table(log_of(enrolled(), undone(1))), ulrrc())


def test_a_table_of_several_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="one row"):
        subject_state(fact_table([]), ulrrc())


def test_every_kind_of_fact() -> None:
    facts = state_of(
        NewFact(Kind.START_MOVED, day=date(2026, 3, 4)),
        NewFact(Kind.PARAMETER_SET, "regimen", value="FOLFIRI"),
        NewFact(Kind.PARAMETER_SET, "maintenance_months", value="6"),
        NewFact(Kind.MILESTONE_SET, "CONSENT", date(2026, 2, 20)),
        NewFact(Kind.VISIT_DONE, "SCR", date(2026, 2, 21), value="routine_care"),
        NewFact(Kind.VISIT_DONE, "C1D1", date(2026, 3, 4)),
        NewFact(Kind.VISIT_MISSED, "F2", reason="machine_failure"),
        NewFact(Kind.ACTIVITY_OMITTED, "C1D1", value="SAFE"),
        NewFact(Kind.BOOKED, "F1", DAY, value="09:30", details={"minutes": 20}),
        NewFact(Kind.BOOKED, "F3", DAY),
        NewFact(Kind.DECISION_MADE, "management", value="surgery"),
        NewFact(Kind.HOLD_STARTED, "pd1", DAY, date(2026, 3, 20), value="skip"),
        NewFact(Kind.HOLD_STARTED, "", DAY, value="shift"),
        NewFact(Kind.TREATMENT_STOPPED, "", DAY),
        NewFact(Kind.TREATMENT_STOPPED, "pd1", DAY),
        NewFact(Kind.LEFT_STUDY, day=DAY, value="withdrawn"),
        NewFact(Kind.UNSCHEDULED_VISIT, "pd1", DAY),
        NewFact(Kind.UNSCHEDULED_VISIT, "", DAY),
        NewFact(Kind.DEVIATION_CLASSED, "missed:F2", value="important"),
        NewFact(Kind.NOTE, note="called"),
    )
    assert facts.unfit == ()
    assert facts.revision == 21
    assert facts.facts == SubjectFacts(
        subject="PEK-001",
        start=date(2026, 3, 4),
        parameters={"regimen": "FOLFIRI", "maintenance_months": "6mo"},
        milestones={"CONSENT": date(2026, 2, 20)},
        decisions={"management": DecisionMade("surgery")},
        actual={"SCR": date(2026, 2, 21), "C1D1": date(2026, 3, 4)},
        missed={"F2": "machine_failure"},
        omitted=frozenset({("C1D1", "SAFE")}),
        booked={"F1": Booking(DAY, time(9, 30)), "F3": Booking(DAY)},
        routine_care=frozenset({"SCR"}),
        holds=(Hold(DAY, date(2026, 3, 20), "pd1", "skip"), Hold(DAY)),
        stops=(Stop(DAY), Stop(DAY, "pd1")),
        end=End("withdrawn", DAY),
        unscheduled=(UnscheduledDose(DAY, "pd1"),),
    )


def test_the_end_of_a_hold_goes_before_the_day_planned_and_stays_with_its_correction() -> None:
    hold = NewFact(Kind.HOLD_STARTED, "", DAY, date(2026, 4, 1), value="shift")
    ended = NewFact(Kind.HOLD_ENDED, day=date(2026, 3, 20), refers=2)
    corrected = NewFact(Kind.HOLD_STARTED, "pd1", date(2026, 3, 10), value="skip", replaces=2)
    assert state_of(hold, ended).facts.holds == (Hold(DAY, date(2026, 3, 20)),)
    assert state_of(hold, ended, corrected).facts.holds == (Hold(date(2026, 3, 10), date(2026, 3, 20), "pd1", "skip"),)
    assert state_of(hold, ended, undone(3)).facts.holds == (Hold(DAY, date(2026, 4, 1)),)
    assert state_of(hold, ended, undone(2)).facts.holds == ()


def test_of_a_redone_visit_the_newest_day_and_its_routine_care_count() -> None:
    first = NewFact(Kind.VISIT_DONE, "LAB", date(2026, 2, 10), value="routine_care")
    again = NewFact(Kind.VISIT_DONE, "LAB", date(2026, 2, 25))
    state = state_of(again, first)
    assert (state.facts.actual, state.facts.routine_care) == ({"LAB": date(2026, 2, 25)}, frozenset())


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (NewFact(Kind.PARAMETER_SET, "regime", value="CAPOX"), "there is no parameter regime; did you mean regimen?"),
        (NewFact(Kind.PARAMETER_SET, "cycles", value="9"), "9 is not allowed for cycles; it must be from 3 to 6"),
        (NewFact(Kind.PARAMETER_SET, "regimen", value="XELIRI"), "XELIRI is not a choice of regimen; did you mean FOLFIRI?"),
        (NewFact(Kind.MILESTONE_SET, "LAST_DOSE", DAY), "LAST_DOSE is worked out from the visits and cannot be given"),
        (NewFact(Kind.MILESTONE_SET, "BIOPSY", DAY), "there is no milestone BIOPSY; the milestones are: CONSENT, PRIOR_RT_END"),
        (NewFact(Kind.DECISION_MADE, "mdt", value="surgery"), "there is no decision mdt"),
        (NewFact(Kind.DECISION_MADE, "management", value="wait"), "wait is not a choice of management"),
        (NewFact(Kind.VISIT_DONE, "C1D2", DAY), "there is no visit C1D2; did you mean C1D1?"),
        (NewFact(Kind.VISIT_MISSED, "X9"), "there is no visit X9"),
        (NewFact(Kind.BOOKED, "C1D2", DAY), "there is no visit C1D2"),
        (NewFact(Kind.RELEASED, "C1D2"), "there is no visit C1D2"),
        (NewFact(Kind.BOOKED, "C1D1", DAY, value="9 h"), "'9 h' is not a time of day"),
        (NewFact(Kind.BOOKED, "C1D1", DAY, value="09:30:15"), "'09:30:15' is not a time of day"),
        (NewFact(Kind.ACTIVITY_OMITTED, "C1D1", value="XRAY"), "there is no activity XRAY"),
        (NewFact(Kind.ACTIVITY_OMITTED, "C1D2", value="SAFE"), "there is no visit C1D2"),
        (NewFact(Kind.HOLD_STARTED, "pd2", DAY, value="shift"), "there is no stream pd2; did you mean pd1?"),
        (NewFact(Kind.HOLD_STARTED, "", DAY, value="pause"), "'pause' is no way to hold"),
        (NewFact(Kind.TREATMENT_STOPPED, "pd2", DAY), "there is no stream pd2"),
        (NewFact(Kind.UNSCHEDULED_VISIT, "pd2", DAY), "there is no stream pd2"),
        (NewFact(Kind.LEFT_STUDY, day=DAY, value="moved"), "'moved' is no reason for an end"),
    ],
)
def test_what_the_plan_does_not_know_is_said_and_left_out(said: NewFact, why: str) -> None:
    state = state_of(said)
    assert state.facts == SubjectFacts("PEK-001", START)
    assert unfit(state).keys() == {2}
    assert unfit(state)[2].startswith(why)


def test_a_parameter_whose_latest_value_is_unknown_is_not_given() -> None:
    good, bad = NewFact(Kind.PARAMETER_SET, "cycles", value="6"), NewFact(Kind.PARAMETER_SET, "cycles", value="9")
    assert state_of(good, bad).facts.parameters == {}
    assert state_of(bad, good).facts.parameters == {"cycles": "6"}
    assert unfit(state_of(bad, good)).keys() == {2}


def test_an_id_of_other_settings_names_the_settings_that_matter() -> None:
    crlm = study_world("crlm", {"calendar-0": ulrrc().calendar("calendar-0")})
    start = NewFact(Kind.ENROLLED, "PEK", START, value=next(iter(crlm.plans)), details={"calendar": "calendar-0"})
    booked = NewFact(Kind.BOOKED, "C8D1", DAY)
    six = NewFact(Kind.PARAMETER_SET, "cycles_before", value="6")
    state = subject_state(fact_table(log_of(start, booked)), crlm)
    assert unfit(state)[2].startswith("C8D1 is not in this subject's plan (")
    assert "cycles_before = 1" in unfit(state)[2]
    assert "assessment" not in unfit(state)[2]
    assert subject_state(fact_table(log_of(start, booked, six)), crlm).facts.booked == {"C8D1": Booking(DAY)}


def test_an_amendment_makes_facts_unfit_and_another_makes_them_fit_again() -> None:
    regimen = NewFact(Kind.PARAMETER_SET, "regimen", value="FOLFOXIRI")
    amended = NewFact(Kind.PROTOCOL_AMENDED, value=protocol_hash(2))
    state = state_of(regimen, amended)
    assert state.plan is ulrrc().plan(protocol_hash(2))
    assert (state.facts.parameters, unfit(state).keys()) == ({}, {2})
    back = state_of(regimen, amended, undone(3))
    assert (back.protocol_hash, back.facts.parameters, back.unfit) == (protocol_hash(), {"regimen": "FOLFOXIRI"}, ())


def moved(site: str, day: date, calendar: str) -> NewFact:
    return NewFact(Kind.SITE_TRANSFERRED, site, day, details={"calendar": calendar})


def refreshed(calendar: str, site: str = "PEK") -> NewFact:
    return NewFact(Kind.CALENDAR_REFRESHED, site, value=calendar)


def test_a_refresh_replaces_the_calendar_of_the_site_where_the_subject_is() -> None:
    calendars = ulrrc().calendars
    plain = state_of(refreshed("calendar-1"))
    assert plain.calendar is calendars["calendar-1"]
    state = state_of(moved("SHA", DAY, "calendar-1"), refreshed("calendar-2", "SHA"))
    due = after_transfer(calendars["calendar-0"], calendars["calendar-2"], DAY)
    assert (state.site, state.calendar_hash, state.calendar.name) == ("SHA", "calendar-2", due.name)
    assert (state.calendar.open_table("clinic") == due.open_table("clinic")).all()
    before = state_of(refreshed("calendar-2"), moved("SHA", DAY, "calendar-1"))
    assert (before.calendar_hash, before.calendar.name) == (
        "calendar-1",
        after_transfer(calendars["calendar-2"], calendars["calendar-1"], DAY).name,
    )


def test_a_refresh_is_that_of_its_site_wherever_the_subject_turns_out_to_be() -> None:
    calendars, move = ulrrc().calendars, moved("SHA", DAY, "calendar-1")
    assert state_of(move, refreshed("calendar-2", "SHA"), undone(2)).calendar is calendars["calendar-0"]
    assert state_of(move, undone(2), refreshed("calendar-2"), undone(3)).calendar_hash == "calendar-1"
    before = state_of(move, refreshed("calendar-2")).calendar
    due = after_transfer(calendars["calendar-2"], calendars["calendar-1"], DAY)
    assert (before.open_table("clinic") == due.open_table("clinic")).all()


def test_equal_histories_share_one_calendar() -> None:
    said = (moved("SHA", DAY, "calendar-1"), moved("CAN", date(2026, 5, 1), "calendar-2"))
    assert state_of(*said).calendar is state_of(*said).calendar


def test_a_transfer_that_the_new_calendar_does_not_reach_does_not_fit() -> None:
    state = state_of(moved("SHA", date(2099, 1, 1), "calendar-1"), refreshed("calendar-2"))
    assert "Extend it" in unfit(state)[2]
    assert state.calendar is ulrrc().calendar("calendar-2")


def test_a_correction_stands_where_the_fact_stood_that_it_corrects() -> None:
    first, second = NewFact(Kind.BOOKED, "C1D1", DAY), NewFact(Kind.BOOKED, "C1D1", date(2026, 3, 16))
    corrected = NewFact(Kind.BOOKED, "C1D1", date(2026, 3, 10), replaces=2)
    assert state_of(first, second, corrected).facts.booked == {"C1D1": Booking(date(2026, 3, 16))}
    six, four = NewFact(Kind.PARAMETER_SET, "cycles", value="6"), NewFact(Kind.PARAMETER_SET, "cycles", value="4")
    assert state_of(six, four, NewFact(Kind.PARAMETER_SET, "cycles", value="5", replaces=2)).facts.parameters == {"cycles": "4"}
    moves = [NewFact(Kind.START_MOVED, day=date(2026, 3, day)) for day in (9, 16)]
    assert state_of(*moves, NewFact(Kind.START_MOVED, day=date(2026, 3, 10), replaces=2)).facts.start == date(2026, 3, 16)


def test_holds_that_begin_on_one_day_stand_by_the_fact_that_each_goes_back_to() -> None:
    shifts = NewFact(Kind.HOLD_STARTED, day=DAY, value="shift")
    skips = NewFact(Kind.HOLD_STARTED, day=DAY, until_day=date(2026, 3, 13), value="skip")
    log = log_of(enrolled(), shifts, skips, replace(shifts, replaces=2))
    facts = subject_state(fact_table(log), ulrrc()).facts
    assert [hold.mode for hold in facts.holds] == ["shift", "skip"]
    (group,) = fold(fact_table(log), ulrrc()).groups
    assert group.cohort.holds is not None
    assert group.cohort.holds.skip[:, 0].tolist() == [False, True]
