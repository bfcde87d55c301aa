"""Days in words."""

from __future__ import annotations

from datetime import date

import pytest

from planner.exchange.prints.day_names import DayNames

ENGLISH, CHINESE = DayNames("en"), DayNames("zh-CN")
FRIDAY = date(2026, 4, 17)


def test_days_are_written_as_people_write_them() -> None:
    assert ENGLISH.long_day(FRIDAY) == "Friday 17 April 2026"
    assert CHINESE.long_day(FRIDAY) == "2026年4月17日 星期五"
    assert ENGLISH.short_day(FRIDAY) == "Fri 17 April 2026"
    assert CHINESE.short_day(FRIDAY) == "2026年4月17日 周五"
    assert (ENGLISH.month(2026, 4), CHINESE.month(2026, 4)) == ("April 2026", "2026年4月")


def test_weeks_begin_on_monday() -> None:
    assert ENGLISH.weekdays()[0] == "Monday"
    assert CHINESE.weekdays() == ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


@pytest.mark.parametrize(
    ("first", "last", "english", "chinese"),
    [
        (FRIDAY, FRIDAY, "17 April 2026", "2026年4月17日"),
        (FRIDAY, date(2026, 4, 20), "17 to 20 April 2026", "2026年4月17日至20日"),
        (FRIDAY, date(2026, 5, 2), "17 April to 2 May 2026", "2026年4月17日至5月2日"),
        (FRIDAY, date(2027, 1, 2), "17 April 2026 to 2 January 2027", "2026年4月17日至2027年1月2日"),
    ],
)
def test_a_span_says_no_more_than_it_needs(first: date, last: date, english: str, chinese: str) -> None:
    assert ENGLISH.days(first, last) == english
    assert CHINESE.days(first, last) == chinese


@pytest.mark.parametrize(
    ("last", "english", "chinese"),
    [(FRIDAY, "17 Apr", "4/17"), (date(2026, 4, 20), "17–20 Apr", "4/17–4/20"), (date(2026, 5, 2), "17 Apr–2 May", "4/17–5/2")],
)
def test_a_span_in_a_narrow_place(last: date, english: str, chinese: str) -> None:
    assert ENGLISH.days_of_year(FRIDAY, last) == english
    assert CHINESE.days_of_year(FRIDAY, last) == chinese
