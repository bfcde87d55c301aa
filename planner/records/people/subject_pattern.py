r"""What a site's subject numbers look like: a small, safe part of regular expressions, such as ``PEK-\d{3}``.

Allowed are letters, digits, ``-`` and ``_`` (for themselves), ``\d``, ``[...]`` with single characters and ranges, groups with ``|``,
and after one character or class ``?``, ``{m}`` or ``{m,n}``. So no pattern takes long to try, and none lets a name pass.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from planner.protocol.said import said
from planner.records.errors import RecordsError

LONGEST_NUMBER = 24
"""Of a subject number, as of what may stand in the title of a calendar event."""
LONGEST_PATTERN = 100
MOST_FREE_LETTERS = 6
"""How many letters of a number the pattern may leave open; a name has more."""
_MOST_WAYS = 1000
"""In how many ways a pattern may divide one text, at most: what bounds the time to try it."""

_EXAMPLE = said("Write it like PEK-\\d{{3}} or (PEK|SHA)-[0-9]{{3,4}}.")
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*", re.ASCII)
_ATOM = re.compile(r"\\d|[A-Za-z0-9_-]|\\-|\[(?:(?:[A-Za-z0-9](?:-[A-Za-z0-9])?|\\d|_)+-?|-)\]", re.ASCII)
_REPEAT = re.compile(r"\?|\{(?P<least>\d{1,2})(?:,(?P<most>\d{1,2}))?\}", re.ASCII)
_DIGITS_ONLY = re.compile(r"\\d|\d|\[(?:\d(?:-\d)?|\\d)+\]", re.ASCII)
_HAS_LETTERS = re.compile(r"\[[^\]]*[A-Za-z]", re.ASCII)


class SubjectPatternError(RecordsError, ValueError):
    """A pattern that cannot stand for subject numbers; the message says what would be right."""


def require_subject_pattern(pattern: str) -> str:
    """``pattern`` itself, if it is one of the allowed form and lets codes pass only. Raises SubjectPatternError."""
    if not 1 <= len(pattern) <= LONGEST_PATTERN:
        raise SubjectPatternError(
            said(
                "A pattern for subject numbers has 1 to {longest_pattern} characters. {example}",
                longest_pattern=LONGEST_PATTERN,
                example=_EXAMPLE,
            )
        )
    shape = _Reader(pattern).shape()
    if shape.least_digits == 0:
        raise SubjectPatternError(said("The pattern lets numbers without any digit pass, and so a name. {example}", example=_EXAMPLE))
    if shape.free_letters > MOST_FREE_LETTERS:
        raise SubjectPatternError(
            said(
                "The pattern leaves more than {most_free_letters} letters open, and so a name could pass. {example}",
                most_free_letters=MOST_FREE_LETTERS,
                example=_EXAMPLE,
            )
        )
    if shape.longest > LONGEST_NUMBER:
        raise SubjectPatternError(
            said(
                "The pattern lets numbers of more than {longest_number} characters pass. {example}",
                longest_number=LONGEST_NUMBER,
                example=_EXAMPLE,
            )
        )
    try:
        re.compile(pattern, re.ASCII)
    except re.error:
        raise SubjectPatternError(
            said("The pattern is no regular expression: a range such as [9-0] stands the wrong way round. {example}", example=_EXAMPLE)
        ) from None
    return pattern


def is_subject_number(text: str, pattern: str) -> bool:
    """Whether ``text`` is a code (letters, digits, - and _, at most 24) that the whole ``pattern`` matches."""
    return len(text) <= LONGEST_NUMBER and _NUMBER.fullmatch(text) is not None and re.fullmatch(pattern, text, re.ASCII) is not None


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a part of a pattern lets pass: the ways to try it, its fewest digits, most open letters, greatest length."""

    ways: int = 1
    least_digits: int = 0
    free_letters: int = 0
    longest: int = 0

    def then(self, other: _Shape) -> _Shape:
        return _Shape(
            self.ways * other.ways,
            self.least_digits + other.least_digits,
            self.free_letters + other.free_letters,
            self.longest + other.longest,
        )

    def either(self, other: _Shape) -> _Shape:
        return _Shape(
            self.ways + other.ways,
            min(self.least_digits, other.least_digits),
            max(self.free_letters, other.free_letters),
            max(self.longest, other.longest),
        )


class _Reader:
    """Reads a pattern from left to right, and stops at the first thing that is not allowed."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._place = 0

    def shape(self) -> _Shape:
        found = self._choices(depth=0)
        if self._place < len(self._pattern):
            raise self._fault(said("a bracket is closed that was never opened"))
        return found

    def _choices(self, depth: int) -> _Shape:
        found = self._row(depth)
        while self._next() == "|":
            self._place += 1
            found = found.either(self._row(depth))
        if found.ways > _MOST_WAYS:
            raise self._fault(said("the pattern has too many choices; use fewer ?, {{m,n}} and |"))
        return found

    def _row(self, depth: int) -> _Shape:
        found, begin = _Shape(), self._place
        while self._next() not in ("", "|", ")"):
            found = found.then(self._group(depth) if self._next() == "(" else self._repeated_atom())
        if self._place == begin:
            raise self._fault(said("there is nothing between two choices, or the group is empty"))
        return found

    def _group(self, depth: int) -> _Shape:
        if depth == 3:
            raise self._fault(said("groups stand inside each other too deep"))
        self._place += 3 if self._pattern.startswith("(?:", self._place) else 1
        found = self._choices(depth + 1)
        if self._next() != ")":
            raise self._fault(said("a bracket is not closed"))
        self._place += 1
        if self._next() == "?":
            self._place += 1
            return found.either(_Shape())
        return found

    def _repeated_atom(self) -> _Shape:
        match = _ATOM.match(self._pattern, self._place)
        if match is None:
            raise self._fault(said("{shown} cannot stand here", shown=self._shown()))
        self._place = match.end()
        least, most = self._repeat()
        return _Shape(
            ways=most - least + 1,
            least_digits=least if _DIGITS_ONLY.fullmatch(match[0]) else 0,
            free_letters=most if _HAS_LETTERS.match(match[0]) else 0,
            longest=most,
        )

    def _repeat(self) -> tuple[int, int]:
        match = _REPEAT.match(self._pattern, self._place)
        if match is None:
            return 1, 1
        self._place = match.end()
        if match[0] == "?":
            return 0, 1
        least = int(match["least"])
        most = int(match["most"] or least)
        if not least <= most or most == 0:
            raise self._fault(said("{match} repeats nothing", match=match[0]))
        return least, most

    def _next(self) -> str:
        return self._pattern[self._place : self._place + 1]

    def _shown(self) -> str:
        hints = {
            "+": said("+ has no upper end, write {{1,4}};"),
            "*": said("* has no upper end, write {{0,4}};"),
            ".": said(". lets anything pass, write \\d;"),
        }
        anchors = dict.fromkeys("^$", said("^ and $ are not needed, the whole number is compared, and one of them"))
        return {**hints, **anchors}.get(self._next(), self._next())

    def _fault(self, what: str) -> SubjectPatternError:
        return SubjectPatternError(
            said("The pattern cannot be used: at character {place}, {what}. {example}", place=self._place + 1, what=what, example=_EXAMPLE)
        )
