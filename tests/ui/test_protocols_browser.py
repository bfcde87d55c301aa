"""Protocols in a real browser: an amended file loaded, mended, compared and followed; narrow, dark, Chinese; without faults of axe."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.records.amendments import TEXTS
from tests.ui.browser import accessibility_faults, printed_text, sideways, taken_along, wait_until_settled
from tests.ui.conftest import PHONE, OpenPage

pytestmark = pytest.mark.e2e

AMENDED = TEXTS["ulrrc"].replace("CAPOX: {cycle: 21d,", "CAPOX: {cycle: 28d,").replace('version: "1.0"', 'version: "2.0"')
MISSPELLED = AMENDED.replace("at: SBRT.last + 6w", "at: SBRT.lsat + 6w")
PICTURES = os.environ.get("PROTOCOL_PICTURES")


def looked_at(page: Page, name: str) -> None:
    """Nothing that axe finds, and nothing wider than the screen."""
    assert accessibility_faults(page) == [], name
    assert sideways(page) <= 0, name
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()
    wait_until_settled(page)


def test_a_designer_amends_a_study(open_page: OpenPage, own_server: str, tmp_path: Path) -> None:
    file = tmp_path / "ulrrc-2.yaml"
    file.write_text(MISSPELLED, encoding="utf-8")
    page = open_page("/protocols?protocol=ulrrc&view=file", size={"width": 1280, "height": 1500}, at=own_server)
    page.locator('input[type="file"]').set_input_files(file)
    wait_until_settled(page)
    expect(page.get_by_role("cell", name="SBRT.lsat", exact=False).first).to_be_visible()
    looked_at(page, "errors")

    editor = page.get_by_role("textbox", name="Text of the file")
    expect(editor).to_have_value(MISSPELLED)
    editor.fill(AMENDED)
    page.get_by_role("button", name="Check the text").click()
    expect(page.get_by_text("No errors and no warnings.")).to_be_visible()

    tab(page, "Compare")
    expect(page.get_by_text("2 differences, in the notation of the file.")).to_be_visible()
    looked_at(page, "compare")

    tab(page, "Amend")
    page.get_by_role("button", name="Show what it would do to 40 subjects").click()
    expect(page.get_by_text("40 subjects would follow this file.")).to_be_visible()
    page.get_by_role("button", name="Before and after").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("BEI-004: before and after")
    wait_until_settled(page)
    looked_at(page, "before-after")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    wait_until_settled(page)
    looked_at(page, "amend")
    page.get_by_role("button", name="Amend 40 subjects").click()
    expect(page.get_by_text("Amended: 40 subjects follow ulrrc-2.yaml now.")).to_be_visible()
    expect(page.get_by_text("Nobody needs to be amended to this version.")).to_be_visible()

    page.goto("/protocols?protocol=ulrrc&view=amend")
    expect(page.get_by_role("combobox", name="Protocol")).to_be_visible()
    wait_until_settled(page)
    page.get_by_role("combobox", name="Protocol").click()
    expect(page.get_by_role("option", name="ulrrc 2.0, kept with subjects", exact=False)).to_be_visible()


def test_the_print_and_the_file_are_taken_along(open_page: OpenPage) -> None:
    page = open_page("/protocols?protocol=ulrrc")
    printed = printed_text(taken_along(page, "Print in English")[1])
    for said in ("ULRRC", "C1D1", "Schedule of activities"):
        assert said in printed, printed
    assert taken_along(page, "Protocol file (.yaml)")[1].decode() == TEXTS["ulrrc"]
    tab(page, "Sources")
    expect(page).to_have_url(re.compile("view=sources"))
    page.go_back()
    wait_until_settled(page)
    expect(page.get_by_role("tab", name="Schedule of activities", exact=True)).to_have_attribute("aria-selected", "true")


def test_a_phone_in_the_dark_in_chinese(open_page: OpenPage) -> None:
    page = open_page("/protocols?protocol=ulrrc&lang=zh-CN", "dark", size=PHONE)
    looked_at(page, "matrix")
    for view in ("来源一览", "窗口期与核查", "比较"):
        tab(page, view)
        looked_at(page, view)


def test_a_desk_in_the_dark(open_page: OpenPage) -> None:
    page = open_page("/protocols?protocol=ulrrc&view=timeline&start=2026-12-01", "dark")
    page.get_by_text("Surgery", exact=True).first.click()
    wait_until_settled(page)
    looked_at(page, "timeline")
    tab(page, "File and check")
    page.get_by_text("Show the text with line numbers").click()
    wait_until_settled(page)
    looked_at(page, "file")
