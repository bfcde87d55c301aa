"""Where a visit stands, by a sign and in words: for places that must not tell it by colour."""

from __future__ import annotations

from datetime import date, time

from planner.schedule.rows import VisitRow
from planner.ui.language import t
from planner.ui.words import listed, span, status_words

_SIGNS = {
    "done": "✓",
    "missed": "✗",
    "cancelled": "⊘",
    "conditional": "?",
    "on_hold": "‖",
    "overdue": "!",
    "due": "→",
    "upcoming": "○",
}
_BOOKED = "▣"


def standing_sign(row: VisitRow) -> str:
    """A sign for the status, told apart by its shape."""
    return _BOOKED if row.certainty == "booked" and row.status in ("due", "upcoming") else _SIGNS[row.status]


def standing_words(row: VisitRow) -> str:
    """``planned``, ``booked at 09:30``, ``due, 3 days left, booked at 09:30``."""
    parts = [status_words(row)]
    if row.certainty == "booked" and row.status not in ("done", "missed"):
        booking = booked_words(row.booked_at)
        parts = [booking] if row.status == "upcoming" else [*parts, booking]
    return listed(parts)


def booked_words(at: time | None) -> str:
    """``booked``, with its time where that is known."""
    return t("booked") if at is None else t("booked at {time}", time=f"{at:%H:%M}")


def window_span(earliest: date | None, latest: date | None) -> str:
    """``14 to 20 April``, or that there is but one day; empty without a window."""
    if earliest is None or latest is None:
        return ""
    return t("that day only") if earliest == latest else span(earliest, latest)
