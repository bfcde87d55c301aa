"""Months, open days and planned days: the arrays against the plainest way to say the same."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import numpy as np
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.protocol.model import Roll
from planner.schedule.calendar import SiteCalendar
from planner.schedule.day_tables import BEYOND, LAST_DAY, SIZE, Lookup, open_days, provisional_days, working_days_from
from planner.schedule.days import NO_DAY, add_months, day_date, day_number
from planner.schedule.planned_day import planned_day
from tests.cases import random_calendar
from tests.strategies import calendars

PROFILE = settings.default.max_examples


# --- calendar months --------------------------------------------------------------------------------------------


def test_months_from_every_day_of_five_years_agree_with_dateutil() -> None:
    """2023 to 2028, with the leap days of 2024 and 2028, and every month offset of three years both ways."""
    days = [date(2023, 1, 1) + timedelta(days=k) for k in range(6 * 365 + 2)]
    numbers = np.array([day_number(day) for day in days], dtype=np.int32)
    for months in [*range(-14, 15), 24, -24, 36, -36]:
        expected = [day_number(day + relativedelta(months=months)) for day in days]
        assert add_months(numbers, months).tolist() == expected, months


@settings(max_examples=20 * PROFILE)
@given(st.dates(date(1901, 1, 1), date(2190, 12, 31)), st.integers(-119, 119))
def test_months_agree_with_dateutil(day: date, months: int) -> None:
    assume_covered = date(1900, 1, 1) <= day + relativedelta(months=months) <= date(2199, 12, 31)
    if not assume_covered:
        return
    expected = day_number(day + relativedelta(months=months))
    numbers = np.array([day_number(day)], dtype=np.int32)
    assert add_months(numbers, months).tolist() == [expected]
    assert add_months(numbers, np.array([months], dtype=np.int32)).tolist() == [expected]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-05-31", -3, "2026-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2027-01-01", -1, "2026-12-01"),
        ("2000-02-29", -1200, "1900-02-28"),
    ],
)
def test_months_at_ends_of_months_and_years(day: str, months: int, expected: str) -> None:
    number = np.array([day_number(date.fromisoformat(day))], dtype=np.int32)
    assert day_date(int(add_months(number, months)[0])) == date.fromisoformat(expected)


def test_multiples_count_from_the_anchor_and_never_drift() -> None:
    anchor = np.full(4, day_number(date(2026, 8, 31)), dtype=np.int32)
    moved = add_months(anchor, np.array([3, 6, 9, 18], dtype=np.int32))
    assert [str(day_date(day)) for day in moved.tolist()] == ["2026-11-30", "2027-02-28", "2027-05-31", "2028-02-29"]


def test_no_date_stays_no_date() -> None:
    days = np.array([NO_DAY, day_number(date(2026, 1, 31)), NO_DAY + 500], dtype=np.int32)
    assert add_months(days, 1).tolist() == [NO_DAY, day_number(date(2026, 2, 28)), NO_DAY]
    assert add_months(days, np.array([-7, 0, 7], dtype=np.int32)).tolist() == [NO_DAY, day_number(date(2026, 1, 31)), NO_DAY]


def test_days_and_numbers_go_both_ways() -> None:
    assert day_number(date(1970, 1, 1)) == 0
    assert [day_date(day_number(day)) for day in (date(1930, 1, 1), date(2026, 2, 28), date(2070, 12, 31))] == [
        date(1930, 1, 1),
        date(2026, 2, 28),
        date(2070, 12, 31),
    ]


# --- open days --------------------------------------------------------------------------------------------------


def is_open(calendar: SiteCalendar, resource: str, number: int, also: tuple[int, ...] = ()) -> bool:
    """As its tables say; a day they do not cover is closed."""
    table = calendar.open_table(resource)
    indexes = [number - calendar.first_day + later for later in (0, *also)]
    return all(0 <= index < len(table) and bool(table[index]) for index in indexes)


def naive_after(calendar: SiteCalendar, resource: str, number: int, also: tuple[int, ...] = ()) -> int:
    while number <= calendar.last_day:
        if is_open(calendar, resource, number, also):
            return number
        number += 1
    return int(BEYOND)


def naive_before(calendar: SiteCalendar, resource: str, number: int, also: tuple[int, ...] = ()) -> int:
    while number >= calendar.first_day:
        if is_open(calendar, resource, number, also):
            return number
        number -= 1
    return int(NO_DAY)


def naive_working_days(calendar: SiteCalendar, resource: str, number: int, count: int) -> int:
    step = 1 if count > 0 else -1
    for _ in range(abs(count)):
        number += step
        while not is_open(calendar, resource, number):
            number += step
    return number


@settings(max_examples=PROFILE // 2)
@given(calendars(), st.sampled_from(["clinic", "linac", "infusion"]), st.integers(-6, 6), st.randoms(use_true_random=False))
def test_working_days_are_counted_one_by_one(calendar: SiteCalendar, resource: str, count: int, random: Random) -> None:
    table = working_days_from(calendar, resource, count)
    assert len(table) == SIZE
    middle = [random.randrange(calendar.first_day + 200, calendar.last_day - 200) for _ in range(40)]
    assert [int(table[day]) for day in middle] == [naive_working_days(calendar, resource, day, count) for day in middle]


def test_working_days_of_any_day_are_days() -> None:
    calendar = random_calendar(Random(1))
    assert working_days_from(calendar, "any", 3)[20000] == 20003
    assert working_days_from(calendar, "any", -3)[20000] == 19997


def test_zero_working_days_are_the_day_itself_even_a_closed_one() -> None:
    calendar = random_calendar(Random(3))
    closed = next(day for day in range(calendar.first_day, calendar.last_day) if not is_open(calendar, "clinic", day))
    assert working_days_from(calendar, "clinic", 0)[closed] == closed


@settings(max_examples=PROFILE // 2)
@given(calendars(), st.sampled_from(["clinic", "linac", "any"]), st.sampled_from([(), (2,), (1, 3)]), st.randoms(use_true_random=False))
def test_the_open_days_around_a_day(calendar: SiteCalendar, resource: str, also: tuple[int, ...], random: Random) -> None:
    known = open_days(calendar, resource, also)
    for _ in range(30):
        day = random.randrange(calendar.first_day + 60, calendar.last_day - 60)
        after, before = naive_after(calendar, resource, day, also), naive_before(calendar, resource, day, also)
        assert (int(known.on_or_after[day]), int(known.on_or_before[day])) == (after, before)
        assert int(known.closest[day]) == (before if day - before < after - day else after)


def test_where_a_calendar_ends_there_is_no_day() -> None:
    calendar = random_calendar(Random(2))
    known = open_days(calendar, "clinic")
    last = naive_before(calendar, "clinic", calendar.last_day)
    assert int(known.on_or_after[last]) == last
    assert int(known.on_or_after[last + 1]) == BEYOND
    assert int(known.on_or_after[LAST_DAY]) == BEYOND
    assert int(known.on_or_after[calendar.first_day - 1]) == BEYOND
    assert int(working_days_from(calendar, "clinic", 1)[last]) == BEYOND
    assert int(known.on_or_after[0]) == NO_DAY


def test_provisional_days_are_those_of_the_calendar() -> None:
    calendar = random_calendar(Random(4))
    marked = provisional_days(calendar)
    assert marked[calendar.first_day : calendar.last_day + 1].tolist() == calendar.provisional.tolist()
    assert not marked[: calendar.first_day].any()


# --- planned days -----------------------------------------------------------------------------------------------


def naive_planned(
    calendar: SiteCalendar, resource: str, also: tuple[int, ...], dates: tuple[int, int, int, int | None], roll: Roll
) -> tuple[int, str]:
    """R5 and R6 as docs/date-rules.md puts them, day by day."""
    nominal, earliest, latest, bound = dates

    def opens(day: int) -> bool:
        return resource == "any" or is_open(calendar, resource, day, also)

    lowest = nominal if bound is None else bound
    if opens(nominal) and (bound is None or nominal >= bound):
        return nominal, ""
    inside = [day for day in range(earliest, latest + 1) if opens(day) and (bound is None or day >= bound)]
    later, sooner = [day for day in inside if day > nominal], [day for day in inside if day < nominal]
    if roll == "nearest" and inside:
        return min(inside, key=lambda day: (abs(day - nominal), -day)), ""
    in_order = [later[:1], sooner[-1:]] if roll == "next" else [sooner[-1:], later[:1]]
    for best in in_order:
        if best:
            return best[0], ""
    day = max(nominal, lowest)
    while not opens(day):
        day += 1
    window_is_closed = not any(opens(day) for day in range(earliest, latest + 1))
    return day, "no_open_day_in_window" if window_is_closed else "constraint_breaks_window"


@settings(max_examples=3 * PROFILE)
@given(
    calendars(),
    st.sampled_from(["clinic", "linac", "any"]),
    st.sampled_from([(), (), (2,)]),
    st.sampled_from(["nearest", "next", "previous"]),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_planned_days_follow_the_rule_word_by_word(
    calendar: SiteCalendar, resource: str, also: tuple[int, ...], roll: Roll, bounded: bool, random: Random
) -> None:
    count = 25
    nominal = [random.randrange(day_number(date(2024, 1, 1)), day_number(date(2028, 12, 31))) for _ in range(count)]
    earliest = [day - random.choice([0, 1, 3, 7, 14]) for day in nominal]
    latest = [day + random.choice([0, 1, 3, 7, 14]) for day in nominal]
    bound = [day + random.choice([-40, -9, -2, 0, 1, 5, 20]) if random.random() < 0.8 else int(NO_DAY) for day in nominal]
    arrays = [np.array(days, dtype=np.int32) for days in (nominal, earliest, latest)]
    lookup = None if resource == "any" else Lookup([open_days(calendar, resource, also)], None)
    given_bound = np.array(bound, dtype=np.int32) if bounded else None
    answer = planned_day(arrays[0], arrays[1], arrays[2], given_bound, roll, lookup)
    no_open_day = np.broadcast_to(answer.no_open_day_in_window, count)
    breaks = np.broadcast_to(answer.constraint_breaks_window, count)
    for place in range(count):
        limit = bound[place] if bounded and bound[place] != NO_DAY else None
        dates = nominal[place], earliest[place], latest[place], limit
        day, flag = naive_planned(calendar, resource, also, dates, roll)
        assert int(answer.days[place]) == day
        assert bool(no_open_day[place]) == (flag == "no_open_day_in_window")
        assert bool(breaks[place]) == (flag == "constraint_breaks_window")


def test_subjects_of_different_calendars_are_looked_up_in_their_own() -> None:
    one, other = random_calendar(Random(7)), random_calendar(Random(8))
    day = next(day for day in range(20300, 21000) if is_open(one, "clinic", day) and not is_open(other, "clinic", day))
    lookup = Lookup([open_days(one, "clinic"), open_days(other, "clinic")], np.array([0, SIZE], dtype=np.int32))
    days = np.array([day, day], dtype=np.int32)
    assert lookup.on_or_after(days).tolist() == [day, naive_after(other, "clinic", day)]
    assert lookup.at(np.array([1])).on_or_before(days[:1]).tolist() == [naive_before(other, "clinic", day)]
