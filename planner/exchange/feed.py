"""A feed as calendar files: what a subscribed calendar program gets when it asks.

The bytes depend on the log and on the date (UTC): the window rolls at midnight, and nothing else does. The same state gives the same bytes,
and so the same ETag.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from sqlalchemy import Connection

from planner.exchange.ics_words import event_words
from planner.exchange.part_notice import part_notice
from planner.exchange.revision_events import EventForm, RevisionEvent, calendar_file, revision_events
from planner.records.feeds.feed import Feed
from planner.records.feeds.scope_of import scope_of
from planner.records.people.settings import Settings
from planner.records.revisions.visit_revisions import Span, visit_revisions
from planner.records.store.log import last_recorded

TOMBSTONE_DAYS = 30
"""For so long a visit that is off stays in a feed, as cancelled."""
LARGEST_PART = 900_000
"""Octets: Google stops reading near 1 MB."""


@dataclass(frozen=True, slots=True)
class FeedPart:
    """One calendar file of a feed; all but very large feeds have one."""

    body: bytes
    etag: str
    """Quoted, as HTTP has it."""
    last_modified: datetime
    """When anything was last written to the log, or the window rolled: also what left the feed changed it, and whose rights changed."""
    events: int
    first: date
    """The first day that the part is about."""
    last: date


def feed_parts(connection: Connection, settings: Settings, feed: Feed, now: datetime, install_key: bytes) -> tuple[FeedPart, ...]:
    """The files of a feed as of ``now`` (aware), by date; at least one, but none where its person may read nothing of it."""
    events = feed_events(connection, settings, feed, now, install_key)
    if events is None:
        return ()
    parts = list(_parts(events, LARGEST_PART)) or [[]]
    first, last = feed_window(feed, now)
    cuts = [part[0].day for part in parts[1:]]
    starts, ends = [first, *cuts], [*(cut - timedelta(days=1) for cut in cuts), last]
    form, changed = event_form(feed, install_key), max(last_recorded(connection), _midnight(now))
    return tuple(
        _file(feed, form, part, number, len(parts), (start, end), changed)
        for number, (part, start, end) in enumerate(zip(parts, starts, ends, strict=True), start=1)
    )


def feed_events(connection: Connection, settings: Settings, feed: Feed, now: datetime, install_key: bytes) -> list[RevisionEvent] | None:
    """The events of a feed by day; None where its person may read nothing of it."""
    scope = scope_of(settings, feed)
    if scope is None:
        return None
    first, last = feed_window(feed, now)
    span = Span(first, last, off_since=_midnight(now) - timedelta(days=TOMBSTONE_DAYS))
    form = event_form(feed, install_key)
    events = revision_events(visit_revisions(connection, scope, feed.event, span), form)
    return sorted(events, key=lambda event: (event.day, event.revision.subject, event.revision.row.visit))


def event_form(feed: Feed, install_key: bytes) -> EventForm:
    """How the feed's events are written."""
    return EventForm(install_key, feed.event, feed.summary, feed.language)


def feed_window(feed: Feed, now: datetime) -> tuple[date, date]:
    """The first and the last day that the feed is about."""
    today = now.astimezone(UTC).date()
    return today - timedelta(days=feed.days_back), today + timedelta(days=feed.days_ahead)


def feed_name(feed: Feed) -> str:
    """What the calendar is called, with nothing in it that titles are not to show."""
    words = event_words(feed.language)
    first, _, second = feed.of.partition("/")
    match feed.kind:
        case "subject":
            shown = [first.upper()] * ("study" in feed.summary) + [second] * ("subject" in feed.summary)
        case "study":
            shown = [first.upper()] * ("study" in feed.summary)
        case "site" | "resource":
            shown = [first, second]
    name = " ".join(part for part in shown if part) or words.visits
    return words.windows.format(name=name) if feed.event == "window" else name


def _file(
    feed: Feed, form: EventForm, events: Sequence[RevisionEvent], number: int, count: int, days: tuple[date, date], changed: datetime
) -> FeedPart:
    name = feed_name(feed) if count == 1 else f"{feed_name(feed)} {number}/{count}"
    latest = max((event.revision.at for event in events), default=datetime.min.replace(tzinfo=UTC))
    notice = part_notice(feed, form, number + 1, days[1], latest) if number < count else ""
    body = calendar_file(events, name, notice)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return FeedPart(body, etag, changed, len(events), *days)


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(UTC).date(), time(), UTC)


def _parts(events: Sequence[RevisionEvent], largest: int) -> Iterator[list[RevisionEvent]]:
    """The events in files of at most so many octets, cut where a month begins; within a month only if it is too much by itself."""
    part: list[RevisionEvent] = []
    size = 0
    for piece in _pieces(events, largest):
        octets = _octets(piece)
        if part and size + octets > largest:
            yield part
            part, size = [], 0
        part.extend(piece)
        size += octets
    if part:
        yield part


def _pieces(events: Sequence[RevisionEvent], largest: int) -> Iterator[list[RevisionEvent]]:
    """Months of events; of a month that is too much for a file its days."""
    for _, month in groupby(events, key=lambda event: (event.day.year, event.day.month)):
        piece = list(month)
        if _octets(piece) <= largest:
            yield piece
        else:
            yield from (list(day) for _, day in groupby(piece, key=lambda event: event.day))


def _octets(events: Sequence[RevisionEvent]) -> int:
    return sum(len(event.text.encode("utf-8")) for event in events)
