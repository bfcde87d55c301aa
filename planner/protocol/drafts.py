"""The drafts of a protocol's slots with what is asked about them: which bear an id, belong to a series, give a dose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

from planner.protocol.model import Protocol, RepeatTimes, VisitShape
from planner.protocol.slots import CodeBook, DraftSlot, draft_slots, series_name


class Drafts:
    """All drafts by rank (file order)."""

    def __init__(self, protocol: Protocol) -> None:
        """Draft the slots of ``protocol``."""
        self.protocol = protocol
        self.book = CodeBook(protocol)
        self.all = draft_slots(protocol, self.book)
        self.by_series: dict[str, list[int]] = {}
        self._by_definition: dict[int, list[int]] = {}
        for draft in self.all:
            self._by_definition.setdefault(draft.definition, []).append(draft.rank)
            name = series_name(protocol.visits[draft.definition])
            if name is not None:
                self.by_series.setdefault(name, []).append(draft.rank)
        self.by_id = self._ids()

    def _ids(self) -> dict[str, list[int]]:
        """Every id that a draft may bear; a series that numbers on from another bears one for each length of it."""
        ids: dict[str, list[int]] = {}
        for draft in self.all:
            for number in self.numbers(draft):
                ids.setdefault(visit_id(self.protocol.visits[draft.definition].id, number), []).append(draft.rank)
        return ids

    def numbers(self, draft: DraftSlot) -> Sequence[int | None]:
        """Every number that a draft's id may show."""
        if draft.number is None or not draft.number_after:
            return [draft.number]
        lengths = [[int(value) for value in self.values(parameter)] for parameter in draft.number_after]
        return sorted({draft.number + sum(combination) for combination in product(*lengths)})

    def values(self, parameter: int) -> tuple[str, ...]:
        """The values of a parameter, by index."""
        return self.protocol.parameters[self.book.parameters[parameter]].values

    def owner(self, visit: str, ranks: list[int], codes: dict[int, int]) -> int | None:
        """The draft that bears an id for these lengths: one within its count if there is one, else the last."""
        bearers = []
        for rank in ranks:
            draft = self.all[rank]
            added = sum(int(self.values(parameter)[codes[parameter]]) for parameter in draft.number_after)
            number = None if draft.number is None else draft.number + added
            if visit_id(self.protocol.visits[draft.definition].id, number) == visit:
                bearers.append(rank)
        within = [rank for rank in bearers if self._within_count(self.all[rank], codes)]
        return within[0] if within else (bearers[-1] if bearers else None)

    def _within_count(self, draft: DraftSlot, codes: dict[int, int]) -> bool:
        if draft.accompanied is not None:
            return self._within_count(self.all[draft.accompanied], codes)
        repeat = self.protocol.visits[draft.definition].repeat
        if not isinstance(repeat, RepeatTimes) or isinstance(repeat.times, int):
            return True
        parameter = self.book.parameters.index(repeat.times)
        return parameter not in codes or draft.position <= int(self.values(parameter)[codes[parameter]])

    def dose_mask(self, doses: Iterable[str]) -> int:
        """The bit mask of doses."""
        return sum(self.book.dose_bit(dose) for dose in set(doses))

    def giving(self, mask: int) -> tuple[int, ...]:
        """The drafts that may give any of these doses."""
        return tuple(draft.rank for draft in self.all if self._possible_doses(draft.shape) & mask)

    def earlier_giving(self, doses: Iterable[str], draft: DraftSlot) -> tuple[int, ...]:
        """Of these, the visits earlier in the file and the lower positions of the draft's own definition."""
        return tuple(
            rank
            for rank in self.giving(self.dose_mask(doses))
            if self.all[rank].definition < draft.definition
            or (self.all[rank].definition == draft.definition and self.all[rank].position < draft.position)
        )

    def _possible_doses(self, shape: VisitShape) -> int:
        return self.dose_mask(dose for use in shape.activities if (dose := self.protocol.activities[use.activity].dose) is not None)

    def member(self, draft: DraftSlot, position: int) -> int:
        """The draft at a position of the same definition."""
        return self._by_definition[draft.definition][position - 1]


def visit_id(pattern: str, number: int | None) -> str:
    """A concrete id: the pattern with its number."""
    return pattern if number is None else pattern.replace("{n}", str(number))
