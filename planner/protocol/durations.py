"""Durations (R1): days and weeks are exact, months and years are calendar months, ``wd`` are open days."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNITS = {"d": ("days", 1), "w": ("days", 7), "mo": ("months", 1), "y": ("months", 12), "wd": ("working_days", 1)}
_DURATION = re.compile(r"(?P<sign>[+-]?)(?P<count>\d{1,4})(?P<unit>wd|mo|d|w|y)")


@dataclass(frozen=True, slots=True)
class Duration:
    """A signed length of time; whichever of the three parts are set are added months first, then days.

    ``working_days`` is ``None`` unless the duration was written in ``wd``: ``0wd`` is "the day itself", and is
    kept apart from ``0d`` only so that it can be shown as it was written.
    """

    months: int = 0
    days: int = 0
    working_days: int | None = None

    def times(self, count: int) -> Duration:
        """The duration repeated ``count`` times (R2: multiplied once, never added step by step)."""
        working_days = None if self.working_days is None else self.working_days * count
        return Duration(self.months * count, self.days * count, working_days)

    def plus(self, other: Duration) -> Duration:
        """The sum of two durations of months and days (R2: the n-th offset is the sum of its steps)."""
        if self.working_days is not None or other.working_days is not None:
            raise ValueError("working days cannot be summed before the anchor is known")
        return Duration(self.months + other.months, self.days + other.days)

    def __str__(self) -> str:
        """The duration as it is written in a protocol file, for example ``21d`` or ``-3wd``."""
        if self.working_days is not None:
            return f"{self.working_days}wd"
        parts = [f"{self.months}mo"] if self.months else []
        if self.days or not self.months:
            parts.append(f"{self.days}d")
        return " ".join(parts)


def parse_duration(text: str) -> Duration | None:
    """The duration written in ``text`` (``21d``, ``-6w``, ``+3mo``, ``2y``, ``1wd``), or None if it is none."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return None
    part, factor = _UNITS[match["unit"]]
    count = int(match["count"]) * factor * (-1 if match["sign"] == "-" else 1)
    return Duration(**{part: count})
