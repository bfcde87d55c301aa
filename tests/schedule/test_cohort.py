"""Cohorts: from facts to arrays, and parts, picks and copies of them."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, time
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.schedule.cohort import Cohort, Holds
from planner.schedule.cohort_facts import OPEN_RESUME, cohort_of
from planner.schedule.days import NO_DAY, day_number
from planner.schedule.expand import expand
from planner.schedule.facts import Booking, DecisionMade, End, Hold, Stop, SubjectFacts, UnscheduledDose
from planner.schedule.visit_ids import slot_of
from planner.schedule.visit_rows import subject_rows
from tests.cases import Case, random_case
from tests.schedule.studies import AS_OF, by_visit, china, compiled, enrolled, expanded, plan_of, study
from tests.strategies import seeded_cases


def assert_equal_cohorts(one: Cohort, other: Cohort) -> None:
    for entry in fields(Cohort):
        if entry.name in ("holds", "booked_at"):
            continue
        assert np.array_equal(getattr(one, entry.name), getattr(other, entry.name)), entry.name
    assert (one.holds is None) == (other.holds is None)
    if one.holds is not None and other.holds is not None:
        for entry in fields(Holds):
            assert np.array_equal(getattr(one.holds, entry.name), getattr(other.holds, entry.name)), entry.name


# --- parts, picks, copies ---------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(seeded_cases(subjects=5), st.integers(0, 4), st.integers(1, 5))
def test_a_part_is_those_subjects(case: Case, first: int, length: int) -> None:
    plan = compiled(case.protocol)
    whole = cohort_of(plan, case.subjects)
    beyond = min(first + length, 5)
    part = whole.part(first, beyond)
    assert len(part) == beyond - first
    assert part.subjects == tuple(facts.subject for facts in case.subjects[first:beyond])
    schedule = expand(plan, part, [case.calendar], day_number(case.as_of))
    for index in range(beyond - first):
        alone = expanded(plan, case.subjects[first + index], case.as_of, case.calendar)
        assert subject_rows(schedule, index, all_visits=True) == subject_rows(alone, 0, all_visits=True)


def test_a_part_is_a_view_and_costs_no_copy() -> None:
    case = random_case(Random(3), subjects=4)
    whole = cohort_of(compiled(case.protocol), case.subjects)
    assert np.shares_memory(whole.part(1, 3).start, whole.start)
    assert np.shares_memory(whole.part(1, 3).parameters, whole.parameters) or whole.parameters.size == 0


@settings(max_examples=60)
@given(seeded_cases(subjects=4), st.lists(st.integers(0, 3), max_size=6))
def test_picked_subjects_come_in_the_order_named(case: Case, indexes: list[int]) -> None:
    plan = compiled(case.protocol)
    whole = cohort_of(plan, case.subjects)
    picked = whole.taken(np.array(indexes, dtype=np.intp))
    assert picked.subjects == tuple(case.subjects[index].subject for index in indexes)
    one_by_one = [whole.part(index, index + 1) for index in indexes]
    for place, part in enumerate(one_by_one):
        assert_equal_cohorts(picked.part(place, place + 1), part)


@settings(max_examples=60)
@given(seeded_cases(subjects=3), st.integers(0, 2), st.integers(1, 5))
def test_copies_of_one_subject_are_all_alike(case: Case, index: int, count: int) -> None:
    plan = compiled(case.protocol)
    whole = cohort_of(plan, case.subjects)
    copies = whole.repeated(index, count)
    assert len(copies) == count
    schedule = expand(plan, copies, [case.calendar], day_number(case.as_of))
    alone = subject_rows(expanded(plan, case.subjects[index], case.as_of, case.calendar), 0, all_visits=True)
    for place in range(count):
        assert subject_rows(schedule, place, all_visits=True) == alone


def test_changing_a_copy_leaves_the_cohort_alone() -> None:
    cohort = cohort_of(plan_of("ulrrc"), [enrolled(booked={"SIM": Booking(date(2026, 3, 10))})])
    copies = cohort.repeated(0, 3)
    copies.start[:] += 1
    copies.booked[:] += 1
    assert cohort.start.tolist() == [day_number(date(2026, 3, 2))]
    assert cohort.booked.max() == day_number(date(2026, 3, 10))


# --- from facts to arrays ---------------------------------------------------------------------------------------


def test_facts_that_nobody_has_take_no_room() -> None:
    cohort = cohort_of(plan_of("ulrrc"), [enrolled()])
    for name in ("actual", "missed", "booked", "omitted", "routine_care", "holds", "stops", "end_day", "unscheduled_days", "calendar"):
        assert getattr(cohort, name) is None, name


def test_facts_land_on_their_subject_and_slot() -> None:
    plan = plan_of("crlm")
    one = enrolled(subject="A", parameters={"cycles_before": "3"}, actual={"C4D1": date(2026, 6, 1)})
    other = enrolled(subject="B", actual={"C4D1": date(2026, 6, 2)}, missed={"SIM": "x"}, end=End("lost", date(2026, 7, 1)))
    cohort = cohort_of(plan, [one, other])
    slots = {}
    for column, facts in enumerate((one, other)):
        slot = slot_of(plan, "C4D1", cohort.parameters[:, column].tolist())
        slots[facts.subject] = slot.index
        assert cohort.actual[:, column].max() == cohort.actual[slot.index, column] == day_number(facts.actual["C4D1"])
    assert slots["A"] != slots["B"], "the first cycle after radiotherapy for A, the third for B"
    assert cohort.missed.sum() == 1
    assert cohort.missed[:, 1].any()
    assert cohort.end_day.tolist() == [NO_DAY, day_number(date(2026, 7, 1))]
    assert cohort.end_reason.tolist() == [-1, 2]


def test_holds_stand_by_first_day() -> None:
    holds = (Hold(date(2026, 5, 1), mode="skip"), Hold(date(2026, 4, 1), date(2026, 4, 5), "pd1"))
    cohort = cohort_of(plan_of("ulrrc"), [enrolled(subject="A"), enrolled(subject="B", holds=holds)])
    assert cohort.holds.first_day.tolist() == [[NO_DAY, day_number(date(2026, 4, 1))], [NO_DAY, day_number(date(2026, 5, 1))]]
    assert cohort.holds.resume[:, 1].tolist() == [day_number(date(2026, 4, 5)), OPEN_RESUME]
    assert cohort.holds.skip[:, 1].tolist() == [False, False], "an open hold skips nothing yet"
    assert cohort.holds.without_end[:, 1].tolist() == [False, True]
    assert cohort.holds.doses[:, 1].tolist() == [plan_of("ulrrc").dose_mask("pd1"), plan_of("ulrrc").drugs]


def test_the_earliest_stop_of_a_stream_counts() -> None:
    plan = plan_of("ulrrc")
    stops = (Stop(date(2026, 5, 1)), Stop(date(2026, 4, 1), "pd1"), Stop(date(2026, 6, 1), "pd1"))
    cohort = cohort_of(plan, [enrolled(stops=stops)])
    days = dict(zip(plan.doses, cohort.stops[:, 0].tolist(), strict=True))
    assert days["pd1"] == day_number(date(2026, 4, 1))
    assert days["chemotherapy"] == day_number(date(2026, 5, 1))
    assert days["radiotherapy"] == days["surgery"] == NO_DAY


def test_the_date_of_a_decision_is_one_of_its_visit() -> None:
    decisions = {"response": DecisionMade("cCR", date(2026, 5, 26)), "management": DecisionMade("maintenance", date(2026, 5, 28))}
    plan = plan_of("crlm")
    given = cohort_of(plan, [enrolled(decisions=decisions)])
    board = plan.decision_slot[0]
    assert given.actual[board].tolist() == [day_number(date(2026, 5, 28))]
    outright = cohort_of(plan, [enrolled(decisions=decisions, actual={"MDT": date(2026, 5, 27)})])
    assert outright.actual[board].tolist() == [day_number(date(2026, 5, 27))]
    assert outright.decision_days[:, 0].tolist() == [day_number(date(2026, 5, 26)), day_number(date(2026, 5, 28))]


def test_unscheduled_doses_of_several_subjects() -> None:
    doses = (UnscheduledDose(date(2026, 4, 1), "pd1"), UnscheduledDose(date(2026, 4, 2), "chemotherapy"))
    cohort = cohort_of(plan_of("ulrrc"), [enrolled(subject="A", unscheduled=doses[:1]), enrolled(subject="B", unscheduled=doses)])
    assert cohort.unscheduled_days.shape == (2, 2)
    assert cohort.unscheduled_days[1].tolist() == [NO_DAY, day_number(date(2026, 4, 2))]


def test_parameters_are_given_or_the_default_and_may_be_plain_months() -> None:
    plan = plan_of("ulrrc")
    cohort = cohort_of(plan, [enrolled(), enrolled(parameters={"maintenance_months": "6", "cycles": "6"})])
    row = {name: index for index, name in enumerate(plan.parameters)}
    values = plan.protocol.parameters
    assert [values["cycles"].values[code] for code in cohort.parameters[row["cycles"]]] == ["4", "6"]
    assert [values["maintenance_months"].values[code] for code in cohort.parameters[row["maintenance_months"]]] == ["12mo", "6mo"]
    assert cohort.parameters[row["birth_year"]].tolist() == [-1, -1]


def test_a_booking_with_a_time_keeps_it_until_the_visit_is_done() -> None:
    booked = {"SIM": Booking(date(2026, 3, 10), time(9, 30)), "ASSESS": Booking(date(2026, 5, 6))}
    rows = by_visit(expanded("ulrrc", [enrolled(subject="A"), enrolled(subject="B", booked=booked)]), 1)
    assert (rows["SIM"].booked_at, rows["ASSESS"].booked_at, rows["C2D1"].booked_at) == (time(9, 30), None, None)
    assert (rows["SIM"].effective, rows["SIM"].certainty) == (date(2026, 3, 10), "booked")
    for known in ({"actual": {"SIM": date(2026, 3, 10)}}, {"missed": {"SIM": "unwell"}}):
        settled = by_visit(expanded("ulrrc", enrolled(booked=booked, **known), date(2026, 3, 11)))
        assert settled["SIM"].booked_at is None
    assert rows["C2D1"].minutes == 240


def test_an_unknown_visit_is_no_fact_of_a_cohort() -> None:
    with pytest.raises(KeyError, match="NOPE"):
        cohort_of(plan_of("ulrrc"), [enrolled(actual={"NOPE": AS_OF})])


def test_a_cohort_without_subjects() -> None:
    for name in ("ulrrc", "crlm"):
        schedule = expanded(name, [])
        assert schedule.planned.shape == (len(plan_of(name).slots), 0)


def test_calendars_are_chosen_by_name() -> None:
    plan = plan_of("ulrrc")
    closed_in_may = replace(china(), name="other")
    facts = [
        SubjectFacts("A", date(2026, 3, 2), calendar="other"),
        SubjectFacts("B", date(2026, 3, 2), calendar="CN"),
        SubjectFacts("C", date(2026, 3, 2)),
    ]
    cohort = cohort_of(plan, facts, ["CN", "other"])
    assert cohort.calendar.tolist() == [1, 0, 0]
    schedule = expand(plan, cohort, [china(), closed_in_may], day_number(AS_OF))
    assert [schedule.calendar_of(index).name for index in range(3)] == ["other", "CN", "CN"]


def test_the_random_cases_of_a_study_hold_facts_of_every_kind() -> None:
    """What is compared elsewhere is worth comparing."""
    kinds = set()
    for seed in range(40):
        case = random_case(Random(seed), study("ulrrc"), 2)
        kinds |= {entry.name for facts in case.subjects for entry in fields(SubjectFacts) if getattr(facts, entry.name)}
    assert kinds >= {"actual", "missed", "booked", "omitted", "holds", "stops", "end", "unscheduled", "decisions", "parameters"}
