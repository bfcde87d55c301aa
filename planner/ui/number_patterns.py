r"""What subject numbers look like, for people who write no patterns: a beginning and a count of digits, and a number as an example."""

from __future__ import annotations

import re

from planner.records.people.subject_pattern import is_subject_number

FEWEST_DIGITS, MOST_DIGITS, USUAL_DIGITS = 2, 8, 3
_PIECE = re.compile(r"\\d|\\-|\[[^\]]*\]|[A-Za-z0-9_-]", re.ASCII)
_REPEAT = re.compile(r"\?|\{(\d+)(?:,\d+)?\}", re.ASCII)
_DIGIT = ("\\d", "[0-9]", "[\\d]")


def numbers_like(beginning: str, digits: int) -> str:
    r"""The pattern of numbers that begin so and end in so many digits: ``PEK-\d{3}``. Whether it is allowed, the records say."""
    return f"{beginning}\\d{{{digits}}}"


def example_number(pattern: str) -> str:
    """A number of this pattern: ``PEK-001``; "" where none is found, so that no example is ever a wrong one."""
    found = _counted_up(_pieces(_first_choices(pattern)))
    return found if is_subject_number(found, pattern) else ""


def _first_choices(pattern: str) -> str:
    """The pattern with the first of the choices in each group, innermost first, and without groups that need not be there."""
    groups = re.compile(r"\((?:\?:)?([^()]*)\)(\??)")
    while (group := groups.search(pattern)) is not None:
        chosen = "" if group[2] else group[1].partition("|")[0]
        pattern = pattern[: group.start()] + chosen + pattern[group.end() :]
    return pattern.partition("|")[0]


def _pieces(pattern: str) -> list[str]:
    """One character, or class of them, for each place of the number."""
    pieces, place = list[str](), 0
    while (piece := _PIECE.match(pattern, place)) is not None:
        place = piece.end()
        repeat = _REPEAT.match(pattern, place)
        times = 1
        if repeat is not None:
            place = repeat.end()
            times = 0 if repeat[1] is None else int(repeat[1])
        pieces += [piece[0]] * times
    return pieces


def _counted_up(pieces: list[str]) -> str:
    """The first number of the count: the last of the open digits is a 1, the others are 0."""
    is_last, written = True, list[str]()
    for piece in reversed(pieces):
        if piece in _DIGIT:
            written.append("1" if is_last else "0")
            is_last = False
        elif piece.startswith("["):
            written.append("1" if piece[1] == "\\" else piece[1])
        else:
            written.append(piece.removeprefix("\\"))
    return "".join(reversed(written))
