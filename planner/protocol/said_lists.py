"""Several sentences or words said as one, each still knowing what it was made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from planner.protocol.said import Said, said


def sentences(texts: Iterable[str]) -> str:
    """One sentence after the other; "" of none."""
    return _chained(lambda before, after: said("{sentence} {next_sentence}", sentence=before, next_sentence=after), tuple(texts))


def clauses(texts: Iterable[str]) -> str:
    """Parts of a sentence, with semicolons between; "" of none."""
    return _chained(lambda before, after: said("{clause}; {next_clause}", clause=before, next_clause=after), tuple(texts))


def alternatives(texts: Iterable[str]) -> str:
    """``a or b or c``; "" of none."""
    return _chained(lambda before, after: said("{one} or {other}", one=before, other=after), tuple(texts))


def added(texts: Iterable[str]) -> str:
    """``a and b and c``; "" of none."""
    return _chained(lambda before, after: said("{one} and {next_one}", one=before, next_one=after), tuple(texts))


def enumerated(texts: Iterable[str]) -> str:
    """``a, b, c``; "" of none."""
    return said("{items}", items=items) if (items := tuple(texts)) else ""


def _chained(link: Callable[[str, str], str], texts: Sequence[str]) -> str:
    """By halves, so that a thousand faults of a file do not stand a thousand deep in each other."""
    if len(texts) < 2:
        return texts[0] if texts else ""
    half = len(texts) // 2
    return link(_chained(link, texts[:half]), _chained(link, texts[half:]))


class _Recased(Said):
    """A sentence whose English begins with another case than its template; other languages say the template."""

    first: str

    def __new__(cls, first: str, sentence: Said) -> _Recased:
        """``sentence`` with ``first`` as its first letter."""
        made = str.__new__(cls, first + sentence[1:])
        made.template, made.values, made.first = sentence.template, sentence.values, first
        return made

    def __reduce__(self) -> tuple[Any, Any]:
        """Copies and pickles are made anew from the parts."""
        return _Recased, (self.first, Said(self.template, dict(self.values)))


def with_capital(text: str) -> str:
    """A sentence's part as its beginning: with a capital letter."""
    return _Recased(text[:1].upper(), text) if isinstance(text, Said) else text[:1].upper() + text[1:]


def with_small_letter(text: str) -> str:
    """A sentence as a part of another: without its capital letter."""
    return _Recased(text[:1].lower(), text) if isinstance(text, Said) else text[:1].lower() + text[1:]
