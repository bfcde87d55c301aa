"""Markup that somebody recorded or linked, and files of another kind, in a browser: nothing of it runs, loads or breaks a page."""

import pytest
from playwright.sync_api import Page

from planner.records.changes.acts import noted
from tests.ui.browser import wait_until_settled
from tests.ui.conftest import OpenPage
from tests.ui.dialogs.dialog_screens import write

pytestmark = pytest.mark.e2e

HURTFUL = '"><img src=x onerror=window.hurt=1><script>window.hurt=1</script>![x](https://example.org/x.png)'


def test_markup_never_runs_and_asks_no_other_host(own_server: str, demo_database_url: str, open_page: OpenPage) -> None:
    write(demo_database_url, "ulrrc/BEI-036", *noted(HURTFUL))
    # What the page asks of other hosts is a fault in all tests; here it asks nothing new of its own either.
    page = open_page("/help", at=own_server)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    history = "/subject?subject=ulrrc%2FBEI-036&view=history"
    for path in (
        history,
        "/audit",
        "/subject?subject=%3Cimg%20src%3Dx%20onerror%3Dwindow.hurt%3D1%3E",
        "/today?site=%3Cimg%20src%3Dx%20onerror%3Dwindow.hurt%3D1%3E",
    ):
        page.goto(path)
        wait_until_settled(page)
        if path == history:
            page.get_by_text("window.hurt=1").first.wait_for()
        _unhurt(page)
    assert [url for url in asked if "example.org" in url or url.endswith("/x")] == []


def test_a_file_of_another_kind_is_refused_with_a_sentence(own_server: str, open_page: OpenPage) -> None:
    page = open_page("/subjects", at=own_server)
    page.get_by_text("Import subjects or visit dates").click()
    page.get_by_text("Visit dates: columns").click()
    wait_until_settled(page)
    upload = page.locator('input[type="file"]').first
    upload.set_input_files({"name": "dates.xlsx", "mimeType": "application/octet-stream", "buffer": b"\x00\x01 no workbook"})
    page.get_by_text("This file cannot be imported").wait_for()
    upload.set_input_files({"name": "dates.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"})
    page.get_by_text("not allowed").first.wait_for()
    _unhurt(page)


def _unhurt(page: Page) -> None:
    assert page.evaluate("window.hurt") is None
    assert page.locator("img[src='x'], img[src*='example.org']").count() == 0
    assert page.get_by_text("Something went wrong").count() == 0
