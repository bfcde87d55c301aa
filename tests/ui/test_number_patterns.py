"""Subject numbers in plain words, and an example of any pattern."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.records.people.subject_pattern import SubjectPatternError, is_subject_number, require_subject_pattern
from planner.ui.number_patterns import FEWEST_DIGITS, MOST_DIGITS, example_number, numbers_like


@pytest.mark.parametrize(
    ("pattern", "example"),
    [
        (r"PEK-\d{3}", "PEK-001"),
        (r"(PEK|SHA)-[0-9]{3,4}", "PEK-001"),
        (r"(?:PEK|SHA(A|B))_\d{2}", "PEK_01"),
        (r"S(-X)?\d\d", "S01"),
        (r"[A-C]{2}-?[1-9]\d{2}", "AA101"),
        (r"[\dA]\d", "01"),
        ("0042", "0042"),
        (r"A{2}\-[0-9]{2}", "AA-01"),
    ],
)
def test_examples(pattern: str, example: str) -> None:
    require_subject_pattern(pattern)
    found = example_number(pattern)
    assert is_subject_number(found, pattern)
    if pattern not in (r"[\dA]\d", r"[A-C]{2}-?[1-9]\d{2}"):
        assert found == example


@pytest.mark.parametrize("pattern", ["", "(", "[", "a{", "(a|b"])
def test_a_pattern_that_cannot_be_used_has_no_example(pattern: str) -> None:
    assert example_number(pattern) == ""


@given(st.from_regex(r"[A-Z][A-Z0-9_-]{0,12}", fullmatch=True), st.integers(FEWEST_DIGITS, MOST_DIGITS))
@settings(max_examples=100, deadline=None)
def test_what_is_built_is_allowed_and_has_an_example(beginning: str, digits: int) -> None:
    pattern = require_subject_pattern(numbers_like(beginning, digits))
    example = example_number(pattern)
    assert example == f"{beginning}{1:0{digits}}"


@given(st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_no_example_is_ever_a_wrong_one(pattern: str) -> None:
    try:
        require_subject_pattern(pattern)
    except SubjectPatternError:
        return
    example = example_number(pattern)
    assert example == "" or is_subject_number(example, pattern)
