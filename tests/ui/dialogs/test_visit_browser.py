"""The dialog of one visit in a real browser: two people at one subject, the network cut, the keyboard alone, and accessibility."""

import re
import time
from dataclasses import dataclass, field
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from planner.records.facts.kinds import Kind
from tests.ui.browser import accessibility_faults, wait_until_settled
from tests.ui.conftest import MILLISECONDS_TO_ANSWER, PHONE, OpenPage
from tests.ui.dialogs.dialog_screens import row, view

pytestmark = pytest.mark.e2e

SUBJECT, VISIT = "ulrrc/BEI-004", "C3D1"
"""Booked on Monday 7 December."""
TO_RECORD, DUE = "crlm/BEI-016", "FU2"
"""Its day is today."""


def opened_on(page: Page, act: str) -> Locator:
    """The dialog, opened by the button of the subject's page that is called like this."""
    page.get_by_role("button", name=act).first.click()
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    wait_until_settled(page)
    return dialog


def take(page: Page, day: date) -> None:
    """Press the button of a day, and wait for what it would do."""
    page.locator(f'button.candidate[data-value="{day}"]').click()
    page.wait_for_selector(f'button.candidate[data-value="{day}"][aria-pressed="true"]')
    wait_until_settled(page)


def done_facts(url: str) -> int:
    """How often it was recorded that the visit took place."""
    return sum(fact.kind is Kind.VISIT_DONE and fact.said.item == DUE for fact in view(url, TO_RECORD).facts)


def recorded_once(page: Page, url: str, before: int) -> None:
    """Wait until the server has written what the page is not told of."""
    deadline = time.monotonic() + MILLISECONDS_TO_ANSWER / 1000
    while done_facts(url) == before and time.monotonic() < deadline:
        page.wait_for_timeout(100)


def test_two_people_at_one_subject(open_page: OpenPage, own_server: str, demo_database_url: str) -> None:
    pages = [open_page(f"/subject?subject={SUBJECT}", at=own_server) for _ in range(2)]
    dialogs = [opened_on(page, "Book or move") for page in pages]
    for page, day in zip(pages, (date(2026, 12, 8), date(2026, 12, 9)), strict=True):
        take(page, day)
    place = dialogs[1].get_by_role("textbox", name="Place")
    place.fill("Ward 4")
    place.press("Enter")
    wait_until_settled(pages[1])
    dialogs[0].get_by_role("button", name="Save the booking").click()
    expect(pages[0].locator(".st-key-notice")).to_contain_text("C3D1 booked on Tue 8 Dec 2026")
    dialogs[1].get_by_role("button", name="Save the booking").click()
    again = dialogs[1].get_by_role("button", name="Look again with the new state")
    again.click()
    wait_until_settled(pages[1])
    expect(place).to_have_value("Ward 4")
    assert row(demo_database_url, SUBJECT, VISIT).effective == date(2026, 12, 8)
    dialogs[1].get_by_role("button", name="Save the booking").click()
    expect(pages[1].locator(".st-key-notice")).to_contain_text("C3D1 booked on Wed 9 Dec 2026")
    pages[1].get_by_role("button", name="Undo").click()
    expect(pages[1].locator(".st-key-notice")).to_contain_text("Taken back.")
    assert row(demo_database_url, SUBJECT, VISIT).effective == date(2026, 12, 8)


@dataclass
class Line:
    """The connection between a page and the server, of which either direction can go silent before it breaks."""

    silent: str = ""
    ends: list[WebSocketRoute] = field(default_factory=list)

    def connect(self, page_end: WebSocketRoute) -> None:
        """Hand everything on, but for what is lost."""
        server_end = page_end.connect_to_server()
        page_end.on_message(lambda message: None if self.silent == "to the server" else server_end.send(message))
        server_end.on_message(lambda message: None if self.silent == "to the page" else page_end.send(message))
        self.ends.append(page_end)

    def break_off(self) -> None:
        """End the connection; the page makes another one by itself."""
        self.silent = ""
        self.ends.pop().close()

    def wait_until_there_is_another(self, page: Page) -> None:
        """Wait until the page has made a new connection."""
        deadline = time.monotonic() + MILLISECONDS_TO_ANSWER / 1000
        while not self.ends and time.monotonic() < deadline:
            page.wait_for_timeout(50)
        assert self.ends


@pytest.mark.parametrize("lost", ["to the server", "to the page"])
def test_a_network_that_is_cut_saves_once_or_says_so(open_page: OpenPage, own_server: str, demo_database_url: str, lost: str) -> None:
    """Either the press is lost, or the answer to it."""
    before, line = done_facts(demo_database_url), Line()
    page = open_page(f"/subject?subject={TO_RECORD}", at=own_server)
    # What is lost on the way was asked, and is never answered: it is not counted.
    page.add_init_script("delete window.plannerRuns")
    page.route_web_socket(re.compile("_stcore/stream"), line.connect)
    page.reload()
    wait_until_settled(page)
    save = opened_on(page, "Record done").get_by_role("button", name="Save as done")
    line.silent = lost
    save.click()
    if lost == "to the page":
        recorded_once(page, demo_database_url, before)
    assert done_facts(demo_database_url) - before == (0 if lost == "to the server" else 1)
    line.break_off()
    line.wait_until_there_is_another(page)
    page.wait_for_selector('[data-testid="stApp"][data-test-connection-state="CONNECTED"]')
    wait_until_settled(page)
    if lost == "to the server":
        save.click()
        wait_until_settled(page)
    expect(page.locator(".st-key-notice")).to_contain_text("FU2 done on Fri 20 Nov 2026")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert done_facts(demo_database_url) - before == 1
    assert row(demo_database_url, TO_RECORD, DUE).status == "done"


def test_a_visit_is_recorded_by_keyboard_alone(open_page: OpenPage, own_server: str, demo_database_url: str) -> None:
    page = open_page(f"/subject?subject={TO_RECORD}", at=own_server)
    page.keyboard.press("Alt+v")
    page.get_by_role("dialog").wait_for()
    wait_until_settled(page)
    for _ in range(25):
        page.keyboard.press("Tab")
        if "Save as done" in (page.evaluate("document.activeElement.textContent") or ""):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-notice")).to_contain_text("FU2 done on Fri 20 Nov 2026")
    assert row(demo_database_url, TO_RECORD, DUE).status == "done"


def test_it_can_be_used_by_everybody(open_page: OpenPage) -> None:
    page = open_page(f"/subject?subject={SUBJECT}")
    opened_on(page, "Book or move")
    page.locator('button.candidate[data-value="2026-12-07"]').focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector('button.candidate[data-value="2026-12-08"][aria-pressed="true"]')
    wait_until_settled(page)
    assert accessibility_faults(page) == []
    narrow = open_page(f"/subject?subject={SUBJECT}", "dark", size=PHONE, language="zh-CN")
    opened_on(narrow, "预约或改期")
    take(narrow, date(2026, 12, 9))
    assert accessibility_faults(narrow) == []
    assert narrow.evaluate("document.documentElement.scrollWidth <= innerWidth")
