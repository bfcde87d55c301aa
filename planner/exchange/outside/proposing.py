"""From visits that were moved outside to proposals, one for each subject, and from these to the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from sqlalchemy import Connection

from planner.exchange.outside.cautions import cautions, has_passed, order_refusals
from planner.exchange.outside.findings import Finding
from planner.records.caller import Caller
from planner.records.changes.acts import visit_booked
from planner.records.changes.change import propose, save
from planner.records.changes.present_booking import present_booking
from planner.records.changes.proposal import Proposal, RefusedError
from planner.records.facts.fact import Fact, NewFact, SubjectKey
from planner.records.people.readable import read_subject
from planner.records.people.rights import NotAllowedError
from planner.records.pinned.contents import PinnedContents
from planner.records.store.append import ConflictError
from planner.records.store.database import Database
from planner.records.store.log import UnknownSubjectError

_REFUSED = (RefusedError, NotAllowedError, ConflictError, UnknownSubjectError)
"""What concerns one subject, and stops no other."""


@dataclass(frozen=True, slots=True)
class RefusedSubject:
    """A subject of whom nothing is booked."""

    subject: SubjectKey
    visits: tuple[str, ...]
    messages: tuple[str, ...]
    """Why, each a sentence."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What would be written."""

    proposals: tuple[Proposal, ...]
    refused: tuple[RefusedSubject, ...]


def proposals_of(connection: Connection, caller: Caller, moved: Sequence[Finding], *, reason: str = "", note: str = "") -> Proposed:
    """The bookings that follow from visits that were ``moved``: all of one subject as one act; what is refused stops no other subject.

    A booking keeps the resource, the place and the length that it has; nothing but day, time and length comes from outside. A day that has
    passed and a visit that hangs on an open decision are warned of first. ``connection`` is that of the ``reading()`` in which the visits
    were read, so that each proposal is of the revision that was compared.
    """
    proposals, refused = list[Proposal](), list[RefusedSubject]()
    by_subject = sorted((finding for finding in moved if finding.revision is not None), key=_subject)
    for subject, group in groupby(by_subject, key=_subject):
        found = list(group)
        try:
            log = read_subject(connection, caller, subject).facts
            proposal = propose(connection, caller, subject, _bookings(log, found, reason, note))
            if refusals := order_refusals(log, PinnedContents(connection), found, caller):
                raise RefusedError(tuple(refusals.values()))
            told = tuple(warning for finding in found for warning in cautions(finding, caller))
            proposals.append(replace(proposal, warnings=(*told, *proposal.warnings)))
        except _REFUSED as error:
            refused.append(RefusedSubject(subject, tuple(map(_visit, found)), tuple(str(error).splitlines())))
    return Proposed(tuple(proposals), tuple(refused))


def passed_days(connection: Connection, caller: Caller, moved: Sequence[Finding]) -> tuple[Finding, ...]:
    """Of visits that were ``moved`` those to days that have passed, which only a person can confirm; what is refused is not among them."""
    found = list[Finding]()
    by_subject = sorted((finding for finding in moved if has_passed(finding, caller)), key=_subject)
    for subject, group in groupby(by_subject, key=_subject):
        passed = list(group)
        log = read_subject(connection, caller, subject).facts
        refusals = order_refusals(log, PinnedContents(connection), passed, caller)
        found += [finding for finding in passed if _visit(finding) not in refusals]
    return tuple(found)


def save_each(database: Database, caller: Caller, proposals: Iterable[Proposal]) -> Iterator[tuple[Fact, ...] | RefusedSubject]:
    """Write proposals, each subject's in a transaction of its own, and say of each at once what was written or why it was not.

    One about whom somebody else wrote meanwhile stops no other. Raises DatabaseError; what was written before it is kept.
    """
    for proposal in proposals:
        try:
            with database.writing() as connection:
                written = save(connection, caller, proposal)
        except _REFUSED as error:
            yield RefusedSubject(proposal.subject, tuple(fact.item for fact in proposal.facts), tuple(str(error).splitlines()))
        else:
            yield tuple(written)


def _bookings(log: Sequence[Fact], found: Sequence[Finding], reason: str, note: str) -> tuple[NewFact, ...]:
    bookings = list[NewFact]()
    for finding in found:
        assert finding.day is not None, "what was moved has a day"
        present = present_booking(log, _visit(finding))
        details = {} if present is None else present.details
        kept = details.get("minutes")
        minutes = finding.minutes if finding.minutes is not None else kept if isinstance(kept, int) else None
        resource, place = (str(details.get(name, "")) for name in ("resource", "place"))
        at = "" if finding.at is None else f"{finding.at:%H:%M}"
        # As with other acts of several facts: all have the reason, the first has the note.
        bookings += visit_booked(_visit(finding), finding.day, at, minutes, resource, place, reason=reason, note="" if bookings else note)
    return tuple(bookings)


def _subject(finding: Finding) -> SubjectKey:
    assert finding.revision is not None
    return finding.revision.subject


def _visit(finding: Finding) -> str:
    assert finding.revision is not None
    return finding.revision.row.visit
