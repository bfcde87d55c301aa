"""Making sentences of what other parts of the planner say without a capital letter or a full stop."""

from __future__ import annotations


def ended(text: str) -> str:
    """The text with a full stop, unless it ends with one or with a question mark."""
    return text if text.endswith((".", "?")) else f"{text}."


def sentence(text: str) -> str:
    """The text with a capital letter at the beginning, ``ended``."""
    return ended(text[:1].upper() + text[1:])
