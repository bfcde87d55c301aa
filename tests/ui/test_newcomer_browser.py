"""A newcomer's path on an empty machine, in a real browser; and the pages on the way, in light and dark, on a desk and on a phone."""

import io
import re
from datetime import date
from typing import Literal

import icalendar
import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.ui.browser import accessibility_faults, choose, taken_along, wait_until_settled
from tests.ui.conftest import PHONE, OpenPage

pytestmark = pytest.mark.e2e

MILLISECONDS_FOR_THE_DEMONSTRATION = 120_000
ENROLLING = "/new-subject?protocol=ulrrc&site=BEI&start=2026-12-07"


def settled_at(page: Page, title: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    wait_until_settled(page)


def enter_day(page: Page, label: str, day: date) -> None:
    """Type a date as a person does, and go on: an open month keeps the date to itself until it is closed."""
    page.get_by_role("spinbutton", name=f"year, {label}").click()
    page.keyboard.type(f"{day:%Y%m%d}")
    page.get_by_role("heading", level=1).click()
    wait_until_settled(page)


def test_a_newcomer_s_path(open_page: OpenPage, empty_server: str) -> None:
    page = open_page("/", at=empty_server)
    settled_at(page, "Welcome to the trial visit planner")
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="Show the demonstration").click()
    expect(page.get_by_text("All its subjects are invented")).to_be_visible(timeout=MILLISECONDS_FOR_THE_DEMONSTRATION)
    settled_at(page, "Today")
    expect(page.get_by_text("Tour, step 1 of 3")).to_be_visible()
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="Next", exact=True).click()
    settled_at(page, "Subjects")
    page.get_by_role("button", name="End the tour").click()
    expect(page.get_by_text("Tour, step")).to_have_count(0)

    page.get_by_role("link", name="New subject").first.click()
    settled_at(page, "New subject")
    page.get_by_role("button", name="Use ulrrc").click()
    wait_until_settled(page)
    choose(page, "Site", "BEI")
    page.get_by_role("textbox", name="Subject number").fill("BEI-901")
    page.keyboard.press("Tab")
    wait_until_settled(page)
    enter_day(page, "Start date (cycle 1 day 1)", date(2026, 12, 7))
    enter_day(page, "Informed consent signed", date(2026, 11, 19))
    expect(page).to_have_url(re.compile("milestone.CONSENT=2026-11-19"))
    expect(page.get_by_role("button", name=re.compile("^F1: SBRT fraction 1"))).to_be_visible()
    assert "BEI-901" not in page.url
    choose(page, "Could become pregnant", "no")
    choose(page, "Contraception applies", "yes")
    expect(page.get_by_role("button", name="Enrol", exact=True)).to_be_enabled()
    page.get_by_role("button", name="Enrol", exact=True).click()
    settled_at(page, re.compile("BEI-901"))
    expect(page.get_by_text("Saved ulrrc/BEI-901")).to_be_visible()

    pages = PdfReader(io.BytesIO(taken_along(page, re.compile("^Print"))[1])).pages
    assert "BEI-901" in pages[0].extract_text()
    page.get_by_role("button", name="Take along").click()
    events = icalendar.Calendar.from_ical(taken_along(page, "Calendar file (.ics)")[1]).walk("VEVENT")
    start = next(event for event in events if str(event["SUMMARY"]).endswith("BEI-901 C1D1"))
    assert str(start["DTSTART"].dt) == "2026-12-07"
    page.keyboard.press("Escape")

    page.get_by_role("link", name="Today").first.click()
    settled_at(page, "Today")
    page.get_by_role("radio", name=re.compile("^Overdue")).click()
    wait_until_settled(page)
    done = page.get_by_role("button", name=re.compile("^Done"))
    row = page.get_by_role("row").filter(has=done).first
    subject, visit = row.get_by_role("link").inner_text(), row.locator("td b").first.inner_text()
    late = page.get_by_role("row").filter(has=page.get_by_role("link", name=subject)).filter(has_text=visit)
    done.first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Save as done")).to_have_count(0)
    dialog.get_by_role("button", name=re.compile("^On its (planned|booked) day")).click()
    dialog.get_by_role("button", name="Save as done").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text(re.compile("^Saved .* done on"))).to_be_visible()
    expect(late).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".st-key-notice")).to_contain_text("Taken back")
    expect(late).to_have_count(1)


def test_a_subject_is_opened_without_leaving_the_session(open_page: OpenPage) -> None:
    page = open_page("/subjects?site=NYC")
    first = page.get_by_role("link", name=re.compile(r"^(NYC|BEI)-\d{3}$")).first
    number = first.inner_text()
    page.evaluate("window.stays = true")
    first.click()
    settled_at(page, re.compile(number))
    assert page.evaluate("window.stays") is True
    page.go_back()
    settled_at(page, "Subjects")
    expect(page).to_have_url(re.compile("site=NYC"))
    assert taken_along(page, "As CSV")[1].decode("utf-8-sig").startswith("subject,state,start,")
    sheet = load_workbook(io.BytesIO(taken_along(page, "As a workbook (.xlsx)")[1])).worksheets[0]
    assert number in [cell.value for line in sheet.rows for cell in line]


@pytest.mark.long  # test_every_page_browser looks at each of these pages once in every run
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible_and_need_no_sideways_scrolling(open_page: OpenPage, scheme: Literal["light", "dark"]) -> None:
    page = open_page("/subjects?state=overdue", scheme)
    assert page.evaluate("document.documentElement.lang") == "en"
    page.get_by_text("Import subjects or visit dates from a file").click()
    wait_until_settled(page)
    for path in ("", ENROLLING, "/help?topic=keyboard"):
        if path:
            page.goto(path)
            wait_until_settled(page)
        assert accessibility_faults(page) == [], path
        page.set_viewport_size(PHONE)
        wait_until_settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        assert page.get_by_test_id("stMainBlockContainer").evaluate("main => main.scrollWidth <= main.clientWidth"), path
        assert accessibility_faults(page) == [], path
        page.set_viewport_size({"width": 1280, "height": 800})


def test_the_language_is_switched_in_place(open_page: OpenPage) -> None:
    page = open_page(ENROLLING)
    page.get_by_role("textbox", name="Subject number").fill("BEI-902")
    page.keyboard.press("Tab")
    wait_until_settled(page)
    page.get_by_role("radio", name="简体中文").click()
    settled_at(page, "新受试者")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.get_by_role("textbox", name="受试者编号")).to_have_value("BEI-902")
    for entry in ("lang=zh-CN", "start=2026-12-07"):
        expect(page).to_have_url(re.compile(entry))
    assert accessibility_faults(page) == []
