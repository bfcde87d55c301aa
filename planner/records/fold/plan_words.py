"""What one word of a fact is in a plan: its number there, or a sentence that says why the plan does not know it.

Every function answers with an int or, where the fact does not fit, with the sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from functools import lru_cache

from planner.protocol.plan import Plan, Slot
from planner.schedule.codes import END_REASONS
from planner.schedule.fact_faults import parameter_value, suggestion
from planner.schedule.visit_ids import ids_of_subject, slot_of

HOLD_MODES = ("shift", "skip")


def parameter_code(plan: Plan, name: str, text: str) -> int | str:
    """The code of a parameter's value."""
    parameter = plan.protocol.parameters.get(name)
    if parameter is None:
        return f"there is no parameter {name}{suggestion(name, plan.parameters, 'the parameters are')}"
    value = parameter_value(plan, name, text)
    if value in parameter.values:
        return parameter.values.index(value)
    if parameter.is_range:
        return f"{text} is not allowed for {name}; it must be from {parameter.values[0]} to {parameter.values[-1]}"
    return f"{text} is not a choice of {name}{suggestion(text, parameter.values, 'the choices are')}"


def milestone_index(plan: Plan, name: str) -> int | str:
    """The index of a milestone whose date is given from outside."""
    if name in plan.milestones:
        return plan.milestones.index(name)
    if name in plan.protocol.milestones:
        return f"{name} is worked out from the visits and cannot be given"
    return f"there is no milestone {name}{suggestion(name, plan.milestones, 'the milestones are')}"


def choice_code(plan: Plan, name: str, text: str) -> int | str:
    """The code of a decision's choice."""
    decision = plan.protocol.decisions.get(name)
    if decision is None:
        return f"there is no decision {name}{suggestion(name, plan.decisions, 'the decisions are')}"
    names = [choice.name for choice in decision.choices]
    return names.index(text) if text in names else f"{text} is not a choice of {name}{suggestion(text, names, 'the choices are')}"


def activity_index(plan: Plan, name: str) -> int | str:
    """The index of an activity."""
    if name in plan.activities:
        return plan.activities.index(name)
    return f"there is no activity {name}{suggestion(name, plan.activities, 'the activities are')}"


def stream_doses(plan: Plan, name: str) -> int | str:
    """The bit mask of a stream, of all drugs for ""."""
    if name and name not in plan.doses:
        return f"there is no stream {name}{suggestion(name, plan.doses, 'the streams are')}"
    return plan.dose_mask(name or None)


def hold_mode(text: str) -> int | str:
    """The index of a way to hold in ``HOLD_MODES``."""
    return HOLD_MODES.index(text) if text in HOLD_MODES else f"{text!r} is no way to hold; it is shift or skip"


def end_reason(text: str) -> int | str:
    """The index of a reason for an end in ``END_REASONS``."""
    return END_REASONS.index(text) if text in END_REASONS else f"{text!r} is no reason for an end; it is one of {', '.join(END_REASONS)}"


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
        return f"{text!r} is not a time of day; it is written HH:MM, such as 09:30"
    return at.hour * 60 + at.minute


def visit_slot(plan: Plan, visit: str, codes: Sequence[int]) -> int | str:
    """The index of the slot that bears the id ``visit`` for a subject with these parameter codes (docs/date-rules.md, R2)."""
    slot = slot_of(plan, visit, codes)
    if slot is not None:
        return slot.index
    mine = ids_of_subject(plan, codes)
    if visit not in plan.slots_by_id:
        return f"there is no visit {visit}{suggestion(visit, mine, 'the visits are')}"
    settings = ", ".join(
        f"{name} = {plan.protocol.parameters[name].values[codes[index]]}"
        for index, name in enumerate(plan.parameters)
        if index in visit_parameters(plan) and codes[index] >= 0
    )
    return f"{visit} is not in this subject's plan ({settings}){suggestion(visit, mine, 'its visits are')}"


@lru_cache(maxsize=64)
def visit_parameters(plan: Plan) -> tuple[int, ...]:
    """The parameters that decide which visits a subject has and what their ids are; a birth year, for one, does not."""
    return tuple(sorted({index for slot in plan.slots for index in _parameters_of(slot)}))


def _parameters_of(slot: Slot) -> set[int]:
    tests = (*slot.exists_if, *slot.not_if, *((slot.within_count,) if slot.within_count else ()))
    return {*slot.number_after, *(test.index for test in tests)}
