"""What is done less often, each act in a browser to what is recorded, and taken back where that is offered."""

import re
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from planner.records.facts.kinds import Kind
from planner.records.people.settings import Settings, read_settings
from planner.records.store.database import open_database
from tests.ui.browser import choose, taken_along, wait_until_settled
from tests.ui.conftest import OpenPage
from tests.ui.dialogs.dialog_screens import view

pytestmark = pytest.mark.e2e

TREATED, NOT_STARTED = "ulrrc/BEI-036", "ulrrc/BEI-001"
TODAY = date(2026, 11, 20)


def opened_dialog(page: Page, act: str | re.Pattern[str]) -> Locator:
    """The dialog of an act from the menu of the subject's page."""
    wait_until_settled(page)
    body = page.get_by_test_id("stPopoverBody")
    if not body.is_visible():
        page.get_by_role("button", name="More acts").click()
    body.get_by_role("button", name=act, exact=True).first.click()
    dialog = page.get_by_test_id("stDialog")
    expect(dialog).to_be_visible()
    wait_until_settled(page)
    # The menu stays open beside the dialog until something else is pressed.
    dialog.get_by_role("heading").first.click()
    return dialog


def enter_day(page: Page, dialog: Locator, label: str, day: date) -> None:
    dialog.get_by_role("spinbutton", name=f"year, {label}").click()
    page.keyboard.type(f"{day:%Y%m%d}")
    page.keyboard.press("Enter")
    dialog.get_by_role("heading").first.click()
    wait_until_settled(page)


def give_reason(page: Page, dialog: Locator, reason: str = "The investigator's medical judgement") -> None:
    wait_until_settled(page)
    choose(page, "Reason", reason, within=dialog)


def saved_and_taken_back(page: Page, dialog: Locator, save: str, url: str, subject: str, kind: Kind) -> None:
    """Press it: one fact of this kind is written; Undo takes exactly that one back."""
    wait_until_settled(page)
    before = len(view(url, subject).facts)
    dialog.get_by_role("button", name=save, exact=True).click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".st-key-notice")).to_contain_text("Saved")
    wait_until_settled(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".st-key-notice")).to_contain_text("Taken back")
    wait_until_settled(page)
    new = view(url, subject).facts[before:]
    assert [fact.kind for fact in new] == [kind, Kind.UNDONE]


def test_treatment_and_participation_are_changed_and_taken_back(open_page: OpenPage, own_server: str, demo_database_url: str) -> None:
    page = open_page(f"/subject?subject={TREATED}", at=own_server)
    known = view(demo_database_url, TREATED).state

    dialog = opened_dialog(page, "Note")
    dialog.get_by_role("textbox", name="Note").fill("Asked to come in the mornings")
    page.keyboard.press("Tab")
    saved_and_taken_back(page, dialog, "Save the note", demo_database_url, TREATED, Kind.NOTE)

    dialog = opened_dialog(page, "Change cycles or another parameter")
    choose(page, "What changes", "Cycles after SBRT", within=dialog)
    dialog.get_by_test_id("stNumberInputStepUp").click()
    give_reason(page, dialog)
    expect(dialog.get_by_role("region", name="Visits before and after")).to_be_visible()
    saved_and_taken_back(page, dialog, "Save the change", demo_database_url, TREATED, Kind.PARAMETER_SET)

    dialog = opened_dialog(page, "Unscheduled visit")
    dialog.get_by_role("button", name="Today", exact=True).click()
    saved_and_taken_back(page, dialog, "Save the visit", demo_database_url, TREATED, Kind.UNSCHEDULED_VISIT)

    dialog = opened_dialog(page, re.compile(": Missed$"))
    give_reason(page, dialog)
    saved_and_taken_back(page, dialog, "Save as missed", demo_database_url, TREATED, Kind.VISIT_MISSED)

    dialog = opened_dialog(page, "Transfer to another site")
    choose(page, "New site", "NYC", within=dialog)
    saved_and_taken_back(page, dialog, "Save the new site", demo_database_url, TREATED, Kind.SITE_TRANSFERRED)

    dialog = opened_dialog(page, "Stop treatment")
    give_reason(page, dialog)
    saved_and_taken_back(page, dialog, "Save: treatment stopped", demo_database_url, TREATED, Kind.TREATMENT_STOPPED)

    dialog = opened_dialog(page, "Leave the study")
    dialog.get_by_text("Withdrew, or was withdrawn").click()
    give_reason(page, dialog)
    saved_and_taken_back(page, dialog, "Save: left the study", demo_database_url, TREATED, Kind.LEFT_STUDY)

    assert view(demo_database_url, TREATED).state.facts == known.facts


def test_a_record_is_corrected_and_a_visit_booked_from_today(open_page: OpenPage, own_server: str, demo_database_url: str) -> None:
    page = open_page(f"/subject?subject={NOT_STARTED}", at=own_server)
    dialog = opened_dialog(page, "Give a milestone's date")
    choose(page, "Which date", re.compile("onsent"), within=dialog)
    present = view(demo_database_url, NOT_STARTED).state.facts.milestones["CONSENT"]
    enter_day(page, dialog, "", present.replace(day=present.day - 1))
    give_reason(page, dialog, "It was written down wrongly")
    saved_and_taken_back(page, dialog, "Save the date", demo_database_url, NOT_STARTED, Kind.MILESTONE_SET)

    page.goto("/?view=unbooked&site=BEI")
    wait_until_settled(page)
    book = page.get_by_role("button", name=re.compile(r"^Book BEI-\d{3} ")).first
    number = re.search(r"BEI-\d{3}", book.get_attribute("aria-label") or book.inner_text())
    assert number
    subject = next(iter(known_as(demo_database_url, number[0], page)))
    book.click()
    dialog = page.get_by_test_id("stDialog")
    dialog.wait_for()
    wait_until_settled(page)
    dialog.locator("button.candidate[data-value]").first.click()
    page.wait_for_selector('button.candidate[aria-pressed="true"]')
    saved_and_taken_back(page, dialog, "Save the booking", demo_database_url, subject, Kind.BOOKED)


def known_as(url: str, number: str, page: Page) -> list[str]:
    """The subject of the first row as its link names it: ``ulrrc/BEI-001``."""
    link = page.get_by_role("link", name=number).first.get_attribute("href") or ""
    return [f"{study}/{number}" for study in ("ulrrc", "crlm") if study in link]


def settings(url: str) -> Settings:
    """What is set up now."""
    database = open_database(url)
    with database.reading() as connection:
        found = read_settings(connection)
    database.close()
    return found


IMPORTED = b"subject,start,site,milestone.CONSENT\nBEI-951,2026-12-07,BEI,2026-11-19\nBEI-952,2026-12-08,BEI,2026-11-19\n"


def test_numbers_roles_and_a_list_of_subjects_are_written(open_page: OpenPage, own_server: str, demo_database_url: str) -> None:
    page = open_page("/subjects", at=own_server)
    page.get_by_text("Import subjects or visit dates from a file").click()
    wait_until_settled(page)
    choose(page, "Protocol that they follow", re.compile("^ulrrc"))
    page.locator('input[type="file"]').first.set_input_files({"name": "list.csv", "mimeType": "text/csv", "buffer": IMPORTED})
    write = page.get_by_role("button", name="Import 2 rows")
    expect(write).to_be_visible()
    name, report = taken_along(page, "The whole report as CSV")
    assert name == "import.csv"
    assert report.decode("utf-8-sig").count("BEI-95") == 2
    write.click()
    expect(page.get_by_text("Imported 2 rows")).to_be_visible()
    assert view(demo_database_url, "ulrrc/BEI-951").state.facts.start == date(2026, 12, 7)
    assert view(demo_database_url, "ulrrc/BEI-952").state.facts.start == date(2026, 12, 8)

    page.goto("/settings?view=resources&site=BEI")
    wait_until_settled(page)
    places = page.get_by_label(re.compile("^Subjects at")).first
    places.fill("37")
    page.keyboard.press("Tab")
    wait_until_settled(page)
    page.get_by_role("button", name="Save the numbers").click()
    expect(page.get_by_text("The numbers of BEI are saved.")).to_be_visible()
    assert 37 in [number for (site, _), number in settings(demo_database_url).capacities.items() if site == "BEI"]

    page.goto("/settings?view=people")
    wait_until_settled(page)
    held = settings(demo_database_url).grants
    page.get_by_role("textbox", name="Account").fill("nurse1")
    page.keyboard.press("Tab")
    wait_until_settled(page)
    page.get_by_role("button", name="Grant the role").click()
    expect(page.get_by_text("Granted: nurse1")).to_be_visible()
    (granted,) = settings(demo_database_url).grants - held
    assert granted.person == "nurse1"
