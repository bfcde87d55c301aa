"""One subject from a compiled plan, and the questions that are small cohorts: what-if rows and start days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import yaml

from benchmarks.facts_of_subjects import facts_of
from benchmarks.measure import Figure, side_by_side
from benchmarks.peers_one_by_one import DateutilDays, dates_of
from benchmarks.plain_study import plain_subjects
from benchmarks.study import AS_OF, AS_OF_DAY, FIRST_START, PROTOCOL, calendar, plan
from planner.protocol.compile import compile_plan
from planner.protocol.library import load_protocol, protocol_path, protocol_text
from planner.schedule.cohort import Cohort
from planner.schedule.cohort_facts import checked_cohort
from planner.schedule.expand import expand
from planner.schedule.facts import SubjectFacts
from planner.schedule.starts import start_scores
from planner.schedule.visit_rows import subject_rows
from planner.schedule.what_if import candidate_days

SECTION = "One subject, plan compiled"
QUESTIONS = "Questions that are small cohorts"
READING = "Protocol"
_MILLI = 1e3
_ROUNDS = 60
_WHAT_IF_ROWS = 400
_START_DAYS = 365


def one_subject_figures(cohort: Cohort) -> Iterator[Figure]:
    """One subject without facts and one in mid-study, beside a plain loop of ``dateutil``; the questions; reading the protocol."""
    yield from _subject_figures(cohort)
    yield from _question_figures()
    yield from _reading_figures()


def a_new_subject() -> SubjectFacts:
    """Parameters by default, consent ten days before the start, nothing else."""
    start = date(2026, 3, 2)
    return SubjectFacts("S1", start, milestones={"CONSENT": start - timedelta(days=10)})


def _subject_figures(cohort: Cohort) -> Iterator[Figure]:
    days = DateutilDays(calendar())
    new = a_new_subject()
    plain = plain_subjects(plan(), checked_cohort(plan(), [new], AS_OF))[0]
    beside = "dateutil loop, planned dates alone"
    busiest = max(range(200), key=lambda subject: int((cohort.actual[:, subject] > 0).sum()) if cohort.actual is not None else 0)
    for label, facts in (("no facts", new), ("in mid-study", facts_of(plan(), cohort, busiest))):
        seconds = side_by_side({**_steps(facts), "peer": lambda: dates_of(plain, days)}, _ROUNDS)
        for step in ("check the facts", "dates", "rows"):
            yield Figure(SECTION, f"{label}: {step}", seconds[step] * _MILLI, "ms")
        aim = "under 3 ms, aim at 1 ms"
        yield Figure(SECTION, f"{label}: all three", seconds["all three"] * _MILLI, "ms", beside, seconds["peer"] * _MILLI, aim)


def _steps(facts: SubjectFacts) -> dict[str, Callable[[], object]]:
    cohort = checked_cohort(plan(), [facts], AS_OF)
    schedule = expand(plan(), cohort, [calendar()], AS_OF_DAY)

    def all_three() -> object:
        checked = checked_cohort(plan(), [facts], AS_OF)
        return subject_rows(expand(plan(), checked, [calendar()], AS_OF_DAY), 0, all_visits=True)

    return {
        "check the facts": lambda: checked_cohort(plan(), [facts], AS_OF),
        "dates": lambda: expand(plan(), cohort, [calendar()], AS_OF_DAY),
        "rows": lambda: subject_rows(schedule, 0, all_visits=True),
        "all three": all_three,
    }


def _question_figures() -> Iterator[Figure]:
    new = a_new_subject()
    days = [new.start + timedelta(days=30 + number) for number in range(_WHAT_IF_ROWS)]
    one = checked_cohort(plan(), [new], AS_OF)
    seconds = side_by_side(
        {
            "one": lambda: expand(plan(), one, [calendar()], AS_OF_DAY),
            "what if": lambda: candidate_days(plan(), new, [calendar()], AS_OF, "C3D1", days),
            "starts": lambda: start_scores(plan(), new, [calendar()], AS_OF, FIRST_START, _START_DAYS),
        },
        rounds=15,
    )
    one_by_one = seconds["one"] * _MILLI
    for name, label, rows, aim in (
        ("what if", f"{_WHAT_IF_ROWS} what-if rows for C3D1", _WHAT_IF_ROWS, "under 20 ms"),
        ("starts", f"{_START_DAYS} start days scored", _START_DAYS, ""),
    ):
        yield Figure(QUESTIONS, label, seconds[name] * _MILLI, "ms", "their dates, row by row", one_by_one * rows, aim)


def _reading_figures() -> Iterator[Figure]:
    text = protocol_text(protocol_path(PROTOCOL))
    protocol = load_protocol(PROTOCOL)
    seconds = side_by_side(
        {
            "load": lambda: load_protocol(PROTOCOL),
            "compile": lambda: compile_plan(protocol),
            "both": lambda: compile_plan(load_protocol(PROTOCOL)),
            "yaml": lambda: yaml.load(text, Loader=yaml.CSafeLoader),
        },
        rounds=9,
    )
    parsed = seconds["yaml"] * _MILLI
    yield Figure(READING, "load and check", seconds["load"] * _MILLI, "ms", "yaml.CSafeLoader alone", parsed)
    yield Figure(READING, "compile", seconds["compile"] * _MILLI, "ms")
    yield Figure(READING, "load and compile", seconds["both"] * _MILLI, "ms", "yaml.CSafeLoader alone", parsed, "under 150 ms")
