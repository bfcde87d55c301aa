"""What a person has entered, as texts under the names that a cohort file's columns have, and what it means for a protocol."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from planner.exchange.fact_texts import LONGEST_CODE, FactTextError, is_code, iso_date
from planner.protocol.model import Protocol
from planner.protocol.said import said
from planner.schedule.facts import DecisionMade, SubjectFacts

PREVIEW_SUBJECT = "preview"
"""Stands for the subject number while none is given."""

Entries = Mapping[str, str]
"""Name of the entry (``start``, ``set.regimen``, ``milestone.CONSENT``, ``decide.management``) to its text; empty texts are left out."""


@dataclass(frozen=True, slots=True)
class EntryFault:
    """An entry that cannot be used, and a sentence that says what would be right."""

    entry: str
    message: str


class EntryFaults(ValueError):
    """Entries were refused; ``faults`` lists all of them."""

    def __init__(self, faults: tuple[EntryFault, ...]) -> None:
        """Keep all ``faults``."""
        super().__init__("; ".join(f"{fault.entry}: {fault.message}" for fault in faults))
        self.faults = faults


def facts_entered(entries: Entries, protocol: Protocol) -> SubjectFacts:
    """The facts about the subject; raises EntryFaults with every entry that is not even a date or a code.

    Entries that the protocol knows nothing of (left over from another one) are not looked at. ``start`` must be there.
    """
    reader = _Reader(entries)
    facts = SubjectFacts(
        subject=reader.code("subject") or PREVIEW_SUBJECT,
        start=reader.day("start") or date.min,
        parameters={name: entries[f"set.{name}"] for name in protocol.parameters if f"set.{name}" in entries},
        milestones=dict(reader.days("milestone", protocol.milestones)),
        decisions={name: DecisionMade(entries[f"decide.{name}"]) for name in protocol.decisions if f"decide.{name}" in entries},
    )
    reader.code("study")
    if reader.faults:
        raise EntryFaults(tuple(reader.faults))
    return facts


def day_entered(entries: Entries, name: str) -> date | None:
    """The date of one entry, None if it is empty; raises EntryFaults."""
    reader = _Reader(entries)
    day = reader.day(name)
    if reader.faults:
        raise EntryFaults(tuple(reader.faults))
    return day


class _Reader:
    def __init__(self, entries: Entries) -> None:
        self.entries = entries
        self.faults: list[EntryFault] = []

    def code(self, name: str) -> str | None:
        text = self.entries.get(name)
        if text is None:
            return None
        if not is_code(text):
            self._fault(name, _no_code(name))
            return None
        return text

    def day(self, name: str) -> date | None:
        text = self.entries.get(name)
        if text is None:
            return None
        try:
            return iso_date(text)
        except FactTextError as error:
            self._fault(name, str(error))
            return None

    def days(self, kind: str, names: Mapping[str, object]) -> Iterator[tuple[str, date]]:
        for name in names:
            day = self.day(f"{kind}.{name}")
            if day is not None:
                yield name, day

    def _fault(self, name: str, message: str) -> None:
        self.faults.append(EntryFault(name, message))


def _no_code(name: str) -> str:
    if name == "subject":
        return said(
            "A subject number has letters, digits, dashes and underscores only, begins with a letter or digit and has at most {longest} "
            "characters. Never enter a name",
            longest=LONGEST_CODE,
        )
    return said(
        "A study code has letters, digits, dashes and underscores only, begins with a letter or digit and has at most {longest} "
        "characters. Never enter a name",
        longest=LONGEST_CODE,
    )
