"""The colours of the theme keep WCAG's contrast, in light and in dark."""

import tomllib
from pathlib import Path

import pytest

THEME = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
WHITE = "#ffffff"
TEXT = 4.5
"""WCAG 2.2, 1.4.3: the least contrast of text."""
OUTLINE = 3.0
"""WCAG 2.2, 1.4.11: the least contrast of the outline of a control."""


def luminance(colour: str) -> float:
    """WCAG's relative luminance of ``#rrggbb``, 0 for black and 1 for white."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#777777", WHITE) == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("background", ["backgroundColor", "secondaryBackgroundColor"])
@pytest.mark.parametrize(
    ("foreground", "least"), [("textColor", TEXT), ("linkColor", TEXT), ("primaryColor", OUTLINE), ("borderColor", OUTLINE)]
)
def test_a_colour_stands_out_from_its_background(mode: str, background: str, foreground: str, least: float) -> None:
    assert contrast(THEME[mode][foreground], THEME[mode][background]) >= least


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_white_text_on_a_primary_button_can_be_read(mode: str) -> None:
    assert contrast(WHITE, THEME[mode]["primaryColor"]) >= TEXT
