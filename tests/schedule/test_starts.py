"""Possible start days: each is scored as if the subject alone were expanded from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.schedule.starts import start_scores
from planner.schedule.visit_rows import subject_rows
from tests.cases import Case
from tests.cases.by_hand import protocol, start, visit
from tests.schedule.studies import AS_OF, STUDIES, china, compiled, enrolled, every_day, expanded, plan_of, study
from tests.strategies import seeded_cases

OTHER_TROUBLE = {"constraint_breaks_window", "fraction_gap", "fraction_span"}
WAITING = {"overdue", "due", "upcoming", "on_hold"}


def test_the_days_asked_for_in_order() -> None:
    scores = start_scores(plan_of("ulrrc"), enrolled(), [china()], AS_OF, date(2026, 3, 2), 365)
    assert [score.start for score in scores] == [date(2026, 3, 2) + timedelta(days=k) for k in range(365)]
    assert [score.is_open for score in scores[:7]] == [True, True, True, True, True, False, False]
    assert (scores[0].without_open_day, scores[0].other_trouble) == ((), ())


def test_the_spring_festival_breaks_the_fractions() -> None:
    known = enrolled(milestones={"CONSENT": date(2026, 1, 2)})
    scores = start_scores(plan_of("ulrrc"), known, [china()], date(2026, 1, 5), date(2026, 1, 26), 8)
    troubled = {score.start.isoformat(): score.other_trouble for score in scores if score.other_trouble}
    assert troubled["2026-01-29"] == ("F4",)
    assert "2026-01-26" not in troubled


def test_a_window_without_an_open_day_is_named() -> None:
    plan = compiled(protocol(start(), visit("V", "C1D1 + 2d", window="-1d/1d"), visit("W", "C1D1 + 7d")))
    scores = start_scores(plan, enrolled(), [china()], AS_OF, date(2026, 9, 28), 7)
    without = {score.start.isoformat(): score.without_open_day for score in scores}
    assert without["2026-10-01"] == ("V",)
    assert without["2026-09-28"] == ("W",)
    assert without["2026-09-30"] == ("V", "W")


def test_a_site_that_never_closes_has_no_trouble() -> None:
    known = enrolled(milestones={"CONSENT": date(2026, 1, 2)})
    scores = start_scores(plan_of("crlm"), known, [every_day()], AS_OF, date(2026, 3, 1), 60)
    assert all(score.is_open and not score.without_open_day and not score.other_trouble for score in scores)


def test_a_visit_whose_window_has_closed_or_whose_day_is_past_does_not_fit() -> None:
    known = enrolled(milestones={"CONSENT": date(2026, 11, 19)})
    as_of = date(2026, 11, 20)
    scores = start_scores(plan_of("ulrrc"), known, [china()], as_of, as_of, 31)
    assert scores[0].in_the_past == ("SCR", "LAB")
    assert set(scores[0].in_the_past) <= set(scores[0].not_fitting)
    assert scores[30].in_the_past == ()
    same_day = start_scores(plan_of("ulrrc"), known, [china()], date(2026, 11, 19), as_of, 1)
    assert same_day[0].in_the_past == ()


def test_what_is_done_is_not_in_the_past() -> None:
    done = {"SCR": date(2026, 11, 19), "LAB": date(2026, 11, 19)}
    known = enrolled(milestones={"CONSENT": date(2026, 11, 19)}, actual=done)
    scores = start_scores(plan_of("ulrrc"), known, [china()], date(2026, 11, 20), date(2026, 11, 20), 1)
    assert scores[0].in_the_past == ()


@settings(max_examples=40)
@given(seeded_cases(subjects=1), st.integers(-30, 30))
def test_each_day_is_scored_as_if_alone(case: Case, first: int) -> None:
    assert_scored_as_if_alone(case, case.subjects[0].start + timedelta(days=first), 6)


@settings(max_examples=6)
@given(st.sampled_from(STUDIES).flatmap(lambda name: seeded_cases(study(name), subjects=1)), st.integers(-30, 30))
def test_each_day_of_a_study_is_scored_as_if_alone(case: Case, first: int) -> None:
    assert_scored_as_if_alone(case, case.subjects[0].start + timedelta(days=first), 6)


def assert_scored_as_if_alone(case: Case, first_day: date, days: int) -> None:
    plan, facts = compiled(case.protocol), case.subjects[0]
    for score in start_scores(plan, facts, [case.calendar], case.as_of, first_day, days):
        schedule = expanded(plan, replace(facts, start=score.start), case.as_of, case.calendar)
        shown = subject_rows(schedule, 0)
        codes = {row.visit: {flag.partition(":")[0] for flag in row.flags} for row in shown}
        assert set(score.without_open_day) == {visit for visit in codes if "no_open_day_in_window" in codes[visit]}
        assert set(score.other_trouble) == {visit for visit in codes if codes[visit] & OTHER_TROUBLE}
        waiting = [row for row in shown if row.status in WAITING and row.kind not in ("reminder", "decision") and row.effective]
        past = {row.visit for row in waiting if row.effective < case.as_of or (row.latest is not None and row.latest < case.as_of)}
        assert set(score.in_the_past) == past
        start_row = next(row for row in shown if row.anchor.startswith("start"))
        assert score.is_open == ("closed_day" not in start_row.flags)
