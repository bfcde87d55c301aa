"""All that a file declares, by name: what references and conditions may speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice

from planner.protocol.file_shape import VisitEntry
from planner.protocol.model import Parameter

NUMBER_MARK = "{n}"


def number_in(pattern: str, visit: str) -> int | None:
    """The number that stands in ``visit`` (``C2D1``) where ``pattern`` (``C{n}D1``) has its mark, or None."""
    before, mark, after = pattern.partition(NUMBER_MARK)
    if not mark or not (visit.startswith(before) and visit.endswith(after)) or len(visit) <= len(before) + len(after):
        return None
    digits = visit[len(before) : len(visit) - len(after)]
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= 6 and (digits == "0" or digits[0] != "0")
    return int(digits) if is_number else None


@dataclass(frozen=True, slots=True)
class Outline:
    """One entry of ``visits:`` before its dates are understood: its names and the numbers its members may have.

    ``lowest_start`` and ``highest_start`` differ where it numbers on from a series whose length is a parameter.
    ``most`` is the greatest possible count of members, ``least`` the smallest.
    """

    index: int
    entry: VisitEntry
    lowest_start: int = 1
    highest_start: int = 1
    least: int = 1
    most: int = 1
    follows: str | None = None
    """The series that it numbers on from."""
    accompanied_numbers: range | None = None
    """A companion's numbers: those of the visits it accompanies."""

    @property
    def id(self) -> str:
        """The id as written, with ``{n}`` where it has members."""
        return self.entry.id

    @property
    def is_series(self) -> bool:
        """Whether it repeats (companions do not count as a series)."""
        return self.entry.repeat is not None

    @property
    def series_name(self) -> str:
        """The name that references use."""
        return self.entry.series or self.entry.id

    @property
    def numbers(self) -> range:
        """Every number that a member may have."""
        if self.accompanied_numbers is not None:
            return self.accompanied_numbers
        return range(self.lowest_start, self.highest_start + self.most)

    def number_of(self, visit: str) -> int | None:
        """The number that ``visit`` (``C2D1``) would have in this entry's id (``C{n}D1``), or None."""
        return number_in(self.id, visit)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one file; also those of entries that have faults, so that one fault is not reported twice."""

    parameters: Mapping[str, Parameter]
    broken_parameters: frozenset[str]
    milestones: Mapping[str, str | None]
    """Milestone to the reference it names, None where its date is given."""
    decisions: Mapping[str, tuple[str, ...]]
    activities: Mapping[str, str | None]
    """Activity to the dose it gives."""
    outlines: tuple[Outline, ...]
    visits: Mapping[str, Outline] = field(default_factory=dict)
    """Single visits by id."""
    series: Mapping[str, Outline] = field(default_factory=dict)
    companions: tuple[Outline, ...] = ()

    @property
    def doses(self) -> frozenset[str]:
        """Every stream of which some activity gives a dose."""
        return frozenset(dose for dose in self.activities.values() if dose is not None)

    @property
    def most_slots(self) -> int:
        """How many visits one subject could have at most."""
        return sum(outline.most for outline in self.outlines)

    def members(self, visit: str) -> list[tuple[Outline, int]]:
        """The series and companions with a member of the id ``visit``, whether or not they reach that number."""
        candidates = [*self.series.values(), *self.companions]
        return [(outline, number) for outline in candidates if (number := outline.number_of(visit)) is not None]

    def accompanied_by(self, outline: Outline) -> list[Outline]:
        """The entries that a companion's ``like:`` names."""
        return [found for name in outline.entry.like or [] if (found := self.visits.get(name) or self.series.get(name)) is not None]

    def anchors(self) -> list[str]:
        """Everything that a reference may begin with, for suggestions."""
        series = [f"{name}.{which}" for name in self.series for which in ("first", "last")]
        return [*self.visits, *self.milestones, *series, *self.series]

    def concrete_ids(self) -> list[str]:
        """Every id a member may bear, for suggestions."""
        ids = (outline.id.replace(NUMBER_MARK, str(number)) for outline in self.outlines for number in outline.numbers)
        return list(islice(ids, 500))
