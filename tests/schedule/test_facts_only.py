"""The schedule that calendars kept by others are written from: whatever the day, a hold reads as what facts say of it."""

from __future__ import annotations

from datetime import date, timedelta

from planner.schedule.cohort_facts import cohort_of
from planner.schedule.facts import Booking, Hold
from planner.schedule.facts_only import facts_only
from tests.schedule.studies import by_visit, china, enrolled, plan_of

PUMP = {"regimen": "mFOLFOX6"}


def status_of(*holds: Hold, booked: str, day: date) -> dict[str, str]:
    """The status of each visit of somebody on a regimen with a pump, which is taken off two days after each infusion."""
    plan, subject = plan_of("ulrrc"), enrolled(parameters=PUMP, holds=holds, booked={booked: Booking(day)})
    schedule = facts_only(plan, cohort_of(plan, [subject]), [china()])
    return {visit: row.status for visit, row in by_visit(schedule).items()}


def test_the_pump_of_an_infusion_that_is_booked_inside_a_hold_is_held_with_it() -> None:
    plan = plan_of("ulrrc")
    undisturbed = by_visit(facts_only(plan, cohort_of(plan, [enrolled(parameters=PUMP)]), [china()]))
    day = undisturbed["C3D1"].planned
    assert day is not None
    week = timedelta(days=7)
    found = status_of(Hold(day - week, day + week), booked="C3D1", day=day)
    assert (found["C3D1"], found["C3D3"]) == ("on_hold", "on_hold")
    assert found["C4D1"] != "on_hold"
    assert found["C4D3"] != "on_hold"


def test_without_a_booking_both_have_moved_behind_the_hold() -> None:
    day = date(2026, 4, 20)
    found = status_of(Hold(day, day + timedelta(days=14)), booked="C6D1", day=date(2026, 7, 1))
    assert "on_hold" not in found.values()
