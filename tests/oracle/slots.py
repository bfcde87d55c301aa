"""The slots of a protocol for one subject: every visit that could be, with its number and id (R2, R3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from planner.protocol.durations import Duration, parse_duration
from planner.protocol.model import (
    Condition,
    ParameterDuration,
    Protocol,
    Repeat,
    RepeatEvery,
    RepeatTimes,
    Requirement,
    VisitDefinition,
    VisitShape,
)


@dataclass(frozen=True, eq=False)
class Slot:
    """One possible visit. ``order`` is its place in the plan; ``within_count`` says whether parameters alone let it be."""

    order: int
    definition: VisitDefinition
    definition_order: int
    shape: VisitShape
    position: int
    number: int | None
    id: str
    within_count: bool
    accompanied: Slot | None = None

    @property
    def series(self) -> str | None:
        """The name of its series, None for a single visit or a companion."""
        if self.definition.repeat is None:
            return self.definition.series
        return self.definition.series or self.definition.id


class Parameters:
    """The values of a subject's parameters, and the conditions and durations that hang on them alone."""

    def __init__(self, protocol: Protocol, given: Mapping[str, str]) -> None:
        """``given`` holds the subject's own values; the rest are the defaults."""
        self._protocol = protocol
        self._given = given

    def value(self, name: str, attribute: str | None = None) -> str | None:
        """The value of a parameter, or of an attribute of the choice made."""
        parameter = self._protocol.parameters[name]
        value = self._given.get(name, parameter.default)
        if attribute is None or value is None:
            return value
        return parameter.attributes.get(value, {}).get(attribute)

    def holds(self, requirement: Requirement) -> bool:
        """Whether one key about a parameter holds."""
        return self.value(requirement.name, requirement.attribute) in requirement.allowed

    def all_hold(self, condition: Condition) -> bool:
        """Whether every *parameter* key of a condition holds (true if it has none)."""
        return all(self.holds(key) for key in condition if key.about == "parameter")

    def duration(self, duration: Duration | ParameterDuration) -> Duration:
        """A duration, looked up where it is a parameter's value."""
        if isinstance(duration, Duration):
            return duration
        written = self.value(duration.parameter, duration.attribute)
        found = parse_duration(written) if written is not None else None
        assert found is not None, f"{duration} is no duration"
        return found

    def count(self, repeat: Repeat) -> int:
        """How many members a series has for these parameters, at most."""
        if isinstance(repeat, RepeatTimes):
            return int(self.value(repeat.times) or 0) if isinstance(repeat.times, str) else repeat.times
        if isinstance(repeat, RepeatEvery):
            return sum(step.count for step in repeat.steps if self.all_hold(step.condition))
        return repeat.at_most

    def most(self, repeat: Repeat) -> int:
        """How many members a series has for any parameters."""
        if isinstance(repeat, RepeatTimes) and isinstance(repeat.times, str):
            return max(int(value) for value in self._protocol.parameters[repeat.times].values)
        if isinstance(repeat, RepeatEvery):
            return sum(step.count for step in repeat.steps)
        return self.count(repeat)


def slots_of(protocol: Protocol, parameters: Parameters) -> list[Slot]:
    """All slots, in the order of the file: definitions, then positions; companions in the order of the visits they accompany."""
    slots: list[Slot] = []
    last_number: dict[str, int] = {}
    for definition_order, definition in enumerate(protocol.visits):
        name = definition.series or definition.id
        if definition.like:
            for position, visit in enumerate(_accompanied(definition, slots), start=1):
                number = visit.number if visit.number is not None else _number_written_in(definition, visit.id)
                slots.append(_slot(slots, definition, definition_order, position, number, visit.within_count, visit))
        elif definition.repeat is None:
            slots.append(_slot(slots, definition, definition_order, 1, None, True, None))
        else:
            repeat = definition.repeat
            start = repeat.numbering.start if repeat.numbering.after is None else last_number[repeat.numbering.after] + 1
            count = parameters.count(repeat)
            last_number[name] = start + count - 1
            for position in range(1, parameters.most(repeat) + 1):
                slots.append(_slot(slots, definition, definition_order, position, start + position - 1, position <= count, None))
    return slots


def slot_by_id(slots: list[Slot]) -> dict[str, Slot]:
    """Which slot an id means: where it could be two series' slots, the one within its count, else the later one (R2)."""
    owner: dict[str, Slot] = {}
    for slot in slots:
        if slot.id not in owner or not owner[slot.id].within_count:
            owner[slot.id] = slot
    return owner


def _slot(
    slots: list[Slot],
    definition: VisitDefinition,
    definition_order: int,
    position: int,
    number: int | None,
    within: bool,
    visit: Slot | None,
) -> Slot:
    shape = definition.first if position == 1 else definition.then
    concrete = definition.id if number is None else definition.id.replace("{n}", str(number))
    return Slot(len(slots), definition, definition_order, shape, position, number, concrete, within, visit)


def _accompanied(definition: VisitDefinition, slots: list[Slot]) -> list[Slot]:
    return [slot for slot in slots if slot.definition.id in definition.like or (slot.series is not None and slot.series in definition.like)]


def _number_written_in(definition: VisitDefinition, visit_id: str) -> int:
    """The number of a single visit's companion: what stands in ``C1D1`` where ``C{n}D1`` has its ``{n}``, else the first number in it."""
    for term in definition.first.anchor:
        if "{n}" in term.text:
            before, after = (re.escape(part) for part in term.text.split("{n}", 1))
            match = re.fullmatch(f"{before}(\\d+){after}", visit_id)
            if match:
                return int(match[1])
    found = re.search(r"\d+", visit_id)
    return int(found[0]) if found else 1
