"""What one word of a fact is in a plan: its number there, or a sentence that says why the plan does not know it.

Every function answers with an int or, where the fact does not fit, with the sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from functools import lru_cache

from planner.protocol.plan import Plan, Slot
from planner.protocol.said import said
from planner.schedule.codes import END_REASONS
from planner.schedule.fact_faults import parameter_value, suggestion
from planner.schedule.visit_ids import ids_of_subject, slot_of

HOLD_MODES = ("shift", "skip")

_THE_PARAMETERS = said("the parameters are")
_THE_CHOICES = said("the choices are")
_THE_MILESTONES = said("the milestones are")
_THE_DECISIONS = said("the decisions are")
_THE_ACTIVITIES = said("the activities are")
_THE_STREAMS = said("the streams are")
_THE_VISITS = said("the visits are")
_ITS_VISITS = said("its visits are")


def parameter_code(plan: Plan, name: str, text: str) -> int | str:
    """The code of a parameter's value."""
    parameter = plan.protocol.parameters.get(name)
    if parameter is None:
        return said("there is no parameter {name}{suggestion}", name=name, suggestion=suggestion(name, plan.parameters, _THE_PARAMETERS))
    value = parameter_value(plan, name, text)
    if value in parameter.values:
        return parameter.values.index(value)
    if parameter.is_range:
        return said(
            "{text} is not allowed for {name}; it must be from {least} to {most}",
            text=text,
            name=name,
            least=parameter.values[0],
            most=parameter.values[-1],
        )
    return said(
        "{text} is not a choice of {name}{suggestion}",
        text=text,
        name=name,
        suggestion=suggestion(text, parameter.values, _THE_CHOICES),
    )


def milestone_index(plan: Plan, name: str) -> int | str:
    """The index of a milestone whose date is given from outside."""
    if name in plan.milestones:
        return plan.milestones.index(name)
    if name in plan.protocol.milestones:
        return said("{name} is worked out from the visits and cannot be given", name=name)
    return said("there is no milestone {name}{suggestion}", name=name, suggestion=suggestion(name, plan.milestones, _THE_MILESTONES))


def choice_code(plan: Plan, name: str, text: str) -> int | str:
    """The code of a decision's choice."""
    decision = plan.protocol.decisions.get(name)
    if decision is None:
        return said("there is no decision {name}{suggestion}", name=name, suggestion=suggestion(name, plan.decisions, _THE_DECISIONS))
    names = [choice.name for choice in decision.choices]
    return (
        names.index(text)
        if text in names
        else said(
            "{text} is not a choice of {name}{suggestion}",
            text=text,
            name=name,
            suggestion=suggestion(text, names, _THE_CHOICES),
        )
    )


def activity_index(plan: Plan, name: str) -> int | str:
    """The index of an activity."""
    if name in plan.activities:
        return plan.activities.index(name)
    return said("there is no activity {name}{suggestion}", name=name, suggestion=suggestion(name, plan.activities, _THE_ACTIVITIES))


def stream_doses(plan: Plan, name: str) -> int | str:
    """The bit mask of a stream, of all drugs for ""."""
    if name and name not in plan.doses:
        return said("there is no stream {name}{suggestion}", name=name, suggestion=suggestion(name, plan.doses, _THE_STREAMS))
    return plan.dose_mask(name or None)


def hold_mode(text: str) -> int | str:
    """The index of a way to hold in ``HOLD_MODES``."""
    return HOLD_MODES.index(text) if text in HOLD_MODES else said("{text!r} is no way to hold; it is shift or skip", text=text)


def end_reason(text: str) -> int | str:
    """The index of a reason for an end in ``END_REASONS``."""
    return (
        END_REASONS.index(text)
        if text in END_REASONS
        else said("{text!r} is no reason for an end; it is one of {end_reasons}", text=text, end_reasons=tuple(END_REASONS))
    )


def minute_of_day(text: str) -> int | str:
    """The minutes since midnight of a booking's local time, -1 for none given."""
    if not text:
        return -1
    try:
        at = time.fromisoformat(text)
    except ValueError:
        at = time(second=1)
    # Seconds or a zone would be lost in the cohort, so they are no such time.
    if text != f"{at:%H:%M}":
        return said("{text!r} is not a time of day; it is written HH:MM, such as 09:30", text=text)
    return at.hour * 60 + at.minute


def visit_slot(plan: Plan, visit: str, codes: Sequence[int]) -> int | str:
    """The index of the slot that bears the id ``visit`` for a subject with these parameter codes (docs/date-rules.md, R2)."""
    slot = slot_of(plan, visit, codes)
    if slot is not None:
        return slot.index
    mine = ids_of_subject(plan, codes)
    if visit not in plan.slots_by_id:
        return said("there is no visit {visit}{suggestion}", visit=visit, suggestion=suggestion(visit, mine, _THE_VISITS))
    settings = tuple(
        f"{name} = {plan.protocol.parameters[name].values[codes[index]]}"
        for index, name in enumerate(plan.parameters)
        if index in visit_parameters(plan) and codes[index] >= 0
    )
    return said(
        "{visit} is not in this subject's plan ({settings}){suggestion}",
        visit=visit,
        settings=settings,
        suggestion=suggestion(visit, mine, _ITS_VISITS),
    )


@lru_cache(maxsize=64)
def visit_parameters(plan: Plan) -> tuple[int, ...]:
    """The parameters that decide which visits a subject has and what their ids are; a birth year, for one, does not."""
    return tuple(sorted({index for slot in plan.slots for index in _parameters_of(slot)}))


def _parameters_of(slot: Slot) -> set[int]:
    tests = (*slot.exists_if, *slot.not_if, *((slot.within_count,) if slot.within_count else ()))
    return {*slot.number_after, *(test.index for test in tests)}
