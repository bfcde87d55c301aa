"""Thunderbird, subscribed to the planner's feed: a moved visit is there once, a cancelled one says so and then goes, in every season."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from planner.records.feeds.granting import make_feed
from planner.records.store.database import open_database
from tests.clients.clinic import CANCELLED, GONE, MOVED, FeedRevision, by_title, clinic
from tests.clients.demo_feeds import feed, parts_of
from tests.clients.demo_subjects import KEY, NOW, ON
from tests.clients.planner_serving import planner_serving
from tests.clients.thunderbird import Thunderbird, require_thunderbird, thunderbird
from tests.exchange.calendar_reading import ReadEvent, read_by_icalendar
from tests.records.desk import someone

pytestmark = pytest.mark.long

CALENDAR = "visits"
SECONDS = 30.0
SECONDS_OF_A_POLL = 100.0
"""Thunderbird is told to ask once a minute."""


@pytest.fixture(autouse=True)
def program() -> None:
    """Asked first, before a clinic is made."""
    require_thunderbird()


def shown(client: Thunderbird, revision: FeedRevision, seconds: float = SECONDS) -> list[ReadEvent]:
    """What the client holds as soon as it is the revision; fails with the difference if it never is."""
    events = by_title(client.events_once(CALENDAR, revision.is_shown_by, seconds))
    assert events == revision.events
    return events


def uid_of(events: list[ReadEvent], title: str) -> str:
    (uid,) = (event.uid for event in events if event.summary == title)
    return uid


def test_a_subscribed_thunderbird_follows_three_revisions(tmp_path: Path) -> None:
    """By the button on the second day, by itself on the third, and anew after a restart."""
    with clinic(tmp_path) as here:
        first = here.on_the_first_day()
        with thunderbird(tmp_path, {CALENDAR: here.url}) as client:
            before = shown(client, first)
            second = here.on_the_second_day()
            client.refresh(CALENDAR)
            after = shown(client, second)
            assert uid_of(before, MOVED) == uid_of(after, MOVED)
            assert uid_of(before, GONE) == uid_of(after, CANCELLED)
            third = here.on_the_third_day()
            shown(client, third, SECONDS_OF_A_POLL)
            client.refresh(CALENDAR)
            shown(client, third)
        with thunderbird(tmp_path, {CALENDAR: here.url}) as client:
            shown(client, third)
            client.refresh(CALENDAR)
            shown(client, third)


def test_thunderbird_holds_every_event_of_the_demonstrations_feeds(demo_sqlite_url: str, tmp_path: Path) -> None:
    """Sites, studies and a resource, visits and windows, both languages: the same events as icalendar reads, none twice."""
    database = open_database(demo_sqlite_url)
    wanted = [
        feed("site", "BEI"),
        feed("site", "NYC", language="zh-CN"),
        feed("study", "ulrrc", "window"),
        feed("study", "crlm", "window", "zh-CN", summary=("subject", "visit")),
        feed("resource", "NYC/infusion", summary=(), conditional=True),
    ]
    with database.writing() as connection:
        issued = [make_feed(connection, someone(ON), replace(one, purpose=f"tb{number}")) for number, one in enumerate(wanted)]
    expected = {one.feed.code: by_title(list(read_by_icalendar(parts_of(database, one.feed)[0].body).values())) for one in issued}
    with planner_serving(demo_sqlite_url, KEY, NOW, tmp_path) as serving:
        calendars = {one.feed.code: f"{serving.address}/feed/{one.token}.ics" for one in issued}
        with thunderbird(tmp_path, calendars) as client:
            for code, events in expected.items():
                assert by_title(client.events_once(code, partial(_are_as_many, events), SECONDS)) == events
    assert sum(len(events) for events in expected.values()) > 1_500
    database.close()


def _are_as_many(expected: list[ReadEvent], held: list[ReadEvent]) -> bool:
    return len(held) == len(expected)
