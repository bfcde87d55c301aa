"""Today and Deviations in a real browser: acting, filtering, taking along, keyboard, narrow and dark."""

import csv
import io
import re

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Page, expect

from tests.ui.browser import accessibility_faults, choose, sideways, taken_along, wait_until_settled
from tests.ui.conftest import DESK, PHONE, OpenPage

pytestmark = pytest.mark.e2e


def expect_rows(page: Page, count: int) -> None:
    expect(page.get_by_role("row")).to_have_count(count)


def row(page: Page, text: str) -> Locator:
    return page.get_by_role("row").filter(has_text=text).first


def test_a_coordinator_finds_and_acts(open_page: OpenPage) -> None:
    page = open_page("/")
    page.get_by_role("radio", name="Overdue 4").click()
    page.wait_for_url("**/*view=overdue*")
    expect_rows(page, 5)
    choose(page, "Site", "NYC")
    page.wait_for_url("**/*site=NYC*")
    expect_rows(page, 3)

    lists = list(csv.DictReader(io.StringIO(taken_along(page, "As CSV")[1].decode("utf-8-sig"))))
    assert {(line["kind"], line["site"]) for line in lists} == {("overdue", "NYC")}
    assert len(lists) == 2
    workbook = load_workbook(io.BytesIO(taken_along(page, "As a workbook (.xlsx)")[1]))
    assert workbook.sheetnames == ["all", "NYC"]

    page.go_back()
    expect_rows(page, 5)
    page.get_by_role("button", name="Done BEI-018 M10").click()
    expect(page.get_by_role("dialog")).to_contain_text("BEI-018")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Open BEI-018 M10").click()
    page.wait_for_url("**/subject?*")
    for entry in ("subject=ulrrc%2FBEI-018", "visit=M10"):
        expect(page).to_have_url(re.compile(entry))
    page.go_back()
    page.wait_for_url("**/*view=overdue*")
    expect_rows(page, 5)


def test_the_keyboard_reaches_the_first_act(open_page: OpenPage) -> None:
    page = open_page("/")
    page.get_by_role("link", name="Skip to the first visit").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("BEI-018")


def test_a_deviation_is_classed_and_taken_back(open_page: OpenPage, own_server: str) -> None:
    page = open_page("/deviations", at=own_server)
    page.get_by_role("button", name="Class BEI-004 F1").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Important", exact=True).click()
    dialog.get_by_role("textbox", name="Note").fill("<script>alert(1)</script> first day after the holidays")
    page.keyboard.press("Tab")
    wait_until_settled(page)
    assert accessibility_faults(page) == []
    dialog.get_by_role("button", name="Class", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(row(page, "BEI-004")).to_contain_text("nurse1")
    expect(row(page, "BEI-004")).to_contain_text("“<script>alert(1)</script> first day after the holidays”")
    plain = taken_along(page, "As CSV")[1].decode()
    assert "important" in plain
    assert "holidays" not in plain
    workbook = load_workbook(io.BytesIO(taken_along(page, "As a workbook (.xlsx)")[1]))
    assert any("important" in [cell.value for cell in line] for line in workbook.worksheets[0].rows)
    page.get_by_text("With the explanations").click()
    wait_until_settled(page)
    assert "holidays" in taken_along(page, "As CSV")[1].decode()
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "BEI-004")).to_contain_text("to be classed")


@pytest.mark.long  # test_every_page_browser looks at each of these pages once in every run
@pytest.mark.parametrize(("scheme", "language"), [("light", "en"), ("dark", "zh-CN")])
def test_nothing_stands_in_anybodys_way(scheme: str, language: str, open_page: OpenPage) -> None:
    for path in ("/?view=overdue", "/deviations?site=BEI&study=crlm"):
        page = open_page(f"{path}&lang={language}", scheme)
        page.get_by_role("row").nth(1).wait_for()
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            assert accessibility_faults(page) == [], (path, size)
            assert sideways(page) <= 0, (path, size)
        page.context.close()
