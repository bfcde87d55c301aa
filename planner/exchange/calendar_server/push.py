"""Making a calendar on a server equal to a feed: one listing, then only what differs, each event noted as soon as it is there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from planner.exchange.calendar_server.address import place
from planner.exchange.calendar_server.collection import Collection, Opened, StoredObject, open_collection
from planner.exchange.calendar_server.compared import seen_event
from planner.exchange.calendar_server.sending import DrySender, RealSender, Sender
from planner.exchange.calendar_server.server import CalendarServer
from planner.exchange.calendar_server.server_error import CalendarServerError, in_words
from planner.exchange.calendar_server.steps import Sides, Step, StepKind, WantedEvent, step_of
from planner.exchange.event_objects import event_objects
from planner.exchange.outside.times_in_words import visit_in_words
from planner.records.caller import Caller
from planner.records.feeds.feed import Feed
from planner.records.feeds.granting import FeedError, own_feed
from planner.records.people.settings import Settings, read_settings
from planner.records.store.database import Database, DatabaseError
from planner.records.traces.pushed import PushedObject, PushTarget, feeds_at, pushed_objects

MOST_REFUSED = 5
"""So many refusals in a row are no matter of single events."""

_UID = re.compile(r"[0-9a-f]{32}@[A-Za-z0-9.-]+")
_SENDS: Mapping[StepKind, str] = {"create": "created", "change": "changed", "delete": "deleted"}


@dataclass(frozen=True, slots=True)
class PushOrder:
    """What somebody asks for."""

    feed: str
    """Its code."""
    create: bool = False
    """Make the calendar if it is not there."""
    only_look: bool = False
    """Send nothing but questions, and note nothing."""
    overwrite: frozenset[str] = frozenset()
    """UIDs, and visits as reports name them, whose changes there do not count."""
    overwrite_all: bool = False


@dataclass(slots=True)
class PushReport:
    """What was done, as far as it went."""

    counts: Counter[str] = field(default_factory=Counter)
    """Of ``created``, ``changed``, ``deleted``, ``adopted``, ``edited there``, ``unchanged`` and ``refused``."""
    sent: list[str] = field(default_factory=list)
    """Each event that was sent (or would be, where only looked), in a few words."""
    edits: list[str] = field(default_factory=list)
    """What somebody changed or deleted there, which was left as it is; sentences."""
    refusals: list[str] = field(default_factory=list)
    """What the server did not take, while all else went on; sentences."""
    failure: str = ""
    """Why the run was given up; "" where it was not."""


def push(database: Database, caller: Caller, order: PushOrder, server: CalendarServer, install_key: bytes) -> PushReport:
    """Make the calendar equal to the feed as of ``caller.now``, but for what somebody changed there.

    Raises what opening the records and the calendar raises (FeedError, CalendarServerError, CalendarAddressError); what goes wrong later is
    in the report, and the next run goes on from there.
    """
    with database.reading() as connection:
        settings = read_settings(connection)
        feed = own_feed(settings, caller, order.feed)
        wanted = _wanted(connection, settings, feed, caller, install_key)
    _require_known(order.overwrite, wanted)
    opened = open_collection(server, server.address, calendar_name(feed), create=order.create)
    target = PushTarget(opened.collection.address.url, feed.code)
    with database.reading() as connection:
        revoked = [PushTarget(target.address, code) for code in _revoked_feeds(connection, settings, target)]
        put = {uid: one for found in (*revoked, target) for uid, one in pushed_objects(connection, found).items()}
        on_the_way = pushed_objects(connection, target.on_the_way)
    sender: Sender = DrySender() if order.only_look else RealSender(database, target, opened.collection, on_the_way)
    sender.begin(opened, revoked)
    run = _Run(sender, order, opened, wanted, put, on_the_way)
    run.carry_out()
    return run.report


def calendar_name(feed: Feed) -> str:
    """What the calendar of a feed is called in a place for calendars: nothing in it tells what the feed is of."""
    return f"planner-{feed.code.lower()}"


def _wanted(connection: Connection, settings: Settings, feed: Feed, caller: Caller, install_key: bytes) -> dict[str, WantedEvent]:
    objects = event_objects(connection, settings, feed, caller.now, install_key)
    if objects is None:
        raise FeedError(
            f"{feed.person} may read nothing of feed {feed.code} (any more), so nothing was sent, and what stands in the calendar stays. "
            "Grant the account a role, or revoke the feed and delete the calendar."
        )
    return {
        one.uid: WantedEvent(one.uid, one.body.decode("utf-8"), visit_in_words(one.revision), one.revision.zone, one.revision.is_off)
        for one in objects
    }


def _require_known(names: frozenset[str], wanted: Mapping[str, WantedEvent]) -> None:
    """Each name to overwrite is a visit of the feed, or looks like a UID. Raises FeedError."""
    visits = {one.name for one in wanted.values()}
    if unknown := sorted(name for name in names if name not in visits and name not in wanted and "@" not in name):
        raise FeedError(f"The feed has no visit {unknown[0]!r}. Name it as the report does (STUDY/NUMBER VISIT), or by its UID.")


def _revoked_feeds(connection: Connection, settings: Settings, target: PushTarget) -> list[str]:
    """The feeds that are no more and whose events this calendar still holds. Raises FeedError where one of them lives."""
    others = sorted(feeds_at(connection, target.address) - {target.feed})
    if living := [code for code in others if code in settings.feeds]:
        raise FeedError(
            f"This calendar is kept equal to feed {living[0]}, and {target.feed} would take its events out again. Give {target.feed} a "
            "calendar of its own."
        )
    return others


class _Run:
    """One run, once all that must be known is known."""

    def __init__(
        self,
        sender: Sender,
        order: PushOrder,
        opened: Opened,
        wanted: Mapping[str, WantedEvent],
        put: Mapping[str, PushedObject],
        on_the_way: Mapping[str, PushedObject],
    ) -> None:
        self.report = PushReport()
        self._sender = sender
        self._order = order
        self._opened = opened
        self._collection: Collection = opened.collection
        self._wanted = wanted
        self._put = put
        self._on_the_way = on_the_way

    def carry_out(self) -> None:
        """Do all that is to be done, as long as server and database can be used."""
        try:
            steps = self._steps()
            self._count_unsent(steps)
            self._note_before_sending(steps)
            to_send = [(sides, step) for sides, step in steps if step.kind in _SENDS]
            self._send_all(to_send)
            # What was refused may have been taken all the same.
            if to_send and not self.report.refusals:
                self._sender.note_after()
        except (CalendarServerError, DatabaseError) as error:
            self.report.failure = str(error)

    def _steps(self) -> list[tuple[Sides, Step]]:
        all_sides = list(self._sides())
        paths = [sides.listed.path for sides in all_sides if sides.listed is not None and sides.is_to_be_read]
        read = self._collection.read(paths)
        return [(sides, step_of(sides, self._read_of(sides, read), overwrite=self._is_overwritten(sides))) for sides in all_sides]

    def _sides(self) -> Iterator[Sides]:
        """Every UID that the feed has, or that was or may have been put there."""
        there = self._opened.objects
        unknown = self._unknown_objects()
        for uid in dict.fromkeys((*self._wanted, *self._put, *self._on_the_way)):
            put = self._put.get(uid)
            listed = there.get(place(put.href)) if put is not None else None
            yield Sides(uid, self._wanted.get(uid), put, self._on_the_way.get(uid), listed or unknown.get(uid))

    def _unknown_objects(self) -> dict[str, StoredObject]:
        """Those of our UIDs that lie where nobody noted it: a run was cut off, the notes are lost, or a program gave it another name.

        By their names alone, unless something is missing that may be there under another name: then all that is not noted is read.
        """
        known = {place(one.href) for one in self._put.values()}
        strangers = {path: one for path, one in self._opened.objects.items() if path not in known}
        expected = {*self._wanted, *self._on_the_way}
        named = {uid: strangers[path] for uid in expected if (path := place(self._path(uid))) in strangers}
        missing = [uid for uid, one in self._put.items() if place(one.href) not in self._opened.objects and uid not in named]
        if self._put and not missing:
            return named
        ours = (expected | self._put.keys()) - named.keys()
        by_name = {place(one.path) for one in named.values()}
        others = [one.path for path, one in strangers.items() if path not in by_name]
        for one in self._collection.read(others).values():
            named |= {uid: one for uid in _UID.findall(one.data) if uid in ours}
        return named

    def _path(self, uid: str) -> str:
        return self._collection.address.member(f"{uid}.ics")

    def _path_of(self, sides: Sides) -> str:
        """Where the event stands, stood or will stand."""
        if sides.listed is not None:
            return sides.listed.path
        return sides.put.href if sides.put is not None else self._path(sides.uid)

    def _read_of(self, sides: Sides, read: Mapping[str, StoredObject]) -> StoredObject | None:
        return None if sides.listed is None else read.get(place(sides.listed.path))

    def _is_overwritten(self, sides: Sides) -> bool:
        names = {sides.uid} | ({sides.wanted.name} if sides.wanted is not None else set())
        return self._order.overwrite_all or bool(names & self._order.overwrite)

    def _count_unsent(self, steps: Sequence[tuple[Sides, Step]]) -> None:
        for sides, step in steps:
            if step.kind == "unchanged":
                self.report.counts["adopted" if step.stands else "unchanged"] += 1
            elif step.kind in ("edited", "gone"):
                self.report.counts["edited there"] += 1
                self.report.edits.append(f"{self._name(sides)}: {step.text}.")

    def _note_before_sending(self, steps: Sequence[tuple[Sides, Step]]) -> None:
        """What is there already, what is gone from both sides, and what is about to be put there."""
        standing = [
            PushedObject(sides.uid, sides.listed.path, step.etag, step.stands)
            for sides, step in steps
            if step.stands and sides.listed is not None
        ]
        forgotten = [sides.uid for sides, step in steps if step.kind == "forget"]
        leaving = [
            PushedObject(sides.uid, self._path_of(sides), "", sides.wanted.body)
            for sides, step in steps
            if step.kind in ("create", "change") and sides.wanted is not None
        ]
        self._sender.note_before(standing, forgotten, leaving)

    def _send_all(self, steps: Sequence[tuple[Sides, Step]]) -> None:
        in_a_row = 0
        for sides, step in steps:
            status = self._send(sides, step)
            if status:
                in_a_row += 1
                self.report.counts["refused"] += 1
                self.report.refusals.append(f"{self._name(sides)} could not be {_SENDS[step.kind]}: {in_words(status)}.")
            else:
                in_a_row = 0
                self.report.counts[_SENDS[step.kind]] += 1
                self.report.sent.append(f"{step.kind} {self._name(sides)}")
            if in_a_row == MOST_REFUSED:
                raise CalendarServerError(f"{MOST_REFUSED} events in a row were refused, so the others were not tried. Run it again later.")

    def _send(self, sides: Sides, step: Step) -> int:
        """Send one event and note it; the status with which the server refuses it, 0 where it takes it."""
        path = self._path_of(sides)
        if step.kind == "delete":
            return self._sender.delete(sides.uid, path, step.etag)
        assert sides.wanted is not None, "what is put is wanted"
        return self._sender.put(PushedObject(sides.uid, path, "", sides.wanted.body), step.etag)

    def _name(self, sides: Sides) -> str:
        if sides.wanted is not None:
            return sides.wanted.name
        known = sides.put or sides.on_the_way
        put = None if known is None else seen_event(known.body, sides.uid, "UTC")
        return f"{put.title} ({sides.uid})" if put is not None else sides.uid
