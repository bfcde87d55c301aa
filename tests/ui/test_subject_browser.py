"""A subject's page in a browser: the calendar by keyboard, the panel of a visit, files, the feed, both colours, a phone, and paper."""

import re
import urllib.request
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from planner.ui.view_state import SUBJECT_VIEWS, view_names
from tests.ui.browser import accessibility_faults, printed_text, taken_along, wait_until_settled
from tests.ui.conftest import DESK, PHONE, OpenPage

pytestmark = pytest.mark.e2e

SUBJECT = "/subject?subject=ulrrc/BEI-004"


def visit(page: Page, name: str) -> Locator:
    return page.locator("button.visit").and_(page.get_by_role("button", name=name))


def open_view(page: Page, view: str) -> None:
    page.get_by_role("tab", name=view_names()[view]).click()
    expect(page.get_by_role("tab", name=view_names()[view])).to_have_attribute("aria-selected", "true")
    wait_until_settled(page)


def test_a_visit_is_looked_at_and_acted_on_by_keyboard(open_page: OpenPage) -> None:
    page = open_page(SUBJECT)
    c3d1 = visit(page, "C3D1: Cycle 3 day 1, Monday 7 December, booked, window 4 to 10 December, booked at 10:30")
    c3d1.focus()
    page.keyboard.press("ArrowDown")
    expect(visit(page, "ASSESS: ")).to_be_focused()
    page.keyboard.press("Enter")
    panel = page.get_by_role("region", name="ASSESS: why this date")
    expect(panel).to_contain_text("Its dates so far, the newest first")
    wait_until_settled(page)
    expect(visit(page, "ASSESS: ")).to_be_focused()
    expect(page).to_have_url(re.compile("visit=ASSESS"))
    panel.get_by_role("button", name="Record done").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    wait_until_settled(page)
    visit(page, "ASSESS: ").focus()
    page.keyboard.press("PageDown")
    expect(page.get_by_role("combobox", name="Month shown")).to_have_value("2027-01")
    wait_until_settled(page)
    page.keyboard.press("Alt+m")
    expect(page.get_by_role("dialog")).to_contain_text("ASSESS")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    wait_until_settled(page)
    page.go_back()
    wait_until_settled(page)
    expect(page.get_by_role("combobox", name="Month shown")).to_have_value("2026-12")


def test_files_and_a_feed_are_taken_along(open_page: OpenPage, own_server: str) -> None:
    page = open_page(SUBJECT, at=own_server)
    printed = printed_text(taken_along(page, "Print")[1])
    for said in ("BEI-004", "December 2026", "Screening"):
        assert said in printed, printed
    page.get_by_role("button", name="Take along").click()
    printed = printed_text(taken_along(page, "Print in Chinese")[1])
    for said in ("您的访视日历", "BEI-004", "2026 年 12 月 7 日 星期一"):
        assert said in printed, printed
    calendar = taken_along(page, "Calendar file (.ics)")[1].decode()
    assert calendar.startswith("BEGIN:VCALENDAR")
    assert calendar.count("BEGIN:VEVENT") > 5
    assert "C3D1" in taken_along(page, "Table (.csv)")[1].decode()
    page.get_by_role("button", name="Calendar feed").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Make the feed").click()
    address = dialog.locator("code").first
    expect(address).to_contain_text("/feed/")
    with urllib.request.urlopen(address.inner_text().strip(), timeout=10) as answer:
        assert b"BEGIN:VCALENDAR" in answer.read()
    assert accessibility_faults(page) == []


@pytest.mark.long  # test_every_page_browser looks at each of these pages once in every run
@pytest.mark.parametrize(("scheme", "size"), [("light", DESK), ("dark", DESK), ("light", PHONE)])
def test_every_view_is_accessible_and_fits_the_screen(open_page: OpenPage, scheme: Literal["light", "dark"], size: ViewportSize) -> None:
    page = open_page(f"{SUBJECT}&visit=MDT&month=2027-01&all=yes", color_scheme=scheme, size=size)
    for view in SUBJECT_VIEWS:
        open_view(page, view)
        assert accessibility_faults(page) == [], view
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], view
        assert page.get_by_test_id("stMainBlockContainer").evaluate("main => main.scrollWidth <= main.clientWidth"), view


def test_on_paper_there_is_the_month_alone(open_page: OpenPage) -> None:
    page = open_page(f"{SUBJECT}&visit=C3D1", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    for role, name in (("button", "More acts"), ("tab", "Timeline"), ("button", "Back to Today"), ("combobox", "Month shown")):
        expect(page.get_by_role(role, name=name)).to_be_hidden()  # type: ignore[arg-type]
    expect(page.get_by_text("December 2026", exact=True)).to_be_visible()
    expect(visit(page, "C3D1: ")).to_be_visible()
    assert page.locator("td.busy").first.evaluate("cell => getComputedStyle(cell).color") == "rgb(0, 0, 0)"


def test_in_chinese_the_page_and_the_calendar_are_chinese(open_page: OpenPage) -> None:
    page = open_page(f"{SUBJECT}&lang=zh-CN")
    expect(page.get_by_role("heading", name="受试者 BEI-004")).to_be_visible()
    visit(page, "C3D1: ").click()
    expect(page.get_by_role("region", name="C3D1：日期的由来")).to_contain_text("携带")
    assert accessibility_faults(page) == []
