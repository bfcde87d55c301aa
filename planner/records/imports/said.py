"""What the rows of an import say, as new facts, each with the cell it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from planner.protocol.plan import Plan
from planner.records.changes.acts import (
    activities_omitted,
    decision_made,
    hold_started,
    left_study,
    milestone_set,
    parameter_set,
    treatment_stopped,
    unscheduled_visit,
    visit_booked,
    visit_done,
    visit_missed,
)
from planner.records.facts.fact import NewFact
from planner.records.facts.kinds import Kind
from planner.records.imports.rows import CellFault, DateRow, SubjectRow

_FIRST = {Kind.ENROLLED: 0, Kind.PARAMETER_SET: 1, Kind.MILESTONE_SET: 2}
"""Kinds that the others rest on, and so stand before them in the log."""


@dataclass(frozen=True, slots=True)
class Said:
    """One fact that a file gives, and where."""

    line: int
    column: int
    fact: str
    """Its column in a file of subjects (``actual.C3D1``): what ``planner.schedule.fact_faults`` calls it."""
    new: NewFact

    def fault(self, message: str) -> CellFault:
        """A fault of its cell."""
        return CellFault(self.line, self.column, message)


def said_of_date(row: DateRow, columns: Mapping[str, int]) -> Said:
    """What a row of visit dates says."""
    if row.day is None:
        (new,) = visit_missed(row.visit, reason=row.reason)
        return Said(row.line, columns["visit"], f"missed.{row.visit}", new)
    (new,) = visit_done(row.visit, row.day, reason=row.reason)
    return Said(row.line, columns["date"], f"actual.{row.visit}", new)


def said_of_subject(row: SubjectRow, columns: Mapping[str, int]) -> list[Said]:
    """What a subject's row says, the enrolment apart."""
    return [Said(row.line, columns.get(fact, columns["subject"]), fact, new) for fact, news in _facts(row) for new in news]


def _facts(row: SubjectRow) -> Iterator[tuple[str, tuple[NewFact, ...]]]:
    facts = row.facts
    for parameter, value in facts.parameters.items():
        yield f"set.{parameter}", parameter_set(parameter, value)
    for milestone, day in facts.milestones.items():
        yield f"milestone.{milestone}", milestone_set(milestone, day)
    for decision, made in facts.decisions.items():
        yield f"decide.{decision}", decision_made(decision, made.choice, made.day)
    for visit, day in facts.actual.items():
        yield f"actual.{visit}", visit_done(visit, day, routine_care=visit in facts.routine_care)
    for visit, reason in facts.missed.items():
        yield f"missed.{visit}", visit_missed(visit, reason=reason)
    for visit, activity in sorted(facts.omitted):
        yield f"omit.{visit}", activities_omitted(visit, (activity,))
    for visit, booking in facts.booked.items():
        yield f"booked.{visit}", visit_booked(visit, booking.day, f"{booking.at:%H:%M}" if booking.at else "")
    for hold in dict.fromkeys(facts.holds):
        yield "hold", hold_started(hold.first_day, hold.stream or "", hold.resume, hold.mode)
    for stop in dict.fromkeys(facts.stops):
        yield "stop", treatment_stopped(stop.day, stop.stream or "")
    if facts.end is not None:
        yield "end", left_study(facts.end.day, facts.end.reason)
    for dose in dict.fromkeys(facts.unscheduled):
        yield "unscheduled", unscheduled_visit(dose.day, dose.stream)


def in_log_order(said: list[Said], plan: Plan) -> list[Said]:
    """The enrolment, parameters and milestones, then by date and by place in the plan; what has no date comes last."""

    def key(one: Said) -> tuple[int, date, int, str]:
        slots = plan.slots_by_id.get(one.new.item, ())
        return _FIRST.get(one.new.kind, 3), one.new.day or date.max, slots[0] if slots else len(plan.slots), one.fact

    return sorted(said, key=key)
