"""Facts, as plain frozen data: what somebody wants to write, and what the log holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from planner.records.facts.kinds import Kind


@dataclass(frozen=True, slots=True, order=True)
class SubjectKey:
    """A subject: study code (a protocol's id) and subject number, nothing else; shown as ``ulrrc/PEK-001``."""

    study: str
    number: str

    def __str__(self) -> str:
        return f"{self.study}/{self.number}"


ADMINISTRATION = SubjectKey("", "")
"""Stands for the log of sites, calendars and people where a subject is asked for."""


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact to be written; what each field holds for a kind is in ``planner.records.facts.kinds.SHAPES``."""

    kind: Kind
    item: str = ""
    day: date | None = None
    """The effective date."""
    until_day: date | None = None
    value: str = ""
    replaces: int | None = None
    """The number, in the same log, of the fact that this one corrects or (``undone``) takes back."""
    refers: int | None = None
    """The number of the fact that this one is about: the hold that ends."""
    details: Mapping[str, str | int] = field(default_factory=dict)
    reason: str = ""
    """A code of ``planner.records.facts.reasons.REASONS``, or ""."""
    note: str = ""
    """Free text; it never leaves in a feed, nor in an export meant for others."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: an account name (never a subject's) and the role that allowed it."""

    who: str
    role: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of the log. ``position`` counts through the whole log, ``number`` through the subject's, both from 1 without gaps."""

    position: int
    subject: SubjectKey
    number: int
    act: int
    """The number of the first fact that was written together with this one: what one `undo` takes back."""
    said: NewFact
    who: str
    role: str
    recorded_at: datetime
    """In UTC."""
    previous_hash: str
    """The hash of the subject's previous fact, "" for the first."""
    hash: str
    head: str
    """The hash of the head before and this fact's hash: the chain through the whole log (planner.records.facts.chain)."""

    @property
    def kind(self) -> Kind:
        """What the fact says."""
        return self.said.kind


@dataclass(frozen=True, slots=True)
class Act:
    """Facts about one subject, written together or not at all; ``last_seen`` is the last number the writer knew of (0: none)."""

    subject: SubjectKey
    last_seen: int
    facts: tuple[NewFact, ...]
