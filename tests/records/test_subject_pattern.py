"""Patterns of subject numbers: safe ones pass, slow ones and those that let names pass do not."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.records.people.subject_pattern import SubjectPatternError, is_subject_number, require_subject_pattern

ALLOWED = [
    (r"PEK-\d{3}", "PEK-001", "PEK-01"),
    (r"\d{4,6}", "12345", "123"),
    (r"(PEK|SHA)-[0-9]{3}", "SHA-123", "XXX-123"),
    (r"(?:PEK|SHA)-[0-9]{3}", "PEK-123", "PEK123"),
    (r"S\d\d", "S01", "S1"),
    (r"S-?\d{2}", "S01", "S--01"),
    (r"[A-Z]{3}_\d{3}", "ABC_001", "ABC-001"),
    (r"PEK-\d{3}|SHA-\d{4}", "SHA-0001", "PEK-0001"),
    (r"PEK(-R)?-\d{3}", "PEK-R-001", "PEK-RR-001"),
    (r"[A-Z0-9_]\d{2}", "_12"[1:] + "3", "é12"),
    (r"R[12]-\d{3}[a-c]", "R1-001b", "R1-001d"),
    (r"PEK\-\d{3}", "PEK-001", "PEK001"),
]


@pytest.mark.parametrize(("pattern", "right", "wrong"), ALLOWED)
def test_allowed_patterns_match_the_whole_number(pattern: str, right: str, wrong: str) -> None:
    assert require_subject_pattern(pattern) == pattern
    assert is_subject_number(right, pattern)
    assert not is_subject_number(wrong, pattern)
    assert not is_subject_number(f"{right}\n", pattern)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("", "1 to 100"),
        ("S" * 101, "1 to 100"),
        (r"(a+)+", "no upper end"),
        (r"\d+", "no upper end"),
        (r"\d*", "no upper end"),
        (r".{3}\d", "lets anything pass"),
        (r"^S\d$", "not needed"),
        (r"S\d$", "not needed"),
        (r"(\d{2}){3}", "cannot stand here"),
        (r"(\d)\1", "cannot stand here"),
        (r"(?=S)\d", "cannot stand here"),
        (r"(?P<x>\d)", "cannot stand here"),
        (r"(?i:s)\d", "cannot stand here"),
        (r"[^a]\d", "cannot stand here"),
        (r"\w\d", "cannot stand here"),
        (r"S \d", "cannot stand here"),
        (r"王\d", "cannot stand here"),
        (r"S\d{3}{2}", "cannot stand here"),
        (r"\d??", "cannot stand here"),
        (r"S\d{3,2}", "repeats nothing"),
        (r"S\d{0}", "repeats nothing"),
        (r"S\d{,3}", "cannot stand here"),
        (r"(S\d", "not closed"),
        (r"S\d)", "never opened"),
        (r"S\d|", "nothing between"),
        (r"()\d", "nothing between"),
        (r"((((\d))))", "too deep"),
        (r"[9-0]\d", "no regular expression"),
        (r"\d{0,24}\d{0,24}\d{0,24}X", "too many choices"),
        ("(0|0)" * 12, "too many choices"),
        ("0?" * 20 + "1", "too many choices"),
        (r"[A-Z]{3}", "without any digit"),
        (r"PEK", "without any digit"),
        (r"P[-]", "without any digit"),
        (r"P[0-9-]", "without any digit"),
        (r"PEK-\d?", "without any digit"),
        (r"PEK-\d{3}|SMITH", "without any digit"),
        (r"[A-Za-z0-9]{3}", "without any digit"),
        (r"[A-Za-z]{12}\d", "letters open"),
        (r"[a-z]{4}[a-z]{3}\d", "letters open"),
        (r"\d{25}", "more than 24"),
        (r"(PEK|SHA)\d{22}", "more than 24"),
    ],
)
def test_other_patterns_are_refused_with_what_would_be_right(pattern: str, said: str) -> None:
    with pytest.raises(SubjectPatternError, match=re.escape(said)) as refused:
        require_subject_pattern(pattern)
    assert "PEK" in str(refused.value) or "characters" in str(refused.value)


@given(st.text(r"AZaz09\d[]{},-?|()_", max_size=40), st.text("AZaz09-_", max_size=24))
def test_whatever_is_allowed_compiles_and_is_quick(pattern: str, number: str) -> None:
    try:
        require_subject_pattern(pattern)
    except SubjectPatternError:
        return
    begun = time.perf_counter()
    if is_subject_number(number, pattern):
        assert any(character.isdigit() for character in number)
    assert time.perf_counter() - begun < 0.5


@pytest.mark.parametrize("pattern", [r"\d{0,7}\d{0,7}\d{0,7}X1", "(0|00)" * 9 + "X"])
def test_the_slowest_allowed_patterns_are_quick(pattern: str) -> None:
    require_subject_pattern(pattern)
    begun = time.perf_counter()
    assert not is_subject_number("0" * 24, pattern)
    assert time.perf_counter() - begun < 0.5
