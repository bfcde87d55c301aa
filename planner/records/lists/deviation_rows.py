"""What the deviation ledger holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from planner.records.lists.deviation_keys import DeviationKind

Side = Literal["early", "late", ""]
DeviationStatus = Literal["proposed", "important", "not_important", "withdrawn"]
DEVIATION_STATUSES: tuple[DeviationStatus, ...] = ("proposed", "important", "not_important", "withdrawn")
CLASSES = ("important", "not_important")
"""What a person can class a deviation as: the values of a ``deviation_classed`` fact."""
FREE_TEXT_FIELDS = ("explanation",)
"""Columns that an export meant for others leaves out."""


@dataclass(frozen=True, slots=True)
class ProposedDeviation:
    """A deviation as the facts propose it; nobody has judged it."""

    column: int
    """The subject's column in the schedule."""
    key: str
    kind: DeviationKind
    visit: str
    """The visit it is about, "" where it is about none."""
    date: date | None
    """The day it happened; the planned day of a missed visit."""
    days: int | None
    """By how many days, where it can be counted; never negative."""
    side: Side
    """Too early or too late, where that can be said."""
    what: str
    """A sentence."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """One line of the ledger: what the facts propose, and how a person classed it."""

    key: str
    """Stays the same as long as the deviation is there; what ``deviation_classed`` names."""
    kind: DeviationKind | None
    """None only for a withdrawn one whose check the protocol no longer has."""
    study: str
    site: str
    """Where the subject now is."""
    subject: str
    visit: str
    date: date | None
    days: int | None
    side: Side
    what: str
    status: DeviationStatus
    """``withdrawn``: it was classed, and the facts no longer propose it."""
    classed: str
    """important or not_important as last classed, "" where it is not classed; it stays when a deviation is withdrawn."""
    reason: str
    """The code given with the classing, or ""."""
    classed_by: str
    classed_at: datetime | None
    explanation: str
    """Free text: no part of an export meant for others (``for_others``)."""

    def for_others(self) -> Deviation:
        """The same line without free text."""
        return replace(self, explanation="")
