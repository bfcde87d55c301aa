"""What holds for every protocol, calendar and subject, without knowing any date."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import numpy as np
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from planner.protocol.compile import compile_plan
from planner.protocol.durations import Duration
from planner.protocol.model import PreviousReference, VisitShape
from planner.protocol.plan import Plan, Slot
from planner.schedule import expand as expansion
from planner.schedule.calendar import SiteCalendar
from planner.schedule.cohort_facts import cohort_of
from planner.schedule.days import day_number
from planner.schedule.expand import expand
from planner.schedule.fact_faults import parameter_codes
from planner.schedule.facts import Booking, SubjectFacts
from planner.schedule.frame import to_frame
from planner.schedule.rows import VisitRow
from planner.schedule.schedule import Schedule
from planner.schedule.visit_ids import slot_of, visit_id
from planner.schedule.visit_rows import subject_rows
from planner.schedule.walk import BlockResult
from tests.cases import Case, random_case
from tests.cases.protocols import random_protocol
from tests.schedule.studies import STUDIES, by_visit, compiled, enrolled, expanded, study
from tests.strategies import seeded_cases

DATES = ("nominal", "earliest", "latest", "planned", "effective")
RESULTS = tuple(entry.name for entry in fields(BlockResult))
PROFILE = settings.default.max_examples

one_subject = st.sampled_from([None, None, None, None, *STUDIES]).flatmap(
    lambda name: seeded_cases(None if name is None else study(name), subjects=1)
)
"""A case with one subject, of a random protocol or of one of the two studies."""


def schedule_of(case: Case, *subjects: SubjectFacts, calendar: SiteCalendar | None = None, as_of: date | None = None) -> Schedule:
    plan = compiled(case.protocol)
    everyone = subjects or case.subjects
    return expand(plan, cohort_of(plan, everyone), [calendar or case.calendar], day_number(as_of or case.as_of))


def shape_of(plan: Plan, slot: Slot) -> VisitShape:
    definition = plan.protocol.visits[slot.definition]
    return definition.first if slot.position == 1 else definition.then


# --- windows ----------------------------------------------------------------------------------------------------


@settings(max_examples=2 * PROFILE)
@given(one_subject, st.randoms(use_true_random=False), st.integers(-60, 60))
def test_booking_a_visit_does_not_move_its_window(case: Case, random: Random, days: int) -> None:
    facts = case.subjects[0]
    rows = by_visit(schedule_of(case))
    bookable = [
        row for row in rows.values() if row.planned and row.status != "done" and row.kind != "reminder" and row.visit not in facts.booked
    ]
    assume(bookable)
    row = random.choice(bookable)
    booked = {**facts.booked, row.visit: Booking(row.planned + timedelta(days=days))}
    moved = by_visit(schedule_of(case, replace(facts, booked=booked)))[row.visit]
    assert (moved.nominal, moved.earliest, moved.latest, moved.anchor) == (row.nominal, row.earliest, row.latest, row.anchor)
    assert moved.planned == row.planned


@settings(max_examples=2 * PROFILE)
@given(one_subject)
def test_a_window_hangs_on_its_nominal_date_or_its_anchor_only(case: Case) -> None:
    schedule = schedule_of(case)
    codes = parameter_codes(schedule.plan, case.subjects[0])
    for row in by_visit(schedule).values():
        slot = slot_of(schedule.plan, row.visit, codes)
        if row.nominal is None or slot.start or slot.milestone is not None:
            continue
        window = shape_of(schedule.plan, slot).window
        counted_from = row.nominal if window.counted_from == "nominal" else date.fromisoformat(row.anchor[-10:])
        for day, edge in ((row.earliest, window.earliest), (row.latest, window.latest)):
            if edge.working_days is None:
                assert day == plus(counted_from, edge)


@settings(max_examples=2 * PROFILE)
@given(one_subject, st.randoms(use_true_random=False))
def test_closing_the_planned_day_moves_the_visit_and_not_its_window(case: Case, random: Random) -> None:
    facts = case.subjects[0]
    schedule = schedule_of(case)
    codes = parameter_codes(schedule.plan, facts)
    by_day: dict[tuple[date, str], list[VisitRow]] = {}
    for row in by_visit(schedule).values():
        slot = slot_of(schedule.plan, row.visit, codes)
        movable = row.planned and slot.resource != "any" and not slot.start and slot.milestone is None
        if movable and case.calendar.is_open(slot.resource, row.planned):
            by_day.setdefault((row.planned, slot.resource), []).append(row)
    assume(by_day)
    (day, resource), before = random.choice(sorted(by_day.items(), key=lambda item: item[0]))
    after = by_visit(schedule_of(case, calendar=closed_on(case.calendar, resource, day)))
    for row in before:
        now = after.get(row.visit)
        shape = shape_of(schedule.plan, slot_of(schedule.plan, row.visit, codes))
        if now is None or now.nominal != row.nominal or now.anchor != row.anchor or shape.with_series is not None:
            continue
        assert now.planned != day
        if shape.window.earliest.working_days is None:
            assert now.earliest == row.earliest
        if shape.window.latest.working_days is None:
            assert now.latest == row.latest


def plus(day: date, duration: Duration) -> date:
    return day + relativedelta(months=duration.months) + timedelta(days=duration.days)


def closed_on(calendar: SiteCalendar, resource: str, day: date) -> SiteCalendar:
    tables = {name: table.copy() for name, table in calendar.open_days.items()}
    table = tables.setdefault(resource, tables["clinic"].copy())
    table[day_number(day) - calendar.first_day] = False
    return replace(calendar, open_days=tables)


# --- chains -----------------------------------------------------------------------------------------------------


@settings(max_examples=2 * PROFILE)
@given(one_subject, st.randoms(use_true_random=False), st.integers(1, 40))
def test_a_later_actual_date_never_makes_a_chained_visit_earlier(case: Case, random: Random, days: int) -> None:
    facts = case.subjects[0]
    plan = compiled(case.protocol)
    codes = parameter_codes(plan, facts)
    by_slot = {slot_of(plan, visit, codes).index: row for visit, row in by_visit(schedule_of(case)).items()}
    candidates = [
        index for index, row in by_slot.items() if row.effective and row.visit not in facts.missed and chained_to(plan, plan.slots[index])
    ]
    assume(candidates)
    slot = random.choice(candidates)
    visit, day = by_slot[slot].visit, by_slot[slot].effective
    sooner = by_visit(schedule_of(case, with_actual(facts, visit, day)))
    later = by_visit(schedule_of(case, with_actual(facts, visit, day + timedelta(days=days))))
    for follower in chained_to(plan, plan.slots[slot]):
        name = visit_id(plan, follower, codes)
        if name not in sooner or name not in later or membership(sooner[name]) != membership(later[name]):
            break
        one, other = sooner[name], later[name]
        if one.nominal is None or other.nominal is None:
            break
        assert other.nominal >= one.nominal, name
        assert other.effective >= one.effective, name


def with_actual(facts: SubjectFacts, visit: str, day: date) -> SubjectFacts:
    return replace(facts, actual={**facts.actual, visit: day})


def chained_to(plan: Plan, slot: Slot) -> list[Slot]:
    """The slots of the same series that follow by ``previous``, up to the first that something else may pull about."""
    found: list[Slot] = []
    if slot.series is None:
        return found
    for index in plan.series_slots[slot.series]:
        follower = plan.slots[index]
        if follower.position <= slot.position:
            continue
        shape = shape_of(plan, follower)
        by_previous = len(shape.anchor) == 1 and isinstance(shape.anchor[0].reference, PreviousReference)
        if not by_previous or shape.with_series is not None or shape.not_before:
            return found
        found.append(follower)
    return found


def membership(row: VisitRow) -> tuple[bool, ...]:
    """What makes a row a member of references."""
    return tuple(row.status == status for status in ("done", "missed", "cancelled", "conditional"))


# --- facts that are none of a visit's business ------------------------------------------------------------------


@settings(max_examples=2 * PROFILE)
@given(seeded_cases(subjects=2))
def test_a_fact_about_another_subject_changes_nothing(case: Case) -> None:
    one, other = case.subjects
    bare = SubjectFacts(other.subject, other.start)
    alone = subject_rows(schedule_of(case, one), 0, all_visits=True)
    assert subject_rows(schedule_of(case, one, bare), 0, all_visits=True) == alone
    assert subject_rows(schedule_of(case, one, other), 0, all_visits=True) == alone
    assert subject_rows(schedule_of(case, other, one), 1, all_visits=True) == alone


@settings(max_examples=2 * PROFILE)
@given(one_subject, st.randoms(use_true_random=False), st.integers(-30, 30))
def test_booking_a_visit_that_nothing_hangs_on_changes_nothing_else(case: Case, random: Random, days: int) -> None:
    facts = case.subjects[0]
    schedule = schedule_of(case)
    codes = parameter_codes(schedule.plan, facts)
    needed = {index for slot in schedule.plan.slots for index in slot.needs}
    rows = by_visit(schedule)
    free = []
    for row in rows.values():
        slot = slot_of(schedule.plan, row.visit, codes)
        if slot.index not in needed and slot.series is None and not slot.start and row.planned and row.kind not in ("reminder", "decision"):
            free.append(row)
    assume(free)
    row = random.choice(free)
    booked = {**facts.booked, row.visit: Booking(row.planned + timedelta(days=days))}
    after = by_visit(schedule_of(case, replace(facts, booked=booked)))
    assert {name: other for name, other in after.items() if name != row.visit} == {
        name: other for name, other in rows.items() if name != row.visit
    }


# --- the same again ---------------------------------------------------------------------------------------------


@settings(max_examples=PROFILE)
@given(st.integers(0, 2**32 - 1))
def test_the_same_inputs_give_the_same_bytes(seed: int) -> None:
    one, other = (schedule_of(random_case(Random(seed), subjects=3)) for _ in range(2))
    for name in RESULTS:
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name
    assert to_frame(one, all_visits=True).to_csv() == to_frame(other, all_visits=True).to_csv()


_WRITE = """
import sys
from random import Random
from planner.protocol.compile import compile_plan
from planner.schedule.checks import findings
from planner.schedule.cohort_facts import cohort_of
from planner.schedule.days import day_number
from planner.schedule.expand import expand
from planner.schedule.frame import to_frame
from tests.cases import random_case
from tests.schedule.studies import study
for seed, protocol in [(1, None), (2, None), (3, study("ulrrc")), (4, study("crlm"))]:
    case = random_case(Random(seed), protocol, 3)
    plan = compile_plan(case.protocol)
    schedule = expand(plan, cohort_of(plan, case.subjects), [case.calendar], day_number(case.as_of))
    sys.stdout.write(to_frame(schedule, all_visits=True).to_csv())
    sys.stdout.write(repr(findings(schedule)))
"""


def test_the_order_of_sets_does_not_matter() -> None:
    """Python puts texts into sets in another order in each process; no date, flag or finding may follow it."""
    root = Path(__file__).parents[2]
    written = [
        subprocess.run(
            [sys.executable, "-c", _WRITE], cwd=root, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert written[0] == written[1]
    assert len(written[0]) > 1000


# --- cohorts ----------------------------------------------------------------------------------------------------


def walk_in_blocks_of(subjects: int, patched: pytest.MonkeyPatch) -> None:
    """Make blocks of a few subjects, so that small cohorts are walked by several threads too."""
    patched.setattr(expansion, "SMALLEST_BLOCK", subjects)
    patched.setattr(expansion, "LARGEST_BLOCK", subjects)


@settings(max_examples=PROFILE)
@given(seeded_cases(subjects=5), st.integers(1, 4))
def test_a_cohort_equals_its_rows_one_by_one(case: Case, block: int) -> None:
    one_by_one = [subject_rows(schedule_of(case, facts), 0, all_visits=True) for facts in case.subjects]
    together = schedule_of(case)
    assert [subject_rows(together, index, all_visits=True) for index in range(5)] == one_by_one
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(expansion, "SMALLEST_BLOCK", block)
        in_blocks = schedule_of(case)
    assert np.array_equal(in_blocks.status, together.status)
    for name in RESULTS:
        one, other = (getattr(schedule, name)[schedule.is_visit] for schedule in (in_blocks, together))
        assert np.array_equal(one, other), name


@settings(max_examples=PROFILE // 5)
@given(st.sampled_from(STUDIES).flatmap(lambda name: seeded_cases(study(name), subjects=6)), st.integers(1, 4))
def test_a_cohort_of_a_study_equals_its_rows_one_by_one(case: Case, block: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(expansion, "SMALLEST_BLOCK", block)
        together = schedule_of(case)
    for index, facts in enumerate(case.subjects):
        assert subject_rows(together, index, all_visits=True) == subject_rows(schedule_of(case, facts), 0, all_visits=True)


@settings(max_examples=PROFILE // 2)
@given(st.integers(0, 2**32 - 1), st.integers(1, 8))
def test_each_subject_of_a_cohort_has_its_own_calendar_and_day(seed: int, block: int) -> None:
    """Three calendars and six as-of days in one cohort, walked in blocks."""
    random = Random(seed)
    protocol = random_protocol(random)
    sites = [random_case(random, protocol, 2) for _ in range(3)]
    plan = compile_plan(protocol)
    calendars = [replace(case.calendar, name=f"site{number}") for number, case in enumerate(sites)]
    facts = [replace(one, calendar=f"site{number}") for number, case in enumerate(sites) for one in case.subjects]
    days = np.array([day_number(case.as_of) for case in sites for _ in case.subjects], dtype=np.int32)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(expansion, "SMALLEST_BLOCK", block)
        together = expand(plan, cohort_of(plan, facts, [calendar.name for calendar in calendars]), calendars, days)
    for index, one in enumerate(facts):
        alone = schedule_of(sites[index // 2], one, calendar=calendars[index // 2])
        assert subject_rows(together, index, all_visits=True) == subject_rows(alone, 0, all_visits=True)


def test_progress_counts_every_subject_once(monkeypatch: pytest.MonkeyPatch) -> None:
    walk_in_blocks_of(3, monkeypatch)
    case = random_case(Random(1), subjects=8)
    plan = compile_plan(case.protocol)
    told: list[int] = []
    expand(plan, cohort_of(plan, case.subjects), [case.calendar], day_number(case.as_of), told.append)
    assert told == [3, 3, 2]


# --- the day asked about ----------------------------------------------------------------------------------------


@settings(max_examples=2 * PROFILE)
@given(one_subject, st.integers(-400, 900))
def test_dates_never_depend_on_the_day_asked_about(case: Case, days: int) -> None:
    now, then = schedule_of(case), schedule_of(case, as_of=case.as_of + timedelta(days=days))
    assert np.array_equal(now.is_visit, then.is_visit)
    ordinary = [slot.index for slot in now.plan.slots if slot.milestone is None and not slot.decisions]
    assert np.array_equal(now.on_calendar[ordinary], then.on_calendar[ordinary])
    for name in (*DATES, "anchor_day", "anchor_term", "omitted"):
        assert np.array_equal(getattr(now, name), getattr(then, name)), name


def test_status_follows_the_day_asked_about() -> None:
    """The property above does not hold because nothing follows the day at all."""
    sooner, later = (subject_rows(expanded("ulrrc", enrolled(), day), 0) for day in (date(2026, 2, 1), date(2026, 6, 1)))
    assert [row.planned for row in sooner] == [row.planned for row in later]
    assert {row.status for row in sooner} != {row.status for row in later}
