"""Whether the log says already what a row says, says otherwise, or says nothing: so the same file twice writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

from planner.protocol.plan import Plan
from planner.records.facts.fact import NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.fold.fact_columns import KINDS, FactTable
from planner.records.fold.subject_facts import SubjectState
from planner.schedule.days import NO_DAY, day_date
from planner.schedule.fact_faults import parameter_value


class Answer(Enum):
    """What the log says of a new fact."""

    NEW = auto()
    RECORDED = auto()
    OTHERWISE = auto()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The answer, and the number of the recorded fact that gives it; 0 for a new one."""

    answer: Answer
    number: int = 0


@dataclass(frozen=True, slots=True)
class RecordedFact:
    """A fact in force, as far as it is compared."""

    number: int
    origin: int
    """The number of the fact that its chain of corrections began with: it stands there among others (StandingFacts)."""
    day: date | None
    value: str
    reason: str


@dataclass(frozen=True, eq=False)
class Recorded:
    """What the log holds of one subject."""

    key: SubjectKey
    state: SubjectState | None
    """None where no enrolment is in force."""
    revision: int
    """The number of the subject's last fact."""
    in_force: Mapping[tuple[Kind, str], Sequence[RecordedFact]]
    """By kind and item, in the order of their origins."""


_NEW = Comparison(Answer.NEW)


def facts_by_item(table: FactTable, origin: NDArray[np.int32]) -> Mapping[tuple[Kind, str], Sequence[RecordedFact]]:
    """The facts of a table (one subject's in force) by kind and item, in the order of their origins (one for each fact)."""
    found: dict[tuple[Kind, str], list[RecordedFact]] = defaultdict(list)
    words, order = table.words, np.argsort(origin, kind="stable")
    columns = (table.kind, table.item, table.number, origin, table.day, table.value, table.reason)
    for kind, item, number, began, day, value, reason in zip(*(column[order].tolist() for column in columns), strict=True):
        fact = RecordedFact(number, began, None if day == NO_DAY else day_date(day), words[value], words[reason])
        found[KINDS[kind], words[item]].append(fact)
    return found


def compared(new: NewFact, recorded: Recorded, plan: Plan) -> Comparison:
    """What the log says of ``new``; what the row leaves open (a time, a reason, a decision's day) is no contradiction."""
    same_item = recorded.in_force.get((new.kind, new.item), ())
    match new.kind:
        case Kind.ENROLLED:
            return _enrolment(new, recorded)
        case Kind.BOOKED:
            released = recorded.in_force.get((Kind.RELEASED, new.item), ())
            return _latest(new, sorted([*same_item, *released], key=lambda fact: fact.origin))
        case Kind.PARAMETER_SET:
            value = parameter_value(plan, new.item, new.value) if new.item in plan.parameters else new.value
            return _answer(same_item[-1:], [fact for fact in same_item[-1:] if fact.value in (value, new.value)])
        case Kind.VISIT_DONE if _is_redo(plan, new.item):
            same_day = [fact for fact in same_item if fact.day == new.day]
            return _answer(same_day, [fact for fact in same_day if new.value in ("", fact.value)])
        case Kind.VISIT_MISSED:
            return _answer(same_item, [fact for fact in same_item if new.reason in ("", fact.reason)])
        case Kind.ACTIVITY_OMITTED:
            same_activity = [fact for fact in same_item if fact.value == new.value]
            return _answer(same_activity, same_activity)
        case Kind.UNSCHEDULED_VISIT:
            same_dose = [fact for fact in same_item if fact.day == new.day]
            return _answer(same_dose, same_dose)
        case Kind.HOLD_STARTED:
            return _hold(new, recorded)
        case _:
            return _latest(new, same_item)


def _answer(about: Sequence[RecordedFact], same: Sequence[RecordedFact]) -> Comparison:
    """New if nothing is recorded ``about`` it, else whether any of it says the ``same``."""
    if same:
        return Comparison(Answer.RECORDED, same[-1].number)
    return Comparison(Answer.OTHERWISE, about[-1].number) if about else _NEW


def _latest(new: NewFact, about: Sequence[RecordedFact]) -> Comparison:
    last = about[-1:]
    return _answer(last, [fact for fact in last if new.day in (None, fact.day) and new.value in ("", fact.value)])


def _is_redo(plan: Plan, visit: str) -> bool:
    return any(plan.slots[index].redo for index in plan.slots_by_id.get(visit, ()))


def _enrolment(new: NewFact, recorded: Recorded) -> Comparison:
    enrolled = recorded.in_force.get((Kind.ENROLLED, new.item), ())
    if recorded.state is None:
        return _NEW
    anywhere = [fact for (kind, _), facts in recorded.in_force.items() if kind is Kind.ENROLLED for fact in facts]
    moved = recorded.in_force.get((Kind.START_MOVED, ""), ())
    if not enrolled:
        return Comparison(Answer.OTHERWISE, anywhere[-1].number)
    same = [*enrolled, *moved][-1:] if recorded.state.facts.start == new.day else []
    return _answer([*enrolled, *moved], same)


def _hold(new: NewFact, recorded: Recorded) -> Comparison:
    """A hold's end may be a fact of its own, so the state tells; several holds of a stream on different days all count."""
    about = [fact for fact in recorded.in_force.get((new.kind, new.item), ()) if fact.day == new.day]
    holds = recorded.state.facts.holds if recorded.state is not None else ()
    same = any(
        (hold.first_day, hold.stream or "", hold.mode) == (new.day, new.item, new.value) and new.until_day in (None, hold.resume)
        for hold in holds
    )
    return _answer(about, about if same else [])
