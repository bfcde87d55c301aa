"""The booking of a visit that is in force, with all that it says."""

from __future__ import annotations

from collections.abc import Sequence

from planner.records.changes.standing import origin_of, standing_of
from planner.records.facts.fact import Fact, NewFact
from planner.records.facts.kinds import Kind


def present_booking(facts: Sequence[Fact], visit: str) -> NewFact | None:
    """What the booking of a visit says; None where it has none, or it was given back. ``facts`` are the subject's whole log."""
    said = {fact.number: fact.said for fact in facts}
    of_visit = [fact for fact in standing_of(facts).values() if fact.kind in (Kind.BOOKED, Kind.RELEASED) and fact.said.item == visit]
    latest = max(of_visit, key=lambda fact: origin_of(said, fact.number), default=None)
    return latest.said if latest is not None and latest.kind is Kind.BOOKED else None
