"""The pictures of the documentation show what the screens show: each page is visited, and its text compared with the one that is kept."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.ui.pictured import PICTURES, Picture
from tests.ui.pictures import KEPT, LARGEST, kept_text, taken
from tests.ui.server import ROOT

RESULTS = ROOT / "test-results" / "pictures"


@pytest.mark.e2e
@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_picture_shows_what_the_screen_shows(request: pytest.FixtureRequest, browser: Browser, picture: Picture) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    address: str = request.getfixturevalue("empty_server" if picture.is_empty else "server")
    shown = taken(browser, address, picture, RESULTS)
    different = difflib.unified_diff(kept_text(picture).splitlines(), shown.splitlines(), "docs/pictures", "the screen", lineterm="", n=1)
    said = "\n".join(different)
    assert not said, f"The screen of docs/pictures/{picture.name}.png looks different now: `make pictures` takes it anew.\n{said}"


def test_every_picture_is_kept_small_and_with_its_text() -> None:
    for picture in PICTURES:
        assert 0 < (KEPT / f"{picture.name}.png").stat().st_size < LARGEST, picture.name
        assert kept_text(picture), picture.name


def test_no_text_is_left_of_a_picture_that_is_no_longer_taken() -> None:
    assert {file.stem for file in KEPT.glob("*.txt")} == {picture.name for picture in PICTURES}


def test_every_picture_is_shown_in_the_documentation() -> None:
    pages: list[Path] = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    said = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    assert [picture.name for picture in PICTURES if f"pictures/{picture.name}.png" not in said] == []
