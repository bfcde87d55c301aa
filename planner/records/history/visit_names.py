"""Ids and names of visits for many rows of a schedule, each worked out once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.schedule.schedule import Schedule

Indexes = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class ManyNames:
    """Distinct ids and names, and which of them each entry has."""

    known: list[tuple[str, str]]
    which: Indexes


class VisitNames:
    """The ids and names of the visits of one schedule (R8: they depend on the file and the parameters only).

    They are those of ``planner.schedule.visit_ids``, for many subjects whose other parameters all differ.
    """

    def __init__(self, schedule: Schedule) -> None:
        """Name visits of this schedule."""
        self._plan = schedule.plan
        self._parameters = schedule.cohort.parameters
        self._lengths: dict[int, NDArray[np.intp]] = {}
        self._named: dict[tuple[int, int], tuple[str, str]] = {}

    def id(self, slot: int, column: int) -> str:
        """The concrete id of a slot for a subject, both by index."""
        return self.named(slot, column)[0]

    def named(self, slot: int, column: int) -> tuple[str, str]:
        """Id and name."""
        return self._of_number(slot, sum([int(self._length(parameter)[column]) for parameter in self._plan.slots[slot].number_after]))

    def of(self, slot: Indexes, column: Indexes) -> ManyNames:
        """Ids and names of many at once."""
        after = np.zeros(len(slot), dtype=np.intp)
        for number_after in {one.number_after for one in self._plan.slots if one.number_after}:
            here = np.flatnonzero(np.array([one.number_after == number_after for one in self._plan.slots], dtype=np.bool_)[slot])
            for parameter in number_after:
                after[here] += self._length(parameter)[column[here]]
        most = int(after.max(initial=0)) + 1
        codes, which = np.unique(slot * most + after, return_inverse=True)
        return ManyNames([self._of_number(*divmod(code, most)) for code in codes.tolist()], which)

    def _length(self, parameter: int) -> NDArray[np.intp]:
        """For each subject the length of the series that a parameter gives."""
        found = self._lengths.get(parameter)
        if found is None:
            values = self._plan.protocol.parameters[self._plan.parameters[parameter]].values
            found = self._lengths[parameter] = np.array([int(value) for value in values], dtype=np.intp)[self._parameters[parameter]]
        return found

    def _of_number(self, slot_index: int, after: int) -> tuple[str, str]:
        """Id and name of a slot whose series is numbered on after so many."""
        found = self._named.get((slot_index, after))
        if found is None:
            slot = self._plan.slots[slot_index]
            found = slot.id_pattern, slot.name
            if slot.number is not None:
                number = str(slot.number + after)
                found = slot.id_pattern.replace("{n}", number), slot.name.replace("{n}", number)
            self._named[slot_index, after] = found
        return found
