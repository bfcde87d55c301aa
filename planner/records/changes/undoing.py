"""Taking back what was recorded: a new fact that says so, while the old one stays in the log (docs/records.md)."""

from __future__ import annotations

from collections.abc import Sequence

from planner.protocol.said import said
from planner.records.changes.proposal import RefusedError
from planner.records.changes.standing import fact_numbered, standing_of
from planner.records.facts.fact import Fact, NewFact
from planner.records.facts.kinds import Kind


def undone_fact(facts: Sequence[Fact], number: int, *, reason: str = "", note: str = "") -> tuple[NewFact, ...]:
    """Take back fact ``number`` of a subject's ``facts``; of a fact that takes one back, this brings that one back.

    Raises RefusedError where there is no such fact. Whether it is in force is asked by ``planner.records.changes.change``.
    """
    return (NewFact(Kind.UNDONE, replaces=fact_numbered(facts, number).number, reason=reason, note=note),)


def undone_last_act(facts: Sequence[Fact], *, reason: str = "", note: str = "") -> tuple[NewFact, ...]:
    """Take back the last act that still says something: all its facts in force, the last one first.

    Acts that only took something back are passed over, so doing it again takes back the act before. Raises RefusedError where nothing
    is left.
    """
    saying = [fact for fact in standing_of(facts).values() if fact.kind is not Kind.UNDONE]
    if not saying:
        raise RefusedError((said("Nothing is in force that could be taken back."),))
    last = max(fact.act for fact in saying)
    numbers = sorted((fact.number for fact in saying if fact.act == last), reverse=True)
    return tuple(NewFact(Kind.UNDONE, replaces=number, reason=reason, note="" if place else note) for place, number in enumerate(numbers))
