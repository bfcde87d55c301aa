"""Sentences that know what they were made from."""

import copy
import pickle
from datetime import date

from planner.protocol.said import Said, said


def test_it_is_the_text() -> None:
    text = said("{visit} on {day:%a} {day} is without {doses}.", visit="C3D1", day=date(2026, 4, 17), doses=("a", "b"))
    assert text == "C3D1 on Fri 2026-04-17 is without a, b."
    assert isinstance(text, Said)
    assert text.template == "{visit} on {day:%a} {day} is without {doses}."
    assert text.values["day"] == date(2026, 4, 17)


def test_an_error_keeps_it() -> None:
    try:
        raise ValueError(said("There is no visit {visit}.", visit="C9"))
    except ValueError as error:
        text = str(error)
    assert isinstance(text, Said)
    assert text.values == {"visit": "C9"}


def test_sentences_in_sentences() -> None:
    inner = said("{count} days", count=3)
    outer = said("It is {how} late.", how=inner)
    assert outer == "It is 3 days late."
    assert isinstance(outer, Said)
    assert outer.values["how"] is inner


def test_braces_in_values_are_left_alone() -> None:
    assert said("There is no {what}.", what="{site}") == "There is no {site}."


def test_copies_stay_texts() -> None:
    text = said("{count} days", count=3)
    for made in (copy.copy(text), copy.deepcopy(text), pickle.loads(pickle.dumps(text))):
        assert made == "3 days"
        assert isinstance(made, Said)
        assert made.values == {"count": 3}
