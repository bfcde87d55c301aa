"""Opening a subject: found only among those that somebody may read, and asked before anything is said about it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
from sqlalchemy import Connection

from planner.protocol.said import said
from planner.protocol.said_lists import alternatives
from planner.records.caller import Caller
from planner.records.facts.fact import ADMINISTRATION, Act, Author, Fact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.fold.fact_columns import KIND_CODES, FactTable
from planner.records.fold.fact_table import fact_table, read_fact_table
from planner.records.fold.in_force import standing_facts
from planner.records.fold.stays import enrolments_of
from planner.records.people.rights import Action, NotAllowedError, permitted_sites
from planner.records.store.append import ConflictError, append
from planner.records.store.log import UnknownSubjectError, read_facts, subject_keys, subjects_numbered

Sites = Collection[str] | None
"""The sites that somebody may read; None for all."""


@dataclass(frozen=True, eq=False, slots=True)
class OpenedSubject:
    """A subject whom the caller may read, with the whole log."""

    key: SubjectKey
    facts: tuple[Fact, ...]
    """By number."""
    table: FactTable
    """The same, as a table with one row."""


def open_subject(connection: Connection, caller: Caller, text: str) -> OpenedSubject:
    """The subject written as ``STUDY/NUMBER``, or as a number alone where one study has it, of those that the caller may read.

    Raises NotAllowedError where the caller may read nothing, and else UnknownSubjectError: the same sentence for a subject that there is
    not and for one that the caller may not read.
    """
    sites = permitted_sites(connection, caller, Action.READ)
    study, mark, number = text.strip().rpartition("/")
    if not text.isprintable():
        # Also octets of a command line that are no text: no database takes these.
        raise UnknownSubjectError(said("There is no such subject: its number holds characters that no subject number has."))
    named = [key for key in subjects_numbered(connection, number) if not mark or key.study.lower() == study.lower()]
    found = [opened for key in named if (opened := _opened(connection, sites, key)) is not None]
    if not found:
        raise _unknown(connection, sites, text)
    if len(found) > 1:
        keys = alternatives(str(opened.key) for opened in sorted(found, key=lambda opened: opened.key))
        raise UnknownSubjectError(said("Several studies have a subject {number}: write {keys}.", number=number, keys=keys))
    return found[0]


def read_subject(connection: Connection, caller: Caller, subject: SubjectKey) -> OpenedSubject:
    """The same where the key is known. Raises NotAllowedError and UnknownSubjectError as ``open_subject`` does."""
    sites = permitted_sites(connection, caller, Action.READ)
    opened = _opened(connection, sites, subject)
    if opened is None:
        raise _unknown(connection, sites, str(subject))
    return opened


def readable_subject(connection: Connection, caller: Caller, subject: SubjectKey) -> OpenedSubject | None:
    """The same, None where there is none that the caller may read. Raises NotAllowedError where the caller may read nothing."""
    return _opened(connection, permitted_sites(connection, caller, Action.READ), subject)


def readable_subjects(connection: Connection, caller: Caller) -> dict[SubjectKey, int]:
    """All subjects that the caller may read, and the number of their log. Raises NotAllowedError where the caller may read nothing."""
    return _readable(connection, permitted_sites(connection, caller, Action.READ))


def sites_of(table: FactTable) -> list[str]:
    """The site whose right each row's subject takes: where it now is; where its enrolment was taken back, the site of that."""
    enrolled = np.flatnonzero(table.kind == KIND_CODES[Kind.ENROLLED])
    word = np.full(len(table.subjects), -1, dtype=np.int64)
    word[table.row[enrolled]] = table.item[enrolled]
    present = enrolments_of(standing_facts(table))
    word[present.row] = present.site
    return [table.words[code] if code >= 0 else "" for code in word.tolist()]


def append_readably(connection: Connection, caller: Caller, acts: Sequence[Act], author: Author) -> list[Fact]:
    """``append``, whose conflict tells what was written: only to those who may read the subject now. Else raises NotAllowedError."""
    try:
        return append(connection, acts, author, caller.now)
    except ConflictError as error:
        if readable_subject(connection, caller, error.subject) is None:
            raise NotAllowedError(
                said(
                    "Somebody else wrote about {subject} meanwhile, at a site that this account may not read. Nothing was "
                    "written: look at the number again.",
                    subject=str(error.subject),
                )
            ) from None
        raise


def _opened(connection: Connection, sites: Sites, subject: SubjectKey) -> OpenedSubject | None:
    """The subject; None where there is none, or it is at none of these sites."""
    facts = read_facts(connection, subject)
    if not facts or subject == ADMINISTRATION:
        return None
    table = fact_table(facts)
    if sites is not None and sites_of(table)[0] not in sites:
        return None
    return OpenedSubject(subject, tuple(facts), table)


def _readable(connection: Connection, sites: Sites) -> dict[SubjectKey, int]:
    known = subject_keys(connection)
    if sites is None:
        return known
    table = read_fact_table(connection)
    return {key: known[key] for key, site in zip(table.subjects, sites_of(table), strict=True) if site in sites}


def _unknown(connection: Connection, sites: Sites, text: str) -> UnknownSubjectError:
    keys = _readable(connection, sites)
    names = {str(key) if "/" in text else key.number for key in keys}
    near = get_close_matches(text, sorted(names), n=1)
    if near:
        hint = said("Did you mean {near}?", near=near[0])
    else:
        hint = said("No subject is enrolled yet.") if sites is None and not keys else said("Is it enrolled? `subject list` shows all.")
    may_read = "" if sites is None else said(" that this account may read")
    return UnknownSubjectError(said("There is no subject {text}{may_read}. {hint}", text=text[:64], may_read=may_read, hint=hint))
