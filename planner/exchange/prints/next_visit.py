"""The box that is read first: the next day on which the patient is expected, and every visit of that day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from planner.exchange.prints.day_names import DayNames
from planner.exchange.prints.preparations import Preparation
from planner.exchange.prints.shown import ShownVisit
from planner.exchange.prints.visit_lines import VisitLine, VisitWriter
from planner.exchange.prints.words import State

_NO_VISIT: tuple[str, ...] = ("reminder", "decision")
"""Kinds at which nobody has to come: never shown as the next visit."""
_EXPECTED: tuple[State, ...] = ("booked", "depends", "held_booked", "planned", "moving", "held_until")


@dataclass(frozen=True, slots=True)
class NextVisit:
    """One visit of that day with everything about it on one place; ``window`` is "" where its day is the only one, or is booked."""

    line: VisitLine
    window: str
    preparations: tuple[Preparation, ...]


@dataclass(frozen=True, slots=True)
class NextDay:
    """The next day with a visit at which the patient is seen or called, and all such visits of that day by their time."""

    day: str
    visits: tuple[NextVisit, ...]


def next_day(
    to_come: Sequence[ShownVisit], as_of: date, writer: VisitWriter, days: DayNames, preparations: Mapping[str, Preparation]
) -> NextDay | None:
    """The first such day from ``as_of`` on of visits in the order of a print; None where there is none."""
    expected = [shown for shown in to_come if shown.state in _EXPECTED and shown.kind not in _NO_VISIT]
    first = next((shown.day for shown in expected if shown.day is not None and shown.day >= as_of), None)
    if first is None:
        return None
    visits = [
        NextVisit(
            line=(line := writer.line(shown)),
            window=line.window if shown.window is not None and shown.window[0] != shown.window[1] else "",
            preparations=tuple(preparations[done.activity] for done in shown.activities if done.activity in preparations),
        )
        for shown in expected
        if shown.day == first
    ]
    return NextDay(days.long_day(first), tuple(visits))
