"""The form of a fact: what each field may hold by the fact's kind alone, whatever the log and the protocol say.

The same check stands before everything that takes facts in: what is proposed, what is written, what is restored, what is audited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import get_args

from planner.protocol.said import said as worded
from planner.protocol.said_lists import alternatives
from planner.records.facts.fact import ADMINISTRATION, NewFact, SubjectKey
from planner.records.facts.kinds import ADMINISTRATION_KINDS, ROUTINE_CARE, SHAPES, Kind
from planner.records.lists.deviation_keys import read_key
from planner.records.lists.deviation_rows import CLASSES
from planner.records.people.roles import GRANTABLE
from planner.records.people.subject_pattern import SubjectPatternError, is_subject_number, require_subject_pattern
from planner.schedule.facts import EndReason, HoldMode

LONGEST_TEXT = 500
"""Characters of any text of a fact; of a note too."""
LONGEST_BOOKING = 24 * 60
"""Minutes."""
MOST_PLACES = 10_000
"""Attendances that a resource of a site takes on one day."""

_FIELDS = ("item", "day", "until_day", "value", "refers")
_OF_BOTH_LOGS = (Kind.UNDONE, Kind.NOTE)
_VALUES: Mapping[Kind, tuple[str, ...]] = {
    Kind.VISIT_DONE: ("", ROUTINE_CARE),
    Kind.HOLD_STARTED: get_args(HoldMode),
    Kind.LEFT_STUDY: get_args(EndReason),
    Kind.DEVIATION_CLASSED: CLASSES,
    Kind.PERSON_GRANTED: tuple(map(str, GRANTABLE)),
    Kind.PERSON_REVOKED: tuple(map(str, GRANTABLE)),
}
"""Kinds whose value is one of a few."""
_NEED_ITEM = frozenset({Kind.ENROLLED, Kind.SITE_TRANSFERRED, Kind.DEVIATION_CLASSED, *ADMINISTRATION_KINDS})
"""Kinds whose item no protocol vouches for."""
_NEED_VALUE = frozenset(
    {
        Kind.ENROLLED,
        Kind.PROTOCOL_AMENDED,
        Kind.CALENDAR_REFRESHED,
        Kind.SITE_CALENDAR_SET,
        Kind.SITE_CAPACITY_SET,
        Kind.FEED_MADE,
        Kind.FEED_ROTATED,
    }
)
"""Kinds whose value is a hash, or names a resource."""
_NUMBERS: Mapping[str, tuple[int, int]] = {
    "minutes": (1, LONGEST_BOOKING),
    "days_back": (0, 3_660),
    "days_ahead": (0, 3_660),
    "places": (0, MOST_PLACES),
}
"""Details that are whole numbers, and their range."""
NEED_DAY = frozenset(kind for kind, shape in SHAPES.items() if shape.day and kind is not Kind.DECISION_MADE)
"""Kinds that say nothing without their day."""
_NEED_DETAILS: Mapping[Kind, tuple[str, ...]] = {
    Kind.ENROLLED: ("calendar",),
    Kind.SITE_TRANSFERRED: ("calendar",),
    Kind.SITE_SET: ("subject_pattern",),
    Kind.PERSON_GRANTED: ("site",),
    Kind.PERSON_REVOKED: ("site",),
    Kind.FEED_MADE: ("person", "purpose", "kind", "of", "event", "language"),
}
_TIME_OF_DAY = re.compile(r"(?:(?:[01]\d|2[0-3]):[0-5]\d)?", re.ASCII)


def form_faults(said: NewFact) -> list[str]:
    """What is wrong with the fields of a fact by its kind, a sentence each; empty for a fact that has its form.

    Where it stands in which log is asked by ``place_faults``. Names that only a protocol knows (visits, parameters) are not looked at.
    """
    return [*_text_faults(said), *_field_faults(said), *_value_faults(said), *_details_faults(said)]


def place_faults(subject: SubjectKey, said: NewFact, number: int) -> list[str]:
    """What is wrong with a fact as number ``number`` of this subject's log: a kind of the other log, or one that points forward."""
    found = []
    if (subject == ADMINISTRATION) != (said.kind in ADMINISTRATION_KINDS) and said.kind not in _OF_BOTH_LOGS:
        text = "A fact {kind} does not belong to the log of a subject."
        if subject == ADMINISTRATION:
            text = "A fact {kind} does not belong to the administration log."
        found.append(worded(text, kind=said.kind))
    for pointed in (said.replaces, said.refers):
        if pointed is not None and not 1 <= pointed < number:
            text = "Fact {number} cannot point at fact {other}, only at an earlier one."
            found.append(worded(text, number=number, other=pointed))
    return found


def reading_faults(said: NewFact) -> list[str]:
    """Those of ``form_faults`` with which a fact in the log means nothing, so that it must not be read as if it did.

    A value or a key of another form is not among them: such a fact does not fit and is shown as it is.
    """
    if said.kind in ADMINISTRATION_KINDS:
        return form_faults(said)
    return [*_field_faults(said), *_missing_details(said)]


def _field_faults(said: NewFact) -> Iterator[str]:
    """Fields that the kind does not have, and such as it must have."""
    kind, shape = said.kind, SHAPES[said.kind]
    for name in _FIELDS:
        if getattr(said, name) not in ("", None) and not getattr(shape, name):
            yield worded("A fact {kind} has no {name}. Leave it out.", kind=kind, name=name)
    if said.day is None and kind in NEED_DAY:
        yield worded("The day is missing: {what}. Give it as YYYY-MM-DD.", what=shape.day)
    if not said.item and kind in _NEED_ITEM:
        yield worded("The {what} of a fact {kind} is missing.", what=shape.item, kind=kind)
    if not said.value and kind in _NEED_VALUE:
        yield worded("The {what} of a fact {kind} is missing.", what=shape.value, kind=kind)
    if said.refers is None and shape.refers:
        yield worded("A fact {kind} names the fact that it is about: {what}.", kind=kind, what=shape.refers)
    if said.replaces is None and kind is Kind.UNDONE:
        yield worded("A fact undone names what it takes back.")


def _value_faults(said: NewFact) -> Iterator[str]:
    """Values other than those that the kind knows."""
    known = _VALUES.get(said.kind)
    if known is not None and said.value not in known:
        these = alternatives(value or worded("nothing") for value in known)
        yield worded("A fact {kind} has as its value {these}. Give one of these.", kind=said.kind, these=these)
    if said.kind is Kind.BOOKED and _TIME_OF_DAY.fullmatch(said.value) is None:
        yield worded("The time of a booking is written HH:MM, such as 09:30.")
    if said.kind is Kind.DEVIATION_CLASSED and said.item and read_key(said.item) is None:
        yield worded("This is no key of a deviation. Give it as `deviations` lists it, such as missed:C3D1.")


def _details_faults(said: NewFact) -> Iterator[str]:
    """Details that the kind does not have, that are missing, or that hold what they cannot."""
    kind, details = said.kind, said.details
    if unknown := sorted(set(details) - set(SHAPES[kind].details)):
        yield worded("A fact {kind} has no details {details}. Leave them out.", kind=kind, details=tuple(unknown))
    yield from _missing_details(said)
    for name, value in details.items():
        if name in _NUMBERS:
            least, most = _NUMBERS[name]
            if type(value) is not int or not least <= value <= most:
                text = "The detail {name} of a fact {kind} is a whole number from {least} to {most}."
                yield worded(text, name=name, kind=kind, least=least, most=most)
        elif not isinstance(value, str):
            yield worded("The detail {name} of a fact {kind} is a text.", name=name, kind=kind)
        elif name == "subject_pattern" and value:
            yield from _pattern_faults(value)
        elif name == "rescreen_of" and value and not is_subject_number(value, ".+"):
            yield worded("The number under which the subject was screened before is no subject number.")


def _missing_details(said: NewFact) -> Iterator[str]:
    for name in _NEED_DETAILS.get(said.kind, ()):
        if not said.details.get(name):
            yield worded("A fact {kind} has no detail {name}, and needs it.", kind=said.kind, name=name)


def _pattern_faults(pattern: str) -> Iterator[str]:
    try:
        require_subject_pattern(pattern)
    except SubjectPatternError as error:
        yield str(error)


def _text_faults(said: NewFact) -> Iterator[str]:
    """Texts that no fact can hold."""
    for text in (said.item, said.value, said.reason, *said.details, *(value for value in said.details.values() if isinstance(value, str))):
        if len(text) > LONGEST_TEXT or not text.isprintable():
            yield worded("A text of the fact {kind} is too long, or holds a control character.", kind=said.kind)
    if len(said.note) > LONGEST_TEXT or not said.note.replace("\n", " ").isprintable():
        yield worded("The note of the fact {kind} is too long, or holds a control character.", kind=said.kind)
