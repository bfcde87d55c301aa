"""What is refused about new facts in the light of a subject's log alone: no protocol, no dates worked out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from planner.protocol.said import said as worded
from planner.protocol.said_lists import enumerated
from planner.records.changes.standing import first_hold, open_holds, origin_of, replacement_of, standing_of
from planner.records.facts.fact import Fact, NewFact
from planner.records.facts.form import form_faults
from planner.records.facts.kinds import ADMINISTRATION_KINDS, SHAPES, Kind
from planner.records.facts.privacy import PrivacyError, require_no_identity
from planner.records.facts.reasons import ReasonError, require_reason
from planner.records.facts.wording import in_words, in_words_without_item
from planner.records.lists.deviation_rows import CLASSES

_ALWAYS_WITH_REASON = {
    Kind.VISIT_MISSED: "A missed visit needs a reason. Pick one from the list.",
    Kind.START_MOVED: "Moving the start needs a reason. Pick one from the list.",
    Kind.HOLD_STARTED: "A hold needs a reason. Pick one from the list.",
    Kind.TREATMENT_STOPPED: "Stopping treatment needs a reason. Pick one from the list.",
}
_PINNING = (Kind.ENROLLED, Kind.SITE_TRANSFERRED, Kind.PROTOCOL_AMENDED, Kind.CALENDAR_REFRESHED)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


def text_refusals(said: NewFact, today: date) -> Iterator[str]:
    """Text that would tell who the subject is, wherever it stands, and reasons that are none."""
    texts = {worded("the note"): said.note, worded("the item"): said.item, worded("the value"): said.value}
    texts |= {worded("the {name}", name=name): text for name, text in said.details.items() if isinstance(text, str)}
    for what, text in texts.items():
        if _HASH.fullmatch(text):
            continue  # of a kept text; its digits may look like any number
        try:
            require_no_identity(text, what, today)
        except PrivacyError as error:
            yield str(error)
    if said.reason:
        try:
            require_reason(said.reason, said.note)
        except ReasonError as error:
            yield str(error)


def form_refusals(said: NewFact, today: date) -> Iterator[str]:
    """A fact of the wrong log or the wrong form, one that does not say why, or one of a visit nobody planned that has not happened yet."""
    if said.kind in ADMINISTRATION_KINDS:
        yield worded("A fact {kind} is an act of administration and belongs to no subject.", kind=said.kind)
    yield from form_faults(said)
    if said.kind is Kind.UNSCHEDULED_VISIT and not said.item and said.day is not None and said.day > today:
        # One with a dose is looked at by the plan.
        text = "{day} is after {today}, today at the site; an unscheduled visit is recorded when it has happened."
        yield worded(text, day=said.day, today=today)
    if said.kind is Kind.NOTE and not said.note.strip():
        yield worded("The note is empty. Write what should be known.")
    if said.kind is Kind.DEVIATION_CLASSED and said.value in CLASSES and not (said.reason or said.note.strip() or said.replaces):
        yield worded("Say why the deviation is important or not: pick a reason, or write a note.")
    yield from reason_refusals(said)


def reason_refusals(said: NewFact) -> Iterator[str]:
    """A fact without the reason that it needs: corrections and undoing always, others by their kind."""
    if said.reason:
        return
    if said.replaces is not None:
        text = "Correcting fact {number} needs a reason. Pick one from the list."
        if said.kind is Kind.UNDONE:
            text = "Taking back fact {number} needs a reason. Pick one from the list."
        yield worded(text, number=said.replaces)
    elif said.kind in _ALWAYS_WITH_REASON:
        yield worded(_ALWAYS_WITH_REASON[said.kind])


def replacement_refusals(facts: Sequence[Fact], new: Fact) -> Iterator[str]:
    """A correction of what is not in force, or of something of another kind; ``facts`` are all before the new one."""
    number = new.said.replaces
    if number is None:
        return
    by_number = {fact.number: fact for fact in facts}
    old = by_number.get(number)
    if old is None:
        yield worded("There is no fact {number}; this subject has facts 1 to {count}.", number=number, count=len(facts))
        return
    standing = standing_of(facts)
    known = {"number": number, "fact": in_words(old.said)}
    if number not in standing:
        instead = replacement_of(standing, facts, number)
        if instead is None:
            yield worded("Fact {number} ({fact}) is no longer in force.", **known)
            return
        text = "Fact {number} ({fact}) is no longer in force. Correct or take back fact {other} instead ({other_fact})."
        yield worded(text, **known, other=instead.number, other_fact=in_words(instead.said))
    elif new.kind in _PINNING and (new.said.item, new.said.value, new.said.details) != (old.said.item, old.said.value, old.said.details):
        text = "Fact {number} ({fact}) pins texts, so no more than its day can be corrected. Take it back, then do what is right."
        yield worded(text, **known)
    elif new.kind is not Kind.UNDONE and new.kind is not old.kind:
        text = "Fact {number} is {fact}; a correction of it is of the same kind. Take it back, then record what is right."
        yield worded(text, **known)


def booking_refusals(facts: Sequence[Fact], new: Fact) -> Iterator[str]:
    """A release of what is not booked; ``facts`` are all before the new one."""
    if new.kind is not Kind.RELEASED:
        return
    said = {fact.number: fact.said for fact in facts}
    of_visit = [
        fact for fact in standing_of(facts).values() if fact.kind in (Kind.BOOKED, Kind.RELEASED) and fact.said.item == new.said.item
    ]
    latest = max(of_visit, key=lambda fact: origin_of(said, fact.number), default=None)
    if latest is None or latest.kind is Kind.RELEASED:
        yield worded("{visit} is not booked, so there is nothing to release.", visit=new.said.item)


def transfer_refusals(facts: Sequence[Fact], new: Fact, today: date) -> Iterator[str]:
    """A transfer to come, or one before an earlier one; ``facts`` are all before the new one.

    A transfer counts at once for who sees the subject and whose calendar moves the visits, so it is recorded when it has happened.
    """
    day = new.said.day
    if new.kind is not Kind.SITE_TRANSFERRED or day is None:
        return
    if day > today:
        yield worded("{day} is after {today}, today at the site; a transfer is recorded when it has happened.", day=day, today=today)
    for fact in standing_of(facts).values():
        if fact.kind is Kind.SITE_TRANSFERRED and fact.number != new.said.replaces and fact.said.day is not None and fact.said.day > day:
            text = "{day} is before the transfer on {transfer} (fact {number}); check both days."
            yield worded(text, day=day, transfer=fact.said.day, number=fact.number)


def hold_refusals(facts: Sequence[Fact], new: Fact) -> Iterator[str]:
    """A second open hold of one stream, or the end of what is no hold or has ended; ``facts`` are all before the new one."""
    if new.kind is Kind.HOLD_STARTED and new.said.until_day is None and new.said.replaces is None:
        for fact in open_holds(facts):
            if fact.said.until_day is None and fact.said.item == new.said.item:
                text = "{fact} already (fact {number}). End that hold first, or correct it."
                yield worded(text, fact=in_words(fact.said), number=fact.number)
    if new.kind is not Kind.HOLD_ENDED:
        return
    said = {fact.number: fact.said for fact in facts}
    standing = standing_of(facts)
    hold = first_hold(said, new.said.refers)
    if hold is None:
        yield worded("Fact {number} is no hold. Name the fact that started the hold.", number=new.said.refers)
        return
    if not any(fact.kind is Kind.HOLD_STARTED and first_hold(said, fact.number) == hold for fact in standing.values()):
        yield worded("The hold of fact {number} was taken back, so it cannot end.", number=new.said.refers)
    for fact in standing.values():
        if fact.kind is Kind.HOLD_ENDED and fact.number != new.said.replaces and first_hold(said, fact.said.refers) == hold:
            text = "The hold of fact {number} has ended: treatment from {day} (fact {end}). Correct fact {end} instead."
            yield worded(text, number=new.said.refers, day=fact.said.day, end=fact.number)


def double_refusals(before: Mapping[int, Fact], after: Mapping[int, Fact], repeatable: frozenset[str]) -> Iterator[str]:
    """A second fact of a kind of which only one per item is in force; ``repeatable`` are the visits that may be done again (``redo``).

    ``before`` and ``after`` are the facts in force by number, without and with the new ones.
    """
    first: dict[tuple[Kind, str], Fact] = {}
    for fact in after.values():
        if not SHAPES[fact.kind].one_of_item or (fact.kind is Kind.VISIT_DONE and fact.said.item in repeatable):
            continue
        key = (fact.kind, "" if fact.kind is Kind.ENROLLED else fact.said.item)
        other = first.setdefault(key, fact)
        if other is not fact and not (fact.number in before and other.number in before):
            yield _double(other, fact)


def version_refusals(facts: Sequence[Fact], before: Mapping[int, Fact], after: Mapping[int, Fact]) -> Iterator[str]:
    """Bringing back a version of a fact beside another one of it: both would count. ``facts`` are all, with the new ones.

    ``before`` and ``after`` are the facts in force by number, without and with the new ones.
    """
    said = {fact.number: fact.said for fact in facts}
    first: dict[int, Fact] = {}
    for fact in after.values():
        if fact.kind in (Kind.UNDONE, Kind.NOTE):
            continue
        other = first.setdefault(origin_of(said, fact.number), fact)
        if other is not fact and not (fact.number in before and other.number in before):
            text = (
                "Fact {other} ({other_fact}) and fact {number} ({fact}) are two versions of one "
                "record, and only one can be in force. Take back the one that is, or correct it."
            )
            words = {"other_fact": in_words(other.said), "fact": in_words(fact.said)}
            yield worded(text, other=other.number, number=fact.number, **words)


def enrolment_refusals(before: Mapping[int, Fact], after: Mapping[int, Fact]) -> Iterator[str]:
    """Facts without an enrolment; ``before`` and ``after`` are the facts in force by number, without and with the new ones."""
    if any(fact.kind is Kind.ENROLLED for fact in after.values()):
        return
    others = enumerated(str(fact.number) for fact in after.values() if fact.kind not in (Kind.UNDONE, Kind.NOTE))
    if not others:
        return
    if any(fact.kind is Kind.ENROLLED for fact in before.values()):
        text = "An enrolment is taken back only when nothing else is recorded; still in force: fact {numbers}. Take these back first."
        yield worded(text, numbers=others)
    else:
        yield worded("The subject is not enrolled: the enrolment was taken back. Enrol the subject first, or take back what took it back.")


def _double(known: Fact, fact: Fact) -> str:
    if known.kind is Kind.ENROLLED:
        what = worded("The subject is {fact}", fact=in_words(known.said))
    elif known.kind is Kind.LEFT_STUDY:
        what = worded("The subject {fact}", fact=in_words(known.said))
    else:
        what = worded("{item} is recorded as {fact}", item=known.said.item, fact=in_words_without_item(known.said))
    text = "{what} (fact {number}); correct fact {number} instead."
    if fact.said.kind is not known.kind or fact.said.replaces == known.number:
        text = "{what} (fact {number})."
    return worded(text, what=what, number=known.number)
