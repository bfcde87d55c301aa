"""Feeds as files: what is in them, that the same state gives the same bytes, tombstones, parts, and one event per object."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from shutil import copyfile

import pytest
from icalendar import Calendar, Component

from planner.exchange.event_objects import event_objects
from planner.exchange.feed import FeedPart, feed_name, feed_parts
from planner.records.changes import acts
from planner.records.feeds.feed import Feed
from planner.records.people.settings import read_settings
from planner.records.store.database import Database, open_database
from tests.records.databases import Fill
from tests.records.desk import FIRST_VECTOR, LATE, SUBJECT, Desk, someone

KEY = b"a key of the tests, no secret at all"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
STUDY = Feed("F1", "me", "tests", "study", "ulrrc", "")
SUBJECT_FEED = Feed("F2", "me", "tests", "subject", str(SUBJECT), "", days_back=400)


@pytest.fixture(scope="module")
def demo(demo_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = open_database(f"sqlite:///{copyfile(demo_sqlite_file, tmp_path_factory.mktemp('demo') / 'demo.sqlite')}")
    yield database
    database.close()


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """On SQLite only: what is particular to an engine is tested below this."""
    return sqlite_url


@pytest.fixture
def desk(filled: Callable[[Fill], Database]) -> Desk:
    return Desk(filled(_write_desk))


def _write_desk(database: Database) -> None:
    opened = Desk.opened(database)
    opened.enrol()
    opened.record_done(FIRST_VECTOR, on=date(2026, 3, 28))


def parts_of(database: Database, feed: Feed, now: datetime = NOW) -> tuple[FeedPart, ...]:
    with database.reading() as connection:
        return feed_parts(connection, read_settings(connection), feed, now, KEY)


def body_of(database: Database, feed: Feed, now: datetime = NOW) -> bytes:
    (part,) = parts_of(database, feed, now)
    return part.body


def events_of(body: bytes) -> dict[str, Component]:
    """Events by the last word of their title."""
    return {str(event["SUMMARY"]).split()[-1]: event for event in Calendar.from_ical(body).walk("VEVENT")}


# --- the same state, the same bytes -------------------------------------------------------------------------------


def test_the_same_state_gives_the_same_bytes_all_day(demo: Database) -> None:
    first, later = parts_of(demo, STUDY, NOW), parts_of(demo, STUDY, NOW.replace(hour=23, minute=59))
    assert first == later
    assert first[0].etag.startswith('"') and first[0].last_modified == datetime(2026, 11, 21, tzinfo=UTC)


def test_bytes_do_not_depend_on_the_hash_seed(demo: Database) -> None:
    script = (
        "import sys; from datetime import UTC, datetime; from planner.exchange.feed import feed_parts;"
        "from planner.records.feeds.feed import Feed; from planner.records.people.settings import read_settings;"
        "from planner.records.store.database import open_database; database = open_database(sys.argv[1]);"
        "manager = database.reading(); connection = manager.__enter__();"
        "feed = Feed('F1', 'me', 'tests', 'study', 'ulrrc', '', conditional=True);"
        "now = datetime(2026, 11, 21, 9, 30, tzinfo=UTC);"
        f"print(feed_parts(connection, read_settings(connection), feed, now, {KEY!r})[0].etag)"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script, f"sqlite:///{demo.path}"],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(found) == 1


def test_an_event_reads_the_same_on_any_day_without_a_fact(demo: Database) -> None:
    with demo.reading() as connection:
        settings = read_settings(connection)
        bodies = [
            {one.uid: one.body for one in event_objects(connection, settings, STUDY, NOW + timedelta(days=days), KEY) or []}
            for days in (0, 1, 17, 45)
        ]
    for one, other in pairwise(bodies):
        both = one.keys() & other.keys()
        assert len(both) > 100 and all(one[uid] == other[uid] for uid in both)
    assert bodies[0].keys() != bodies[3].keys()


def test_midnight_rolls_the_window_and_nothing_is_older_than_that(demo: Database) -> None:
    today, tomorrow = parts_of(demo, STUDY)[0], parts_of(demo, STUDY, NOW + timedelta(days=1))[0]
    assert (tomorrow.first - today.first, tomorrow.last - today.last) == (timedelta(days=1), timedelta(days=1))
    assert tomorrow.last_modified == today.last_modified + timedelta(days=1)


# --- moves and tombstones -----------------------------------------------------------------------------------------


def test_a_moved_visit_is_there_once_with_a_higher_sequence(desk: Desk) -> None:
    now = someone(LATE).now
    before = events_of(body_of(desk.database, SUBJECT_FEED, now))
    desk.record(acts.visit_done("C3D1", LATE))
    after = events_of(body_of(desk.database, SUBJECT_FEED, now))
    assert before.keys() == after.keys()
    assert after["C4D1"]["UID"] == before["C4D1"]["UID"]
    assert (before["C4D1"].decoded("DTSTART"), after["C4D1"].decoded("DTSTART")) == (date(2026, 5, 8), date(2026, 5, 12))
    assert after["C4D1"]["SEQUENCE"] == before["C4D1"]["SEQUENCE"] + 1
    assert after["C4D1"].decoded("LAST-MODIFIED") == after["C4D1"].decoded("DTSTAMP") == now


def test_a_tombstone_stays_thirty_days(desk: Desk) -> None:
    desk.record(acts.visit_missed("C3D1", reason="illness"))
    last = LATE + timedelta(days=30)
    event = events_of(body_of(desk.database, SUBJECT_FEED, someone(last).now))["C3D1"]
    assert (event["STATUS"], event["TRANSP"], str(event["SUMMARY"])) == ("CANCELLED", "TRANSPARENT", "Missed: ULRRC PEK-001 C3D1")
    assert event.decoded("DTSTART") == date(2026, 4, 17)
    assert "C3D1" not in events_of(body_of(desk.database, SUBJECT_FEED, someone(last + timedelta(days=1)).now))


def test_a_booking_has_its_local_time_length_and_zone(desk: Desk) -> None:
    desk.record(acts.visit_booked("C4D1", date(2026, 5, 12), "09:30", 135, place="Building 3, room of Dr Example"))
    body = body_of(desk.database, SUBJECT_FEED, someone(LATE).now)
    assert b"DTSTART;TZID=Asia/Shanghai:20260512T093000\r\nDTEND;TZID=Asia/Shanghai:20260512T114500\r\n" in body
    assert body.count(b"BEGIN:VTIMEZONE") == 1 and b"Building" not in body


def test_each_site_of_a_study_has_its_own_zone(demo: Database) -> None:
    with demo.reading() as connection:
        objects = event_objects(connection, read_settings(connection), replace(STUDY, days_back=3000), NOW, KEY) or []
    zones = {one.revision.site: one.revision.zone for one in objects}
    assert zones == {"BEI": "Asia/Shanghai", "NYC": "America/New_York"}
    body = b"".join(part.body for part in parts_of(demo, replace(STUDY, days_back=3000)))
    timed = {one.revision.zone for one in objects if b"DTSTART;TZID=" in one.body}
    assert timed and all(f"TZID:{zone}\r\n".encode() in body for zone in timed)


# --- masks, names, kinds ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("summary", "title", "name"),
    [
        (("study", "subject", "visit"), "ULRRC PEK-001 C4D1", "ULRRC PEK-001"),
        (("subject", "visit"), "PEK-001 C4D1", "PEK-001"),
        (("visit",), "C4D1", "Visits"),
        ((), "Visit", "Visits"),
    ],
)
def test_what_is_masked_is_nowhere(desk: Desk, summary: tuple, title: str, name: str) -> None:
    feed = replace(SUBJECT_FEED, summary=summary)
    body = body_of(desk.database, feed, someone(LATE).now)
    assert f"SUMMARY:{title}\r\n".encode() in body and f"X-WR-CALNAME:{name}\r\n".encode() in body
    assert (b"PEK-001" in body) == ("subject" in summary) and (b"ULRRC" in body) == ("study" in summary)


def test_visits_of_masked_subjects_differ_in_more_than_their_uid(demo: Database) -> None:
    """vdirsyncer knows the events of a feed by what they say, UID and stamps left out."""
    body = body_of(demo, replace(STUDY, summary=()))
    texts = [
        b"\r\n".join(line for line in event.split(b"\r\n") if not line.startswith((b"UID:", b"DTSTAMP:", b"LAST-MODIFIED:")))
        for event in body.split(b"BEGIN:VEVENT\r\n")[1:]
    ]
    assert len(texts) > 400 and len(set(texts)) == len(texts)


def test_where_the_visit_is_masked_nothing_tells_what_it_is_for(demo: Database) -> None:
    assert b"Bring: " in body_of(demo, STUDY)
    body = body_of(demo, replace(STUDY, summary=("study", "subject")))
    assert b"Bring" not in body and b"Prepare" not in body


def test_a_feed_of_windows_says_so_in_both_languages(desk: Desk) -> None:
    feed = replace(SUBJECT_FEED, event="window")
    assert feed_name(feed) == "ULRRC PEK-001 (windows)"
    body = body_of(desk.database, replace(feed, language="zh-CN"), someone(LATE).now)
    events = Calendar.from_ical(body).walk("VEVENT")
    assert all(str(event["SUMMARY"]).startswith("窗口期：") and event["RELATED-TO"] != event["UID"] for event in events)


def test_whoever_may_read_nothing_gets_nothing(desk: Desk) -> None:
    desk.grant(("nurse", "nurse", "PEK"))
    assert parts_of(desk.database, replace(SUBJECT_FEED, person="nobody"), someone(LATE).now) == ()
    assert parts_of(desk.database, replace(SUBJECT_FEED, person="nurse"), someone(LATE).now)[0].events > 10
    elsewhere = Feed("F3", "nurse", "tests", "site", "SHA", "")
    assert parts_of(desk.database, elsewhere, someone(LATE).now) == ()
    with desk.database.reading() as connection:
        assert event_objects(connection, read_settings(connection), elsewhere, NOW, KEY) is None


def test_a_feed_without_visits_is_a_calendar_all_the_same(desk: Desk) -> None:
    (part,) = parts_of(desk.database, replace(SUBJECT_FEED, days_back=0, days_ahead=0), datetime(2040, 1, 1, tzinfo=UTC))
    assert part.events == 0 and Calendar.from_ical(part.body)["X-WR-CALNAME"] == "ULRRC PEK-001"


# --- parts and objects --------------------------------------------------------------------------------------------


def test_a_large_feed_is_cut_where_months_begin_and_nothing_is_lost(demo: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = body_of(demo, STUDY)
    monkeypatch.setattr("planner.exchange.feed.LARGEST_PART", 100_000)
    parts = parts_of(demo, STUDY)
    assert len(parts) > 3
    uids: list[str] = []
    for number, part in enumerate(parts, start=1):
        calendar = Calendar.from_ical(part.body)
        assert str(calendar["NAME"]).endswith(f" {number}/{len(parts)}")
        notices = [event for event in calendar.walk("VEVENT") if "goes on in part" in str(event["SUMMARY"])]
        assert [str(event["SUMMARY"]) for event in notices] == (
            [f"This calendar goes on in part {number + 1}"] if number < len(parts) else []
        )
        assert all(event.decoded("DTSTART") == part.last for event in notices)
        uids += [str(event["UID"]) for event in calendar.walk("VEVENT") if event not in notices]
        assert len(part.body) < 110_000
    assert uids == [str(event["UID"]) for event in Calendar.from_ical(whole).walk("VEVENT")] and len(set(uids)) == len(uids)
    assert all(later.first == earlier.last + timedelta(days=1) for earlier, later in pairwise(parts))
    assert parts == parts_of(demo, STUDY)


def test_a_month_that_is_too_much_is_cut_by_days(demo: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.exchange.feed.LARGEST_PART", 20_000)
    parts = parts_of(demo, STUDY)
    assert sum(part.events for part in parts) == Calendar.from_ical(body_of_all(demo)).walk("VEVENT").__len__()


def body_of_all(database: Database) -> bytes:
    with database.reading() as connection:
        objects = event_objects(connection, read_settings(connection), STUDY, NOW, KEY) or []
    return (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-\r\n"
        + b"".join(one.body[one.body.index(b"BEGIN:VEVENT") : one.body.index(b"END:VCALENDAR")] for one in objects)
        + b"END:VCALENDAR\r\n"
    )


def test_objects_are_the_feed_s_events_one_by_one_without_a_name_or_method(demo: Database) -> None:
    with demo.reading() as connection:
        objects = event_objects(connection, read_settings(connection), STUDY, NOW, KEY) or []
    uids = [str(event["UID"]) for event in Calendar.from_ical(body_of(demo, STUDY)).walk("VEVENT")]
    assert [one.uid for one in objects] == uids
    for one in objects[:50]:
        calendar = Calendar.from_ical(one.body)
        assert [str(event["UID"]) for event in calendar.walk("VEVENT")] == [one.uid]
        assert not {"METHOD", "NAME", "X-WR-CALNAME", "UID"} & set(calendar)
