"""When a calendar of ours shows a visit: the same as the event that ``planner.exchange.ics_event`` writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from planner.exchange.ics_event import event_minutes
from planner.exchange.time_zones import zone_info
from planner.schedule.rows import VisitRow


@dataclass(frozen=True, slots=True)
class ShownTime:
    """A day, or a moment in UTC and how long it takes."""

    start: date | datetime
    minutes: int | None
    """None of a day."""


def shown_time(row: VisitRow, zone: str) -> ShownTime | None:
    """When a visit is shown whose booked time is meant in ``zone``; None where it has no date. Raises UnknownZoneError."""
    if row.effective is None:
        return None
    if row.booked_at is None:
        return ShownTime(row.effective, None)
    start = datetime.combine(row.effective, row.booked_at, zone_info(zone)).astimezone(UTC)
    return ShownTime(start, event_minutes(row))
