"""What a person typed is shown in a real browser as it was typed: no link, no picture, no symbol, no formula."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.ui.browser import wait_until_settled
from tests.ui.conftest import OpenPage
from tests.ui.nasty_texts import LINES, TEXTS
from tests.ui.server import ROOT, SECONDS_TO_START, free_port

pytestmark = pytest.mark.e2e

WAYS = 8
"""In how many ways the page shows each text."""
BEHIND_A_LABEL = 6
"""The way with a word before the text."""
READ_AS_MARKS = (
    "a, img, code, pre, em, del, sup, table, hr, blockquote, ol, h2, h3, input[type=checkbox], script, "
    '.katex, [role="img"], [data-testid^="stIcon"], [class*="stMarkdownColored"], [class*="stMarkdownBadge"], [class*="Shimmer"]'
)


@pytest.fixture
def nasty_page(tmp_path: Path) -> Iterator[str]:
    """The address of a server that shows the texts."""
    port = free_port()
    address, log = f"http://127.0.0.1:{port}", tmp_path / "log.txt"
    streamlit = [sys.executable, "-m", "streamlit", "run", str(ROOT / "tests" / "ui" / "nasty_texts.py")]
    options = [
        "--server.port",
        str(port),
        "--server.headless",
        "true",
        "--server.fileWatcherType",
        "none",
        "--runner.magicEnabled",
        "false",
    ]
    with log.open("ab") as output:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen([*streamlit, *options], cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait_until_healthy(address, log)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=15)


def _wait_until_healthy(address: str, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    pytest.fail(log.read_text(encoding="utf-8"))


def test_what_a_person_typed_is_shown_as_it_was_typed(open_page: OpenPage, nasty_page: str) -> None:
    page = open_page("/", at=nasty_page)
    shown = page.get_by_test_id("stElementContainer")
    expect(shown).to_have_count(len(TEXTS + LINES) * WAYS, timeout=SECONDS_TO_START * 1000)
    wait_until_settled(page)
    texts = shown.all_inner_texts()
    for number, text in enumerate(TEXTS + LINES):
        ways = [_words(way) for way in texts[number * WAYS : (number + 1) * WAYS]]
        ways[BEHIND_A_LABEL] = ways[BEHIND_A_LABEL].removeprefix("a: ")
        assert ways == [_words(text)] * WAYS
    assert _marks(shown) == []


def _words(text: str) -> str:
    """The text as HTML shows it: any space is one space."""
    return " ".join(text.split())


def _marks(shown: Locator) -> list[str]:
    found: list[str] = shown.locator(READ_AS_MARKS).evaluate_all("all => all.map(each => each.outerHTML)")
    return found
