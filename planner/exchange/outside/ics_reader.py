"""A calendar file of any origin, read for our own visits alone: in bounded time and memory, one broken event costing no other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

from planner.exchange.outside.components import RawEvent, scanned
from planner.exchange.outside.content_lines import MOST_BYTES, CalendarFileError, content_lines
from planner.exchange.outside.event_times import event_times
from planner.exchange.outside.outside_event import OutsideCalendar, OutsideEvent, UnreadableEvent
from planner.exchange.outside.property_lines import PropertyError, only
from planner.exchange.outside.zones import FileZones
from planner.protocol.said import said

__all__ = ["MOST_BYTES", "CalendarFileError", "read_outside", "require_calendar"]

_RECURS = ("RRULE", "RDATE", "EXRULE", "EXDATE", "RECURRENCE-ID")
_STATUSES = ("CONFIRMED", "TENTATIVE", "CANCELLED")
_SEQUENCE = re.compile(r"\d{1,9}", re.ASCII)
_STAMP = re.compile(r"\d{8}T\d{6}Z", re.ASCII)


def require_calendar(content: bytes) -> None:
    """Refuse what ``read_outside`` would, before it is known which visits are ours. Raises CalendarFileError."""
    scanned(content_lines(content), ())


MOST_COPIES = 5
"""Of one visit in one file; programs leave a copy or two behind."""


def read_outside(content: bytes, zones: Mapping[str, str]) -> OutsideCalendar:
    """The events whose UID is one of ours; ``zones`` gives, by UID, the site's IANA zone, in which a time without a zone is meant.

    Events that cannot be read for sure are named with their line, and all others are read. Raises CalendarFileError for a file that is too
    large (10 MB, 1,000,000 lines, 50,000 components, 8 of them in one another, 1 MB in a line), not in UTF-8, or no calendar.
    """
    found = scanned(content_lines(content), zones)
    file_zones = FileZones(found.zones)
    events, unreadable = list[OutsideEvent](), list[UnreadableEvent]()
    copies = Counter(raw.uid for raw in found.events)
    unreadable += [_too_often(raw) for raw in {one.uid: one for one in reversed(found.events)}.values() if copies[raw.uid] > MOST_COPIES]
    for raw in found.events:
        if copies[raw.uid] > MOST_COPIES:
            continue
        try:
            events.append(_event(raw, zones[raw.uid], file_zones))
        except PropertyError as error:
            unreadable.append(UnreadableEvent(raw.uid, raw.line, str(error)))
    if not found.is_closed:
        why = said("the file ends without END:VCALENDAR, so it may be cut off and lack visits; export it again")
        unreadable.append(UnreadableEvent("", found.last_line, why))
    return OutsideCalendar(tuple(events), tuple(unreadable), found.not_ours)


def _too_often(raw: RawEvent) -> UnreadableEvent:
    why = said(
        "it is in this file more than {most_copies} times, so it is not known which one counts; delete there what does not",
        most_copies=MOST_COPIES,
    )
    return UnreadableEvent(raw.uid, raw.line, why)


def _event(raw: RawEvent, site_zone: str, zones: FileZones) -> OutsideEvent:
    if not raw.is_closed:
        raise PropertyError(said("it has no END:VEVENT, so a part of it may be missing"))
    only(raw.properties, "UID")
    recurring = [name for name in _RECURS if name in raw.properties]
    if recurring:
        raise PropertyError(said("it recurs ({recurring}), and a visit is no series; make it one event on one day", recurring=recurring[0]))
    times = event_times(raw, site_zone, zones)
    status = only(raw.properties, "STATUS")
    stated = "" if status is None else status.value.strip().upper()
    return OutsideEvent(
        uid=raw.uid,
        start=times.start,
        minutes=times.minutes,
        all_day=times.all_day,
        status=stated if stated in _STATUSES else "",
        sequence=_sequence(raw),
        changed_at=_changed_at(raw),
        line=raw.line,
    )


def _sequence(raw: RawEvent) -> int:
    given = only(raw.properties, "SEQUENCE")
    if given is None:
        return 0
    if not _SEQUENCE.fullmatch(given.value.strip()):
        raise PropertyError(said("its SEQUENCE is no number, so it is not known whether it is older than ours"))
    return int(given.value)


def _changed_at(raw: RawEvent) -> datetime | None:
    """LAST-MODIFIED; None where it is not there, or is no time in UTC as it must be."""
    given = only(raw.properties, "LAST-MODIFIED")
    text = "" if given is None else given.value.strip()
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if _STAMP.fullmatch(text) else None
    except ValueError:
        return None
