"""What somebody changed in a calendar on a server since it was last made equal to a feed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from planner.exchange.calendar_server.address import place
from planner.exchange.calendar_server.collection import Opened, StoredObject, open_collection
from planner.exchange.calendar_server.push import calendar_name
from planner.exchange.calendar_server.server import CalendarServer
from planner.exchange.outside.content_lines import CalendarFileError
from planner.exchange.outside.earlier_times import EarlierTimes
from planner.exchange.outside.findings import Findings
from planner.exchange.outside.ics_reader import read_outside
from planner.exchange.outside.matching import outside_findings, site_zones, visits_by_uid
from planner.exchange.outside.outside_event import OutsideCalendar, UnreadableEvent, joined
from planner.records.caller import Caller
from planner.records.feeds.feed import Feed
from planner.records.feeds.granting import FeedError, own_feed
from planner.records.feeds.scope_of import scope_of
from planner.records.people.settings import read_settings
from planner.records.revisions.visit_revisions import visit_revisions
from planner.records.store.database import Database
from planner.records.traces.pushed import PushedObject, PushTarget, pushed_objects


@dataclass(frozen=True, slots=True)
class ChangedObjects:
    """The objects that are other than they were left."""

    read: tuple[StoredObject, ...]
    gone: frozenset[str]
    """The UIDs of those that are no longer there."""
    uids: Mapping[str, str]
    """By ``place``, of those of which it is known what they were."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in the calendar of a feed."""

    feed: Feed
    changed: ChangedObjects


def look_there(database: Database, caller: Caller, code: str, server: CalendarServer) -> Looked:
    """Read what was changed in the calendar of a feed; nothing is written.

    Raises FeedError, CalendarAddressError and CalendarServerError.
    """
    with database.reading() as connection:
        feed = own_feed(read_settings(connection), caller, code)
    if feed.event != "visit":
        raise FeedError(f"Feed {feed.code} is of windows, which nobody books. Pull a feed of visits.")
    opened = open_collection(server, server.address, calendar_name(feed))
    with database.reading() as connection:
        put = pushed_objects(connection, PushTarget(opened.collection.address.url, feed.code))
    return Looked(feed, _changed_objects(opened, put))


def findings_there(connection: Connection, caller: Caller, looked: Looked, install_key: bytes) -> Findings:
    """What was changed there, of those visits of the feed that the caller may read. Raises FeedError."""
    feed, changed = looked.feed, looked.changed
    scope = scope_of(read_settings(connection), replace(feed, person=caller.who))
    if scope is None:
        raise FeedError(f"{caller.who} may read nothing of feed {feed.code}. Ask somebody who may, or have the account granted a role.")
    visits = visits_by_uid(visit_revisions(connection, scope), install_key)
    zones = site_zones(visits)
    calendar = joined(_without_lines(one, changed, zones) for one in changed.read)
    return outside_findings(calendar, visits, EarlierTimes(connection), changed.gone)


def _changed_objects(opened: Opened, put: Mapping[str, PushedObject]) -> ChangedObjects:
    """Read what is other than it was left; everything where nothing was ever left there."""
    uids = {place(one.href): uid for uid, one in put.items()}
    gone = frozenset(uid for path, uid in uids.items() if path not in opened.objects)
    # What is gone under its name may be there under another: some programs move an event by deleting it and making a new one.
    look_at_strangers = bool(gone) or not put
    paths = [one.path for path, one in opened.objects.items() if (put[uids[path]].etag != one.etag if path in uids else look_at_strangers)]
    return ChangedObjects(tuple(opened.collection.read(paths).values()), gone, uids)


def _without_lines(one: StoredObject, changed: ChangedObjects, zones: Mapping[str, str]) -> OutsideCalendar:
    """One object, read; the lines of it lie on the server, where nobody looks for them."""
    try:
        found = read_outside(one.data.encode("utf-8", "surrogatepass"), zones)
    except CalendarFileError as error:
        uid = changed.uids.get(place(one.path), "")
        found = OutsideCalendar((), (UnreadableEvent(uid, 0, str(error)),), 0)
    return OutsideCalendar(tuple(replace(event, line=0) for event in found.events), tuple(_broken(found, changed, one)), found.not_ours)


def _broken(found: OutsideCalendar, changed: ChangedObjects, one: StoredObject) -> Iterator[UnreadableEvent]:
    for event in found.unreadable:
        yield replace(event, uid=event.uid or changed.uids.get(place(one.path), ""), line=0)
