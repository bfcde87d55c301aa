"""A clinic with a feed that people subscribe to, on three days: visits are booked; one is moved over the change of clocks and a subject
leaves; and a month later the visits that will not be are gone from the feed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from planner.exchange.feed import feed_parts
from planner.records.changes import acts
from planner.records.facts.fact import NewFact, SubjectKey
from planner.records.feeds.feed import Feed
from planner.records.feeds.granting import make_feed
from planner.records.people.settings import read_settings
from planner.records.store.database import open_database
from planner.schedule.calendar_sources import calendar_named
from tests.clients.planner_serving import PlannerServing, planner_serving
from tests.exchange.calendar_reading import ReadEvent, read_by_icalendar
from tests.records.desk import Desk, someone

Times = tuple[date | datetime, date | datetime]
SITE, STAYS, LEAVES = "KLN", SubjectKey("ulrrc", "KLN-001"), SubjectKey("ulrrc", "KLN-002")
DAYS = (date(2026, 3, 1), date(2026, 3, 11), date(2026, 4, 15))
"""The subject leaves on the second, so the tombstones of its visits are there for 30 days from then."""
KEY = b"0123456789abcdef0123456789abcdef"
MOVED, WINTER, SUMMER = "ULRRC KLN-001 C2D1", "ULRRC KLN-001 SIM", "ULRRC KLN-001 C3D1"
GONE = "ULRRC KLN-002 C2D1"
CANCELLED = f"Cancelled: {GONE}"


@dataclass(frozen=True)
class FeedRevision:
    """What is served on a day: every client must show these events, each once and no other."""

    content: bytes

    @property
    def events(self) -> list[ReadEvent]:
        """By title, as icalendar reads them."""
        return by_title(list(read_by_icalendar(self.content).values()))

    def is_shown_by(self, events: list[ReadEvent]) -> bool:
        """Whether a client holds just these events; UIDs are not looked at."""
        return [_without_uid(event) for event in by_title(events)] == [_without_uid(event) for event in self.events]


def by_title(events: list[ReadEvent]) -> list[ReadEvent]:
    return sorted(events, key=lambda event: (event.summary, event.uid))


@dataclass(frozen=True)
class Clinic:
    """The clinic's records, and the web process that serves the feed at ``url``."""

    desk: Desk
    feed: Feed
    serving: PlannerServing
    url: str

    def on_the_first_day(self) -> FeedRevision:
        """Visits are booked before and after the clocks change on 29 March."""
        self.desk.record([*_booked("SIM", 3, 9), *_booked("C2D1", 3, 27), *_booked("C3D1", 4, 17)], STAYS, DAYS[0])
        stated = {MOVED: _berlin(3, 27, hours_ahead=1), GONE: (date(2026, 3, 27), date(2026, 3, 28))}
        return self._revision(DAYS[0], stated, absent=CANCELLED)

    def on_the_second_day(self) -> FeedRevision:
        """A booking moves from before the change to after it; the other subject withdraws."""
        self.desk.record(acts.booking_released("C2D1"), STAYS, DAYS[1])
        self.desk.record(_booked("C2D1", 3, 30), STAYS, DAYS[1])
        self.desk.record(acts.left_study(date(2026, 3, 10), "withdrawn"), LEAVES, DAYS[1])
        stated = {MOVED: _berlin(3, 30, hours_ahead=2), CANCELLED: (date(2026, 3, 27), date(2026, 3, 28))}
        return self._revision(DAYS[1], stated, absent=GONE)

    def on_the_third_day(self) -> FeedRevision:
        """Nothing is recorded; the tombstones have had their time."""
        return self._revision(DAYS[2], {MOVED: _berlin(3, 30, hours_ahead=2)}, absent=CANCELLED)

    def _revision(self, day: date, stated: dict[str, Times], absent: str) -> FeedRevision:
        """What is served on that day; ``stated`` are times worked out by hand."""
        now = datetime.combine(day, time(12), UTC)
        with self.desk.database.reading() as connection:
            (part,) = feed_parts(connection, read_settings(connection), self.feed, now, KEY)
        self.serving.set_now(now)
        revision = FeedRevision(part.body)
        times = {event.summary: (event.start, event.end) for event in revision.events}
        stated = stated | {WINTER: _berlin(3, 9, hours_ahead=1), SUMMER: _berlin(4, 17, hours_ahead=2)}
        assert stated.items() <= times.items()
        assert absent not in times
        return revision


@contextmanager
def clinic(folder: Path) -> Iterator[Clinic]:
    """The clinic with its web process, until the end of the block."""
    url = f"sqlite:///{folder / 'clinic.sqlite'}"
    database = open_database(url)
    desk = Desk.opened(database, SITE, calendar=calendar_named("DE"))
    for subject in (STAYS, LEAVES):
        desk.enrol(subject.number, site=SITE)
    with database.writing() as connection:
        issued = make_feed(connection, someone(DAYS[0]), Feed("", "nurse", "phone", "site", SITE, ""))
    with planner_serving(url, KEY, datetime.combine(DAYS[0], time(12), UTC), folder) as serving:
        yield Clinic(desk, issued.feed, serving, f"{serving.address}/feed/{issued.token}.ics")
    database.close()


def _booked(visit: str, month: int, day: int) -> tuple[NewFact, ...]:
    return acts.visit_booked(visit, date(2026, month, day), "09:30", 60)


def _berlin(month: int, day: int, hours_ahead: int) -> Times:
    """From 9:30 to 10:30 by a clock that is so many hours ahead of UTC."""
    start = datetime(2026, month, day, 9, 30, tzinfo=UTC) - timedelta(hours=hours_ahead)
    return start, start + timedelta(hours=1)


def _without_uid(event: ReadEvent) -> tuple[object, ...]:
    return event.summary, event.status, event.start, event.end, event.description
