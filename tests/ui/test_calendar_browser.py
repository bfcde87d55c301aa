"""The clinic's calendar in a real browser: from a month to a day to a visit and back, taking along, narrow and dark."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.ui.browser import accessibility_faults, wait_until_settled
from tests.ui.conftest import DESK, PHONE, OpenPage

pytestmark = pytest.mark.e2e


def settled(page: Page) -> None:
    # The press first has to reach the server.
    page.wait_for_timeout(300)
    wait_until_settled(page)


def downloaded(page: Page, button: str) -> tuple[str, bytes]:
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def sideways(page: Page) -> int:
    scroll: int = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    return scroll


def test_from_the_month_to_a_visit_and_back(open_page: OpenPage) -> None:
    page = open_page("/calendar?view=month&site=BEI")
    link = page.get_by_role("link", name="19 Nov: show the day")
    link.focus()
    page.keyboard.press("Enter")
    settled(page)
    expect(page.get_by_role("heading", name="Thursday 19 November 2026")).to_be_visible()
    assert "view=day" in page.url
    assert "day=2026-11-19" in page.url
    assert "site=BEI" in page.url
    page.get_by_role("link", name="SCR Screening").click()
    page.wait_for_url("**/subject?*")
    assert "subject=ulrrc%2FBEI-001" in page.url
    assert "visit=SCR" in page.url
    settled(page)
    page.go_back()
    settled(page)
    expect(page.get_by_role("heading", name="Thursday 19 November 2026")).to_be_visible()
    page.go_back()
    settled(page)
    expect(page.get_by_role("heading", name="November 2026", exact=True)).to_be_visible()
    page.get_by_role("radio", name="By week").click()
    settled(page)
    page.get_by_role("button", name="Week after").click()
    settled(page)
    expect(page.get_by_role("heading", name="Week 48: 23 to 29 November 2026")).to_be_visible()

    name, lines = downloaded(page, "CSV")
    assert name == "visits-2026-W48-BEI.csv"
    assert {line["site"] for line in csv.DictReader(io.StringIO(lines.decode("utf-8-sig")))} == {"BEI"}
    name, sheet = downloaded(page, "Day sheet of week 48")
    assert name == "day-sheet-BEI-2026-W48.pdf"
    assert sheet.startswith(b"%PDF")


def test_a_feed_of_the_site_is_made(open_page: OpenPage, own_server: str) -> None:
    page = open_page("/calendar?site=BEI", at=own_server)
    page.get_by_role("button", name="Calendar feed").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("combobox", name="What it holds")).to_have_value("Everything at BEI")
    settled(page)
    assert accessibility_faults(page) == []
    dialog.get_by_role("button", name="Make the feed").click()
    expect(dialog).to_contain_text("/feed/")
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    expect(dialog).to_have_count(0)


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
