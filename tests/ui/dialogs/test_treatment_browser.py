"""A decision, a hold and its end in a browser, from the subject's page, in both colours, wide and narrow."""

from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.browser import accessibility_faults, choose, wait_until_settled
from tests.ui.conftest import DESK, PHONE, OpenPage

pytestmark = pytest.mark.e2e


def test_a_decision_is_taken_from_branches_side_by_side_and_undone(open_page: OpenPage, own_server: str) -> None:
    page = open_page("/subject?subject=ulrrc/NYC-009", at=own_server)
    dialog = opened_dialog(page, "Decide: Management after the tumour board")
    expect(dialog.get_by_role("columnheader")).to_have_text(["Visit", "Surgery", "Maintenance", "Withdrawal from the study"])
    assert not accessibility_faults(page)
    dialog.get_by_role("button", name="Choose: Surgery").focus()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Chosen: Surgery")).to_be_visible()
    dialog.get_by_role("button", name="On its planned day, Mon 16 Nov 2026").click()
    expect(dialog.get_by_role("region", name="Visits before and after")).to_contain_text("depends on a decision → planned")
    wait_until_settled(page)
    dialog.get_by_role("button", name="Save the decision").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".st-key-notice")).to_contain_text("Management after the tumour board decided: Surgery")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".st-key-notice")).to_contain_text("Taken back")


def test_treatment_is_held_and_resumed_on_a_phone_in_the_dark(open_page: OpenPage, own_server: str) -> None:
    page = open_page("/subject?subject=ulrrc/BEI-036", "dark", at=own_server)
    dialog = opened_dialog(page, "Hold treatment")
    page.set_viewport_size(PHONE)
    enter_day(page, "First day on which treatment may be given again (leave empty if not known)", date(2026, 12, 14))
    expect(dialog).to_contain_text("Next dose: Mon 14 Dec 2026 (C4D1).")
    dialog.get_by_role("button", name="Choose: Move the visits").click()
    expect(dialog.get_by_role("button", name="Chosen: Move the visits")).to_be_visible()
    wait_until_settled(page)
    choose(page, "Reason", "Side effects of the treatment", within=dialog)
    expect(dialog.get_by_role("region", name="Visits before and after")).to_be_visible()
    assert not accessibility_faults(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    dialog.get_by_role("button", name="Save the hold").click()
    expect(dialog).to_be_hidden()
    wait_until_settled(page)

    page.set_viewport_size(DESK)
    dialog = opened_dialog(page, "Resume treatment")
    page.set_viewport_size(PHONE)
    enter_day(page, "First day on which treatment may be given again", date(2026, 12, 7))
    expect(dialog).to_contain_text("Next dose: Mon 7 Dec 2026 (C4D1).")
    assert not accessibility_faults(page)
    wait_until_settled(page)
    dialog.get_by_role("button", name="Save: treatment resumes").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".st-key-notice")).to_contain_text("treatment from Mon 7 Dec 2026")


def opened_dialog(page: Page, name: str) -> Locator:
    """The dialog behind the button of this name."""
    page.get_by_role("button", name="More acts").click()
    page.get_by_test_id("stPopoverBody").get_by_role("button", name=name).click()
    dialog = page.get_by_test_id("stDialog")
    expect(dialog).to_be_visible()
    wait_until_settled(page)
    # The menu of acts stays open beside the dialog until something else is pressed.
    dialog.get_by_role("heading").first.click()
    return dialog


def enter_day(page: Page, label: str, day: date) -> None:
    """Type a date as a person does; it counts once the calendar below it is closed."""
    page.get_by_role("spinbutton", name=f"year, {label}", exact=True).click()
    page.keyboard.type(f"{day:%Y%m%d}")
    page.keyboard.press("Enter")
    page.get_by_test_id("stDialog").get_by_role("heading").first.click()
    wait_until_settled(page)
