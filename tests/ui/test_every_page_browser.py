"""Every page and every dialog, wide and narrow, light and dark, in both languages: no fault that axe-core finds, no sideways scrolling.

Each run takes one look at each page, another look at the next; ``make test-long`` takes all. The pictures are in test-results/pages.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.browser import accessibility_faults, wait_until_settled
from tests.ui.conftest import OpenPage
from tests.ui.every_page import BEFORE_A_DECISION, HELD, IN_TREATMENT, LOOKS, PAGES, Look
from tests.ui.server import ROOT

pytestmark = pytest.mark.e2e

RESULTS = ROOT / "test-results" / "pages"
MORE_ACTS = '[class*="st-key-acts-more"]'
SUBJECTS = (
    ("in-treatment", IN_TREATMENT, "C4D1"),
    ("before-a-decision", BEFORE_A_DECISION, "MDT"),
    ("held", HELD, "C3D1"),
)


def looks_at(number: int, name: str, *values: str) -> list[object]:
    """The page of this number in all looks; the usual run takes one of them."""
    # Three and the number of looks have no common divisor, so pages beside each other are looked at in ways far apart.
    usual = 3 * number % len(LOOKS)
    return [
        pytest.param(name, *values, look, id=f"{name}-{look.name}", marks=[] if index == usual else pytest.mark.long)
        for index, look in enumerate(LOOKS)
    ]


@pytest.mark.parametrize(("name", "address", "look"), [each for at, page in enumerate(PAGES) for each in looks_at(at, *page)])
def test_a_page(open_page: OpenPage, name: str, address: str, look: Look) -> None:
    page = looked_at(open_page, address, look)
    assert page.get_by_role("heading", level=1).inner_text()
    no_faults(page, name, look)


@pytest.mark.parametrize(
    ("name", "subject", "visit", "look"), [each for at, subject in enumerate(SUBJECTS) for each in looks_at(at, *subject)]
)
def test_the_dialogs_of_a_subject(open_page: OpenPage, name: str, subject: str, visit: str, look: Look) -> None:
    page = looked_at(open_page, f"/subject?subject={subject}&visit={visit}", look)
    count = more_acts(page).count()
    assert count > 5
    for number in range(count):
        more_acts(page).nth(number).click()
        dialog_without_faults(page, f"{name}-act-{number}", look)
    on_visit = page.locator('[data-choose="act"]')
    expect(on_visit.first).to_be_visible()
    for number in range(on_visit.count()):
        on_visit.nth(number).click()
        dialog_without_faults(page, f"{name}-{visit}-{number}", look)


@pytest.mark.parametrize(("name", "address", "look"), looks_at(1, "classify", "/deviations"))
def test_judging_a_deviation(open_page: OpenPage, name: str, address: str, look: Look) -> None:
    page = looked_at(open_page, address, look)
    page.locator('[data-choose="classify"], [data-choose="act"]').first.click()
    dialog_without_faults(page, name, look)


def looked_at(open_page: OpenPage, address: str, look: Look) -> Page:
    """The page in this look, settled."""
    joint = "&" if "?" in address else "?"
    page = open_page(f"{address}{joint}lang={look.language}", look.colours, size=look.size)
    assert page.evaluate("document.documentElement.lang") == look.language
    return page


def more_acts(page: Page) -> Locator:
    """The acts in the menu of the subject's page, which is opened for it."""
    acts = page.get_by_test_id("stPopoverBody").get_by_role("button")
    if not acts.first.is_visible():
        page.locator(MORE_ACTS).get_by_role("button").first.click()
        expect(acts.first).to_be_visible()
    return acts


def dialog_without_faults(page: Page, name: str, look: Look) -> None:
    """The dialog that was just opened; then close it."""
    dialog = page.get_by_test_id("stDialog")
    expect(dialog).to_be_visible()
    wait_until_settled(page)
    no_faults(page, name, look)
    dialog.get_by_role("heading").first.click()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    wait_until_settled(page)


def no_faults(page: Page, name: str, look: Look) -> None:
    """What axe-core finds, and what needs sideways scrolling; and a picture."""
    folder = RESULTS / look.name
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")
    assert not accessibility_faults(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= look.size["width"]
    main = page.get_by_test_id("stMainBlockContainer")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
