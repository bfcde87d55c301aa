"""What is found of our visits in a calendar from outside."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, time
from typing import Literal, get_args

from planner.exchange.outside.outside_event import OutsideEvent
from planner.records.revisions.visit_revisions import VisitRevision

FindingKind = Literal["same", "moved", "cancelled", "gone", "settled", "older", "unreadable"]
"""``moved`` alone is proposed; ``same`` needs nothing, and all others are told to a person."""

KINDS: tuple[FindingKind, ...] = get_args(FindingKind)


@dataclass(frozen=True, slots=True)
class Finding:
    """One visit of ours, as the outside calendar has it."""

    kind: FindingKind
    uid: str
    revision: VisitRevision | None
    """The visit; None where the text is about the file as a whole."""
    event: OutsideEvent | None
    """None where it is gone, or cannot be read."""
    line: int
    """0 where it is gone, or the calendar is no file."""
    day: date | None
    """Where the outside calendar has it, in the zone of the visit's site; None where there is no event."""
    at: time | None
    minutes: int | None
    """A new length; None: it is as long as it was."""
    text: str
    """A sentence; "" of what is the same."""
    returns: bool = False
    """Of one that was moved: to a time that the visit had before, so that only a person can tell whether this is meant."""


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that was found."""

    all: tuple[Finding, ...]
    """In the order of the visits; what is about the file as a whole comes last."""
    not_ours: int
    """How many events have none of our UIDs, or one of a visit that the caller may not read."""

    def of(self, *kinds: FindingKind) -> tuple[Finding, ...]:
        """Those of some kinds, in order."""
        return tuple(finding for finding in self.all if finding.kind in kinds)

    @property
    def counts(self) -> dict[FindingKind, int]:
        """How many there are of each kind that there is."""
        found = Counter(finding.kind for finding in self.all)
        return {kind: found[kind] for kind in KINDS if found[kind]}
