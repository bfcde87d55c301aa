"""What the calendar says of a day: how busy it is, whether it is closed, which days belong together."""

from datetime import date

import numpy as np
import pytest

from planner.capacity.clinic_visits import Wanted
from planner.schedule.calendar import SiteCalendar
from planner.schedule.days import day_number
from planner.ui.clinic.busy import SIGNS, Busy, busy_words, is_open
from planner.ui.clinic.closed_days import DayNote, day_note
from planner.ui.clinic.days_html import busy_html
from planner.ui.clinic.feed_dialog import feed_choices, usual_choice
from planner.ui.clinic.span import FIRST_DAY, LAST_DAY, span_of
from planner.ui.language import speaking

MONDAY = date(2026, 11, 16)


def busy(coming: int, places: int, *, open_: bool = True, site: str = "") -> Busy:
    return Busy(site, "linac", coming, 1, places, open_)


@pytest.mark.parametrize(
    ("line", "pressure", "words"),
    [
        (busy(5, 4), "over", "linac 5 of 4: one too many"),
        (busy(7, 4, site="BEI"), "over", "BEI linac 7 of 4: 3 too many"),
        (busy(4, 4), "full", "linac 4 of 4: full"),
        (busy(3, 4), "room", "linac 3 of 4"),
        (busy(3, 0), "unknown", "linac 3"),
        (busy(1, 4, open_=False), "closed", "linac 1: closed"),
        (Busy("", "clinic", 9, 1, 0, is_open=True, is_sum=True), "sum", "clinic 9"),
    ],
)
def test_how_busy_it_is_is_said_by_sign_and_words(line: Busy, pressure: str, words: str) -> None:
    assert (line.pressure, busy_words(line)) == (pressure, words)
    html = busy_html([line])
    assert words in html
    assert SIGNS[line.pressure] in html


def test_it_is_said_in_chinese() -> None:
    with speaking("zh-CN"):
        assert busy_words(busy(5, 4)) == "直线加速器 5/4 人次：超出 1 人次"
        assert "门诊" in busy_words(Busy("", "clinic", 1, 0, 0, is_open=True))


def test_names_of_resources_are_text() -> None:
    assert "<img" not in busy_html([Busy("", "<img src=x>", 1, 0, 0, is_open=True)])


def calendar(closed: dict[date, str], *, make_up: str = "") -> SiteCalendar:
    """Open on all days of two weeks but those ``closed``."""
    days = np.ones(14, dtype=np.bool_)
    for day in closed:
        days[(day - MONDAY).days] = False
    notes = {day_number(day): name for day, name in closed.items() if name}
    if make_up:
        notes[day_number(MONDAY)] = make_up
    return SiteCalendar("X", "UTC", day_number(MONDAY), {"clinic": days, "linac": days & False}, np.zeros(14, dtype=np.bool_), notes)


def test_closed_days_are_named() -> None:
    tuesday = date(2026, 11, 17)
    one = {"BEI": calendar({tuesday: "Founding day"}, make_up="Make-up day")}
    assert day_note(one, tuesday) == DayNote(is_closed=True, text="Founding day (closed)")
    assert day_note(one, MONDAY) == DayNote(is_closed=False, text="Make-up day (open)")
    assert day_note(one, MONDAY, "linac").is_closed
    two = {**one, "NYC": calendar({})}
    assert day_note(two, tuesday) == DayNote(is_closed=False, text="BEI: Founding day (closed)")
    many = {f"S{number}": calendar({tuesday: f"Day {number}"}) for number in range(5)}
    assert day_note({**many, "NYC": None}, tuesday) == DayNote(is_closed=False, text="closed at 5 sites")
    assert day_note({"A": calendar({tuesday: ""}), "B": calendar({tuesday: ""})}, tuesday) == DayNote(is_closed=True, text="closed")


def test_outside_the_calendar_nothing_is_known_to_be_closed() -> None:
    assert is_open(calendar({}), "linac", date(2040, 1, 1))
    assert is_open(None, "linac", MONDAY)
    assert not is_open(calendar({}), "linac", MONDAY)


def test_the_days_that_belong_together() -> None:
    week = span_of("week", date(2026, 11, 20))
    assert (week.first, week.last, week.in_words()) == (MONDAY, date(2026, 11, 22), "Week 47: 16 to 22 November 2026")
    assert (week.beside(-1), week.beside(1)) == (date(2026, 11, 9), date(2026, 11, 23))
    month = span_of("month", date(2028, 2, 29))
    assert (month.count, month.beside(1), month.in_words()) == (29, date(2028, 3, 1), "February 2028")
    assert span_of("day", LAST_DAY).beside(1) is None
    assert span_of("month", FIRST_DAY).beside(-1) is None
    assert span_of("week", FIRST_DAY).beside(-1) is None
    with speaking("zh-CN"):
        assert week.in_words() == "第 47 周：2026年11月16日至22日"


def test_a_feed_is_usually_of_what_is_looked_at() -> None:
    choices = feed_choices(["BEI", "NYC"], ["crlm"], [("BEI", "linac"), ("NYC", "linac")])
    assert [choice.of for choice in choices] == ["BEI", "BEI/linac", "NYC", "NYC/linac", "crlm"]
    assert choices[usual_choice(choices, Wanted("NYC", "crlm", "linac"))].of == "NYC/linac"
    assert choices[usual_choice(choices, Wanted("NYC", "", "chair"))].of == "NYC"
    assert choices[usual_choice(choices, Wanted("", "crlm"))].of == "crlm"
    assert usual_choice(choices, Wanted()) == 0
