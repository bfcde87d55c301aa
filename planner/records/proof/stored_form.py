"""Whether a stored fact has the form of its kind: a right hash proves that nobody changed it since, not that it was ever possible."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from planner.protocol.said import said
from planner.records.facts.chain import FieldValue, details_text
from planner.records.facts.fact import ADMINISTRATION, NewFact, SubjectKey
from planner.records.facts.form import form_faults, place_faults
from planner.records.facts.kinds import Kind
from planner.records.facts.moments import is_moment
from planner.records.facts.sentences import sentence
from planner.records.facts.unreadable import unknown_kind

_KINDS = frozenset(map(str, Kind))
_ANY_DAY = date(2000, 1, 1)
"""Which day it is makes no difference to the form."""
_ANY_SUBJECT = SubjectKey("study", "1")
_LATE = 2**31
"""As a number: any other points at an earlier fact."""


def stored_form_faults(fields: Sequence[FieldValue]) -> list[str]:
    """What is wrong with a fact's ``chain.FIELDS`` (of the right types), a sentence each; empty for one that has its form."""
    _, study, subject, number, act, kind, item, day, until_day, value, replaces, refers, details, reason, note, who, role, at, _ = fields
    texts = str(kind), str(item), str(value), str(details), str(reason)
    found = list(_faults(study == "" == subject, texts, day is not None, until_day is not None, replaces is not None, refers is not None))
    count = int(number or 0)
    for pointed in (replaces, refers):
        if pointed is not None:
            found += place_faults(_ANY_SUBJECT, NewFact(Kind.UNDONE, replaces=int(pointed)), count)
    if note:
        found += form_faults(NewFact(Kind.NOTE, note=str(note)))
    if not 1 <= int(act or 0) <= count:
        found.append(said("Fact {count} cannot be part of act {act}.", count=count, act=act))
    if not is_moment(int(at or 0)):
        found.append(said("It was recorded at a moment that no calendar has."))
    if not (str(who).isprintable() and str(role).isprintable()):
        found.append(said("Its account or its role holds a control character."))
    return found


@lru_cache(maxsize=8192)
def _faults(
    is_administration: bool, texts: tuple[str, str, str, str, str], has_day: bool, has_until_day: bool, replaces: bool, refers: bool
) -> tuple[str, ...]:
    """The faults of all but numbers and notes. A log says the same of many subjects, so answers are kept."""
    kind, item, value, details, reason = texts
    if kind not in _KINDS:
        return (sentence(unknown_kind(kind)),)
    try:
        parsed = json.loads(details)
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict) or details_text(parsed) != details:
        return (said("Its details cannot be read, or are not written as the log writes them."),)
    fact = NewFact(
        Kind(kind),
        item,
        _ANY_DAY if has_day else None,
        _ANY_DAY if has_until_day else None,
        value,
        1 if replaces else None,
        1 if refers else None,
        parsed,
        reason,
    )
    return (*place_faults(ADMINISTRATION if is_administration else _ANY_SUBJECT, fact, _LATE), *form_faults(fact))
