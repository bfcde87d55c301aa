"""The facts of one subject that are in force, one by one, for sentences and refusals; many subjects are ``in_force``'s business."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planner.protocol.said import said as worded
from planner.records.changes.proposal import RefusedError
from planner.records.facts.fact import Fact, NewFact
from planner.records.facts.kinds import Kind
from planner.records.fold.fact_table import fact_table
from planner.records.fold.in_force import in_force


def standing_of(facts: Sequence[Fact]) -> dict[int, Fact]:
    """One subject's facts in force, by number, in order."""
    if not facts:
        return {}
    table = fact_table(facts)
    numbers = set(table.number[in_force(table)].tolist())
    return {fact.number: fact for fact in facts if fact.number in numbers}


def fact_numbered(facts: Sequence[Fact], number: int) -> Fact:
    """The fact of this number. Raises RefusedError where the subject has none."""
    found = next((fact for fact in facts if fact.number == number), None)
    if found is None:
        raise RefusedError((worded("There is no fact {number}; this subject has facts 1 to {count}.", number=number, count=len(facts)),))
    return found


def open_holds(facts: Sequence[Fact]) -> list[Fact]:
    """The holds in force that no fact in force has ended; those without a resume day, or if there is none, those with one."""
    standing = standing_of(facts)
    said = {fact.number: fact.said for fact in facts}
    ended = {first_hold(said, fact.said.refers) for fact in standing.values() if fact.kind is Kind.HOLD_ENDED}
    held = [fact for fact in standing.values() if fact.kind is Kind.HOLD_STARTED and first_hold(said, fact.number) not in ended]
    return [fact for fact in held if fact.said.until_day is None] or held


def first_hold(said: Mapping[int, NewFact], number: int | None) -> int | None:
    """The number of the hold that a hold's chain of corrections began with; None for what is no hold."""
    while number is not None and number in said and said[number].kind is Kind.HOLD_STARTED:
        replaced = said[number].replaces
        if replaced is None:
            return number
        number = replaced
    return None


def origin_of(said: Mapping[int, NewFact], number: int) -> int:
    """The number of the fact that a fact's chain of corrections began with, its own where it corrects none (docs/records.md)."""
    while said[number].kind is not Kind.UNDONE:
        replaced = said[number].replaces
        if replaced is None or replaced not in said or said[replaced].kind is not said[number].kind:
            return number
        number = replaced
    return number


def root_kind(said: Mapping[int, NewFact], number: int) -> Kind:
    """The kind of a fact, or of what it takes back, however often that was taken back and brought back."""
    while said[number].kind is Kind.UNDONE and said[number].replaces in said:
        number = said[number].replaces or 0
    return said[number].kind


def replacement_of(standing: Mapping[int, Fact], facts: Sequence[Fact], number: int) -> Fact | None:
    """The fact that stands in the place of one that is no longer in force."""
    by_replaced = {fact.said.replaces: fact for fact in facts if fact.said.replaces is not None}
    seen = number
    while seen in by_replaced and seen not in standing:
        seen = by_replaced[seen].number
    return standing.get(seen) if seen != number else None
