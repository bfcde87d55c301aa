"""Which characters the shipped fonts have: what they lack is shown as 〓 and said, never as an empty box that looks like nothing."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
STAND_IN = "〓"
"""The sign of Chinese typesetting for a character that is not at hand."""


@cache
def covered() -> frozenset[str]:
    """The characters that both shipped fonts have, from ``fonts/coverage.txt``: ranges of code points in hexadecimal."""
    found: set[str] = set()
    for line in (FONTS / "coverage.txt").read_text(encoding="ascii").split():
        first, _, last = line.partition("-")
        found.update(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return frozenset(found)


@dataclass(slots=True)
class Glyphs:
    """Goes through a print's texts and keeps what no font has."""

    missing: set[str] = field(default_factory=set)

    def shown(self, value: object) -> object:
        """The same lists, mappings and texts, with ``STAND_IN`` for each character that cannot be shown."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            return {key: self.shown(part) for key, part in value.items()}
        if isinstance(value, list | tuple):
            return [self.shown(part) for part in value]
        return value

    def warning(self) -> str | None:
        """A sentence that names the characters which are not shown; None where all are."""
        if not self.missing:
            return None
        named = ", ".join(map(_named, sorted(self.missing)))
        return (
            f"The fonts of the prints have no sign for {named}, where {STAND_IN} now stands: write it otherwise in the text it comes from."
        )

    def _text(self, text: str) -> str:
        known = covered()
        if known.issuperset(text):
            return text
        composed = unicodedata.normalize("NFC", text)
        self.missing.update(character for character in composed if character not in known)
        return "".join(character if character in known else STAND_IN for character in composed)


def _named(character: str) -> str:
    code = f"U+{ord(character):04X}"
    return f"{character} ({code})" if character.isprintable() and not unicodedata.combining(character) else code
