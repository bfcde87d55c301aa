"""What a worklist holds: its kinds, the limits they go by, its rows (docs/records.md, The worklist)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import NamedTuple

from planner.schedule.rows import Certainty, Status


class WorklistKind(StrEnum):
    """Why a visit is on the worklist. A visit may be there for several kinds, and is there once for each."""

    OVERDUE = "overdue"
    """Its window has closed, its date has passed, and nothing is recorded (R14)."""
    UNCONFIRMED = "unconfirmed"
    """Its booked day has passed, and nothing is recorded."""
    DECISION = "decision"
    """A decision is to be recorded: its visit is due or overdue, or its day has come."""
    STOPPED_CLOCK = "stopped_clock"
    """The first visit that a hold in force keeps waiting, where the hold has lasted longer than the limit."""
    CLOSING = "closing"
    """It is due, and its window closes within the limit."""
    DUE = "due"
    """Its window is open (R14)."""
    UNBOOKED = "unbooked"
    """It is planned within the limit, somebody has to come for it, and no day is booked."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The days that kinds go by."""

    closing: int = 7
    """``closing``: at most so many days left."""
    unbooked: int = 14
    """``unbooked``: planned at most so many days from now."""
    held: int = 14
    """``stopped_clock``: on hold for more days than this."""


class WorklistRow(NamedTuple):
    """One visit that somebody has to see to."""

    # No frozen dataclass as elsewhere: a quarter of a million of these are made at once, and a tuple is made five times faster.

    kind: WorklistKind
    study: str
    site: str
    """Where the subject now is."""
    subject: str
    """The subject's number."""
    visit: str
    name: str
    epoch: str
    visit_kind: str
    """clinic, treatment, imaging, phone or decision."""
    status: Status
    certainty: Certainty
    days: int
    """Days from ``as_of`` to the day that counts, negative once it has passed: -3 is three days past, 0 today, 4 four days left.

    The day that counts is, for overdue, due, closing and decision, the last day on which the visit is not overdue (the later of ``latest``
    and ``effective``; the effective date of a visit that took place); for unconfirmed the booked day; for unbooked the planned day; for
    stopped_clock the first held day.
    """
    as_of: date
    planned: date | None
    earliest: date | None
    latest: date | None
    effective: date | None
    booked: date | None
    booked_at: time | None
    waiting: int
    """How many visits wait for this one: those whose dates are stale behind it; for a decision the conditional ones; for a stopped clock
    the other visits held as well."""
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Worklist:
    """Rows by kind (in the order of ``WorklistKind``), the most urgent first, and how many there are of each kind that was asked for."""

    rows: tuple[WorklistRow, ...]
    counts: Mapping[WorklistKind, int]
    """All of them, also where only the most urgent were asked for."""
