"""Subjects as arrays: one column per subject, days as int32 since 1970-01-01 (``NO_DAY``: no date)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import time

import numpy as np
from numpy.typing import NDArray

from planner.schedule.days import Days

Codes = NDArray[np.int16]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Holds:
    """R12: one row per hold, by first day; a subject with fewer holds has ``NO_DAY`` as first day in the rest.

    ``resume`` is a very late day while a hold has none (see ``without_end``). ``doses`` is a bit mask.
    """

    first_day: Days
    resume: Days
    doses: NDArray[np.uint32]
    skip: Bools
    without_end: Bools


@dataclass(frozen=True, eq=False)
class Cohort:
    """Everything known about ``len(subjects)`` subjects, indexed by the codes of one plan.

    Arrays over visits are (slot, subject); those that hold no fact at all are None. ``parameters`` are (parameter,
    subject) codes, -1 where an optional one is unknown; ``decisions`` likewise, -1 while undecided. ``omitted`` is a
    bit mask over the plan's activities. ``calendar`` indexes the calendars given to the engine.
    """

    subjects: tuple[str, ...]
    start: Days
    parameters: Codes
    milestones: Days
    decisions: Codes
    decision_days: Days
    calendar: NDArray[np.int32] | None = None
    actual: Days | None = None
    missed: Bools | None = None
    booked: Days | None = None
    omitted: NDArray[np.uint64] | None = None
    routine_care: Bools | None = None
    holds: Holds | None = None
    stops: Days | None = None
    """(dose, subject): the first day from which that dose is stopped."""
    end_day: Days | None = None
    end_reason: Codes | None = None
    """Index into ``END_REASONS``."""
    unscheduled_days: Days | None = None
    """(k, subject), ``NO_DAY`` where a subject has fewer."""
    unscheduled_doses: NDArray[np.uint32] | None = None
    booked_at: Mapping[tuple[int, int], time] = field(default_factory=dict)
    """(slot, subject) to the local time of a booking that has one."""

    def __len__(self) -> int:
        """How many subjects."""
        return len(self.start)

    def part(self, first: int, beyond: int) -> Cohort:
        """The subjects ``first`` to ``beyond - 1``, as views on the same arrays (booking times left out)."""
        changes: dict[str, object] = {"subjects": self.subjects[first:beyond], "booked_at": {}}
        for entry in fields(self):
            value = getattr(self, entry.name)
            if isinstance(value, np.ndarray):
                changes[entry.name] = value[..., first:beyond]
        if self.holds is not None:
            changes["holds"] = Holds(*(getattr(self.holds, entry.name)[:, first:beyond] for entry in fields(Holds)))
        return replace(self, **changes)  # type: ignore[arg-type]

    def taken(self, indexes: NDArray[np.intp]) -> Cohort:
        """These subjects, by index, in this order and as often as named (booking times left out)."""
        names = self.subjects
        changes: dict[str, object] = {"subjects": tuple(names[index] for index in indexes.tolist()), "booked_at": {}}
        for entry in fields(self):
            value = getattr(self, entry.name)
            if isinstance(value, np.ndarray):
                changes[entry.name] = value[..., indexes]
        if self.holds is not None:
            changes["holds"] = Holds(*(getattr(self.holds, entry.name)[:, indexes] for entry in fields(Holds)))
        return replace(self, **changes)  # type: ignore[arg-type]

    def repeated(self, index: int, count: int) -> Cohort:
        """``count`` copies of one subject, as a cohort to vary: what-if rows, branches, start days."""
        return self.taken(np.full(count, index, dtype=np.intp))
