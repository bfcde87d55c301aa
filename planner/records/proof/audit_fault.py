"""What an audit finds, and how much of it is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field

from planner.protocol.said import said

MOST_FAULTS = 1000
"""Faults beyond are counted, not kept: a log whose every fact was changed would fill the memory."""
_MOST_POSITIONS = 20


@dataclass(frozen=True, slots=True)
class AuditFault:
    """One thing that is wrong, and the fact that it is wrong with."""

    position: int | None
    """The fact's place in the whole log; None for a fault that is not of one fact."""
    subject: str
    """``ulrrc/PEK-001``, ``the administration log``, or "" where that cannot be read."""
    number: int | None
    """The fact's number in its subject's log, where it can be read."""
    what: str

    def __str__(self) -> str:
        """A line for people: ``Fact 17 (ulrrc/PEK-001 number 3): its fields do not have its hash``."""
        named = self.subject
        if self.subject and self.number is not None:
            named = said("{subject} number {number}", subject=self.subject, number=self.number)
        if self.position is None:
            return said("{named}: {what}", named=named, what=self.what) if named else self.what
        if not named:
            return said("Fact {position}: {what}", position=self.position, what=self.what)
        return said("Fact {position} ({named}): {what}", position=self.position, named=named, what=self.what)


@dataclass(slots=True)
class Faults:
    """Collects faults. Those of one ``group`` have perhaps one cause, and can be gathered into one fault once that is known."""

    _kept: list[tuple[AuditFault, Hashable]] = field(default_factory=list)
    _more: int = 0
    _sizes: Counter[Hashable] = field(default_factory=Counter)

    def add(self, fault: AuditFault, group: Hashable = None) -> None:
        """Take one more; of more than ``MOST_FAULTS`` only the number is known."""
        if group is not None:
            self._sizes[group] += 1
        if len(self._kept) < MOST_FAULTS:
            self._kept.append((fault, group))
        else:
            self._more += 1

    def size(self, group: Hashable) -> int:
        """How many faults the group has."""
        return self._sizes[group]

    def gather(self, group: Hashable, subject: str, what: str) -> None:
        """Put one fault in place of a group's faults that are kept; it names their positions."""
        places = [place for place, (_, each) in enumerate(self._kept) if each == group]
        if not places:
            return
        positions = [str(self._kept[place][0].position) for place in places[:_MOST_POSITIONS]]
        more = self._sizes[group] - len(positions)
        named = said("facts {positions}", positions=tuple(positions))
        if more > 0:
            named = said("facts {positions} and {more} more", positions=tuple(positions), more=more)
        self._more -= self._sizes[group] - len(places)
        self._kept = [entry for place, entry in enumerate(self._kept) if place not in set(places[1:])]
        self._kept[places[0]] = (AuditFault(None, subject, None, said("{what}: {named}", what=what, named=named)), None)

    def as_tuple(self) -> tuple[AuditFault, ...]:
        """All that were kept, and at the end how many more there are."""
        kept = tuple(fault for fault, _ in self._kept)
        return (*kept, AuditFault(None, "", None, said("There are {more} more faults.", more=self._more))) if self._more > 0 else kept
