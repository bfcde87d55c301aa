"""What a page shows of a schedule's visits besides their dates; a schedule that nobody follows yet has nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from planner.schedule.rows import VisitRow


def _nothing(row: VisitRow) -> str:  # noqa: ARG001
    return ""


def _no_act(act: str) -> None:
    """There is no button that could be pressed."""


@dataclass(frozen=True)
class Beside:
    """A page's own part of the views."""

    acts: Callable[[VisitRow], str] = _nothing
    """HTML: what can be done about a visit, as buttons with ``data-choose="act"``."""
    past: Callable[[VisitRow], str] = _nothing
    """HTML: which dates a visit has had."""
    act: Callable[[str], None] = _no_act
    """Gets the ``data-value`` of such a button when it is pressed."""
    as_of_word: str = ""
    """What the as-of day is called in a calendar."""
    keys: str = ""
    """Which keys there are besides those of the calendar."""
    month: date | None = None
    """A day of the month that is shown at first; None for the start's."""
