"""The slots of a protocol before they are put in order: one for each visit that any subject could have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from planner.protocol.model import (
    Condition,
    Protocol,
    Repeat,
    RepeatEvery,
    RepeatTimes,
    RepeatUntil,
    VisitDefinition,
    VisitShape,
)
from planner.protocol.names import number_in
from planner.protocol.plan import ConditionTests, Test


@dataclass(frozen=True, slots=True)
class DraftSlot:
    """A slot by its place in the file: ``rank`` counts drafts in file order; ``accompanied`` is another draft's rank."""

    rank: int
    definition: int
    position: int
    shape: VisitShape
    number: int | None
    number_after: tuple[int, ...]
    accompanied: int | None


class CodeBook:
    """Positions of names and values: how a protocol's words become the codes of a plan's tables."""

    def __init__(self, protocol: Protocol) -> None:
        """Number the names of ``protocol``."""
        self.protocol = protocol
        self.parameters = tuple(protocol.parameters)
        self.decisions = tuple(protocol.decisions)
        self.milestones = tuple(name for name, milestone in protocol.milestones.items() if milestone.reference is None)
        self.activities = tuple(protocol.activities)
        doses = dict.fromkeys(activity.dose for activity in protocol.activities.values() if activity.dose)
        self.doses = tuple(doses)

    def dose_bit(self, dose: str | None) -> int:
        """The bit of a dose; 0 for none."""
        return 0 if dose is None else 1 << self.doses.index(dose)

    def tests(self, condition: Condition) -> ConditionTests:
        """A condition as tests on codes."""
        parameters: list[Test] = []
        decisions: list[Test] = []
        for requirement in condition:
            if requirement.about == "decision":
                choices = self.protocol.decisions[requirement.name].choices
                allowed = tuple(choice.name in requirement.allowed for choice in choices)
                decisions.append(Test(self.decisions.index(requirement.name), allowed))
                continue
            parameter = self.protocol.parameters[requirement.name]
            texts = parameter.values
            if requirement.attribute is not None:
                texts = tuple(parameter.attributes[value].get(requirement.attribute, "") for value in parameter.values)
            parameters.append(Test(self.parameters.index(requirement.name), tuple(text in requirement.allowed for text in texts)))
        return ConditionTests(tuple(parameters), tuple(decisions))

    def count_test(self, parameter: str, position: int) -> Test:
        """Whether ``position`` is within the count that a parameter's value gives."""
        values = self.protocol.parameters[parameter].values
        return Test(self.parameters.index(parameter), tuple(position <= int(value) for value in values))


def series_name(definition: VisitDefinition) -> str | None:
    """The name others refer to; a repeating definition without one is its own series."""
    if definition.series is not None:
        return definition.series
    return definition.id if definition.repeat is not None else None


def longest(repeat: Repeat | None, protocol: Protocol) -> int:
    """How many members a definition can have at most."""
    if repeat is None:
        return 1
    if isinstance(repeat, RepeatUntil):
        return repeat.at_most
    if isinstance(repeat, RepeatEvery):
        return sum(step.count for step in repeat.steps)
    if isinstance(repeat.times, int):
        return repeat.times
    return max(int(value) for value in protocol.parameters[repeat.times].values)


def first_number(protocol: Protocol, book: CodeBook, repeat: Repeat) -> tuple[int, tuple[int, ...]]:
    """The first member's number, and the parameters whose values must be added to it: the lengths of the series before."""
    numbering = repeat.numbering
    if numbering.after is None:
        return numbering.start, ()
    before = next(definition for definition in protocol.visits if series_name(definition) == numbering.after).repeat
    if not isinstance(before, RepeatTimes):
        raise ValueError(f"{numbering.after} has no fixed length to number on from")
    start, lengths = first_number(protocol, book, before)
    if isinstance(before.times, int):
        return start + before.times, lengths
    return start, (*lengths, book.parameters.index(before.times))


def draft_slots(protocol: Protocol, book: CodeBook) -> list[DraftSlot]:
    """Every slot of the protocol in file order: definitions as they stand, members by position."""
    drafts: list[DraftSlot] = []
    of_definition: dict[int, list[DraftSlot]] = {}
    pending: list[int] = []
    for index, definition in enumerate(protocol.visits):
        if definition.like:
            pending.append(index)
            continue
        of_definition[index] = list(_members(protocol, book, index, definition))
    for index in pending:
        of_definition[index] = list(_companions(protocol, of_definition, index, protocol.visits[index]))
    places: dict[tuple[int, int], int] = {}
    for index in range(len(protocol.visits)):
        for draft in of_definition[index]:
            places[index, draft.position] = len(places)
    for index in range(len(protocol.visits)):
        for draft in of_definition[index]:
            accompanied = None
            if draft.accompanied is not None:
                accompanied = places[divmod(draft.accompanied, _STRIDE)]
            drafts.append(
                DraftSlot(places[index, draft.position], index, draft.position, draft.shape, draft.number, draft.number_after, accompanied)
            )
    return drafts


_STRIDE = 1 << 16
"""Packs (definition, position) of an accompanied visit into one number until ranks are known."""


def _members(protocol: Protocol, book: CodeBook, index: int, definition: VisitDefinition) -> Iterator[DraftSlot]:
    if definition.repeat is None:
        yield DraftSlot(0, index, 1, definition.first, None, (), None)
        return
    start, after = first_number(protocol, book, definition.repeat)
    for position in range(1, longest(definition.repeat, protocol) + 1):
        shape = definition.first if position == 1 else definition.then
        yield DraftSlot(0, index, position, shape, start + position - 1, after, None)


def _companions(
    protocol: Protocol, of_definition: dict[int, list[DraftSlot]], index: int, definition: VisitDefinition
) -> Iterator[DraftSlot]:
    position = 0
    for name in definition.like:
        for other_index, other in enumerate(protocol.visits):
            if other.like or name not in (series_name(other), other.id if other.repeat is None else None):
                continue
            for draft in of_definition[other_index]:
                position += 1
                number = draft.number if draft.number is not None else _accompanied_number(definition, other.id)
                shape = definition.first if position == 1 else definition.then
                yield DraftSlot(0, index, position, shape, number, draft.number_after, other_index * _STRIDE + draft.position)


def _accompanied_number(definition: VisitDefinition, visit: str) -> int | None:
    """The number that a companion takes from a single visit's id: the 1 of ``C1D1`` for ``at: C{n}D1 + 2d``."""
    numbers = (number_in(term.text, visit) for term in definition.first.anchor)
    return next((number for number in numbers if number is not None), None)
