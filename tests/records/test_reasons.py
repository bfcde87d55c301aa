"""Reasons are picked from one list."""

import re

import pytest

from planner.records.facts.form import LONGEST_TEXT
from planner.records.facts.reasons import OTHER, REASONS, ReasonError, require_reason


@pytest.mark.parametrize("code", [code for code in REASONS if code != OTHER])
def test_a_reason_of_the_list_passes(code: str) -> None:
    assert require_reason(code) == code


def test_codes_have_one_form_and_labels_say_something() -> None:
    assert all(re.fullmatch(r"[a-z_]{5,24}", code) and len(code) < LONGEST_TEXT for code in REASONS)
    assert len({label.lower() for label in REASONS.values()}) == len(REASONS)


def test_an_unknown_reason_is_refused_with_the_nearest_and_the_list() -> None:
    with pytest.raises(ReasonError, match=r'"toxicty" is no reason\. Did you mean toxicity\? Pick one of toxicity, ') as refused:
        require_reason("toxicty")
    assert all(code in str(refused.value) for code in REASONS)


def test_free_text_instead_of_a_reason_is_not_shown() -> None:
    with pytest.raises(ReasonError, match=r"^This is no reason") as refused:
        require_reason("called 13800138000 at home")
    assert "13800138000" not in str(refused.value)


@pytest.mark.parametrize("note", ["", "  "])
def test_other_needs_a_note(note: str) -> None:
    with pytest.raises(ReasonError, match="Add a note"):
        require_reason(OTHER, note)
    assert require_reason(OTHER, "no chaperone") == OTHER
