"""The shipped fonts: what they have, and the licence beside them."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from planner.exchange.prints.chinese_words import CHINESE_TEXTS
from planner.exchange.prints.english_words import ENGLISH_TEXTS
from planner.exchange.prints.glyphs import FONTS, STAND_IN, Glyphs, covered
from planner.exchange.prints.words import CHANGED, SIGNS
from tests.schedule.studies import PROTOCOLS

FILES = sorted(FONTS.glob("*.otf"))


def test_a_regular_and_a_bold_font_are_there() -> None:
    assert [(TTFont(file)["name"].getDebugName(1), TTFont(file)["OS/2"].usWeightClass) for file in FILES] == [
        ("Noto Sans CJK SC", 700),
        ("Noto Sans CJK SC", 400),
    ]


def test_the_list_of_characters_is_what_both_fonts_have() -> None:
    known = set.intersection(*({chr(code) for code in TTFont(file).getBestCmap()} for file in FILES))
    assert covered() == known


def test_gb2312_is_covered() -> None:
    pairs = (bytes((first, second)) for first in range(0xB0, 0xF8) for second in range(0xA1, 0xFF))
    characters = "".join(pair.decode("gb2312", "ignore") for pair in pairs)
    assert len(characters) == 6763
    assert set(characters) <= covered()


@pytest.mark.parametrize("file", sorted(PROTOCOLS.glob("*.yaml")), ids=lambda file: file.stem)
def test_the_protocols_are_covered(file: Path) -> None:
    assert set(file.read_text(encoding="utf-8")) - {"\n"} <= covered()


def test_the_words_of_the_prints_are_covered_and_the_same_in_both_languages() -> None:
    assert ENGLISH_TEXTS.keys() == CHINESE_TEXTS.keys()
    texts = "".join((*ENGLISH_TEXTS.values(), *CHINESE_TEXTS.values(), *SIGNS.values(), CHANGED, STAND_IN))
    assert set(texts) <= covered()


@pytest.mark.parametrize("name", sorted(ENGLISH_TEXTS))
def test_both_languages_fill_in_the_same(name: str) -> None:
    from string import Formatter

    fields = [{part[1] for part in Formatter().parse(texts[name]) if part[1]} for texts in (ENGLISH_TEXTS, CHINESE_TEXTS)]
    assert fields[0] == fields[1]


def test_states_are_told_apart_by_their_signs() -> None:
    signs = [*SIGNS.values(), CHANGED]
    assert len(set(signs)) == len(signs)


def test_the_licence_stands_beside_the_fonts() -> None:
    text = (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "Copyright 2014-2021 Adobe" in text
    for file in FILES:
        assert file.name in text
        assert "Reserved Font Name" not in (TTFont(file)["name"].getDebugName(0) or "")


def test_texts_in_every_depth_are_looked_at() -> None:
    glyphs = Glyphs()
    assert glyphs.shown({"a": ["x龘", ({"b": "龘"},)], "n": 3}) == {"a": ["x〓", [{"b": "〓"}]], "n": 3}
    assert glyphs.missing == {"龘"}
