"""What the records say to an enrolment that is only entered yet: what would be written, or what is wrong and at which input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from planner.protocol.model import Protocol
from planner.records.caller import Caller
from planner.records.changes.enrolment import propose_enrolment
from planner.records.changes.proposal import Proposal, RefusedError
from planner.records.facts.fact import SubjectKey
from planner.records.facts.privacy import PrivacyError, require_subject_number
from planner.ui.entries import Entries, EntryFault, facts_entered

NUMBER, SITE, RESCREENED, NOTE = "subject", "site", "rescreen_of", "note"
"""Entries beside those of a cohort file."""


@dataclass(frozen=True, slots=True)
class ProtocolFile:
    """The protocol that a subject is enrolled with: its file as it is now."""

    protocol: Protocol
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """Either a proposal, or why there is none."""

    proposal: Proposal | None = None
    faults: tuple[EntryFault, ...] = ()
    """What is wrong at one input."""
    others: tuple[str, ...] = ()
    """Sentences about the whole."""


def number_fault(number: str, pattern: str) -> EntryFault | None:
    """Why this is no number of the site; None where it is one."""
    try:
        require_subject_number(number, pattern)
    except PrivacyError as error:
        return EntryFault(NUMBER, str(error))
    return None


def judged(connection: Connection, caller: Caller, entries: Entries, file: ProtocolFile) -> Judged:
    """The enrolment that these entries make; ``start``, ``site`` and ``subject`` must be among them.

    Raises EntryFaults, ProtocolErrors, UnknownSiteError, NotAllowedError.
    """
    try:
        return Judged(_proposed(connection, caller, entries, file))
    except RefusedError as refused:
        messages = refused.messages
    earlier = _messages(connection, caller, {name: text for name, text in entries.items() if name != RESCREENED}, file)
    faults, others = list[EntryFault](), list[str]()
    key = str(SubjectKey(file.protocol.id, entries[NUMBER]))
    for message in messages:
        if RESCREENED in entries and message not in earlier:
            faults.append(EntryFault(RESCREENED, message))
        elif message.startswith(f"{key} "):
            faults.append(EntryFault(NUMBER, message))
        else:
            others.append(message)
    return Judged(faults=tuple(faults), others=tuple(others))


def _messages(connection: Connection, caller: Caller, entries: Entries, file: ProtocolFile) -> Sequence[str]:
    """What else is refused without the number screened before."""
    try:
        _proposed(connection, caller, entries, file)
    except RefusedError as refused:
        return refused.messages
    return ()


def _proposed(connection: Connection, caller: Caller, entries: Entries, file: ProtocolFile) -> Proposal:
    facts = facts_entered(entries, file.protocol)
    return propose_enrolment(
        connection,
        caller,
        file.text,
        file.path,
        facts.subject,
        entries[SITE],
        facts.start,
        facts.parameters,
        facts.milestones,
        rescreen_of=entries.get(RESCREENED),
        note=entries.get(NOTE, ""),
    )
