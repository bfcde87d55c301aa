"""Take the pictures of the documentation anew, each with its text for screen readers: ``python -m tests.ui.pictures``."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import closing
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from planner.records.demo.demo import fill_with_demo
from planner.records.store.database import open_database
from tests.records.databases import DEMO_DAY, DEMO_SEED
from tests.ui.browser import wait_until_settled
from tests.ui.pictured import PICTURES, Picture
from tests.ui.server import ROOT, serving

KEPT = ROOT / "docs" / "pictures"
LARGEST = 150_000
"""In bytes: what a picture may have."""
_COLOURS = 128
_CHROMIUM = os.environ.get("CHROMIUM") or "/usr/bin/chromium"


def taken(browser: Browser, address: str, picture: Picture, folder: Path) -> str:
    """Write the picture and its text (``name.png``, ``name.txt``) into the folder; the text."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": picture.width, "height": picture.height},
        color_scheme=picture.colours,
        locale="en-GB",
        reduced_motion="reduce",
    )
    try:
        page = context.new_page()
        page.goto(picture.address)
        wait_until_settled(page)
        picture.before(page)
        _let_stand(page)
        (folder / f"{picture.name}.png").write_bytes(_small(page.screenshot()))
        text = _text(page)
        (folder / f"{picture.name}.txt").write_text(text, encoding="utf-8")
        return text
    finally:
        context.close()


def kept_text(picture: Picture) -> str:
    """The text that stands beside the picture in the documentation; "" where there is none."""
    file = KEPT / f"{picture.name}.txt"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _let_stand(page: Page) -> None:
    """Wait until nothing moves, and nothing has a ring around it because it was pressed."""
    wait_until_settled(page)
    page.evaluate("document.activeElement && document.activeElement.blur()")
    page.mouse.move(0, 0)
    page.evaluate("document.fonts.ready")
    page.wait_for_function("document.getAnimations().every(each => each.playState !== 'running')")


def _text(page: Page) -> str:
    """What a screen reader is given: of the dialog that is open, else of the page below the menu."""
    dialog = page.get_by_role("dialog")
    region = dialog if dialog.count() else page.get_by_test_id("stMain")
    return f"{region.aria_snapshot()}\n"


def _small(png: bytes) -> bytes:
    """The same picture in few colours."""
    written = BytesIO()
    picture = Image.open(BytesIO(png)).convert("RGB")
    picture.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


def take_pictures(names: list[str]) -> None:
    """Take those of these names, else all."""
    KEPT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        filled, empty = (f"sqlite:///{folder / file}" for file in ("planner.sqlite", "empty.sqlite"))
        with closing(open_database(filled)) as database, database.writing() as connection:
            fill_with_demo(connection, DEMO_SEED, DEMO_DAY)
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=["--disable-gpu"])
        for url, is_empty in ((filled, False), (empty, True)):
            chosen = [picture for picture in PICTURES if picture.is_empty is is_empty and (not names or picture.name in names)]
            if chosen:
                with serving(folder / "log.txt", url) as address:
                    for picture in chosen:
                        taken(browser, address, picture, KEPT)
        browser.close()


if __name__ == "__main__":
    take_pictures(sys.argv[1:])
