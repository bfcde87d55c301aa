"""From visit ids to slots and back (R8: an id depends on the file and the subject's parameters only)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.protocol.plan import Plan, Slot, Test


def slot_number(plan: Plan, slot: Slot, codes: Sequence[int]) -> int | None:
    """The number that a slot's id shows for a subject with these parameter codes; None for a single visit."""
    if slot.number is None:
        return None
    lengths = (int(plan.protocol.parameters[plan.parameters[parameter]].values[codes[parameter]]) for parameter in slot.number_after)
    return slot.number + sum(lengths)


def visit_id(plan: Plan, slot: Slot, codes: Sequence[int]) -> str:
    """The concrete id of a slot (``C3D1``)."""
    number = slot_number(plan, slot, codes)
    return slot.id_pattern if number is None else slot.id_pattern.replace("{n}", str(number))


def slot_of(plan: Plan, visit: str, codes: Sequence[int]) -> Slot | None:
    """The slot that bears the id ``visit`` for a subject with these parameter codes, or None.

    Where an id could be that of several series, it is the one's within whose length its number lies (docs/date-rules.md, R2).
    """
    bearers = [plan.slots[index] for index in plan.slots_by_id.get(visit, ()) if visit_id(plan, plan.slots[index], codes) == visit]
    if len(bearers) < 2:
        return bearers[0] if bearers else None
    return next((slot for slot in bearers if _within_count(plan, slot, codes)), bearers[-1])


def _within_count(plan: Plan, slot: Slot, codes: Sequence[int]) -> bool:
    """Whether a slot's position is within its series' length, its other conditions apart."""
    if slot.accompanied is not None:
        return _within_count(plan, plan.slots[slot.accompanied], codes)
    return slot.within_count is None or slot.within_count.allowed[codes[slot.within_count.index]]


def all_hold(tests: Iterable[Test], codes: Sequence[int]) -> bool:
    """Whether all tests hold for these codes; an unknown parameter or an open decision (-1) passes none."""
    return all(codes[test.index] >= 0 and test.allowed[codes[test.index]] for test in tests)


def exists_by_parameters(plan: Plan, slot: Slot, codes: Sequence[int]) -> bool:
    """Whether the slot is within the counts and parameter conditions of a subject (``until`` apart)."""
    if not all_hold(slot.exists_if, codes) or (slot.not_if and all_hold(slot.not_if, codes)):
        return False
    return slot.accompanied is None or exists_by_parameters(plan, plan.slots[slot.accompanied], codes)


def ids_of_subject(plan: Plan, codes: Sequence[int]) -> list[str]:
    """The ids of all visits that a subject with these parameters can have, in file order."""
    slots = sorted((slot for slot in plan.slots if exists_by_parameters(plan, slot, codes)), key=lambda slot: slot.file_rank)
    return [visit_id(plan, slot, codes) for slot in slots]
