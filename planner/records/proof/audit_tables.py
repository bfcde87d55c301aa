"""What an audit checks beside the chains: the subjects' rows and the kept texts."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from planner.protocol.said import said
from planner.protocol.said_lists import enumerated, with_capital
from planner.records.facts.chain import content_hash
from planner.records.proof.audit_fault import AuditFault, Faults
from planner.records.proof.raw_rows import UnreadableError, rows_as_stored

CONTENT_KINDS = ("protocol", "calendar")


def read_subjects(connection: Connection, faults: Faults) -> dict[int, tuple[str, str]]:
    """Study and subject number of each log by its id; rows that cannot be right are faults."""
    found: dict[int, tuple[str, str]] = {}
    ids: dict[tuple[str, str], int] = {}
    try:
        for row_id, study, number in rows_as_stored(connection, "SELECT id, study, number FROM subjects ORDER BY id"):
            if type(row_id) is not int or not isinstance(study, str) or not isinstance(number, str):
                faults.add(
                    _table_fault(said("row {row_id!r} of the table subjects holds what is no study code or subject number", row_id=row_id))
                )
                continue
            if (study, number) in ids:
                faults.add(
                    _table_fault(
                        said("rows {ids} and {row_id} of the table subjects are the same subject", ids=ids[study, number], row_id=row_id)
                    )
                )
            ids[study, number] = row_id
            found[row_id] = study, number
    except UnreadableError as error:
        faults.add(_table_fault(said("the table subjects cannot be read ({error})", error=str(error))))
    if found.get(0) != ("", ""):
        faults.add(_table_fault(said("row 0 of the table subjects, the administration log's, is missing or was changed")))
    missing = set(range(len(found))) - found.keys()
    if missing:
        named = enumerated(map(str, sorted(missing)[:20]))
        faults.add(_table_fault(said("the table subjects has no row {named}: removed, or its id was changed", named=named)))
    return found


def read_contents(connection: Connection, faults: Faults) -> dict[str, str]:
    """The kind of each kept text by its hash; texts that do not have their hash are faults."""
    found: dict[str, str] = {}
    try:
        for stored, kind, text in rows_as_stored(connection, "SELECT hash, kind, text FROM contents"):
            named = said(
                "the text kept under the hash {what}", what=stored if isinstance(stored, str) and stored.isascii() else said("(unreadable)")
            )
            if not isinstance(stored, str):
                faults.add(_table_fault(said("{named} has no readable hash", named=named)))
            elif kind not in CONTENT_KINDS:
                faults.add(_table_fault(said("{named} is neither a protocol nor a calendar: its kind was changed", named=named)))
            elif not isinstance(text, str) or not _has_hash(text, stored):
                faults.add(_table_fault(said("{named} does not have it: the text was changed, or the hash", named=named)))
            if isinstance(stored, str):
                found[stored] = kind
    except UnreadableError as error:
        faults.add(_table_fault(said("the table contents cannot be read ({error})", error=str(error))))
    return found


def check_contents(needed: Mapping[tuple[str, str], tuple[int, str, int]], kept: Mapping[str, str], faults: Faults) -> None:
    """Facts must name texts that are there, and of the right kind."""
    for (named, kind), (position, subject, number) in needed.items():
        if named not in kept:
            faults.add(
                AuditFault(
                    position,
                    subject,
                    number,
                    said("the {kind} that it names, {named}, is not kept: it was removed", kind=kind, named=named),
                )
            )
        elif kept[named] != kind and kept[named] in CONTENT_KINDS:
            faults.add(
                AuditFault(
                    position,
                    subject,
                    number,
                    said("the text that it names, {named}, is a {kept} and not a {kind}", named=named, kept=kept[named], kind=kind),
                )
            )


def _has_hash(text: str, stored: str) -> bool:
    try:
        return content_hash(text) == stored
    except UnicodeEncodeError:
        return False


def _table_fault(what: str) -> AuditFault:
    return AuditFault(None, "", None, said("{what}.", what=with_capital(what)))
