"""Take the pictures of the documentation: ``python -m tests.ui.pictures``."""

import os
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import sync_playwright

from tests.ui.browser import wait_until_settled
from tests.ui.server import ROOT, serving
from tests.ui.worked_example import ENTRIES

PICTURES = ROOT / "docs" / "pictures"
CHROMIUM = os.environ.get("CHROMIUM") or "/usr/bin/chromium"


def take_pictures() -> None:
    """The first screen with the first worked example, in light colours, 1280 wide."""
    PICTURES.mkdir(exist_ok=True)
    link = urlencode({name: text for name, text in ENTRIES.items() if name != "subject"})
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "log.txt") as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--disable-gpu"])
        context = browser.new_context(
            viewport={"width": 1280, "height": 1080}, color_scheme="light", locale="en-GB", reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto(f"{address}/?{link}")
        wait_until_settled(page)
        page.get_by_role("textbox", name="Subject number").fill(ENTRIES["subject"])
        page.keyboard.press("Tab")
        page.get_by_role("button", name="Calendar file (.ics)").wait_for()
        wait_until_settled(page)
        page.evaluate("document.activeElement.blur()")
        page.screenshot(path=PICTURES / "first-screen.png")
        browser.close()


if __name__ == "__main__":
    take_pictures()
