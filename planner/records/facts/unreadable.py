"""What is said of a fact in the log that this planner cannot read, wherever it is met."""

from __future__ import annotations

from planner.protocol.said import said


def unreadable_fact(position: int, why: str) -> str:
    """The sentence about the fact at a position of the whole log."""
    text = "Fact {position} of the log cannot be read: {why}. Run `audit verify` to see all such facts."
    if why.endswith("."):
        text = "Fact {position} of the log cannot be read: {why} Run `audit verify` to see all such facts."
    return said(text, position=position, why=why)


def unknown_kind(kind: str) -> str:
    """Why a fact of this kind cannot be read."""
    return said("its kind {kind} is none that this version of the planner knows. Use a newer one", kind=repr(kind[:40]))
