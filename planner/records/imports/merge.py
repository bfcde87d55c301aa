"""A subject's facts with new ones beside them, so that the state after an import can be checked before anything is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time
from typing import cast

from planner.records.facts.fact import NewFact
from planner.records.facts.kinds import ROUTINE_CARE, Kind
from planner.schedule.facts import Booking, DecisionMade, End, EndReason, Hold, HoldMode, Stop, SubjectFacts, UnscheduledDose


def with_facts(before: SubjectFacts, new: Iterable[NewFact]) -> SubjectFacts:
    """``before`` and ``new`` facts of the kinds that a file can give; an enrolment among them only sets the start.

    Of a visit done several times the newest day counts. Raises ValueError for a fact of another kind.
    """
    known = _Known(before)
    for fact in new:
        known.add(fact)
    return known.facts()


class _Known:
    """What is known of a subject, in containers that can grow."""

    def __init__(self, before: SubjectFacts) -> None:
        self.before = before
        self.start = before.start
        self.parameters, self.milestones, self.decisions = dict(before.parameters), dict(before.milestones), dict(before.decisions)
        self.actual, self.missed, self.booked = dict(before.actual), dict(before.missed), dict(before.booked)
        self.omitted, self.routine_care = set(before.omitted), set(before.routine_care)
        self.holds, self.stops, self.unscheduled = list(before.holds), list(before.stops), list(before.unscheduled)
        self.end = before.end

    def add(self, fact: NewFact) -> None:
        item = fact.item
        match fact.kind:
            case Kind.ENROLLED:
                self.start = _day(fact)
            case Kind.PARAMETER_SET:
                self.parameters[item] = fact.value
            case Kind.MILESTONE_SET:
                self.milestones[item] = _day(fact)
            case Kind.DECISION_MADE:
                self.decisions[item] = DecisionMade(fact.value, fact.day)
            case Kind.VISIT_DONE:
                self.actual[item] = max(_day(fact), self.actual.get(item, date.min))
                if fact.value == ROUTINE_CARE:
                    self.routine_care.add(item)
            case Kind.VISIT_MISSED:
                self.missed[item] = fact.reason
            case Kind.ACTIVITY_OMITTED:
                self.omitted.add((item, fact.value))
            case Kind.BOOKED:
                self.booked[item] = Booking(_day(fact), time.fromisoformat(fact.value) if fact.value else None)
            case _:
                self._add_treatment(fact)

    def _add_treatment(self, fact: NewFact) -> None:
        stream = fact.item or None
        match fact.kind:
            case Kind.HOLD_STARTED:
                self.holds.append(Hold(_day(fact), fact.until_day, stream, cast(HoldMode, fact.value)))
            case Kind.TREATMENT_STOPPED:
                self.stops.append(Stop(_day(fact), stream))
            case Kind.UNSCHEDULED_VISIT:
                self.unscheduled.append(UnscheduledDose(_day(fact), fact.item))
            case Kind.LEFT_STUDY:
                self.end = End(cast(EndReason, fact.value), _day(fact))
            case _:
                raise ValueError(f"a fact {fact.kind} is none that a file can give")

    def facts(self) -> SubjectFacts:
        return replace(
            self.before,
            start=self.start,
            parameters=self.parameters,
            milestones=self.milestones,
            decisions=self.decisions,
            actual=self.actual,
            missed=self.missed,
            omitted=frozenset(self.omitted),
            booked=self.booked,
            routine_care=frozenset(self.routine_care),
            holds=tuple(self.holds),
            stops=tuple(self.stops),
            end=self.end,
            unscheduled=tuple(self.unscheduled),
        )


def _day(fact: NewFact) -> date:
    if fact.day is None:
        raise ValueError(f"a fact {fact.kind} needs a day")
    return fact.day
