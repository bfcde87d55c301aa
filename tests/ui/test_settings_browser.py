"""Settings and Audit in a real browser: other working days from a file, a feed, the proof and the files; both colours, a phone."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.ui.browser import accessibility_faults, sideways, taken_along, wait_until_settled
from tests.ui.conftest import DESK, ENGINE, PHONE, OpenPage

pytestmark = pytest.mark.e2e

CALENDAR = "base: CN\nname: Moving house\nclosed:\n  - 2026-11-23..2026-12-04: Moving house\n"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()
    wait_until_settled(page)


def test_other_working_days_from_a_file(open_page: OpenPage, own_server: str, tmp_path: Path) -> None:
    page = open_page("/settings?view=calendars&site=BEI", at=own_server)
    page.get_by_text("From a calendar file").click()
    wait_until_settled(page)
    wrong, right = tmp_path / "wrong.yaml", tmp_path / "right.yaml"
    wrong.write_text(CALENDAR.replace("11-23", "13-23"))
    right.write_text(CALENDAR)
    page.locator("input[type=file]").set_input_files(wrong)
    expect(page.get_by_text("line 4, column 5")).to_be_visible()
    page.locator("input[type=file]").set_input_files(right)
    expect(page.get_by_text("Moving house, time zone Asia/Shanghai")).to_be_visible()
    press(page, "Show what this would move")
    expect(page.get_by_text("would lie on closed days")).to_be_visible()
    page.get_by_role("button", name="Before and after of").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Before")
    wait_until_settled(page)
    assert accessibility_faults(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    name, list_ = taken_along(page, "The whole list as CSV")
    assert name == "working-days-BEI.csv"
    assert b"ulrrc/BEI-" in list_
    press(page, "Give BEI these working days")
    expect(page.get_by_text("Site BEI has the working days Moving house")).to_be_visible()
    expect(page.get_by_role("region", name="Unusual days")).to_contain_text("Mon 23 Nov 2026")


def test_a_feed_is_given_another_address(open_page: OpenPage, own_server: str) -> None:
    page = open_page("/settings?view=feeds", at=own_server)
    press(page, "Make the feed")
    address = page.get_by_test_id("stCode").first
    expect(address).to_contain_text("/feed/")
    first = address.inner_text()
    assert page.request.get(first.strip()).status == 200
    press(page, "New address F1")
    press(page, "Give F1 a new address")
    expect(address).not_to_have_text(first)
    assert page.request.get(first.strip()).status == 404
    press(page, "I have copied it")
    expect(page.get_by_test_id("stCode")).to_have_count(0)


def test_the_log_is_read_verified_and_taken_along(open_page: OpenPage) -> None:
    page = open_page("/audit")
    expect(page.get_by_role("row")).to_have_count(51)
    press(page, "Older")
    expect(page).to_have_url(re.compile("before="))
    page.go_back()
    wait_until_settled(page)
    expect(page).not_to_have_url(re.compile("before="))
    page.get_by_role("radio", name="Its proof").click()
    press(page, "Verify now")
    expect(page.get_by_text("nothing changed, removed or reordered")).to_be_visible()
    page.get_by_role("radio", name="Files to keep").click()
    wait_until_settled(page)
    name, proof = taken_along(page, "Audit export")
    assert name.startswith("planner-audit-2026-11-2")
    assert json.loads(proof.splitlines()[0])["format"] == "trial-visit-planner audit"
    backup = taken_along(page, "Backup of the database")[1]
    assert backup.startswith(b"SQLite format 3\0" if ENGINE == "sqlite" else b'{"')
    everything = taken_along(page, "Export of everything")[1]
    assert b"BEI-001" in everything
    assert all(isinstance(json.loads(line), dict) for line in everything.splitlines())
    assert b"BEI-001" not in taken_along(page, "Export without identities")[1]


VIEWS = {
    "light": [
        ("/settings", DESK),
        ("/settings?view=people&lang=zh-CN", PHONE),
        ("/settings?view=resources", PHONE),
        ("/audit?view=proof", DESK),
    ],
    "dark": [
        ("/settings?view=calendars&lang=zh-CN", PHONE),
        ("/settings?view=feeds", DESK),
        ("/audit?lang=zh-CN", PHONE),
        ("/audit?view=files", PHONE),
    ],
}
"""Each view once, for the time that it takes: colours and widths come from the parts that they share."""


@pytest.mark.long  # test_every_page_browser looks at each of these pages once in every run
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_anybodys_way(scheme: str, open_page: OpenPage) -> None:
    for path, size in VIEWS[scheme]:
        page = open_page(path, scheme, size=size)
        page.get_by_role("heading", level=1).wait_for()
        assert accessibility_faults(page) == [], path
        assert sideways(page) <= 0, path
        page.context.close()
