"""What all pages have in common."""

import pytest

from planner.ui.places import PLACES
from tests.ui.screens import opened, texts


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("code", [code for code in PLACES])
def test_every_page_is_drawn_in_both_languages(code: str, language: str, demo_screens: str) -> None:
    at = opened(code, {"subject": "ulrrc/BEI-001"} if code == "subject" else None, language=language)
    assert not at.error, texts(at)
    assert at.title
