"""Visits that an act makes vanish without saying so: another took their place, or their dose was given at another time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from planner.protocol.said import said
from planner.records.changes.moves import on_calendar
from planner.records.changes.proposal import ChangeWarning
from planner.records.facts.kinds import Kind
from planner.schedule.rows import VisitRow

_SAY_SO = frozenset(
    {
        Kind.ENROLLED,
        Kind.PARAMETER_SET,
        Kind.DECISION_MADE,
        Kind.TREATMENT_STOPPED,
        Kind.LEFT_STUDY,
        Kind.PROTOCOL_AMENDED,
    }
)
"""Acts by which somebody decides what takes place: what they cancel is no surprise, and would be a long list."""

_SAID_SO = frozenset({"not_chosen", "ended_by_decision", "stopped", "ended", "companion_missed"})
"""Why a visit is cancelled, where somebody said so, of it or of the visit that it goes with."""


def lost_warnings(before: Sequence[VisitRow], after: Sequence[VisitRow], kinds: Collection[Kind]) -> Iterator[ChangeWarning]:
    """The visits to come that an act of these kinds (of what it takes back, for one that is undone) takes off the calendar."""
    if not after or not _SAY_SO.isdisjoint(kinds):
        return
    there = {row.visit: row for row in after}
    for row in before:
        known = there.get(row.visit)
        if row.kind == "reminder" or not on_calendar(row) or row.status in ("done", "missed"):
            continue
        # A booking of a visit that is no longer in the plan has a sentence of its own.
        if _is_said_otherwise(known) if known is not None else row.certainty == "booked":
            continue
        text = "{visit} on {day} no longer takes place." if row.effective else "{visit} no longer takes place."
        yield ChangeWarning("visit", row.visit, said(text, visit=row.visit, day=row.effective))


def _is_said_otherwise(row: VisitRow) -> bool:
    return on_calendar(row) or row.status == "conditional" or not _SAID_SO.isdisjoint(row.flags)
