"""How to prepare for what is to come, and what to bring: each activity once, numbered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.exchange.prints.day_names import DayNames
from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.exchange.prints.shown import ShownVisit
from planner.exchange.prints.words import PrintWords


@dataclass(frozen=True, slots=True)
class Preparation:
    """How to prepare for an activity and what to bring ("" for nothing), and the visits to come at which it is done."""

    number: int
    label: str
    prepare: str
    bring: str
    visits: str


def preparations_of(to_come: Sequence[ShownVisit], texts: ProtocolTexts, words: PrintWords, days: DayNames) -> dict[str, Preparation]:
    """Activity id to its preparation, of the activities still to come that need one, in the protocol's order."""
    visits: dict[str, list[str]] = {}
    for shown in to_come:
        for done in shown.activities:
            visits.setdefault(done.activity, []).append(shown.visit)
    needed = [id_ for id_ in texts.protocol.activities if id_ in visits and (id_ in texts.bring or id_ in texts.prepare)]
    return {
        id_: Preparation(
            number=number,
            label=texts.activity(id_),
            prepare=texts.prepare.get(id_, ""),
            bring=texts.bring.get(id_, ""),
            visits=words.said("at_visits", visits=days.listed(tuple(visits[id_]))),
        )
        for number, id_ in enumerate(needed, 1)
    }
