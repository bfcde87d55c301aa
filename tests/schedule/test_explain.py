"""Why a date is what it is: the steps name the rule, the day, and whatever moved it."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.schedule.days import day_number
from planner.schedule.explain import Step, explanation
from planner.schedule.facts import Booking, DecisionMade, End, Hold, Stop, SubjectFacts, UnscheduledDose
from planner.schedule.reason_words import FLAG_REASONS
from planner.schedule.schedule import Schedule
from tests.cases import Case, random_case
from tests.cases.by_hand import protocol, start, visit
from tests.schedule.studies import AS_OF, STUDIES, by_visit, china, compiled, enrolled, every_day, expanded, study
from tests.strategies import seeded_cases

PROFILE = settings.default.max_examples


def steps(name: str, visit_id: str, facts: SubjectFacts | None = None, as_of: date = AS_OF) -> tuple[Step, ...]:
    return explanation(expanded(name, facts or enrolled(), as_of), 0, visit_id)


def text(name: str, visit_id: str, facts: SubjectFacts | None = None, as_of: date = AS_OF) -> str:
    return "\n".join(f"{step.rule} {step.text}" for step in steps(name, visit_id, facts, as_of))


def test_the_assessment_on_labour_day() -> None:
    found = steps("ulrrc", "ASSESS")
    assert [step.rule for step in found] == ["R8", "R1", "R4", "R5", "R5", "R14", "R15", "source"]
    assert [step.text for step in found[:5]] == [
        "Counted from SBRT.last, that is F5, planned on Fri 2026-03-20 +42d = Fri 2026-05-01.",
        "The nominal date is Fri 2026-05-01.",
        "Its window, -14d to +14d around the nominal date, is Fri 2026-04-17 to Fri 2026-05-15, both included.",
        "Fri 2026-05-01 is closed (CN, imaging): Labor Day.",
        "The nearest open day in its window is Thu 2026-04-30, 1 day earlier: the planned date.",
    ]
    assert found[-1].text.startswith(
        "Where it comes from: visit stated, anchor stated, offset stated, window registry, activities assumed."
    )


def test_a_pump_that_would_end_on_a_sunday() -> None:
    found = text("ulrrc", "C2D1", enrolled(parameters={"regimen": "mFOLFOX6"}))
    assert "Fri 2026-03-27 is closed (CN, infusion): Sun 2026-03-29, 2 days later, must be open too and is not." in found
    assert "The next (later days first) open day in its window is Mon 2026-03-30, 3 days later: the planned date." in found


def test_a_parameter_gives_the_length_of_a_cycle() -> None:
    assert "Mon 2026-03-30 +14d (regimen.cycle) = Mon 2026-04-13." in text("ulrrc", "C3D1", enrolled(parameters={"regimen": "FOLFIRI"}))


def test_the_latest_of_several_dates_is_marked() -> None:
    found = text("ulrrc", "M1")
    assert "Counted from the latest of 2 dates:" in found
    assert "Counted from MDT, planned on Fri 2026-05-15 +21d = Fri 2026-06-05.\n" in found
    assert "that is C5D1, planned on Fri 2026-05-29 +21d = Fri 2026-06-19 (the latest)." in found


def test_consent_binds_the_screening() -> None:
    found = text("ulrrc", "SCR")
    assert "R6 It may not be before CONSENT: on Fri 2026-02-20, so not before Fri 2026-02-20." in found
    assert "R6 So the earliest allowed day is Fri 2026-02-20, after the nominal date, which itself stays." in found


def test_a_fraction_says_that_the_anchor_was_done() -> None:
    facts = enrolled(actual={"C1D1": date(2026, 3, 3)})
    assert "Counted from C1D1, done on Tue 2026-03-03 +14d = Tue 2026-03-17." in text("ulrrc", "F1", facts, date(2026, 3, 4))


def test_the_start_on_a_closed_day() -> None:
    found = text("ulrrc", "C1D1", enrolled(date(2026, 3, 1)))
    assert "R16 C1D1 starts the schedule; its date is the start date Sun 2026-03-01." in found
    assert "That day is closed (CN, infusion): Sunday is not a working day here. The start stays on the date given." in found


def test_a_milestone_that_is_missing() -> None:
    facts = enrolled(milestones={})
    assert "R8 ICF has no date until CONSENT is given." in text("ulrrc", "ICF", facts)
    assert "It has no date because a milestone has not been given: CONSENT." in text("ulrrc", "ICF", facts)


def test_a_dose_that_shares_the_day_of_a_cycle() -> None:
    """PD1-2 of crlm is nominal on the day of C5D1; both are on 2026-05-20."""
    assert "It shares the day of a visit of CHEMO in its window: Wed 2026-05-20." in text("crlm", "PD1-2")
    assert "It may not be before any(pd1).previous + 18d: that is PD1-1, planned on Wed 2026-04-29, so not before Sun 2026-05-17." in text(
        "crlm", "PD1-2"
    )
    assert "shares the day" not in text("crlm", "PD1-1")


def test_a_conditional_visit_names_the_decision_it_waits_for() -> None:
    assert "It takes place only if it is decided: management = maintenance." in text("ulrrc", "M1")
    assert "It takes place only if it is decided: management = watch_and_wait." in text("crlm", "WW1")


def test_a_hold_is_named_with_its_days() -> None:
    shift = enrolled(holds=(Hold(date(2026, 3, 25), date(2026, 4, 2)),))
    assert "Its day lies in a hold from Wed 2026-03-25; treatment may be given again on Thu 2026-04-02." in text("ulrrc", "C2D1", shift)
    endless = enrolled(holds=(Hold(date(2026, 3, 25)),))
    assert "Treatment is on hold from Wed 2026-03-25, without a resume day" in text("ulrrc", "C2D1", endless)


def test_an_activity_left_out_by_a_fact_says_so() -> None:
    omitted = enrolled(omitted=frozenset({("C2D1", "PD1")}))
    assert "At this visit PD1 is not given: it is recorded so." in text("ulrrc", "C2D1", omitted)


@pytest.mark.parametrize(
    ("facts", "visit_id", "sentence"),
    [
        ({"booked": {"ASSESS": Booking(date(2026, 5, 6))}}, "ASSESS", "It is booked on Wed 2026-05-06; a booking does not move by itself."),
        ({"actual": {"SIM": date(2026, 3, 11)}}, "SIM", "It was done on Wed 2026-03-11, 2 days after its nominal date."),
        ({"actual": {"SIM": date(2026, 3, 8)}}, "SIM", "It was done on Sun 2026-03-08, 1 day before its nominal date."),
        ({"actual": {"SIM": date(2026, 3, 9)}}, "SIM", "It was done on Mon 2026-03-09, on its nominal date."),
        ({"missed": {"C2D1": "unwell"}}, "C2D1", "It was missed; what is counted from it goes on from its planned date."),
        ({"missed": {"C2D1": "unwell"}}, "C3D1", "The visit it is counted from was missed, so it counts from that visit's planned date."),
        ({"end": End("died", date(2026, 3, 10))}, "F1", "It is cancelled: the subject has left the study before it."),
        ({"stops": (Stop(date(2026, 3, 20)),)}, "C2D1", "It is cancelled: this treatment has been stopped."),
        ({"decisions": {"management": DecisionMade("surgery")}}, "M1", "It is cancelled: the decision went to another branch."),
        ({"holds": (Hold(date(2026, 3, 25), date(2026, 4, 2)),)}, "C2D1", "So the earliest allowed day is Thu 2026-04-02"),
        ({"holds": (Hold(date(2026, 3, 25), date(2026, 4, 2), mode="skip"),)}, "C2D1", "It was skipped by a hold."),
        (
            {"holds": (Hold(date(2026, 3, 25), date(2026, 4, 2), "pd1"),)},
            "C2D1",
            "At this visit PD1 is not given: its treatment is on hold or stopped on that day.",
        ),
        (
            {"actual": {"C6D1": date(2026, 6, 18)}},
            "C6D1",
            "It was done although it is not part of the subject's plan; it counts all the same.",
        ),
        (
            {"actual": {"LAB": date(2026, 2, 10)}},
            "LAB",
            "Its result of Tue 2026-02-10 is older than the window allows and no longer counts",
        ),
        ({}, "FU4", "The official calendar of that year is not known yet; the date may change."),
        ({"unscheduled": (UnscheduledDose(date(2026, 6, 20), "pd1"),)}, "SFU30", "an unscheduled dose on Sat 2026-06-20 +30d"),
    ],
)
def test_each_fact_is_told(facts: dict[str, object], visit_id: str, sentence: str) -> None:
    assert sentence in text("ulrrc", visit_id, enrolled(**facts), date(2026, 3, 20))


def test_a_bound_that_breaks_the_window_is_told() -> None:
    plan = compiled(protocol(start(), visit("A", "C1D1 + 20d"), visit("V", "C1D1 + 7d", window="-2d/2d", not_before=["A"])))
    found = "\n".join(step.text for step in explanation(expanded(plan, enrolled(), calendar=every_day()), 0, "V"))
    assert "So the earliest allowed day is Sun 2026-03-22, after the nominal date, which itself stays." in found
    assert "The earliest allowed day lies after every open day of its window." in found
    assert "Its date lies outside its window by +11 days." in found


def test_a_visit_that_the_subject_does_not_have_is_a_key_error() -> None:
    schedule = expanded("ulrrc", enrolled())
    for unknown in ("NOPE", "C6D1", "PD1-1"):
        with pytest.raises(KeyError, match=unknown):
            explanation(schedule, 0, unknown)


def test_the_visit_before_or_beside_is_named() -> None:
    """A companion is counted from the visit it goes with, and a cycle from the one before: both have names."""
    schedule = expanded("ulrrc", enrolled(parameters={"regimen": "mFOLFOX6"}))
    for name in ("C2D3", "C3D1"):
        assert "C2D1, planned on Mon 2026-03-30" in explanation(schedule, 0, name)[0].text


def test_every_flag_has_a_sentence() -> None:
    seen = set()
    for seed in range(60):
        case = random_case(Random(seed), subjects=3)
        schedule = expanded(compiled(case.protocol), case.subjects, case.as_of, case.calendar)
        for subject in range(3):
            seen |= {flag.partition(":")[0] for row in by_visit(schedule, subject).values() for flag in row.flags}
    assert len(seen) > 20
    assert seen <= set(FLAG_REASONS)


@settings(max_examples=PROFILE // 10)
@given(st.sampled_from(STUDIES).flatmap(lambda name: seeded_cases(study(name), subjects=1)))
def test_every_visit_of_both_studies_can_be_explained(case: Case) -> None:
    assert_all_explained(case)


@settings(max_examples=PROFILE)
@given(seeded_cases(subjects=1))
def test_every_visit_of_any_protocol_can_be_explained(case: Case) -> None:
    assert_all_explained(case)


def assert_all_explained(case: Case) -> None:
    schedule = expanded(compiled(case.protocol), case.subjects, case.as_of, case.calendar)
    for row in by_visit(schedule).values():
        found = explanation(schedule, 0, row.visit)
        told = "\n".join(step.text for step in found)
        for day in (row.nominal, row.effective):
            assert day is None or f"{day:%a %Y-%m-%d}" in told, (row.visit, day, told)
        assert f"its status is {row.status}." in told
        assert all(step.text and step.rule for step in found)


def test_a_subject_among_many_is_explained_as_if_alone() -> None:
    case = random_case(Random(11), study("crlm"), 4)
    together = expanded("crlm", case.subjects, case.as_of, case.calendar)
    for index, facts in enumerate(case.subjects):
        alone: Schedule = expanded("crlm", facts, case.as_of, case.calendar)
        for name in list(by_visit(alone))[::5]:
            assert explanation(together, index, name) == explanation(alone, 0, name)


def test_the_calendar_named_is_the_subjects_own() -> None:
    assert china().name == "CN"
    assert day_number(date(2026, 5, 1)) in china().notes
    schedule = expanded("ulrrc", enrolled(), calendar=every_day())
    assert "Fri 2026-05-01 is open (none, imaging): it is the planned date." in [step.text for step in explanation(schedule, 0, "ASSESS")]
