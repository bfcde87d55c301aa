"""Site calendars as text: nothing is lost, the same calendar has the same text, and a damaged text is refused."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from planner.records.pinned.calendar_content import calendar_from_content, calendar_text, differing_days
from planner.schedule.calendar import CalendarError, SiteCalendar
from planner.schedule.calendar_sources import calendar_named
from planner.schedule.calendar_transfer import after_transfer
from planner.schedule.days import day_date, day_number
from tests.strategies import calendars


def assert_same(one: SiteCalendar, other: SiteCalendar) -> None:
    assert (one.name, one.zone, one.first_day, one.last_day) == (other.name, other.zone, other.first_day, other.last_day)
    assert one.open_days.keys() == other.open_days.keys()
    for resource, table in one.open_days.items():
        assert table.dtype == other.open_days[resource].dtype == np.bool_
        assert np.array_equal(table, other.open_days[resource])
    assert one.provisional.dtype == other.provisional.dtype == np.bool_
    assert np.array_equal(one.provisional, other.provisional)
    assert dict(one.notes) == dict(other.notes)


def four_resources() -> SiteCalendar:
    calendar, generator = calendar_named("CN"), np.random.default_rng(7)
    clinic = calendar.open_days["clinic"]
    own = {name: clinic ^ (generator.random(len(clinic)) < 0.05) for name in ("linac", "ct", "day unit")}
    return replace(calendar, open_days={"clinic": clinic, **own})


@given(calendars())
def test_a_round_trip_loses_nothing(calendar: SiteCalendar) -> None:
    text = calendar_text(calendar)
    assert_same(calendar_from_content(text), calendar)
    assert calendar_text(calendar_from_content(text)) == text


@pytest.mark.parametrize("name", ["CN", "US-NY", "DE-BY", "weekdays", "none"])
def test_a_countrys_round_trip(name: str) -> None:
    assert_same(calendar_from_content(calendar_text(calendar_named(name))), calendar_named(name))


def test_parts_of_years_and_words_of_all_kinds() -> None:
    first = day_number(date(2024, 2, 27))
    days = np.array([True, False, False, True, False])
    notes = {first + 1: '闭馆 "quoted" \\ \n ü', first - 400: "before the tables begin"}
    calendar = SiteCalendar("Peking ☂", "Asia/Shanghai", first, {"clinic": days, "linac": ~days}, ~days, notes)
    text = calendar_text(calendar)
    assert json.loads(text)["closed"] == {"clinic": {"2024": "02-28 02-29 03-02"}, "linac": {"2024": "02-27 03-01"}}
    assert json.loads(text)["provisional"] == {"2024": "02-28 02-29 03-02"}
    assert_same(calendar_from_content(text), calendar)


def test_transferred_calendars_pass_too() -> None:
    both = after_transfer(four_resources(), calendar_named("US-NY"), date(2026, 5, 4))
    assert_same(calendar_from_content(calendar_text(both)), both)


def test_the_text_does_not_depend_on_the_order_of_anything() -> None:
    calendar = four_resources()
    turned = replace(
        calendar, open_days=dict(reversed(list(calendar.open_days.items()))), notes=dict(reversed(list(calendar.notes.items())))
    )
    assert calendar_text(turned) == calendar_text(calendar)


def test_fifty_years_of_four_resources_are_small_and_quick() -> None:
    text = calendar_text(four_resources())
    assert len(text) < 400_000
    assert text.isascii()
    times = []
    for _ in range(7):
        begun = time.perf_counter()
        calendar_from_content(text)
        times.append(time.perf_counter() - begun)
    assert min(times) < 0.015


def _changed(change: Callable[[dict[str, Any]], object]) -> str:
    content = json.loads(calendar_text(calendar_named("CN", 2026, 2027)))
    change(content)
    return json.dumps(content)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda content: content.pop("zone"), "exactly the keys"),
        (lambda content: content.update(extra=1), "exactly the keys"),
        (lambda content: content.update(format=2), "format"),
        (lambda content: content.update(name=7), "name holds something that is no text"),
        (lambda content: content.update(first="2026-1-1"), "first holds a day that is not YYYY-MM-DD"),
        (lambda content: content.update(first="20260101"), "first holds a day that is not YYYY-MM-DD"),
        (lambda content: content.update(last="2025-12-31"), "last day is before"),
        (lambda content: content.update(closed=[]), "closed is not an object"),
        (lambda content: content["closed"].pop("clinic"), "no days for clinic"),
        (lambda content: content["closed"]["clinic"].update({"2026": "02-29"}), "clinic lists a day that is not MM-DD"),
        (lambda content: content["closed"]["clinic"].update({"2026": "13-01"}), "clinic lists a day that is not MM-DD"),
        (lambda content: content["closed"]["clinic"].update({"2026": "00-01"}), "clinic lists a day that is not MM-DD"),
        (lambda content: content["closed"]["clinic"].update({"2026": "01-00"}), "clinic lists a day that is not MM-DD"),
        (lambda content: content["closed"]["clinic"].update({"2026": "01-01 1-02"}), "clinic lists a day that is not MM-DD"),
        (lambda content: content["closed"]["clinic"].update({"2026": "01/01"}), "clinic lists a day that is not MM-DD"),
        (lambda content: content["closed"]["clinic"].update({"2026": "01-0a"}), "clinic lists a day that is not MM-DD"),
        (lambda content: content["closed"]["clinic"].update({"2026": "01-0１"}), "clinic lists a day that is not MM-DD"),
        (lambda content: content["closed"]["clinic"].update({"2026": "01-02 01-01"}), "out of order"),
        (lambda content: content["closed"]["clinic"].update({"2026": "01-02 01-02"}), "out of order"),
        (lambda content: content["closed"]["clinic"].update({"2028": "01-02"}), "outside 2026-01-01 to 2027-12-31"),
        (lambda content: content["closed"]["clinic"].update({"26": "01-02"}), "year that is not YYYY"),
        (lambda content: content["closed"]["clinic"].update({"2026": 3}), "no text"),
        (lambda content: content["notes"].update({"2026-02-30": "x"}), "notes holds a day"),
        (lambda content: content["provisional"].update({"2026": "maybe"}), "provisional lists a day"),
    ],
)
def test_a_damaged_text_is_refused_with_what_is_wrong(change: Callable[[dict[str, Any]], object], said: str) -> None:
    with pytest.raises(CalendarError, match=said):
        calendar_from_content(_changed(change))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 5000, "\0"])
def test_what_is_no_calendar_at_all_is_refused(text: str) -> None:
    with pytest.raises(CalendarError, match="damaged"):
        calendar_from_content(text)


def test_differing_days_are_listed_by_resource() -> None:
    one = four_resources()
    clinic = one.open_days["clinic"].copy()
    friday, saturday = day_number(date(2026, 5, 15)), day_number(date(2026, 5, 16))
    clinic[[friday - one.first_day, saturday - one.first_day]] ^= True
    found = differing_days(one, replace(one, open_days={**one.open_days, "clinic": clinic}))
    assert list(found) == ["clinic"]
    assert [day_date(day) for day in found["clinic"].closed] == [date(2026, 5, 15)]
    assert [day_date(day) for day in found["clinic"].opened] == [date(2026, 5, 16)]


def test_a_resource_that_one_does_not_list_has_the_sites_days() -> None:
    one = calendar_named("CN", 2026, 2027)
    linac = one.open_days["clinic"].copy()
    assert differing_days(one, replace(one, open_days={**one.open_days, "linac": linac})) == {}
    linac[200] ^= True
    found = differing_days(one, replace(one, open_days={**one.open_days, "linac": linac}))
    assert [*found["linac"].opened, *found["linac"].closed] == [one.first_day + 200]


def test_only_days_that_both_cover_are_compared() -> None:
    assert differing_days(calendar_named("weekdays", 2020, 2026), calendar_named("weekdays", 2024, 2030)) == {}
    assert differing_days(calendar_named("weekdays", 2020, 2021), calendar_named("none", 2024, 2030)) == {}
    found = differing_days(calendar_named("weekdays", 2020, 2025), calendar_named("none", 2025, 2030))["clinic"]
    assert len(found.opened) == 104 and len(found.closed) == 0
    assert day_date(found.opened[0]) == date(2025, 1, 4)
