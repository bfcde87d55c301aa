"""A site with two subjects and some feeds, and what their files must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from icalendar import Calendar

from planner.exchange.feed import FeedPart, feed_parts
from planner.records.caller import Caller
from planner.records.feeds.feed import EventKind, Feed, FeedKind
from planner.records.feeds.granting import IssuedFeed, make_feed
from planner.records.people.settings import read_settings
from planner.records.store.database import Database
from tests.records.desk import Desk
from tests.server.serving import KEY

YEARS = 3_660
"""Days back and ahead in which the tests' dates lie for years to come."""


@dataclass
class Clinic:
    """Two subjects at PEK."""

    desk: Desk
    made: int = field(default=0)

    @classmethod
    def opened(cls, database: Database) -> Clinic:
        desk = Desk.opened(database)
        desk.enrol("PEK-001")
        desk.enrol("PEK-002")
        return cls(desk)

    @property
    def database(self) -> Database:
        return self.desk.database

    def feed(
        self, kind: FeedKind = "site", of: str = "PEK", person: str = "nurse", event: EventKind = "visit", days: int = YEARS, by: str = ""
    ) -> IssuedFeed:
        """A new feed, made by its person if nobody else is named."""
        self.made += 1
        wanted = Feed("", person, f"t{self.made}", kind, of, "", event, days_back=days, days_ahead=days)
        with self.database.writing() as connection:
            return make_feed(connection, Caller(by or person, datetime.now(UTC)), wanted)

    def parts(self, feed: Feed) -> tuple[FeedPart, ...]:
        """What the feed's files are now."""
        with self.database.reading() as connection:
            return feed_parts(connection, read_settings(connection), feed, datetime.now(UTC), KEY.encode())


def path_of(issued: IssuedFeed, part: int = 1) -> str:
    return f"/feed/{issued.token}{'' if part == 1 else f'/{part}'}.ics"


def events_in(body: bytes) -> Mapping[str, tuple[int, str]]:
    """By UID the sequence and the start of each event; a UID that comes twice fails."""
    found: dict[str, tuple[int, str]] = {}
    for event in Calendar.from_ical(body).walk("VEVENT"):
        uid = str(event["UID"])
        assert uid not in found
        found[uid] = (int(event["SEQUENCE"]), event["DTSTART"].to_ical().decode())
    return found
