"""What is known about one subject, as plain Python data: the only thing, beside the plan and the calendar, that dates depend on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal

EndReason = Literal["withdrawn", "died", "lost", "screen_failure"]
HoldMode = Literal["shift", "skip"]


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """A recorded choice; without a ``day`` its date is its visit's effective date (R11)."""

    choice: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    """A day, and if known a local time at the site, that the clinic has confirmed."""

    day: date
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """R12. ``stream`` None means all drugs; ``resume`` is the first day treatment may be given, None while open.

    While it is open, nothing is skipped: what it will be is known when it ends.
    """

    first_day: date
    resume: date | None = None
    stream: str | None = None
    mode: HoldMode = "shift"


@dataclass(frozen=True, slots=True)
class Stop:
    """R13: treatment stopped on ``day``; ``stream`` None means all drugs."""

    day: date
    stream: str | None = None


@dataclass(frozen=True, slots=True)
class End:
    """R13: the subject left the study on ``day``."""

    reason: EndReason
    day: date


@dataclass(frozen=True, slots=True)
class UnscheduledDose:
    """A dose given outside any planned visit (R10); it counts for references and checks."""

    day: date
    stream: str


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """All facts about one subject. Visit ids are the concrete ones (``C3D1``), values of parameters are texts."""

    subject: str
    start: date
    parameters: Mapping[str, str] = field(default_factory=dict)
    milestones: Mapping[str, date] = field(default_factory=dict)
    decisions: Mapping[str, DecisionMade] = field(default_factory=dict)
    actual: Mapping[str, date] = field(default_factory=dict)
    missed: Mapping[str, str] = field(default_factory=dict)
    """Visit id to reason."""
    omitted: frozenset[tuple[str, str]] = frozenset()
    """(visit id, activity id) not done at a done or planned visit."""
    booked: Mapping[str, Booking] = field(default_factory=dict)
    routine_care: frozenset[str] = frozenset()
    """Visits whose actual was routine care, exempt from "consent before every study procedure"."""
    holds: tuple[Hold, ...] = ()
    stops: tuple[Stop, ...] = ()
    end: End | None = None
    unscheduled: tuple[UnscheduledDose, ...] = ()
    calendar: str | None = None
    """The name of the subject's calendar where a cohort uses several; None for the only one."""
