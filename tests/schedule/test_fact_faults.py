"""What is refused about a subject's facts (R18): each refusal says what, where, and what would be right."""

from __future__ import annotations

from datetime import date

import pytest

from planner.protocol.model import Parameter
from planner.schedule.cohort_facts import checked_cohort
from planner.schedule.fact_faults import FactErrors, FactFault, faults_of, suggestion
from planner.schedule.facts import Booking, DecisionMade, End, Hold, Stop, SubjectFacts, UnscheduledDose
from tests.cases.by_hand import protocol, start, visit
from tests.schedule.studies import compiled, enrolled, plan_of

TODAY = date(2026, 6, 15)


def faults(name: str, facts: SubjectFacts, as_of: date = TODAY) -> list[tuple[str, str]]:
    return [(fault.fact, fault.message) for fault in faults_of(plan_of(name), facts, as_of)]


def only_fault(name: str, **known: object) -> tuple[str, str]:
    found = faults(name, enrolled(**known))
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("known", "fact", "message"),
    [
        (
            {"start": date(2011, 12, 31)},
            "start",
            "2011-12-31 is outside 2012-01-01 to 2050-12-31; give the start date as YYYY-MM-DD",
        ),
        (
            {"start": date(2051, 1, 1)},
            "start",
            "2051-01-01 is outside 2012-01-01 to 2050-12-31; give the start date as YYYY-MM-DD",
        ),
        ({"parameters": {"regimn": "CAPOX"}}, "set.regimn", "there is no parameter regimn; did you mean regimen?"),
        ({"parameters": {"regimen": "CAPOXX"}}, "set.regimen", "CAPOXX is not a choice of regimen; did you mean CAPOX?"),
        (
            {"parameters": {"regimen": "zzz"}},
            "set.regimen",
            "zzz is not a choice of regimen; the choices are: CAPOX, mFOLFOX6, FOLFIRI, FOLFOXIRI",
        ),
        ({"parameters": {"cycles": "7"}}, "set.cycles", "7 is not allowed for cycles; it must be from 3 to 6"),
        (
            {"parameters": {"maintenance_months": "25mo"}},
            "set.maintenance_months",
            "25mo is not allowed for maintenance_months; it must be from 1mo to 24mo",
        ),
        (
            {"milestones": {"LAST_DOSE": date(2026, 5, 1)}},
            "milestone.LAST_DOSE",
            "LAST_DOSE is worked out from the visits and cannot be given",
        ),
        ({"milestones": {"CONSNT": date(2026, 2, 1)}}, "milestone.CONSNT", "there is no milestone CONSNT; did you mean CONSENT?"),
        ({"milestones": {"CONSENT": date(1926, 2, 1)}}, "milestone.CONSENT", "1926-02-01 is outside 1930-01-01 to 2058-12-31"),
        (
            {"decisions": {"managment": DecisionMade("surgery")}},
            "decide.managment",
            "there is no decision managment; did you mean management?",
        ),
        (
            {"decisions": {"management": DecisionMade("operate")}},
            "decide.management",
            "operate is not a choice of management; the choices are: surgery, maintenance, withdraw",
        ),
        (
            {"decisions": {"management": DecisionMade("surgery", date(2026, 6, 16))}},
            "decide.management",
            "2026-06-16 is after 2026-06-15, the day asked about; a decision is dated when it has been taken",
        ),
        (
            {"actual": {"C2D1": date(2026, 6, 16)}},
            "actual.C2D1",
            "2026-06-16 is after 2026-06-15, the day asked about; an actual date is recorded when it has happened (book it instead)",
        ),
        ({"actual": {"C2D1": date(2011, 3, 27)}}, "actual.C2D1", "2011-03-27 is before 2012-01-01; give the date as YYYY-MM-DD"),
        ({"actual": {"C2D11": date(2026, 3, 27)}}, "actual.C2D11", "there is no visit C2D11; did you mean C2D1?"),
        (
            {"actual": {"ICF": date(2026, 2, 21)}},
            "actual.ICF",
            "ICF happens on the date of CONSENT, which is given as 2026-02-20; give milestone CONSENT = 2026-02-21",
        ),
        ({"actual": {"CONTRA": date(2026, 2, 21)}}, "actual.CONTRA", "CONTRA is a reminder; there is nothing to record"),
        ({"missed": {"C1D1": "unwell"}}, "missed.C1D1", "C1D1 starts the schedule and cannot be missed; give another start date instead"),
        ({"missed": {"ICF": "unwell"}}, "missed.ICF", "ICF happens on the date of CONSENT and cannot be missed"),
        (
            {"missed": {"SIM": "unwell"}, "actual": {"SIM": date(2026, 3, 9)}},
            "missed.SIM",
            "SIM is recorded both as done on 2026-03-09 and as missed; keep one of them",
        ),
        ({"missed": {"ASSES": "unwell"}}, "missed.ASSES", "there is no visit ASSES; did you mean ASSESS?"),
        ({"booked": {"ASSES": Booking(date(2026, 4, 30))}}, "booked.ASSES", "there is no visit ASSES; did you mean ASSESS?"),
        ({"booked": {"ICF": Booking(date(2026, 2, 20))}}, "booked.ICF", "ICF needs no attendance and cannot be booked"),
        ({"booked": {"CONTRA": Booking(date(2026, 12, 1))}}, "booked.CONTRA", "CONTRA needs no attendance and cannot be booked"),
        ({"booked": {"ASSESS": Booking(date(2099, 1, 1))}}, "booked.ASSESS", "2099-01-01 is outside 2012-01-01 to 2058-12-31"),
        ({"omitted": frozenset({("C2D1", "PD2")})}, "omit.C2D1", "there is no activity PD2; did you mean PD1?"),
        (
            {"omitted": frozenset({("C2D1", "SURGERY")})},
            "omit.C2D1",
            "SURGERY is not an activity of C2D1; its activities are: EXAM, SAFE, CHEMO, PD1",
        ),
        ({"omitted": frozenset({("C2D2", "PD1")})}, "omit.C2D2", "there is no visit C2D2; did you mean C2D1?"),
        ({"routine_care": frozenset({("SCREEN")})}, "routine_care.SCREEN", "there is no visit SCREEN"),
        ({"holds": (Hold(date(2026, 4, 1), stream="pd2"),)}, "hold", "there is no stream pd2; did you mean pd1?"),
        (
            {"holds": (Hold(date(2026, 4, 1), date(2026, 4, 1)),)},
            "hold",
            "the resume day 2026-04-01 is not after the first held day 2026-04-01; leave it empty while the hold is open",
        ),
        ({"stops": (Stop(date(2026, 4, 1), "radio"),)}, "stop", "there is no stream radio"),
        ({"unscheduled": (UnscheduledDose(date(2026, 4, 1), "pd-1"),)}, "unscheduled", "there is no stream pd-1; did you mean pd1?"),
        (
            {"unscheduled": (UnscheduledDose(date(2026, 6, 16), "pd1"),)},
            "unscheduled",
            "2026-06-16 is after 2026-06-15, the day asked about; a dose is recorded when it has been given",
        ),
        (
            {"end": End("died", date(2026, 6, 16))},
            "end",
            "2026-06-16 is after 2026-06-15, the day asked about; an end is recorded when it has happened",
        ),
        ({"end": End("died", date(1926, 6, 16))}, "end", "1926-06-16 is outside 2012-01-01 to 2058-12-31"),
        ({"stops": (Stop(date(1926, 4, 1)),)}, "stop", "1926-04-01 is outside 2012-01-01 to 2058-12-31"),
        ({"holds": (Hold(date(2026, 4, 1), date(2126, 4, 1)),)}, "hold", "2126-04-01 is outside 2012-01-01 to 2058-12-31"),
        ({"unscheduled": (UnscheduledDose(date(1926, 4, 1), "pd1"),)}, "unscheduled", "1926-04-01 is outside 2012-01-01 to 2058-12-31"),
    ],
)
def test_each_refusal_names_the_fact_and_what_would_be_right(known: dict[str, object], fact: str, message: str) -> None:
    found_fact, found = only_fault("ulrrc", **known)
    assert found_fact == fact
    assert found == message or (";" not in message and found.startswith(message + ";")), found


def test_what_is_not_in_the_plan_of_this_subject_is_named_with_its_settings() -> None:
    fact, message = only_fault("ulrrc", missed={"C6D1": "unwell"})
    assert fact == "missed.C6D1"
    assert message.startswith("C6D1 is not in this subject's plan (regimen = CAPOX, cycles = 4, maintenance_months = 12mo, ")
    assert message.endswith("; did you mean C5D1?")
    fact, message = only_fault("ulrrc", booked={"PD1-1": Booking(date(2026, 4, 20))})
    assert fact == "booked.PD1-1"
    assert "PD1-1 is not in this subject's plan (regimen = CAPOX" in message


def test_what_was_done_outside_the_plan_is_accepted() -> None:
    assert faults("ulrrc", enrolled(actual={"C6D1": date(2026, 6, 12), "PD1-1": date(2026, 4, 20)})) == []


def test_an_unknown_parameter_value_hides_nothing_else_about_parameters() -> None:
    found = faults("ulrrc", enrolled(parameters={"regimen": "X", "cycles": "9", "colour": "red"}))
    assert [fact for fact, _ in found] == ["set.regimen", "set.cycles", "set.colour"]


def test_a_parameter_without_default_must_be_given() -> None:
    plan = compiled(protocol(start(), visit("V", "C1D1 + 1d"), parameters=(Parameter("arm", "Arm", ("A", "B"), None),)))
    found = faults_of(plan, enrolled(), TODAY)
    assert [(fault.fact, fault.message) for fault in found] == [("set.arm", "arm has no default and must be given; the choices are: A, B")]
    assert faults_of(plan, enrolled(parameters={"arm": "B"}), TODAY) == []


def test_months_may_be_written_as_plain_numbers() -> None:
    assert faults("ulrrc", enrolled(parameters={"maintenance_months": "6"})) == []


def test_the_date_of_an_is_visit_may_be_repeated_and_not_contradicted() -> None:
    assert faults("ulrrc", enrolled(actual={"ICF": date(2026, 2, 20)})) == []
    fact, message = only_fault("ulrrc", actual={"ICF": date(2026, 2, 20)}, milestones={})
    assert (fact, message) == (
        "actual.ICF",
        "ICF happens on the date of CONSENT, which is not given; give milestone CONSENT = 2026-02-20",
    )


# --- choices that require another -------------------------------------------------------------------------------


def test_watch_and_wait_needs_a_complete_response_on_record() -> None:
    assert only_fault("crlm", decisions={"management": DecisionMade("watch_and_wait")}) == (
        "decide.management",
        "watch_and_wait is allowed only after response = cCR or pCR, and no response is recorded; record it first",
    )


def test_watch_and_wait_is_refused_after_no_complete_response() -> None:
    decisions = {"response": DecisionMade("non-CR"), "management": DecisionMade("watch_and_wait")}
    assert only_fault("crlm", decisions=decisions) == (
        "decide.management",
        "watch_and_wait is allowed only with response = cCR or pCR, and response is recorded as non-CR",
    )


@pytest.mark.parametrize(
    ("response", "management", "is_accepted"),
    [
        ("cCR", "watch_and_wait", True),
        ("pCR", "watch_and_wait", True),
        ("non-CR", "watch_and_wait", False),
        ("cCR", "maintenance", True),
        ("non-CR", "maintenance", True),
        ("pCR", "discontinuation", False),
        ("non-CR", "discontinuation", True),
        (None, "maintenance", True),
        (None, "discontinuation", False),
    ],
)
def test_every_pair_of_response_and_management(response: str | None, management: str, is_accepted: bool) -> None:
    decisions = {"management": DecisionMade(management)} | ({"response": DecisionMade(response)} if response else {})
    assert (faults("crlm", enrolled(decisions=decisions)) == []) is is_accepted


# --- the order within a series ----------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [date(2026, 3, 27), date(2026, 3, 20)])
def test_a_cycle_on_or_before_a_recorded_lower_number_is_refused(day: date) -> None:
    assert only_fault("ulrrc", actual={"C2D1": date(2026, 3, 27), "C3D1": day}) == (
        "actual.C3D1",
        f"{day} is not after C2D1, recorded on 2026-03-27; check both dates",
    )


def test_a_recorded_lower_number_counts_across_a_gap() -> None:
    found = faults("ulrrc", enrolled(actual={"F1": date(2026, 3, 18), "F4": date(2026, 3, 17), "F5": date(2026, 3, 19)}))
    assert found == [("actual.F4", "2026-03-17 is not after F1, recorded on 2026-03-18; check both dates")]


def test_a_fraction_over_an_unrecorded_one_is_accepted() -> None:
    assert faults("ulrrc", enrolled(actual={"F1": date(2026, 3, 16), "F3": date(2026, 3, 18)})) == []


def test_visits_of_different_series_may_be_recorded_in_any_order() -> None:
    actual = {"F1": date(2026, 3, 16), "C2D1": date(2026, 3, 16), "FU1": date(2026, 3, 10)}
    assert faults("ulrrc", enrolled(actual=actual)) == []


def test_the_start_is_the_lowest_number_of_its_series() -> None:
    actual = {"C1D1": date(2026, 3, 2), "C2D1": date(2026, 3, 2)}
    found = faults("crlm", enrolled(parameters={"cycles_before": "3"}, actual=actual))
    assert found == [("actual.C2D1", "2026-03-02 is not after C1D1, recorded on 2026-03-02; check both dates")]


def test_an_actual_date_on_the_day_asked_about_is_accepted() -> None:
    assert faults("ulrrc", enrolled(actual={"C5D1": TODAY})) == []


def test_what_really_happened_is_accepted_however_odd() -> None:
    """Out of window, on a closed day, before consent, after the end."""
    odd = enrolled(
        actual={"C1D1": date(2026, 3, 1), "SCR": date(2026, 1, 1), "ASSESS": date(2026, 6, 14), "MDT": date(2026, 5, 1)},
        end=End("withdrawn", date(2026, 4, 1)),
        stops=(Stop(date(2026, 3, 10)), Stop(date(2026, 3, 12), "radiotherapy")),
        holds=(Hold(date(2026, 3, 5)), Hold(date(2026, 3, 5), date(2026, 3, 6), "pd1", "skip")),
    )
    assert faults("ulrrc", odd) == []


# --- all of them at once ----------------------------------------------------------------------------------------


def test_all_faults_of_all_subjects_are_told_at_once() -> None:
    bad = enrolled(
        subject="A",
        actual={"NOPE": date(2026, 3, 1), "C3D1": date(2026, 7, 1)},
        missed={"C1D1": "x"},
        decisions={"management": DecisionMade("x")},
        holds=(Hold(date(2026, 4, 2), date(2026, 4, 1), "nothing"),),
    )
    with pytest.raises(FactErrors) as raised:
        checked_cohort(plan_of("ulrrc"), [bad, enrolled(subject="B"), enrolled(date(2060, 1, 1), subject="C")], TODAY)
    found = [(fault.subject, fault.fact) for fault in raised.value.faults]
    assert found == [
        ("A", "decide.management"),
        ("A", "actual.NOPE"),
        ("A", "actual.C3D1"),
        ("A", "missed.C1D1"),
        ("A", "hold"),
        ("A", "hold"),
        ("C", "start"),
    ]
    assert "A: missed.C1D1: C1D1 starts the schedule" in str(raised.value)
    assert isinstance(raised.value.faults[0], FactFault)


def test_good_facts_make_a_cohort() -> None:
    cohort = checked_cohort(plan_of("ulrrc"), [enrolled(subject="A"), enrolled(subject="B")], TODAY)
    assert cohort.subjects == ("A", "B")


def test_a_suggestion_or_the_list() -> None:
    assert suggestion("regmen", ["cycles", "regimen"], "the parameters are") == "; did you mean regimen?"
    assert suggestion("zzz", ["cycles", "regimen"], "the parameters are") == "; the parameters are: cycles, regimen"
    assert suggestion("zzz", [], "the decisions are") == "; this protocol has no decisions"
    many = [f"V{number}" for number in range(40)]
    assert suggestion("zzz", many, "the visits are").endswith("V29, ...")


def test_a_decision_decades_back_is_refused() -> None:
    known = enrolled(decisions={"management": DecisionMade("surgery", date(1966, 1, 1))})
    assert [fault.message for fault in faults_of(plan_of("ulrrc"), known, TODAY)] == ["1966-01-01 is outside 2012-01-01 to 2058-12-31"]
