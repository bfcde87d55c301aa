"""What a fold of the log gives: cohorts for the engine, and beside them what the log says of each subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from planner.protocol.plan import Plan
from planner.records.facts.fact import SubjectKey
from planner.schedule.calendar import SiteCalendar
from planner.schedule.cohort import Cohort
from planner.schedule.rows import VisitRow


@dataclass(frozen=True, slots=True)
class UnfitFact:
    """A fact in force that the subject's present plan does not know (docs/records.md): shown, never dropped, and no part of the dates."""

    row: int
    """The subject's row in the fact table that was folded."""
    subject: SubjectKey
    number: int
    why: str
    """A sentence: what does not fit, and what would be right."""


@dataclass(frozen=True, slots=True)
class BookingDetails:
    """What a booking says besides its day and time."""

    minutes: int | None
    """How long it takes; None where only the protocol says so."""
    resource: str
    """The machine, chair or room; "" where none was named."""


@dataclass(frozen=True, eq=False)
class FoldedGroup:
    """The subjects that follow one protocol text: a cohort, ready for ``planner.schedule.expand.expand``.

    Arrays have one entry per subject of the cohort. ``cohort.subjects`` are subject numbers, ``cohort.calendar`` indexes ``calendars``
    (each the subject's whole calendar, transfers included).
    """

    protocol_hash: str
    plan: Plan
    calendars: tuple[SiteCalendar, ...]
    cohort: Cohort
    rows: NDArray[np.intp]
    """Each subject's row in the fact table that was folded."""
    sites: tuple[str, ...]
    """Site codes, indexed by ``site``."""
    site: NDArray[np.int32]
    """The site where each subject now is."""
    revision: NDArray[np.int32]
    """The number of each subject's last fact."""
    booking_details: Mapping[tuple[int, int], BookingDetails] = field(default_factory=dict)
    """(slot, subject) to what its booking says besides, where it does."""

    def as_booked(self, row: VisitRow, slot: int, subject: int) -> VisitRow:
        """A row of this visit and subject, by index, with the length that its booking gives instead of the protocol's."""
        details = self.booking_details.get((slot, subject))
        return row if details is None or details.minutes is None else replace(row, minutes=details.minutes)


@dataclass(frozen=True, eq=False)
class Folded:
    """A fold: the groups (by protocol text), and the facts that do not fit."""

    subjects: tuple[SubjectKey, ...]
    """The subjects of the fact table, by row."""
    groups: tuple[FoldedGroup, ...]
    unfit: tuple[UnfitFact, ...]
