"""A compiled protocol: every possible visit as a slot, in dependency order, with all lookups turned into small tables.

A plan holds no date and knows no subject. Its tables are indexed by *codes*: the position of a parameter's value in
``Parameter.values``, of a choice in ``Decision.choices``, of a milestone, dose, activity or series in the plan's own
tuples. ``planner.protocol.compile`` makes it, the engine in ``planner.schedule`` walks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from planner.protocol.model import Check, Kind, Protocol, Roll


@dataclass(frozen=True, slots=True)
class Test:
    """Whether a parameter's or decision's code is among the allowed ones: ``allowed[code]``; an undecided code is -1."""

    index: int
    allowed: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class ConditionTests:
    """A condition in two halves; each is a conjunction, and an empty one always holds."""

    parameters: tuple[Test, ...] = ()
    decisions: tuple[Test, ...] = ()


@dataclass(frozen=True)
class OffsetTable:
    """Months, days and working days to add, one entry for each code of ``parameter`` (or just one).

    ``working_days`` is None unless the offset is written in ``wd``.
    """

    months: tuple[int, ...]
    days: tuple[int, ...]
    working_days: tuple[int, ...] | None = None
    parameter: int | None = None

    @cached_property
    def has_months(self) -> bool:
        """Whether any entry adds calendar months."""
        return any(self.months)

    @cached_property
    def has_days(self) -> bool:
        """Whether any entry adds days."""
        return any(self.days)

    @cached_property
    def plain_days(self) -> np.int32:
        """The days of an offset that is the same for all, as the arrays' own number: making one for each addition costs more than it."""
        return np.int32(self.days[0])

    @cached_property
    def is_nothing(self) -> bool:
        """Whether adding it changes no date."""
        return not (self.has_months or self.has_days or any(self.working_days or ()))


ReferenceKind = Literal["visit", "previous", "accompanied", "milestone", "first", "last", "dose_previous"]


@dataclass(frozen=True, slots=True)
class ReferenceRule:
    """Where a date is counted from (R8).

    ``members`` are slot indexes. For ``visit`` they are the slots that may bear the id, each with its tests in
    ``conditions``; for ``previous`` and ``accompanied`` exactly one. ``doses`` is a bit mask, 0 for a series.
    """

    kind: ReferenceKind
    members: tuple[int, ...] = ()
    conditions: tuple[tuple[Test, ...], ...] = ()
    milestone: int | None = None
    doses: int = 0


@dataclass(frozen=True, slots=True)
class TermRule:
    """A reference with its offset; ``text`` as written in the file."""

    reference: int
    offset: OffsetTable
    text: str


@dataclass(frozen=True, slots=True)
class UntilRule:
    """Members exist while the nominal date is not after the term; ``counted_from_first`` where it is ``first + ...``."""

    term: TermRule
    counted_from_first: bool


@dataclass(frozen=True, slots=True)
class ActivityRule:
    """One activity of a slot: its index, the tests under which it is done, and the bit of the dose it gives (or 0)."""

    activity: int
    condition: ConditionTests
    dose: int


@dataclass(frozen=True, slots=True)
class Slot:
    """One possible visit. Slot indexes follow dependency order: a slot uses only lower ones."""

    index: int
    definition: int
    position: int
    file_rank: int
    """Protocol order, for sorting rows of one day."""
    id_pattern: str
    name: str
    epoch: str
    kind: Kind
    number: int | None
    """Its number, before what ``number_after`` adds. None for a single visit."""
    number_after: tuple[int, ...]
    """The parameters whose values are the lengths of the series this one numbers on from."""
    series: int | None
    start: bool
    milestone: int | None
    """For an ``is:`` visit."""
    decisions: tuple[int, ...]
    """The decisions taken at this visit."""
    accompanied: int | None
    previous: int | None
    within_count: Test | None
    """Whether its position is within a count that is a parameter's value (also among ``exists_if``)."""
    exists_if: tuple[Test, ...]
    not_if: tuple[Test, ...]
    """All of these hold: the slot does not exist. Empty: no such rule."""
    until: UntilRule | None
    last_possible: bool
    """The ``at_most``-th member of an ``until:`` series."""
    branch: tuple[Test, ...]
    unless: ConditionTests
    """Only where it has decision tests."""
    ends_when: ConditionTests
    anchor: tuple[TermRule, ...]
    earliest: OffsetTable
    latest: OffsetTable
    window_from_anchor: bool
    bounds: tuple[TermRule, ...]
    resource: str
    roll: Roll
    open_also: tuple[tuple[tuple[Test, ...], int], ...]
    rides_on: tuple[int, ...]
    """The members of ``with: SERIES``."""
    redo: bool
    activities: tuple[ActivityRule, ...]
    minutes: int | None
    needs: frozenset[int]
    """The slots it is counted from, directly."""
    possible_doses: int
    """Bit mask of every dose that any of its activities may give."""


@dataclass(frozen=True, slots=True)
class EndsRule:
    """A choice with ``ends:``; ``reaches`` are the slots it may cancel when its date is the decision visit's own."""

    decision: int
    choice: int
    everything: bool
    reaches: frozenset[int]


@dataclass(frozen=True, slots=True)
class CheckRule:
    """A check (R19) with its references by number; ``members`` and ``doses`` for the checks over a series or over doses."""

    check: Check
    start: int | None = None
    end: int | None = None
    members: tuple[int, ...] = ()
    doses: int = 0


@dataclass(frozen=True, eq=False)
class Plan:
    """A protocol ready to be walked; see the module's docstring for what is indexed by what."""

    protocol: Protocol
    slots: tuple[Slot, ...]
    references: tuple[ReferenceRule, ...]
    parameters: tuple[str, ...]
    milestones: tuple[str, ...]
    """Only those whose date is given from outside."""
    decisions: tuple[str, ...]
    decision_slot: tuple[int, ...]
    activities: tuple[str, ...]
    doses: tuple[str, ...]
    drugs: int
    """Bit mask of the doses that are drugs: a hold or stop without a stream reaches these."""
    series: tuple[str, ...]
    series_slots: tuple[tuple[int, ...], ...]
    ends: tuple[EndsRule, ...]
    checks: tuple[CheckRule, ...]
    start_slot: int
    slots_by_id: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Every id that any slot may bear, to the slots that may bear it."""

    def needed_for(self, slots: Iterable[int]) -> frozenset[int]:
        """These slots and all that their dates depend on, directly or up the chain."""
        found: set[int] = set()
        waiting = list(slots)
        while waiting:
            index = waiting.pop()
            if index not in found:
                found.add(index)
                waiting.extend(self.slots[index].needs)
        return frozenset(found)

    def dose_mask(self, stream: str | None) -> int:
        """The bit mask of a stream; of all drugs for None. Raises KeyError for an unknown stream."""
        if stream is None:
            return self.drugs
        if stream not in self.doses:
            raise KeyError(stream)
        return 1 << self.doses.index(stream)
