"""A nurse's most frequent acts by the keyboard alone, each to what is recorded: enrol, record, book, undo, print, back to Today."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from planner.records.facts.kinds import Kind
from tests.ui.browser import content, printed_text, wait_until_settled
from tests.ui.conftest import OpenPage
from tests.ui.dialogs.dialog_screens import row, view

pytestmark = pytest.mark.e2e

SUBJECT, VISIT = "ulrrc/BEI-004", "C3D1"
"""Booked on Monday 7 December."""
TO_RECORD, DUE = "crlm/BEI-016", "FU2"
"""Its day is today."""
FOCUSED = """() => {
    let focused = document.activeElement;
    while (focused.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
    if (!focused.matches('a, button, input, select, textarea, [role]')) return '';
    const labels = [...focused.labels || []].map(label => label.textContent);
    return [focused.getAttribute('aria-label'), ...labels, focused.textContent].join(' ');
}"""


def tab_to(page: Page, name: str, *, at_most: int = 80) -> None:
    """Press Tab until what has this name has the focus."""
    passed = []
    for _ in range(at_most):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(FOCUSED))
        if name in passed[-1] and not passed[-1].startswith("Help for"):
            return
    raise AssertionError(f"Tab does not reach {name!r}, only {passed}")


def pick(page: Page, label: str, option: str) -> None:
    """Choose from a list as its first letters and Enter do."""
    tab_to(page, label)
    page.keyboard.type(option)
    page.keyboard.press("Enter")
    wait_until_settled(page)


def test_a_visit_is_booked_printed_and_taken_back(open_page: OpenPage, own_server: str, demo_database_url: str) -> None:
    page = open_page(f"/subject?subject={SUBJECT}&visit={VISIT}", at=own_server)
    page.keyboard.press("Alt+m")
    page.get_by_role("dialog").wait_for()
    wait_until_settled(page)
    tab_to(page, "Friday 27 November 2026")
    for _ in range((date(2026, 12, 8) - date(2026, 11, 27)).days):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector('button.candidate[data-value="2026-12-08"][aria-pressed="true"]')
    wait_until_settled(page)
    tab_to(page, "Save the booking")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-notice")).to_contain_text("C3D1 booked on Tue 8 Dec 2026")
    assert row(demo_database_url, SUBJECT, VISIT).effective == date(2026, 12, 8)
    wait_until_settled(page)
    with page.expect_download() as printed:
        page.keyboard.press("Alt+p")
    assert "8 December 2026" in printed_text(content(printed.value))
    page.keyboard.press("Alt+z")
    expect(page.locator(".st-key-notice")).to_contain_text("Taken back.")
    assert row(demo_database_url, SUBJECT, VISIT).effective == date(2026, 12, 7)
    wait_until_settled(page)
    page.keyboard.press("Alt+t")
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()


def test_a_visit_is_recorded_and_taken_back(open_page: OpenPage, own_server: str, demo_database_url: str) -> None:
    page = open_page(f"/subject?subject={TO_RECORD}", at=own_server)
    before = len(view(demo_database_url, TO_RECORD).facts)
    page.keyboard.press("Alt+v")
    page.get_by_role("dialog").wait_for()
    wait_until_settled(page)
    tab_to(page, "Save as done")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-notice")).to_contain_text("FU2 done on Fri 20 Nov 2026")
    assert row(demo_database_url, TO_RECORD, DUE).status == "done"
    wait_until_settled(page)
    page.keyboard.press("Alt+z")
    expect(page.locator(".st-key-notice")).to_contain_text("Taken back.")
    assert [fact.kind for fact in view(demo_database_url, TO_RECORD).facts[before:]] == [Kind.VISIT_DONE, Kind.UNDONE]


def test_a_subject_is_enrolled(open_page: OpenPage, own_server: str, demo_database_url: str) -> None:
    page = open_page("/new-subject?protocol=ulrrc&site=BEI&start=2026-12-07&milestone.CONSENT=2026-11-19", at=own_server)
    tab_to(page, "Subject number")
    page.keyboard.type("BEI-903")
    page.keyboard.press("Enter")
    wait_until_settled(page)
    pick(page, "Could become pregnant", "no")
    pick(page, "Contraception applies", "yes")
    expect(page.get_by_role("button", name="Enrol", exact=True)).to_be_enabled()
    tab_to(page, "Enrol")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("BEI-903"), level=1)).to_be_visible()
    facts = view(demo_database_url, "ulrrc/BEI-903").facts
    assert [fact.kind for fact in facts].count(Kind.ENROLLED) == 1
    assert view(demo_database_url, "ulrrc/BEI-903").state.facts.start == date(2026, 12, 7)
