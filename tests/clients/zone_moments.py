"""Booked visits in a time zone at all times of interest from 2025 to 2034, and the moments that ``zoneinfo`` takes them for."""

from __future__ import annotations

import importlib.resources
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from planner.exchange.ics import calendar_bytes
from planner.exchange.time_zones import zone_info
from planner.exchange.uids import event_uid
from planner.schedule.zone_names import ZONE_NAMES
from tests.exchange.calendar_reading import calendar_settings, visit_row

FIRST, LAST = datetime(2025, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC)
MINUTES = 90
NEAR = [timedelta(minutes=minutes) for minutes in (-120, -60, -45, -1, 0, 1, 30, 60, 120)]
"""Around each change: the hours left out and repeated, and two hours on both sides."""

Moments = tuple[date | datetime, date | datetime]


@dataclass(frozen=True)
class ZonedVisits:
    """A zone's calendar file, and by UID the start and the end of each of its events in UTC."""

    zone: str
    content: bytes
    moments: dict[str, Moments]
    changes: tuple[datetime, ...]


def transitions(zone: str) -> tuple[datetime, ...]:
    """The moments (UTC, to the second) from 2025 to 2034 at which the offset changes: looked for day by day, then by halves."""
    info = zone_info(zone)
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    offsets = [day.astimezone(info).utcoffset() for day in days]
    found = []
    for (before, offset), (after, later) in pairwise(zip(days, offsets, strict=True)):
        if offset == later:
            continue
        low, high = before, after
        while high - low > timedelta(seconds=1):
            middle = low + (high - low) // 2
            middle = middle.replace(microsecond=0)
            low, high = (middle, high) if middle.astimezone(info).utcoffset() == offset else (low, middle)
        found.append(high)
    return tuple(found)


def zoned_visits(zone: str) -> ZonedVisits:
    """Visits around each change, and at noon of one day of each month."""
    info, settings = zone_info(zone), calendar_settings(zone=zone)
    changes = transitions(zone)
    walls = {(change + near).astimezone(info).replace(tzinfo=None, fold=0) for change in changes for near in NEAR}
    walls |= {
        datetime.combine(date(year, month, 1 + (7 * month + year) % 28), time(12)) for year in range(2025, 2035) for month in range(1, 13)
    }
    rows = []
    moments: dict[str, Moments] = {}
    for wall in sorted(walls):
        visit = f"V{wall:%Y%m%dT%H%M}"
        rows.append(visit_row(visit=visit, effective=wall.date(), certainty="booked", booked_at=wall.time(), minutes=MINUTES))
        start = wall.replace(tzinfo=info).astimezone(UTC)
        uid = event_uid(settings.install_key, settings.study, "0042", visit, "visit", settings.host)
        moments[uid] = (start, start + timedelta(minutes=MINUTES))
    return ZonedVisits(zone, calendar_bytes(rows, settings), moments, changes)


def zones_by_data() -> dict[bytes, list[str]]:
    """All zone names, those that are the same zone by another name together, by their data."""
    folder = importlib.resources.files("tzdata").joinpath("zoneinfo")
    found: dict[bytes, list[str]] = {}
    for zone in sorted(ZONE_NAMES):
        found.setdefault(folder.joinpath(*zone.split("/")).read_bytes(), []).append(zone)
    return found
