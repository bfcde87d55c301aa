"""What a calendar of any origin says of our visits, in plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class OutsideEvent:
    """An event with one of our UIDs. No text of it is kept: what somebody typed there may tell who a subject is."""

    uid: str
    start: date | datetime
    """A date where ``all_day``; else a moment in UTC."""
    minutes: int | None
    """How long it takes; None where the event is all-day, does not say, or says nought."""
    all_day: bool
    status: str
    """``CONFIRMED``, ``TENTATIVE`` or ``CANCELLED``; "" where it says none of these."""
    sequence: int
    """0 where it is not given."""
    changed_at: datetime | None
    """LAST-MODIFIED, in UTC."""
    line: int
    """Of its ``BEGIN:VEVENT``, from 1; 0 where no file has lines to look at."""


@dataclass(frozen=True, slots=True)
class UnreadableEvent:
    """An event of ours that cannot be read for sure, or ("" as its UID) something about the file as a whole."""

    uid: str
    line: int
    why: str
    """What is wrong and what would be right; no full stop at its end."""


@dataclass(frozen=True, slots=True)
class OutsideCalendar:
    """The events of one or several files."""

    events: tuple[OutsideEvent, ...]
    unreadable: tuple[UnreadableEvent, ...]
    not_ours: int
    """How many events have none of our UIDs."""


def joined(calendars: Iterable[OutsideCalendar]) -> OutsideCalendar:
    """Several objects, as a CalDAV server keeps them, as one; their lines are no places in it and become 0."""
    read = list(calendars)
    return OutsideCalendar(
        tuple(replace(event, line=0) for calendar in read for event in calendar.events),
        tuple(replace(event, line=0) for calendar in read for event in calendar.unreadable),
        sum(calendar.not_ours for calendar in read),
    )
