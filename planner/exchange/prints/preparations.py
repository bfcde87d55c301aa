"""How to prepare for what is to come, and what to bring: each activity once, numbered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from planner.exchange.prints.day_names import DayNames
from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.exchange.prints.shown import ShownVisit
from planner.exchange.prints.words import PrintWords

_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])\s*")


def each_once(texts: Iterable[str]) -> list[str]:
    """The texts without the sentences that one before them has said; those that say nothing new are left out."""
    told: set[str] = set()
    left = []
    for text in texts:
        new = [each for each in dict.fromkeys(_BETWEEN_SENTENCES.split(text)) if each and each not in told]
        told.update(new)
        if new:
            left.append(("" if new[0].endswith(("。", "！", "？")) else " ").join(new))
    return left


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
