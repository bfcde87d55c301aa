"""Making sentences of what other parts of the planner say without a capital letter or a full stop."""

from __future__ import annotations

from planner.protocol.said import said
from planner.protocol.said_lists import with_capital


def ended(text: str) -> str:
    """The text with a full stop, unless it ends with one or with a question mark."""
    return text if text.endswith((".", "?")) else said("{text}.", text=text)


def sentence(text: str) -> str:
    """The text with a capital letter at the beginning, ``ended``."""
    return ended(with_capital(text))
