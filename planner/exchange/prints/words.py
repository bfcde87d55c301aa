"""The product's own words on a print, in both languages; templates hold none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from planner.exchange.prints.chinese_words import CHINESE_TEXTS
from planner.exchange.prints.day_names import PrintLanguage
from planner.exchange.prints.english_words import ENGLISH_TEXTS

State = Literal[
    "done",
    "missed",
    "on_hold",
    "held_until",
    "held_booked",
    "passed",
    "booked",
    "depends",
    "planned",
    "moving",
    "reminder",
    "reminder_due",
    "reminder_open",
    "reminder_moving",
]
"""What a reader of a print needs to know of a visit: ``states`` says which is which."""

SIGNS: dict[State, str] = {
    "done": "✓",
    "missed": "×",
    "on_hold": "‖",
    "held_until": "◇",
    "held_booked": "◆",
    "passed": "！",
    "booked": "●",
    "depends": "◐",
    "planned": "○",
    "moving": "≈",
    "reminder": "☆",
    "reminder_due": "★",
    "reminder_open": "？",
    "reminder_moving": "※",
}
"""A sign for each state, told apart by shape; the words of the state always stand beside it or in the legend of the page."""

CHANGED = "▲"


@dataclass(frozen=True, slots=True)
class PrintWords:
    """Words by name: ``texts`` as they are used in templates and builders; those with ``{...}`` are filled in by ``said``."""

    language: PrintLanguage
    texts: dict[str, str]

    def said(self, name: str, /, **parts: object) -> str:
        """A text with its parts filled in. Raises KeyError for a text or part that there is not."""
        return self.texts[name].format(**parts)


def print_words(language: PrintLanguage) -> PrintWords:
    """The words of a language."""
    return PrintWords(language, CHINESE_TEXTS if language == "zh-CN" else ENGLISH_TEXTS)
