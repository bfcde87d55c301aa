"""The codes that schedules hold in arrays, and their names in tables, files and screens (docs/date-rules.md)."""

from __future__ import annotations

from enum import IntEnum, IntFlag

from planner.schedule.rows import CERTAINTIES, STATUSES


class StatusCode(IntEnum):
    """R14, in the order in which the rules are looked at; ``NO_ROW`` marks a slot that is no visit of the subject."""

    DONE = 0
    MISSED = 1
    CANCELLED = 2
    CONDITIONAL = 3
    ON_HOLD = 4
    OVERDUE = 5
    DUE = 6
    UPCOMING = 7
    NO_ROW = 255


class CertaintyCode(IntEnum):
    """R15."""

    FIXED = 0
    BOOKED = 1
    STALE = 2
    PROJECTED = 3


class Flag(IntFlag):
    """All flags, in the order in which they are written."""

    NO_ANCHOR = 1 << 0
    COMPANION_MISSED = 1 << 1
    NOT_CHOSEN = 1 << 2
    ENDED_BY_DECISION = 1 << 3
    STOPPED = 1 << 4
    ENDED = 1 << 5
    ANCHOR_CANCELLED = 1 << 6
    MILESTONE_MISSING = 1 << 7
    ANCHOR_MISSED = 1 << 8
    MISSED_BY_HOLD = 1 << 9
    OUTSIDE_PLAN = 1 << 10
    EXPIRED = 1 << 11
    NO_OPEN_DAY_IN_WINDOW = 1 << 12
    CONSTRAINT_BREAKS_WINDOW = 1 << 13
    OUTSIDE_WINDOW = 1 << 14
    CLOSED_DAY = 1 << 15
    BOOKED_IN_HOLD = 1 << 16
    OMITTED = 1 << 17
    UNCONFIRMED = 1 << 18
    EARLIER_UNRECORDED = 1 << 19
    AT_MOST_REACHED = 1 << 20
    FRACTION_GAP = 1 << 21
    FRACTION_SPAN = 1 << 22
    PROVISIONAL_CALENDAR = 1 << 23

    @property
    def code(self) -> str:
        """The flag as it is written: ``no_anchor``."""
        return (self.name or "").lower()


STATUS_NAMES: tuple[str, ...] = STATUSES
CERTAINTY_NAMES: tuple[str, ...] = CERTAINTIES
END_REASONS: tuple[str, ...] = ("withdrawn", "died", "lost", "screen_failure")
