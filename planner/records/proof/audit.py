"""Proving the log: that no fact was changed, removed or moved since it was written, nor what it rests on (docs/records.md, Proof)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from planner.protocol.said import said
from planner.records.caller import Caller
from planner.records.errors import RecordsError
from planner.records.facts.chain import FIELDS
from planner.records.people.rights import EVERYWHERE, Action, NotAllowedError, permit
from planner.records.proof.audit_chain import ChainCheck
from planner.records.proof.audit_fault import AuditFault, Faults
from planner.records.proof.audit_tables import check_contents, read_contents, read_subjects
from planner.records.proof.audit_triggers import check_triggers
from planner.records.proof.fact_lines import fact_lines
from planner.records.proof.raw_rows import UnreadableFact, integrity_faults, raw_facts

__all__ = ["AuditFault", "AuditResult", "HeadError", "export", "verify", "verify_for"]

EXPORT_FORMAT = "trial-visit-planner audit"
EXPORT_VERSION = 1
_TELL_EVERY = 20_000
"""Rows between two words to whoever watches an audit."""
_HEAD = re.compile(r"[0-9a-f]{64}", re.ASCII)


class HeadError(RecordsError, ValueError):
    """What was given as a kept head is none, so that the log could not be held against it."""


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What an audit found."""

    faults: tuple[AuditFault, ...]
    """In the order of the log, then those of no single fact; empty for a log that is proven."""
    facts: int
    """Facts that could be read."""
    head: str
    """The head of the last fact, to be kept somewhere else; "" for an empty log."""


def _nobody_watches(facts: int) -> None:
    """How far it has come is not asked for."""


def verify(connection: Connection, head: str | None = None, watched_by: Callable[[int], None] = _nobody_watches) -> AuditResult:
    """Check every fact's hash, both chains, all numbers, its author's rights, the texts it names, the triggers, and an SQLite file itself.

    ``head`` is one that was printed earlier (by a backup, an export, this): the log must still hold it, which a log whose end was cut or
    rewritten does not. Raises HeadError for what is no head; damage never raises, it is named. Reads the log once, in memory that grows
    with the subjects, not the facts; ``watched_by`` is told now and then how many rows have been read.
    """
    kept = None if head is None else _kept_head(head)
    faults = Faults()
    subjects = read_subjects(connection, faults)
    contents = read_contents(connection, faults)
    check = ChainCheck(subjects, faults, kept_head=kept)
    for count, row in enumerate(raw_facts(connection), start=1):
        if isinstance(row, UnreadableFact):
            check.unreadable(row)
        else:
            check.row(row)
        if count % _TELL_EVERY == 0:
            watched_by(count)
    check.finish()
    check_contents(check.needed, contents, faults)
    check_triggers(connection, faults)
    for damage in integrity_faults(connection):
        faults.add(AuditFault(None, "", None, said("The database file is damaged: {damage}.", damage=damage)))
    ordered = sorted(faults.as_tuple(), key=lambda fault: (fault.position is None, fault.position or 0))
    return AuditResult(tuple(ordered), check.facts, check.head)


def verify_for(
    connection: Connection, caller: Caller, head: str | None = None, watched_by: Callable[[int], None] = _nobody_watches
) -> AuditResult:
    """``verify`` for a caller who may. Raises NotAllowedError and HeadError.

    A log too damaged to say who may do what is shown nevertheless: that is when an audit matters, and it tells no more than which facts.
    """
    result = verify(connection, head, watched_by)
    try:
        permit(connection, caller, Action.AUDIT, EVERYWHERE)
    except NotAllowedError:
        raise
    except Exception:
        if not result.faults:
            raise
    return result


def export(connection: Connection, write: Callable[[str], object]) -> str:
    """Write the log as JSON lines that ``docs/verify_audit.py`` verifies without this software; gives the head.

    It holds everything that hashes cover, notes and accounts included. The log is written as it is, not verified here.
    Raises UnreadableLogError.
    """
    write(_line({"format": EXPORT_FORMAT, "version": EXPORT_VERSION, "fields": [*FIELDS, "hash", "head"]}))
    count, head = 0, ""
    for values in fact_lines(connection):
        write(_line(values))
        count, head = count + 1, str(values[-1])
    write(_line({"facts": count, "head": head}))
    return head


def _kept_head(given: str) -> str:
    head = given.strip().lower()
    if _HEAD.fullmatch(head) is None:
        fault = said("is empty") if not head else said("is none")
        raise HeadError(
            said(
                "The head that was given {fault}: a head is 64 hexadecimal digits, as a backup, an export or an audit "
                "printed it. Nothing was verified.",
                fault=fault,
            )
        )
    return head


def _line(value: object) -> str:
    return json.dumps(value, separators=(",", ":")) + "\n"
