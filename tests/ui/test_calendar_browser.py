"""The clinic's calendar in a real browser: from a month to a day to a visit and back, taking along, narrow and dark."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from tests.ui.browser import accessibility_faults, printed_text, sideways, taken_along, wait_until_settled
from tests.ui.conftest import DESK, PHONE, OpenPage

pytestmark = pytest.mark.e2e


def test_from_the_month_to_a_visit_and_back(open_page: OpenPage) -> None:
    page = open_page("/calendar?view=month&site=BEI")
    link = page.get_by_role("link", name="19 Nov: show the day")
    link.focus()
    page.keyboard.press("Enter")
    wait_until_settled(page)
    expect(page.get_by_role("heading", name="Thursday 19 November 2026")).to_be_visible()
    for entry in ("view=day", "day=2026-11-19", "site=BEI"):
        expect(page).to_have_url(re.compile(entry))
    page.get_by_role("link", name="SCR Screening").click()
    page.wait_for_url("**/subject?*")
    for entry in ("subject=ulrrc%2FBEI-001", "visit=SCR"):
        expect(page).to_have_url(re.compile(entry))
    wait_until_settled(page)
    page.go_back()
    wait_until_settled(page)
    expect(page.get_by_role("heading", name="Thursday 19 November 2026")).to_be_visible()
    page.go_back()
    wait_until_settled(page)
    expect(page.get_by_role("heading", name="November 2026", exact=True)).to_be_visible()
    page.get_by_role("radio", name="By week").click()
    wait_until_settled(page)
    page.get_by_role("button", name="Week after").click()
    wait_until_settled(page)
    expect(page.get_by_role("heading", name="Week 48: 23 to 29 November 2026")).to_be_visible()

    name, lines = taken_along(page, "CSV")
    assert name == "visits-2026-W48-BEI.csv"
    assert {line["site"] for line in csv.DictReader(io.StringIO(lines.decode("utf-8-sig")))} == {"BEI"}
    name, sheet = taken_along(page, "Day sheet of week 48")
    assert name == "day-sheet-BEI-2026-W48.pdf"
    printed = printed_text(sheet)
    for said in ("BEI-003", "Tuesday 24 November 2026", "Sites: BEI"):
        assert said in printed, printed


def test_a_feed_of_the_site_is_made(open_page: OpenPage, own_server: str) -> None:
    page = open_page("/calendar?site=BEI", at=own_server)
    page.get_by_role("button", name="Calendar feed").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("combobox", name="What it holds")).to_have_value("Everything at BEI")
    wait_until_settled(page)
    assert accessibility_faults(page) == []
    dialog.get_by_role("button", name="Make the feed").click()
    expect(dialog).to_contain_text("/feed/")
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    expect(dialog).to_have_count(0)


@pytest.mark.long  # test_every_page_browser looks at each of these pages once in every run
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_anybodys_way(scheme: str, open_page: OpenPage) -> None:
    for path, size in (
        ("/calendar", DESK),
        ("/calendar?view=month&site=BEI", DESK),
        ("/calendar?view=month&lang=zh-CN", PHONE),
        ("/calendar?view=day&day=2026-11-16&lang=zh-CN", PHONE),
    ):
        page = open_page(path, scheme, size=size)
        page.locator("a.day-link, a.visit").first.wait_for()
        assert accessibility_faults(page) == [], path
        assert sideways(page) <= 0, path
        page.context.close()
