"""What if a visit were on another day: each candidate compared with a subject who is booked on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from planner.protocol.plan import Plan
from planner.schedule.checks import findings
from planner.schedule.facts import Booking, SubjectFacts
from planner.schedule.rows import VisitRow
from planner.schedule.schedule import Schedule
from planner.schedule.what_if import CandidateDay, candidate_days
from tests.cases import Case
from tests.cases.by_hand import protocol, start, visit
from tests.schedule.studies import AS_OF, STUDIES, by_visit, china, compiled, enrolled, every_day, expanded, plan_of, study
from tests.strategies import seeded_cases


def march(name: str, visit_id: str, days: range, **known: object) -> dict[int, CandidateDay]:
    candidates = [date(2026, 3, day) for day in days]
    found = candidate_days(plan_of(name), enrolled(**known), [china()], AS_OF, visit_id, candidates)
    assert [one.day for one in found] == candidates
    return {one.day.day: one for one in found}


def test_the_days_around_cycle_two() -> None:
    days = march("ulrrc", "C2D1", range(24, 32))
    assert [day for day, one in days.items() if one.is_open] == [24, 25, 26, 27, 30, 31]
    assert [day for day, one in days.items() if one.in_window] == [27, 28, 29, 30, 31]
    assert (days[27].moved, days[27].later_out_of_window) == (0, 0)
    assert days[30].moved == 6, "C3D1 to C5D1, both safety visits, CONTRA"
    assert all(one.intervals_kept and not one.broken_checks for one in days.values())


def test_a_fraction_across_the_spring_festival_breaks_the_gap() -> None:
    known = enrolled(date(2026, 1, 26), milestones={"CONSENT": date(2026, 1, 10)})
    found = candidate_days(plan_of("ulrrc"), known, [china()], date(2026, 1, 20), "F1", [date(2026, 2, day) for day in (6, 9, 10, 11, 12)])
    assert [one.intervals_kept for one in found] == [True, True, True, False, False]
    assert found[3].broken_checks == ("sbrt-gap",)
    assert found[4].broken_checks == ("sbrt-gap",)


def test_a_day_before_the_bound_is_told() -> None:
    days = march("ulrrc", "F1", range(9, 17))
    assert [day for day, one in days.items() if one.keeps_bounds] == [12, 13, 14, 15, 16]
    assert all(one.in_window for one in days.values())


def test_a_pump_day_needs_two_open_days() -> None:
    days = march("ulrrc", "C2D1", range(25, 32), parameters={"regimen": "mFOLFOX6"})
    assert [day for day, one in days.items() if one.is_open] == [25, 30, 31]
    assert {day: one.closed_with.day for day, one in days.items() if one.closed_with} == {26: date(2026, 3, 28), 27: date(2026, 3, 29)}


def test_a_late_visit_pushes_others_out_of_their_window() -> None:
    plan = compiled(
        protocol(
            start(),
            visit("A", "C1D1 + 7d", window="-7d/30d"),
            visit("B", "C1D1 + 14d", window="-7d/7d", not_before=["A"]),
            visit("C", "A + 7d"),
        )
    )
    found = candidate_days(plan, enrolled(), [every_day()], AS_OF, "A", [date(2026, 3, 9), date(2026, 3, 16), date(2026, 3, 25)])
    assert [(one.moved, one.later_out_of_window) for one in found] == [(0, 0), (1, 0), (2, 1)]


def test_a_dose_that_would_vanish_is_named() -> None:
    """The antibody's own clock goes on until the last cycle: where that comes sooner, its last dose no longer takes place."""
    days = [date(2026, 5, 8), date(2026, 5, 9), date(2026, 5, 11), date(2026, 5, 12)]
    known = enrolled(parameters={"regimen": "mFOLFOX6"})
    found = candidate_days(plan_of("ulrrc"), known, [china()], AS_OF, "C5D1", days)
    assert [one.dropped for one in found] == [("PD1-2",), ("PD1-2",), (), ()]
    early = replace(known, booked={"C5D1": Booking(date(2026, 5, 9))})
    again = candidate_days(plan_of("ulrrc"), early, [china()], AS_OF, "C5D1", days)
    assert [one.added for one in again] == [(), (), ("PD1-2",), ("PD1-2",)]


def test_how_far_each_day_is_from_the_dose_before() -> None:
    days = march("ulrrc", "C2D1", range(25, 28), parameters={"regimen": "mFOLFOX6"})
    assert len({one.before.days - day for day, one in days.items() if one.before}) == 1
    assert {one.before.visit for one in days.values() if one.before} == {"C1D1"}


def test_another_start_is_another_calendar() -> None:
    days = march("ulrrc", "C1D1", range(1, 5))
    assert [one.is_open for one in days.values()] == [False, True, True, True]
    assert all(one.in_window for one in days.values())
    assert days[2].moved == 0
    rows, moved = by_visit(expanded("ulrrc", enrolled())), by_visit(expanded("ulrrc", enrolled(date(2026, 3, 3))))
    shown = [name for name, row in moved.items() if row.status not in ("cancelled", "conditional") and name != "C1D1"]
    assert days[3].moved == sum(rows[name].effective != moved[name].effective for name in shown)


def test_a_booked_start_goes_to_another_day_with_its_booking() -> None:
    facts = enrolled(date(2026, 3, 2))
    booked = replace(facts, booked={"C1D1": Booking(date(2026, 3, 2))})
    days = [date(2026, 3, 3), date(2026, 3, 4)]
    plain, moved = (candidate_days(plan_of("ulrrc"), each, [china()], AS_OF, "C1D1", days) for each in (facts, booked))
    assert [one.moved for one in moved] == [one.moved for one in plain]
    assert all(one.moved for one in moved)


def test_an_unknown_visit_is_refused_with_a_suggestion() -> None:
    with pytest.raises(KeyError, match=r"there is no visit ASSES; did you mean ASSESS\?"):
        candidate_days(plan_of("ulrrc"), enrolled(), [china()], AS_OF, "ASSES", [AS_OF])


@settings(max_examples=80)
@given(seeded_cases(subjects=1), st.randoms(use_true_random=False))
def test_each_day_is_what_a_booking_on_it_would_do(case: Case, random: Random) -> None:
    assert_each_day_is_a_booking(case, random)


@settings(max_examples=12)
@given(st.sampled_from(STUDIES).flatmap(lambda name: seeded_cases(study(name), subjects=1)), st.randoms(use_true_random=False))
def test_each_day_of_a_study_is_what_a_booking_on_it_would_do(case: Case, random: Random) -> None:
    assert_each_day_is_a_booking(case, random)


def assert_each_day_is_a_booking(case: Case, random: Random) -> None:
    plan, facts = compiled(case.protocol), case.subjects[0]
    base = expanded(plan, facts, case.as_of, case.calendar)
    rows = by_visit(base)
    movable = [row.visit for row in rows.values() if row.planned and row.status != "done" and row.kind != "reminder"]
    movable = [name for name in movable if name not in facts.booked and not rows[name].anchor.startswith("start") and rows[name].visit]
    assume(movable)
    name = random.choice(movable)
    days = [rows[name].planned + timedelta(days=off) for off in (-9, -2, 0, 1, 5, 30)]
    for one in candidate_days(plan, facts, [case.calendar], case.as_of, name, days):
        moved = expanded(plan, booked(facts, name, one.day), case.as_of, case.calendar)
        assert_same(one, base, moved, name)


def booked(facts: SubjectFacts, name: str, day: date) -> SubjectFacts:
    return replace(facts, booked={**facts.booked, name: Booking(day)})


def assert_same(one: CandidateDay, base: Schedule, moved: Schedule, name: str) -> None:
    before, after = by_visit(base), by_visit(moved)
    assert one.in_window == (after[name].earliest <= one.day <= after[name].latest)
    others = {visit: row for visit, row in after.items() if visit != name and row.status not in ("cancelled", "conditional")}
    assert one.moved == sum(visit not in before or row.effective != before[visit].effective for visit, row in others.items())
    left = [visit for visit, row in others.items() if is_outside(row) and not (visit in before and is_outside(before[visit]))]
    assert one.later_out_of_window == len(left)
    assert set(one.dropped) == to_come(before) - there(after) - {name}
    assert set(one.added) == to_come(after) - there(before) - {name}
    broken = over(moved) - over(base)
    assert one.broken_checks == tuple(sorted(broken))
    assert one.intervals_kept == (not broken)


def there(rows: Mapping[str, VisitRow]) -> set[str]:
    return {visit for visit, row in rows.items() if row.status not in ("cancelled", "conditional")}


def to_come(rows: Mapping[str, VisitRow]) -> set[str]:
    return {visit for visit in there(rows) if rows[visit].status != "missed" and rows[visit].kind != "reminder"}


def is_outside(row: VisitRow) -> bool:
    return any(flag.startswith("outside_window") for flag in row.flags)


def over(schedule: Schedule) -> Counter[str]:
    """How often each check is broken."""
    return Counter(one.check for one in findings(schedule) if one.result in ("breach", "warning"))


def test_the_plan_is_not_touched() -> None:
    plan: Plan = plan_of("ulrrc")
    before = by_visit(expanded(plan, enrolled()))
    march("ulrrc", "C2D1", range(24, 32))
    assert by_visit(expanded(plan, enrolled())) == before
