"""Lists of sentences that still know what they were made from."""

import copy

import pytest

from planner.protocol.said import Said, said
from planner.protocol.said_lists import added, alternatives, clauses, enumerated, sentences, with_capital, with_small_letter


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (sentences(("A.", "B.", "C.")), "A. B. C."),
        (clauses(("a", "b", "c")), "a; b; c"),
        (alternatives(("a", "b", "c")), "a or b or c"),
        (added(("a", "b", "c")), "a and b and c"),
        (enumerated(("a", "b", "c")), "a, b, c"),
    ],
)
def test_they_read_as_joined(text: str, shown: str) -> None:
    assert text == shown
    assert isinstance(text, Said)


def test_of_one_it_is_that_one_and_of_none_nothing() -> None:
    one = said("{count} days", count=3)
    for join in (sentences, clauses, alternatives, added):
        assert join([one]) is one
        assert join([]) == ""
    assert enumerated([]) == ""


def test_of_very_many_none_stands_deep_in_the_others() -> None:
    text = sentences(str(number) for number in range(5000))
    assert text == " ".join(map(str, range(5000)))
    assert isinstance(text, Said)
    depth = 0
    part: object = text
    while isinstance(part, Said):
        depth, part = depth + 1, part.values["sentence"]
    assert depth < 20


def test_another_first_letter_keeps_the_template() -> None:
    low = with_small_letter(said("Visit {visit} is late.", visit="C3D1"))
    assert low == "visit C3D1 is late."
    for text in (low, copy.deepcopy(low)):
        assert isinstance(text, Said)
        assert text.template == "Visit {visit} is late."
        assert text.values == {"visit": "C3D1"}
    assert with_capital("it ends") == "It ends"
    assert with_capital("") == ""
