"""The days of a year that are not what their weekday says."""

from datetime import date

from planner.schedule.calendar_sources import calendar_named
from planner.schedule.calendar_text import calendar_from_text
from planner.schedule.unusual_days import provisional_years, unusual_days


def test_holidays_and_make_up_days() -> None:
    found = {one.day: one for one in unusual_days(calendar_named("CN"), 2026)}
    assert not found[date(2026, 10, 1)].is_open
    assert found[date(2026, 10, 10)].is_open
    assert date(2026, 10, 12) not in found


def test_open_weekends_of_every_day() -> None:
    assert len(unusual_days(calendar_named("none"), 2026)) == 104
    assert unusual_days(calendar_named("weekdays"), 2026) == []


def test_nothing_is_said_of_days_that_are_not_covered() -> None:
    assert unusual_days(calendar_named("CN"), 1999) == []


def test_each_resource_has_its_own() -> None:
    calendar = calendar_from_text("resources: {linac: {closed: [2026-05-11]}}\nclosed: [2026-05-12]", "site.yaml")
    said = [(one.day.day, one.resource, one.is_open) for one in unusual_days(calendar, 2026)]
    assert said == [(11, "linac", False), (12, "clinic", False), (12, "linac", False)]


def test_provisional_years() -> None:
    assert provisional_years(calendar_named("CN")) == list(range(2027, 2060))
    assert provisional_years(calendar_named("weekdays")) == []
    assert provisional_years(calendar_named("CN", 2025, 2026)) == []
