"""Trying a schedule as a person does: one whole path, by mouse and by keyboard, in light and in dark, on a desk and on a phone."""

import csv
import io
import re
from datetime import date
from typing import Literal
from urllib.parse import urlencode

import icalendar
import pytest
from playwright.sync_api import Locator, Page, expect

from planner.ui.view_state import PLAN_VIEWS, view_names
from tests.ui.browser import accessibility_faults, choose, taken_along, wait_until_settled
from tests.ui.conftest import OpenPage
from tests.ui.worked_example import DATES, ENTRIES

pytestmark = pytest.mark.e2e

LINK = {name: text for name, text in ENTRIES.items() if name != "subject"}
PHONE = {"width": 390, "height": 844}


def linked(view: str = "month", **more: str) -> str:
    return f"/plan?{urlencode({**LINK, 'view': view, **more})}"


def enter_day(page: Page, label: str, day: date) -> None:
    """Type a date as a person does: the year, the month and the day one after the other."""
    page.get_by_role("spinbutton", name=f"year, {label}").click()
    page.keyboard.type(f"{day:%Y%m%d}")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    wait_until_settled(page)


def visit(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def test_the_whole_path(open_page: OpenPage) -> None:
    page = open_page("/plan")
    choose(page, "Protocol", re.compile("ulrrc"))
    expect(page.get_by_role("heading", name="recurrent rectal cancer")).to_be_visible()
    choose(page, "Site calendar", re.compile("China"))
    enter_day(page, "Start date", date(2026, 3, 2))
    enter_day(page, "Informed consent signed", date(2026, 2, 20))
    enter_day(page, "As of", date(2026, 2, 20))
    page.get_by_role("textbox", name="Subject number").fill("0042")
    page.keyboard.press("Enter")
    wait_until_settled(page)

    fraction = visit(page, "F1: SBRT fraction 1, Monday 16 March, planned, window 9 to 16 March")
    expect(fraction).to_be_visible()
    expect(page.get_by_role("cell").filter(has=fraction)).to_contain_text("16")
    fraction.click()
    why = page.get_by_role("region", name="F1: why this date")
    expect(why).to_contain_text("Counted from C1D1")
    expect(why).to_contain_text("To prepare")
    expect(why).to_contain_text("Confirm against the approved protocol")
    expect(fraction).to_have_attribute("aria-expanded", "true")

    name, calendar_file = taken_along(page, "Calendar file (.ics)")
    assert name == "ULRRC-0042.ics"
    events = {str(event["SUMMARY"]): event for event in icalendar.Calendar.from_ical(calendar_file).walk("VEVENT")}
    assert {visit: str(events[f"ULRRC 0042 {visit}"]["DTSTART"].dt) for visit in DATES} == DATES
    name, table = taken_along(page, "Table (.csv)")
    assert name == "ULRRC-0042.csv"
    rows = {row["visit"]: row for row in csv.DictReader(io.StringIO(table.decode("utf-8")))}
    assert {visit: rows[visit]["planned"] for visit in DATES} == DATES
    assert rows["F1"]["subject"] == "0042"
    assert "0042" not in page.url


def test_the_month_by_keyboard(open_page: OpenPage) -> None:
    page = open_page(linked())
    visit(page, "C1D1: ").focus()
    page.keyboard.press("ArrowRight")
    expect(visit(page, "SIM: ")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(visit(page, "F1: ")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="F1: why this date")).to_be_visible()
    expect(visit(page, "F1: ")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name="F1: why this date")).to_be_hidden()
    page.keyboard.press("End")
    expect(visit(page, "C2D1: ")).to_be_focused()
    page.keyboard.press("PageDown")
    expect(page.get_by_role("table", name="Visits in April 2026")).to_be_visible()
    expect(page.get_by_role("button", name="Next month, May 2026")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table", name="Visits in May 2026")).to_be_visible()
    page.get_by_role("combobox", name="Month shown").select_option("September 2026: 1 visit")
    expect(visit(page, "FU2: ")).to_be_visible()
    wait_until_settled(page)
    expect(page).to_have_url(re.compile("month=2026-09"))


def test_back_brings_back_what_was_shown(open_page: OpenPage) -> None:
    page = open_page(linked())
    page.get_by_role("button", name="Next month, April 2026").click()
    expect(page.get_by_role("table", name="Visits in April 2026")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("table", name="Visits in March 2026")).to_be_visible()
    page.go_forward()
    expect(page.get_by_role("table", name="Visits in April 2026")).to_be_visible()


def test_quick_changes_are_all_kept(open_page: OpenPage) -> None:
    page = open_page(linked())
    more = page.get_by_test_id("stNumberInput").filter(has_text="Cycles after SBRT").get_by_test_id("stNumberInputStepUp")
    more.click()
    more.click()
    page.get_by_role("button", name="Next month, April 2026").click()
    expect(page.get_by_role("table", name="Visits in April 2026")).to_be_visible()
    wait_until_settled(page)
    expect(page.get_by_label("Cycles after SBRT")).to_have_value("6")
    expect(page).to_have_url(re.compile("set.cycles=6"))


def test_a_start_day_is_chosen_with_one_press(open_page: OpenPage) -> None:
    page = open_page(linked("starts", start="2026-02-09", on="2026-01-20", **{"milestone.CONSENT": "2026-01-20"}))
    expect(page.get_by_text("Start on Monday 9 February 2026:")).to_be_visible()
    page.get_by_role("button", name=re.compile("Start on Friday 23 January 2026: every visit")).click()
    expect(page.get_by_text("Start on Friday 23 January 2026: every visit fits")).to_be_visible()
    wait_until_settled(page)
    expect(page).to_have_url(re.compile("start=2026-01-23"))


def open_view(page: Page, view: str) -> None:
    page.get_by_role("tab", name=view_names()[view]).click()
    expect(page.get_by_role("tab", name=view_names()[view])).to_have_attribute("aria-selected", "true")
    wait_until_settled(page)


@pytest.mark.long  # test_every_page_browser looks at each of these pages once in every run
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_is_accessible(open_page: OpenPage, scheme: Literal["light", "dark"]) -> None:
    page = open_page(linked(visit="ASSESS", month="2026-04", all="yes"), color_scheme=scheme)
    for view in PLAN_VIEWS:
        open_view(page, view)
        assert accessibility_faults(page) == [], view


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/plan", "/plan?protocol=crlm", "/plan?protocol=crlm&start=2026-03-02&decide.management=watch_and_wait"])
def test_empty_and_faulty_screens_are_accessible(open_page: OpenPage, path: str, scheme: Literal["light", "dark"]) -> None:
    assert accessibility_faults(open_page(path, color_scheme=scheme)) == []


@pytest.mark.long  # test_every_page_browser looks at each of these pages once in every run
def test_a_phone_needs_no_sideways_scrolling(open_page: OpenPage) -> None:
    page = open_page(linked(visit="ASSESS", month="2026-04"))
    page.set_viewport_size(PHONE)
    page.reload()
    wait_until_settled(page)
    for view in PLAN_VIEWS:
        open_view(page, view)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], view
        assert page.get_by_test_id("stMainBlockContainer").evaluate("main => main.scrollWidth <= main.clientWidth"), view
        assert accessibility_faults(page) == [], view


def test_the_month_is_a_list_on_a_phone(open_page: OpenPage) -> None:
    page = open_page(linked())
    page.set_viewport_size(PHONE)
    expect(visit(page, "F1: ")).to_contain_text("window 9 to 16 March")
    expect(page.get_by_text("24", exact=True)).to_be_hidden()
    visit(page, "F1: ").click()
    expect(page.get_by_role("region", name="F1: why this date")).to_be_visible()


def test_nothing_is_fetched_from_elsewhere(open_page: OpenPage, server: str) -> None:
    page = open_page("/plan")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(linked())
    wait_until_settled(page)
    assert [address for address in asked if not address.startswith((server, "data:", "blob:", server.replace("http", "ws")))] == []
