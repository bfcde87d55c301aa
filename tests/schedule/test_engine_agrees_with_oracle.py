"""The engine against the oracle, a slow and separate reading of docs/date-rules.md: every field of every row, every finding.

How many cases: the ``ci`` profile tries 100, so these tests together 2,200, each with two or three subjects; ``long`` 20 times that.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, note, settings
from hypothesis import strategies as st

from planner.protocol.plan import Plan
from planner.schedule.checks import Finding, findings
from planner.schedule.cohort_facts import checked_cohort, cohort_of
from planner.schedule.days import day_number
from planner.schedule.expand import expand
from planner.schedule.fact_faults import parameter_codes
from planner.schedule.facts import SubjectFacts
from planner.schedule.schedule import Schedule
from planner.schedule.visit_ids import exists_by_parameters, slot_of
from planner.schedule.visit_rows import subject_rows
from tests.cases import Case
from tests.oracle import Schedule as Oracle
from tests.oracle import difference, findings_of, rows_of
from tests.schedule.studies import compiled, study
from tests.strategies import cases, seeded_cases

PROFILE = settings.default.max_examples


@settings(max_examples=10 * PROFILE)
@given(seeded_cases(subjects=3))
def test_random_protocols(case: Case) -> None:
    assert_agreement(case)


@settings(max_examples=8 * PROFILE)
@given(seeded_cases(subjects=2))
def test_random_protocols_with_fewer_subjects(case: Case) -> None:
    assert_agreement(case)


@settings(max_examples=2 * PROFILE)
@given(cases(subjects=2))
def test_random_protocols_that_shrink(case: Case) -> None:
    assert_agreement(case)


@settings(max_examples=PROFILE)
@given(seeded_cases(study("ulrrc"), subjects=2))
def test_ulrrc(case: Case) -> None:
    assert_agreement(case)


@settings(max_examples=PROFILE)
@given(seeded_cases(study("crlm"), subjects=2))
def test_crlm(case: Case) -> None:
    assert_agreement(case)


@settings(max_examples=PROFILE)
@given(seeded_cases(subjects=2))
def test_facts_that_the_rules_allow_are_accepted(case: Case) -> None:
    plan = compiled(case.protocol)
    checked_cohort(plan, [allowed(plan, facts) for facts in case.subjects], case.as_of)


@settings(max_examples=PROFILE // 4)
@given(st.sampled_from(["ulrrc", "crlm"]).flatmap(lambda name: seeded_cases(study(name), subjects=1)))
def test_facts_that_the_rules_allow_are_accepted_in_both_studies(case: Case) -> None:
    plan = compiled(case.protocol)
    checked_cohort(plan, [allowed(plan, facts) for facts in case.subjects], case.as_of)


def assert_agreement(case: Case) -> None:
    """All subjects of a case, as one cohort, say the same as the oracle about each of them."""
    plan = compiled(case.protocol)
    schedule = expand(plan, cohort_of(plan, case.subjects), [case.calendar], day_number(case.as_of))
    for index, facts in enumerate(case.subjects):
        note(f"{facts} on {case.as_of}")
        by_oracle = Oracle(case.protocol, facts, case.plain, case.as_of)
        found = difference(rows_of(by_oracle), subject_rows(schedule, index, all_visits=True))
        assert found is None, found
        assert_same_findings(findings_of(by_oracle), findings(schedule, [index]), schedule)


def assert_same_findings(expected: list[dict[str, object]], given: list[Finding], schedule: Schedule) -> None:
    """The same pairs of dates with the same results, check by check; the givers where both name visits."""
    wanted = sorted(_as_texts(*(one[key] for key in ("check", "first_day", "second_day", "days", "result"))) for one in expected)
    assert sorted(_as_texts(one.check, one.first_day, one.second_day, one.days, one.result) for one in given) == wanted
    assert [one.check for one in given] == [str(one["check"]) for one in expected]
    visits = set(schedule.plan.slots_by_id)
    for column, key in (("first", "first_day"), ("second", "second_day")):
        said = {(one.check, one.first_day, one.second_day, getattr(one, column)) for one in given if getattr(one, column) in visits}
        due = {(one["check"], one["first_day"], one["second_day"], one[column]) for one in expected if one[column] in visits}
        named = {entry[:3] for entry in said} & {entry[:3] for entry in due}
        assert {entry for entry in said if entry[:3] in named} == {entry for entry in due if entry[:3] in named}, key
    bounds = {rule.check.id: getattr(rule.check, "bound", None) for rule in schedule.plan.checks}
    limits = {(one["check"], one["first_day"], one["second_day"]): one["limit"] for one in expected if one["limit"] is not None}
    for one in given:
        limit = limits.get((one.check, one.first_day, one.second_day))
        if isinstance(limit, date) and one.second_day is not None:
            assert one.limit_day == limit
            beyond = abs((one.second_day - limit).days) + (bounds.get(one.check) in ("more_than", "less_than"))
            assert one.over_by == (beyond if one.result in ("breach", "warning") else None)


def _as_texts(*values: object) -> tuple[str, ...]:
    return tuple(map(str, values))


def allowed(plan: Plan, facts: SubjectFacts) -> SubjectFacts:
    """The same facts without contradictions: missed though done, missed or booked outside the plan, omitted where never given."""
    codes = parameter_codes(plan, facts)
    in_plan = {
        visit for visit in plan.slots_by_id for slot in [slot_of(plan, visit, codes)] if slot and exists_by_parameters(plan, slot, codes)
    }

    def has_activity(visit: str, activity: str) -> bool:
        slot = slot_of(plan, visit, codes)
        return slot is not None and activity in {plan.activities[rule.activity] for rule in slot.activities}

    return replace(
        facts,
        missed={visit: reason for visit, reason in facts.missed.items() if visit not in facts.actual and visit in in_plan},
        booked={visit: booking for visit, booking in facts.booked.items() if visit in in_plan},
        omitted=frozenset(omission for omission in facts.omitted if has_activity(*omission)),
    )
