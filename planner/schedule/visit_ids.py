"""From visit ids to slots and back (R8: an id depends on the file and the subject's parameters only)."""

from __future__ import annotations

from collections.abc import Sequence

from planner.protocol.plan import Plan, Slot


def slot_number(plan: Plan, slot: Slot, codes: Sequence[int]) -> int | None:
    """The number that a slot's id shows for a subject with these parameter codes; None for a single visit."""
    if slot.number is None or slot.number_after is None:
        return slot.number
    parameter = plan.protocol.parameters[plan.parameters[slot.number_after]]
    return slot.number + int(parameter.values[codes[slot.number_after]])


def visit_id(plan: Plan, slot: Slot, codes: Sequence[int]) -> str:
    """The concrete id of a slot (``C3D1``)."""
    number = slot_number(plan, slot, codes)
    return slot.id_pattern if number is None else slot.id_pattern.replace("{n}", str(number))


def slot_of(plan: Plan, visit: str, codes: Sequence[int]) -> Slot | None:
    """The slot that bears the id ``visit`` for a subject with these parameter codes, or None.

    Where a series numbers on from another, a number within the first one's length is the first one's.
    """
    bearers = [plan.slots[index] for index in plan.slots_by_id.get(visit, ()) if visit_id(plan, plan.slots[index], codes) == visit]
    followers = [slot for slot in bearers if slot.number_after is not None]
    return (followers or bearers or [None])[0]


def exists_by_parameters(plan: Plan, slot: Slot, codes: Sequence[int]) -> bool:
    """Whether the slot is within the counts and parameter conditions of a subject (``until`` apart)."""
    if not all(codes[test.index] >= 0 and test.allowed[codes[test.index]] for test in slot.exists_if):
        return False
    if slot.not_if and all(codes[test.index] >= 0 and test.allowed[codes[test.index]] for test in slot.not_if):
        return False
    return slot.accompanied is None or exists_by_parameters(plan, plan.slots[slot.accompanied], codes)


def ids_of_subject(plan: Plan, codes: Sequence[int]) -> list[str]:
    """The ids of all visits that a subject with these parameters can have, in file order."""
    slots = sorted((slot for slot in plan.slots if exists_by_parameters(plan, slot, codes)), key=lambda slot: slot.file_rank)
    return [visit_id(plan, slot, codes) for slot in slots]
