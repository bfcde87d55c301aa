"""The schedule of activities: what is done at which visit, as a table to read beside the protocol."""

from __future__ import annotations

from dataclasses import dataclass, replace

from planner.exchange.protocol_notation import activity_mark, timing_notation, when_notation, window_notation
from planner.protocol.model import Protocol, VisitDefinition, VisitShape

ALWAYS = "X"


@dataclass(frozen=True, slots=True)
class VisitColumn:
    """One column: a visit, or the first or the later members of a series where they differ."""

    visit: str
    name: str
    epoch: str
    timing: str
    """Anchor and offset, and how often it repeats."""
    window: str
    when: str
    """The condition under which the visit takes place, "" for always."""
    marks: tuple[str, ...]
    """For each activity of the matrix: ``X``, the condition under which it is done, or "" if it is not."""


@dataclass(frozen=True, slots=True)
class ActivityMatrix:
    """``activities`` are (id, label), the rows; a column holds a mark for each of them."""

    activities: tuple[tuple[str, str], ...]
    columns: tuple[VisitColumn, ...]


def activity_matrix(protocol: Protocol) -> ActivityMatrix:
    """The schedule of activities of a protocol, both in the file's order; activities that no visit has are left out."""
    used = {use.activity for visit in protocol.visits for shape in (visit.first, visit.then) for use in shape.activities}
    activities = tuple((id_, activity.label) for id_, activity in protocol.activities.items() if id_ in used)
    columns = [column for visit in protocol.visits for column in _columns(visit, activities)]
    return ActivityMatrix(activities, tuple(columns))


def _columns(visit: VisitDefinition, activities: tuple[tuple[str, str], ...]) -> list[VisitColumn]:
    first = _column(visit, visit.first, activities)
    then = _column(visit, visit.then, activities)
    if visit.repeat is None or (first.timing, first.window, first.marks) == (then.timing, then.window, then.marks):
        return [first]
    return [_named(first, "first"), _named(then, "later")]


def _named(column: VisitColumn, which: str) -> VisitColumn:
    return replace(column, visit=f"{column.visit} {which}")


def _column(visit: VisitDefinition, shape: VisitShape, activities: tuple[tuple[str, str], ...]) -> VisitColumn:
    marks = {use.activity: activity_mark(use) or ALWAYS for use in shape.activities}
    return VisitColumn(
        visit=visit.id,
        name=shape.name,
        epoch=shape.epoch or "With the visit it goes with",
        timing=timing_notation(visit, shape),
        window=window_notation(shape),
        when=when_notation(shape),
        marks=tuple(marks.get(id_, "") for id_, _ in activities),
    )
