"""The month's table: what a person sees and what a screen reader says."""

import re
from dataclasses import replace
from datetime import date, time
from html.parser import HTMLParser

import pytest

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.ui.beside import Beside
from planner.ui.language import language, speaking
from planner.ui.month_bar import month_after, months_with_visits
from planner.ui.month_table import Month, legend_html, month_html
from planner.ui.preview import Preview
from planner.ui.why_html import why_html
from planner.ui.words import condition_words
from tests.ui.worked_example import preview

VOID = {"br", "hr", "img", "input"}


def table(example: Preview, first: date, picked: str | None = None, *, every: bool = False) -> str:
    rows = example.all_rows if every else example.rows
    row = example.row(picked) if picked else None
    notes = {row.visit: condition_words(example.plan.protocol, example.shape(row)) for row in rows if row.status == "conditional"}
    why = why_html(example, row, Beside()) if row else ""
    texts = ProtocolTexts(example.plan.protocol, language())
    return month_html(Month(first, rows, example.calendar, example.as_of, texts, frozenset({"C3D1"}), notes, picked, why))


def names(html: str) -> list[str]:
    """The names of the visits' buttons, as a screen reader says them."""
    return re.findall(r'class="visit[^"]*"[^>]*aria-label="([^"]*)"', html)


def cell(html: str, day: int) -> str:
    """The cell of a day of the month shown."""
    number = rf'<span class="number"><span class="weekday">\w+ </span>{day}</span>'
    found = re.search(rf'<td role="cell" class="(?![^"]*other)[^"]*"><div class="head">{number}.*?</td>', html, re.S)
    assert found is not None
    return found[0]


class Balance(HTMLParser):
    """Fails on a tag that is not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("month", range(1, 13))
def test_the_markup_is_whole(month: int) -> None:
    balance = Balance()
    balance.feed(table(preview(), date(2026, month, 1), "ASSESS", every=True))
    assert balance.open == []


def test_a_visit_is_said_in_full() -> None:
    assert "C3D1: Cycle 3 day 1, Friday 17 April, planned, window 14 to 20 April, has parts to confirm" in names(
        table(preview(), date(2026, 4, 1))
    )


def test_a_visit_stands_on_its_day() -> None:
    assert 'data-value="F1"' in cell(table(preview(), date(2026, 3, 1)), 16)
    assert 'data-value="F1"' not in cell(table(preview(), date(2026, 3, 1)), 17)


def test_visits_of_one_day_stand_together() -> None:
    html = cell(table(preview(set__regimen="mFOLFOX6"), date(2026, 5, 1)), 11)
    assert html.count("<ul") == 1
    assert '<p class="together">2 visits on this day</p>' in html
    assert 'data-value="C5D1"' in html
    assert 'data-value="PD1-2"' in html


def test_a_status_is_said_by_sign_and_in_words() -> None:
    html = table(preview(on="2026-03-03"), date(2026, 3, 1))
    assert "! overdue" in cell(html, 2)
    assert "○ planned" in cell(html, 16) or "waits" in cell(html, 16)


def test_a_booked_time_is_shown_and_said() -> None:
    example = preview()
    rows = [replace(row, certainty="booked", booked_at=time(9, 30)) if row.visit == "C3D1" else row for row in example.rows]
    texts = ProtocolTexts(example.plan.protocol, "en")
    html = month_html(Month(date(2026, 4, 1), rows, example.calendar, example.as_of, texts, frozenset(), {}))
    assert "▣ booked at 09:30" in cell(html, 17)
    assert "C3D1: Cycle 3 day 1, Friday 17 April, booked, window 14 to 20 April, booked at 09:30" in names(html)


def test_the_month_is_said_in_chinese() -> None:
    with speaking("zh-CN"):
        html = table(preview(), date(2026, 4, 1)) + legend_html()
        assert "日期的由来" in table(preview(), date(2026, 4, 1), "C3D1")
    assert "2026年4月" in html
    assert "周五" in html
    # Nothing that the screens themselves say is left in English.
    for word in ("window", "planned", "closed", "Legend", "Previous month", "visits"):
        assert word not in re.sub(r'(class|data-[a-z]+|id|aria-controls)="[^"]*"', "", html), word


def test_windows_are_bars() -> None:
    html = table(preview(), date(2026, 4, 1))
    assert "C3D1 window to 20 Apr" in cell(html, 14)
    assert "window kind-treatment ends" in cell(html, 20)
    assert "window kind-treatment" not in cell(html, 21)


def test_closed_days_have_their_holiday_s_name_and_make_up_days_say_that_they_are_open() -> None:
    html = table(preview(), date(2026, 5, 1))
    assert "closed" in cell(html, 1).split(">")[0]
    assert "Labor Day" in cell(html, 1)
    assert "closed" not in cell(html, 9).split(">")[0]
    assert "(open)" in cell(html, 9)


def test_days_of_the_months_beside_show_their_visits_too() -> None:
    html = table(preview(), date(2026, 3, 1))
    assert "24 Feb" in html
    assert 'data-value="SCR"' in html


def test_the_visit_picked_is_explained_under_its_week() -> None:
    html = table(preview(), date(2026, 4, 1), "ASSESS")
    assert html.count('id="why"') == 1
    assert html.index('data-value="ASSESS"') < html.index('id="why"')
    assert re.search(r'data-value="ASSESS"[^>]*aria-expanded="true" aria-controls="why"', html)
    for text in (
        "Labor Day",
        "To bring",
        "To prepare",
        "Confirm against the approved protocol: window (registry)",
        "Thursday 30 April 2026",
    ):
        assert text in html


def test_a_visit_picked_in_another_month_is_not_explained_here() -> None:
    assert 'id="why"' not in table(preview(), date(2026, 6, 1), "ASSESS")


def test_a_conditional_visit_says_on_what() -> None:
    (surgery,) = (name for name in names(table(preview(), date(2026, 7, 1), every=True)) if name.startswith("SURG:"))
    assert "depends on a decision" in surgery
    assert "only if Surgery" in surgery


def test_an_empty_month_says_what_to_do() -> None:
    assert "Choose another month" in table(preview(), date(2029, 6, 1))


def test_months_are_counted() -> None:
    months = months_with_visits(preview().rows)
    assert months[date(2026, 3, 1)] == 8
    assert list(months) == sorted(months)


@pytest.mark.parametrize(("months", "first"), [(1, date(2027, 1, 1)), (-1, date(2026, 11, 1)), (-12, date(2025, 12, 1))])
def test_the_months_beside(months: int, first: date) -> None:
    assert month_after(date(2026, 12, 1), months) == first
