"""A feed's events one by one, each a calendar file of its own: what a CalDAV server keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from planner.exchange.feed import event_form, feed_events
from planner.exchange.revision_events import calendar_file, visit_uid
from planner.records.feeds.feed import Feed
from planner.records.people.settings import Settings
from planner.records.revisions.visit_revisions import VisitRevision


@dataclass(frozen=True, slots=True)
class EventObject:
    """A calendar object resource (RFC 4791): one event with the time zone that it needs, no METHOD and no name."""

    uid: str
    body: bytes
    revision: VisitRevision


def event_objects(connection: Connection, settings: Settings, feed: Feed, now: datetime, install_key: bytes) -> list[EventObject] | None:
    """Exactly the events of the feed as of ``now`` (aware), by day; None where its person may read nothing of it."""
    events = feed_events(connection, settings, feed, now, install_key)
    if events is None:
        return None
    form = event_form(feed, install_key)
    return [EventObject(visit_uid(event.revision, form), calendar_file([event]), event.revision) for event in events]
