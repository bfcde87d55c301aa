"""Visits as an iCalendar file (RFC 5545): the download of one moment, and the frame of a feed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time

from planner.exchange.ics_event import EventWriter, Revision
from planner.exchange.ics_settings import CalendarSettings
from planner.exchange.ics_text import content_line, escaped
from planner.exchange.vtimezone import vtimezone
from planner.schedule.rows import VisitRow

PRODUCT = "-//trial-visit-planner//trial-visit-planner//EN"
CALENDAR_END = "END:VCALENDAR\r\n"


def calendar_bytes(rows: Iterable[VisitRow], settings: CalendarSettings) -> bytes:
    """The calendar file of ``rows``, in their order, without a log: SEQUENCE 0, stamped with the as-of date at 00:00 UTC.

    Rows without a date are left out; which others are in it (conditional, cancelled) is the caller's choice. The same rows and settings
    give the same bytes.

    Raises:
        UnknownZoneError: the settings' zone is none.
        ValueError: one visit of one subject is given twice (two events would share a UID).
    """
    revision = Revision(0, datetime.combine(settings.as_of, time(), UTC))
    return calendar_of_revisions(((row, revision) for row in rows), settings)


def calendar_of_revisions(revisions: Iterable[tuple[VisitRow, Revision]], settings: CalendarSettings) -> bytes:
    """The same for visits whose revisions are known from a log."""
    writer = EventWriter(settings)
    written: set[tuple[str, str]] = set()
    events: list[str] = []
    for row, revision in revisions:
        if (row.subject, row.visit) in written:
            raise ValueError(f"Visit {row.visit} of subject {row.subject} was given twice; a calendar holds each visit once.")
        written.add((row.subject, row.visit))
        event = writer.event(row, revision)
        if event is not None:
            events.append(event)
    zone = vtimezone(settings.zone) if writer.local_times else ""
    return "".join([calendar_head(settings.feed_name), zone, *events, CALENDAR_END]).encode("utf-8")


def calendar_head(feed_name: str | None) -> str:
    """What stands before the time zones and events; the name, and how often to ask again, only in a feed."""
    head = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODUCT}\r\nCALSCALE:GREGORIAN\r\n"
    if feed_name is None:
        return head
    name = escaped(feed_name)
    refresh = "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nX-PUBLISHED-TTL:PT1H\r\n"
    return head + content_line(f"NAME:{name}") + content_line(f"X-WR-CALNAME:{name}") + refresh
