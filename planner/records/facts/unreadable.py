"""What is said of a fact in the log that this planner cannot read, wherever it is met."""

from __future__ import annotations


def unreadable_fact(position: int, why: str) -> str:
    """The sentence about the fact at a position of the whole log."""
    return f"Fact {position} of the log cannot be read: {why}{'' if why.endswith('.') else '.'} Run `audit verify` to see all such facts."


def unknown_kind(kind: str) -> str:
    """Why a fact of this kind cannot be read."""
    return f"its kind {kind[:40]!r} is none that this version of the planner knows. Use a newer one"
