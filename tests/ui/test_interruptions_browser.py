"""What a browser shows when the database or the server goes away while somebody types, and comes back."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.browser import wait_until_settled
from tests.ui.conftest import OpenPage
from tests.ui.dialogs.test_database_away import away
from tests.ui.server import free_port, serving

pytestmark = pytest.mark.e2e

TEXT = "asked for morning visits"
GONE = "The planner was started anew; what was not saved is gone."


def test_what_was_typed_stands_in_its_field_again_once_the_database_is_back(
    open_page: OpenPage, tmp_path: Path, demo_sqlite_url: str
) -> None:
    with serving(tmp_path / "log.txt", demo_sqlite_url) as address:
        page = open_page("/subject?subject=ulrrc/BEI-004", at=address)
        dialog = _note(page)
        with away(demo_sqlite_url):
            dialog.get_by_role("button", name="Save the note").click()
            expect(dialog).to_contain_text("What you entered is still here")
        dialog.get_by_role("button", name="Try again").click()
        expect(dialog.get_by_label("Note", exact=True)).to_have_value(TEXT)
        wait_until_settled(page)
        dialog.get_by_role("button", name="Save the note").click()
        expect(dialog).to_be_hidden()
        expect(page.locator(".st-key-notice")).to_contain_text("Saved ulrrc/BEI-004")


def test_who_typed_is_told_when_the_server_was_started_anew(
    open_page: OpenPage, tmp_path: Path, demo_database_url: str, page_faults: list[str]
) -> None:
    port, log = free_port(), tmp_path / "log.txt"
    with serving(log, demo_database_url, port=port) as address:
        page = open_page("/subject?subject=ulrrc/BEI-004", at=address)
        _note(page)
    with serving(log, demo_database_url, port=port):
        expect(page.locator(".st-key-notice")).to_contain_text(GONE, timeout=60_000)
        page.reload()
        wait_until_settled(page)
        expect(page.get_by_text(GONE)).to_be_hidden()
    # That nobody answered for a while is what this is about.
    page_faults.clear()


def _note(page: Page) -> Locator:
    page.get_by_role("button", name="More acts").click()
    page.get_by_role("button", name="Note", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Note", exact=True).fill(TEXT)
    dialog.get_by_label("Note", exact=True).press("Tab")
    expect(dialog.get_by_role("button", name="Save the note")).to_be_enabled()
    wait_until_settled(page)
    return dialog
