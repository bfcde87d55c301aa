"""The checks of both studies (R19), worked out by hand: both dates, the days between, the limit, and by how much it is missed."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from planner.protocol.durations import Duration
from planner.protocol.model import BetweenCheck, IntervalCheck, Numbering, OrderCheck, RepeatTimes, SeriesReference, VisitReference
from planner.schedule.checks import BETWEEN_BOUNDS, Finding, findings, limit_text, over_limit
from planner.schedule.facts import Booking, Hold, Stop, SubjectFacts, UnscheduledDose
from tests.cases.by_hand import protocol, series, shape, start, visit
from tests.schedule.studies import AS_OF, CONSENT, by_visit, compiled, enrolled, every_day, expanded, plan_of


def found(name: str, check: str, facts: SubjectFacts, as_of: date) -> list[Finding]:
    return [one for one in findings(expanded(name, facts, as_of)) if one.check == check]


def pairs(every: list[Finding]) -> list[tuple[str, str, int | None, str]]:
    return [(one.first, one.second, one.days, one.result) for one in every]


# --- intervals --------------------------------------------------------------------------------------------------


def test_doses_too_close_are_a_breach_with_both_dates_and_by_how_much() -> None:
    given = {"C1D1": date(2026, 3, 2), "C2D1": date(2026, 3, 27), "C3D1": date(2026, 4, 10)}
    gaps = found("ulrrc", "pd1-gap", enrolled(actual=given), date(2026, 4, 11))
    breach = next(one for one in gaps if one.result == "breach")
    assert (breach.first, breach.first_day, breach.second, breach.second_day) == ("C2D1", date(2026, 3, 27), "C3D1", date(2026, 4, 10))
    assert (breach.days, breach.limit, breach.limit_day, breach.over_by) == (14, "at least 18d", date(2026, 4, 14), 4)
    assert breach.label == "PD-1 doses at least 18 days apart"
    assert pairs(gaps)[0] == ("C1D1", "C2D1", 25, "passed")
    assert [one.over_by for one in gaps if one.result == "passed"] == [None] * (len(gaps) - 1)


def test_a_date_not_yet_actual_makes_it_a_warning() -> None:
    gaps = found("ulrrc", "pd1-gap", enrolled(unscheduled=(UnscheduledDose(date(2026, 3, 20), "pd1"),)), date(2026, 3, 21))
    assert pairs(gaps)[:2] == [("C1D1", "unscheduled dose", 18, "passed"), ("unscheduled dose", "C2D1", 7, "warning")]
    assert gaps[1].over_by == 11


def test_an_omitted_dose_is_no_dose() -> None:
    facts = enrolled(omitted=frozenset({("C2D1", "PD1")}))
    assert pairs(found("ulrrc", "pd1-gap", facts, AS_OF)) == [
        ("C1D1", "C3D1", 46, "passed"),
        ("C3D1", "C4D1", 21, "passed"),
        ("C4D1", "C5D1", 21, "passed"),
    ]


def test_a_stopped_stream_leaves_only_what_was_given() -> None:
    facts = enrolled(actual={"C1D1": date(2026, 3, 2)}, stops=(Stop(date(2026, 3, 10), "pd1"),))
    assert pairs(found("ulrrc", "pd1-gap", facts, date(2026, 3, 12))) == [("", "", None, "not_evaluated")]


def test_fractions_over_the_spring_festival_are_warned_of() -> None:
    facts = enrolled(date(2026, 1, 29), milestones={"CONSENT": date(2026, 1, 20)})
    gaps = found("ulrrc", "sbrt-gap", facts, date(2026, 1, 25))
    assert pairs(gaps) == [
        ("F1", "F2", 1, "passed"),
        ("F2", "F3", 1, "passed"),
        ("F3", "F4", 10, "warning"),
        ("F4", "F5", 1, "passed"),
    ]
    span = found("ulrrc", "sbrt-span", facts, date(2026, 1, 25))
    assert pairs(span) == [("SBRT.first", "SBRT.last", 13, "passed")]
    assert (span[0].limit_day, span[0].limit) == (date(2026, 2, 26), "at most 14d")


@pytest.mark.parametrize(
    ("end_of_radiotherapy", "result"), [(date(2025, 9, 15), "passed"), (date(2025, 9, 16), "warning"), (date(2025, 9, 17), "warning")]
)
def test_more_than_six_calendar_months_since_radiotherapy(end_of_radiotherapy: date, result: str) -> None:
    """F1 is on 2026-03-16; six months to the day are not more than six months."""
    facts = enrolled(milestones={"CONSENT": CONSENT, "PRIOR_RT_END": end_of_radiotherapy})
    (one,) = found("ulrrc", "prior-rt-gap", facts, AS_OF)
    assert (one.first_day, one.second_day, one.result) == (end_of_radiotherapy, date(2026, 3, 16), result)
    assert one.limit == "more than 6mo"


def test_a_breach_once_the_fraction_was_given() -> None:
    facts = enrolled(milestones={"CONSENT": CONSENT, "PRIOR_RT_END": date(2025, 10, 1)}, actual={"F1": date(2026, 3, 16)})
    (one,) = found("ulrrc", "prior-rt-gap", facts, date(2026, 3, 17))
    assert (one.result, one.limit_day, one.over_by) == ("breach", date(2026, 4, 1), 17), "more than: the limit day itself is over"


def test_a_missing_date_is_not_evaluated_and_never_passed() -> None:
    (one,) = found("ulrrc", "prior-rt-gap", enrolled(), AS_OF)
    assert (one.result, one.first_day, one.second_day, one.days, one.over_by) == ("not_evaluated", None, date(2026, 3, 16), None, None)
    assert {one.result for one in findings(expanded("ulrrc", enrolled(milestones={}), AS_OF)) if one.check == "age"} == {"not_evaluated"}


def test_a_date_that_passed_unrecorded_never_passes_a_check() -> None:
    """Cycle 1 was given, the laboratory tests before it were not recorded: nobody knows whether they were in time."""
    (one,) = found("ulrrc", "lab-valid", enrolled(actual={"C1D1": date(2026, 3, 2)}), date(2026, 3, 3))
    assert one.result == "not_evaluated"
    (one,) = found("ulrrc", "lab-valid", enrolled(actual={"C1D1": date(2026, 3, 2), "LAB": date(2026, 2, 24)}), date(2026, 3, 3))
    assert (one.result, one.days) == ("passed", 6)


@pytest.mark.parametrize(("lab", "result", "over_by"), [(date(2026, 2, 23), "passed", None), (date(2026, 3, 2), "passed", None)])
def test_laboratory_tests_within_fifteen_days(lab: date, result: str, over_by: int | None) -> None:
    facts = enrolled(actual={"LAB": lab, "C1D1": date(2026, 3, 2)})
    (one,) = found("ulrrc", "lab-valid", facts, date(2026, 3, 3))
    assert (one.days, one.result, one.over_by) == ((date(2026, 3, 2) - lab).days, result, over_by)


@pytest.mark.parametrize(
    ("bound", "days", "kept"),
    [
        ("at_most", (9, 10, 11), (True, True, False)),
        ("less_than", (9, 10, 11), (True, False, False)),
        ("at_least", (9, 10, 11), (False, True, True)),
        ("more_than", (9, 10, 11), (False, False, True)),
    ],
)
def test_each_bound_at_its_limit(bound: str, days: tuple[int, ...], kept: tuple[bool, ...]) -> None:
    for between, is_kept in zip(days, kept, strict=True):
        check = IntervalCheck("gap", "", VisitReference("C1D1"), "C1D1", VisitReference("V"), "V", bound, Duration(days=10))
        plan = compiled(protocol(start(), visit("V", f"C1D1 + {between}d"), checks=(check,)))
        (one,) = findings(expanded(plan, enrolled(), AS_OF, every_day()))
        assert (one.result == "passed") is is_kept
        assert one.limit == f"{BETWEEN_BOUNDS[check.bound]} 10d" == limit_text(check)


def test_over_limit_compares_each_day_with_its_own_limit() -> None:
    second, limit = np.array([1, 2, 3], dtype=np.int32), np.array([2, 2, 2], dtype=np.int32)
    assert over_limit(second, limit, "at_most").tolist() == [False, False, True]
    assert over_limit(second, limit, "less_than").tolist() == [False, True, True]
    assert over_limit(second, limit, "at_least").tolist() == [True, False, False]
    assert over_limit(second, limit, "more_than").tolist() == [True, True, False]


def test_pairs_are_neighbours_by_date_not_by_number() -> None:
    fractions = series("S", "F{n}", RepeatTimes(3, Numbering()), shape("C1D1 + 7d * n", "-30d/30d"))
    gap = BetweenCheck("gap", "", "S", (), "at_most", Duration(days=8))
    plan = compiled(protocol(start(), fractions, checks=(gap,)))
    given = enrolled(actual={"F2": date(2026, 3, 30)})
    found_pairs = pairs(findings(expanded(plan, given, date(2026, 4, 1), every_day())))
    assert found_pairs == [("F1", "F3", 14, "warning"), ("F3", "F2", 7, "passed")]


# --- consent first ----------------------------------------------------------------------------------------------


def test_consent_after_a_procedure_is_a_breach() -> None:
    facts = enrolled(actual={"SCR": date(2026, 2, 18), "LAB": date(2026, 2, 20)})
    first = found("ulrrc", "consent-first", facts, date(2026, 2, 21))
    assert pairs(first) == [("CONSENT", "SCR", -2, "breach"), ("CONSENT", "LAB", 0, "passed")]
    assert (first[0].limit_day, first[0].over_by, first[0].limit) == (CONSENT, 2, "not before")


def test_routine_care_before_consent_is_no_breach() -> None:
    facts = enrolled(actual={"SCR": date(2026, 2, 18)}, routine_care=frozenset({"SCR"}))
    assert pairs(found("ulrrc", "consent-first", facts, date(2026, 2, 21))) == [("", "", None, "not_evaluated")]


def test_procedures_without_consent_are_not_evaluated() -> None:
    facts = enrolled(actual={"SCR": date(2026, 2, 18)}, milestones={})
    (one,) = found("ulrrc", "consent-first", facts, date(2026, 2, 21))
    assert (one.second, one.result, one.first_day) == ("SCR", "not_evaluated", None)


def test_a_procedure_to_come_before_consent_is_warned_of() -> None:
    early = enrolled(booked={"SCR": Booking(date(2026, 2, 18))})
    assert pairs(found("ulrrc", "consent-first", early, date(2026, 2, 10))) == [("CONSENT", "SCR", -2, "warning")]


def test_an_unscheduled_dose_is_a_procedure() -> None:
    early = enrolled(unscheduled=(UnscheduledDose(date(2026, 2, 19), "chemotherapy"),))
    assert pairs(found("ulrrc", "consent-first", early, date(2026, 2, 21))) == [("CONSENT", "unscheduled dose", -1, "breach")]


def test_what_is_still_to_come_in_time_is_not_listed() -> None:
    assert pairs(found("ulrrc", "consent-first", enrolled(), AS_OF)) == [("", "", None, "not_evaluated")]


def test_an_order_of_two_visits() -> None:
    check = OrderCheck("order", "", VisitReference("A"), "A", VisitReference("B"), "B")
    plan = compiled(protocol(start(), visit("A", "C1D1 + 9d"), visit("B", "C1D1 + 7d"), checks=(check,)))
    (one,) = findings(expanded(plan, enrolled(), AS_OF, every_day()))
    assert (one.first, one.second, one.days, one.result, one.over_by) == ("A", "B", -2, "warning", 2)


# --- age --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("birth_year", "result"),
    [
        ("1950", "cannot_tell"),  # 75 or 76 at consent on 2026-02-20
        ("1951", "passed"),
        ("1949", "breach"),
        ("2008", "cannot_tell"),  # 17 or 18
        ("2007", "passed"),
        ("2009", "breach"),
    ],
)
def test_age_fails_only_if_impossible_for_either_birthday(birth_year: str, result: str) -> None:
    (one,) = found("ulrrc", "age", enrolled(parameters={"birth_year": birth_year}), AS_OF)
    assert (one.result, one.second, one.second_day, one.limit) == (result, "CONSENT", CONSENT, "18 to 75 years")
    assert one.over_by is None


def test_without_a_birth_year_age_is_not_evaluated() -> None:
    (one,) = found("ulrrc", "age", enrolled(), AS_OF)
    assert one.result == "not_evaluated"


# --- alerts -----------------------------------------------------------------------------------------------------


FRACTIONS = {"C1D1": date(2026, 3, 2), "SIM": date(2026, 3, 9)} | {f"F{number}": date(2026, 3, 15 + number) for number in range(1, 6)}


@pytest.mark.parametrize(("as_of", "days", "result"), [(date(2026, 4, 24), 28, "passed"), (date(2026, 4, 25), 29, "warning")])
def test_a_cycle_more_than_28_days_late(as_of: date, days: int, result: str) -> None:
    """C2D1 is nominal on 2026-03-27; 28 days later is 2026-04-24."""
    late = found("ulrrc", "cycle-late", enrolled(actual=FRACTIONS), as_of)
    assert pairs(late)[0] == ("C2D1", "as-of day", days, result)
    assert (late[0].first_day, late[0].second_day) == (date(2026, 3, 27), as_of)
    assert late[0].over_by == (1 if result == "warning" else None)


def test_a_cycle_given_too_late_is_a_breach() -> None:
    late = found("ulrrc", "cycle-late", enrolled(actual={**FRACTIONS, "C2D1": date(2026, 4, 27)}), date(2026, 4, 28))
    assert pairs(late)[0] == ("C2D1", "C2D1", 31, "breach")
    assert late[0].over_by == 3


def test_what_waits_behind_an_overdue_visit_is_not_late_itself() -> None:
    """Only the first of the chain is: the fractions were never recorded, so cycle 2 has no date to be late against."""
    late = found("ulrrc", "cycle-late", enrolled(actual={"C1D1": date(2026, 3, 2)}), date(2026, 5, 20))
    assert {one.result for one in late} == {"passed"}


def test_a_booking_far_out_is_a_warning_while_it_is_not_late_yet() -> None:
    late = found("ulrrc", "cycle-late", enrolled(booked={"C2D1": Booking(date(2026, 5, 1))}), date(2026, 3, 20))
    assert pairs(late)[0] == ("C2D1", "C2D1", 35, "warning")
    assert late[0].over_by == 7


def test_no_alert_without_a_later_dose_to_come() -> None:
    facts = enrolled(actual={"C1D1": date(2026, 3, 2)}, stops=(Stop(date(2026, 3, 20)),))
    assert pairs(found("ulrrc", "cycle-late", facts, date(2026, 8, 1))) == [("", "", None, "not_evaluated")]
    assert pairs(found("ulrrc", "pd1-lapse", facts, date(2026, 8, 1))) == [("", "", None, "not_evaluated")]


@pytest.mark.parametrize(("as_of", "result"), [(date(2026, 5, 25), "passed"), (date(2026, 5, 26), "breach")])
def test_twelve_weeks_without_pd1(as_of: date, result: str) -> None:
    """84 days after 2026-03-02 is 2026-05-25."""
    (one,) = found("ulrrc", "pd1-lapse", enrolled(actual={"C1D1": date(2026, 3, 2)}), as_of)
    assert (one.first, one.first_day, one.second_day, one.result) == ("C1D1", date(2026, 3, 2), as_of, result)
    assert one.second == "as-of day"
    assert one.over_by == (1 if result == "breach" else None)


def test_a_hold_that_will_last_too_long_is_a_warning_now() -> None:
    facts = enrolled(actual={"C1D1": date(2026, 3, 2)}, holds=(Hold(date(2026, 3, 20), date(2026, 6, 10)),))
    (one,) = found("ulrrc", "pd1-lapse", facts, date(2026, 3, 25))
    assert (one.second, one.second_day, one.result) == ("C2D1", date(2026, 6, 10), "warning")
    assert one.over_by == 16


def test_the_lapse_counts_from_an_unscheduled_dose() -> None:
    facts = enrolled(actual={"C1D1": date(2026, 3, 2)}, unscheduled=(UnscheduledDose(date(2026, 5, 1), "pd1"),))
    (one,) = found("ulrrc", "pd1-lapse", facts, date(2026, 5, 26))
    assert (one.first, one.first_day, one.result) == ("unscheduled dose", date(2026, 5, 1), "passed")


# --- all of them ------------------------------------------------------------------------------------------------


def test_findings_come_by_subject_then_in_the_files_order() -> None:
    schedule = expanded("ulrrc", [enrolled(subject="A"), enrolled(date(2026, 4, 1), subject="B")])
    every = findings(schedule)
    order = [check.id for check in plan_of("ulrrc").protocol.checks]
    for subject in ("A", "B"):
        own = [one.check for one in every if one.subject == subject]
        assert list(dict.fromkeys(own)) == order
    assert [one.subject for one in every] == sorted(one.subject for one in every)
    assert findings(schedule, [1]) == [one for one in every if one.subject == "B"]


def test_a_span_over_its_limit_flags_the_last_fraction() -> None:
    fractions = series(
        "SBRT",
        "F{n}",
        RepeatTimes(3, Numbering()),
        shape("C1D1 + 7d", activities="FRACTION"),
        shape("previous + 5d", activities="FRACTION"),
    )
    span = IntervalCheck(
        "span",
        "",
        SeriesReference("SBRT", "first"),
        "SBRT.first",
        SeriesReference("SBRT", "last"),
        "SBRT.last",
        "at_most",
        Duration(days=9),
    )
    schedule = expanded(compiled(protocol(start(), fractions, checks=(span,))), enrolled(), AS_OF, every_day())
    (one,) = findings(schedule)
    assert (one.first_day, one.second_day, one.days, one.over_by, one.result) == (date(2026, 3, 9), date(2026, 3, 19), 10, 1, "warning")
    assert [name for name, row in by_visit(schedule).items() if "fraction_span" in row.flags] == ["F3"]
