"""Calendars without an open day, and calendars that end too soon: a sentence, at once, and never a made-up date."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pytest

from planner.schedule.calendar import CalendarError, SiteCalendar, require_open_days
from planner.schedule.cohort_facts import cohort_of
from planner.schedule.days import day_number
from planner.schedule.expand import NoOpenDayError, expand
from planner.schedule.facts import Booking, SubjectFacts
from tests.cases.by_hand import protocol, start, visit
from tests.schedule.studies import AS_OF, compiled, enrolled, expanded, plan_of

FIRST, LAST = date(2020, 1, 1), date(2035, 12, 31)


def calendar(first: date = FIRST, last: date = LAST, **closed: bool) -> SiteCalendar:
    """Open every day, but for the resources that are closed all along."""
    days = (last - first).days + 1
    tables: Mapping[str, np.ndarray] = {"clinic": np.ones(days, dtype=np.bool_)} | {name: np.zeros(days, dtype=np.bool_) for name in closed}
    return SiteCalendar("Closed Clinic", "UTC", day_number(first), tables, np.zeros(days, dtype=np.bool_))


def test_a_site_that_never_opens_is_an_error_that_names_visit_subject_and_calendar() -> None:
    began = time.monotonic()
    with pytest.raises(NoOpenDayError) as raised:
        expanded("ulrrc", enrolled(subject="UL-007"), calendar=calendar(clinic=True))
    assert time.monotonic() - began < 5
    message = str(raised.value)
    assert "calendar Closed Clinic has no open day for SIM of subject UL-007 on or after 2026-03-09" in message
    assert "known 2020-01-01 to 2035-12-31" in message
    assert "give it open days" in message


@pytest.mark.parametrize(("resource", "visit_named"), [("linac", "F1"), ("infusion", "C2D1"), ("imaging", "ASSESS")])
def test_a_resource_that_never_opens_is_named_with_its_first_visit(resource: str, visit_named: str) -> None:
    with pytest.raises(NoOpenDayError, match=rf"no open day for {visit_named} of subject S1 .*\({resource}, known"):
        expanded("ulrrc", enrolled(), calendar=calendar(**{resource: True}))


def test_only_the_subject_that_runs_off_the_end_is_named() -> None:
    subjects = [enrolled(subject="EARLY"), enrolled(date(2035, 12, 1), subject="LATE")]
    ending = calendar(last=date(2036, 3, 1))
    with pytest.raises(NoOpenDayError, match="of subject LATE on or after 2036-") as raised:
        expanded("ulrrc", subjects, calendar=ending)
    assert "to 2036-03-01" in str(raised.value)
    assert expanded("ulrrc", subjects[:1], calendar=ending).is_visit.any()


def test_a_calendar_that_begins_after_the_visit_is_an_error_too() -> None:
    with pytest.raises(NoOpenDayError, match=r"of subject S1 falls on 2026-.*, and calendar Closed Clinic begins on 2026-06-01"):
        expanded("ulrrc", enrolled(), calendar=calendar(first=date(2026, 6, 1)))


@pytest.mark.parametrize("consent", [date(1950, 6, 1), date(1969, 12, 20), date(1970, 1, 1), date(2009, 6, 1)])
def test_a_visit_long_before_the_calendar_is_an_error_too(consent: date) -> None:
    """A milestone may lie decades back; what is planned around it cannot."""
    plan = compiled(protocol(start(), visit("V", ":CONSENT + 7d", window="-3d/3d")))
    with pytest.raises(NoOpenDayError, match=f"V of subject S1 falls on {consent + timedelta(days=7)}, and calendar Closed Clinic begins"):
        expanded(plan, enrolled(milestones={"CONSENT": consent}), calendar=calendar())


def test_working_days_beyond_the_end_are_an_error() -> None:
    plan = compiled(protocol(start(), visit("V", "C1D1 + 300wd", window="0d/5d")))
    with pytest.raises(NoOpenDayError, match="no open day for V of subject S1"):
        expanded(plan, enrolled(), calendar=calendar(last=date(2026, 6, 1)))


@pytest.mark.parametrize(
    ("at", "window", "known"),
    [("C1D1 + 85d", "0d/20wd", {"last": date(2026, 6, 1)}), ("C1D1 + 5d", "-20wd/0d", {"first": date(2026, 3, 1)})],
)
def test_a_window_of_working_days_beyond_the_calendar_is_an_error(at: str, window: str, known: dict[str, date]) -> None:
    plan = compiled(protocol(start(), visit("V", at, window=window)))
    with pytest.raises(NoOpenDayError, match="for V of subject S1"):
        expanded(plan, enrolled(), calendar=calendar(**known))


def test_a_visit_on_any_day_needs_no_open_day() -> None:
    plan = compiled(protocol(start(), visit("REMIND", "C1D1 + 30d", kind="reminder", on="any")))
    schedule = expanded(plan, enrolled(), calendar=calendar(clinic=True))
    assert schedule.planned[:, 0].tolist() == [day_number(date(2026, 3, 2)), day_number(date(2026, 4, 1))]


def test_a_closed_site_is_an_error_even_where_every_visit_is_booked() -> None:
    plan = compiled(protocol(start(), visit("V", "C1D1 + 7d")))
    with pytest.raises(NoOpenDayError, match="for V of subject S1"):
        expanded(plan, enrolled(booked={"V": Booking(date(2026, 3, 9))}), calendar=calendar(clinic=True))


def test_many_subjects_on_a_closed_site_end_quickly() -> None:
    plan = plan_of("ulrrc")
    everyone = [SubjectFacts(f"S{number}", date(2026, 3, 2)) for number in range(300)]
    began = time.monotonic()
    with pytest.raises(NoOpenDayError, match="subject S0 "):
        expand(plan, cohort_of(plan, everyone), [calendar(clinic=True)], day_number(AS_OF))
    assert time.monotonic() - began < 10


def test_such_a_calendar_is_refused_where_calendars_are_made() -> None:
    with pytest.raises(CalendarError, match="Closed Clinic has no open day for clinic, linac from 2020-01-01 to 2035-12-31"):
        require_open_days(calendar(clinic=True, linac=True))
    assert require_open_days(calendar()).never_open() == ()
