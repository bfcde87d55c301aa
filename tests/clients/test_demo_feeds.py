"""libical and ical.js accept every feed and every CalDAV object of the demonstration, and read out of it what the subjects' pages say."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby

import pytest

from planner.exchange.ics import calendar_head
from planner.exchange.uids import EventKind, event_uid
from planner.records.feeds.feed import DAYS_AHEAD, DAYS_BACK
from planner.records.store.database import Database
from planner.schedule.rows import VisitRow
from tests.clients.demo_feeds import demo_feeds, feed, objects_of, parts_of
from tests.clients.demo_subjects import KEY, ON, DemoSubject
from tests.clients.ical_js import IcalJsAnswer, read_many_by_ical_js
from tests.clients.libical import LibicalAnswer, checked_by_libical, faults_in
from tests.clients.zone_moments import Moments
from tests.exchange.calendar_reading import read_by_icalendar

KINDS: tuple[tuple[EventKind, str], ...] = (("visit", "en"), ("visit", "zh-CN"), ("window", "en"), ("window", "zh-CN"))
NOT_THERE = ("cancelled", "missed", "on_hold")
FIRST, LAST = ON - timedelta(days=DAYS_BACK), ON + timedelta(days=DAYS_AHEAD)


def accepted_by_two(files: dict[str, bytes]) -> tuple[dict[str, LibicalAnswer], dict[str, IcalJsAnswer]]:
    """What the two read, once neither has found a fault, and both have read the same."""
    by_libical, by_ical_js = checked_by_libical(files), read_many_by_ical_js(files)
    assert faults_in(by_libical) == {}
    assert {name: answer.fault for name, answer in by_ical_js.items() if answer.fault} == {}
    for name in files:
        assert sorted(by_libical[name].events, key=lambda event: event.uid) == sorted(by_ical_js[name].events, key=lambda event: event.uid)
        assert len({event.uid for event in by_libical[name].events}) == len(by_libical[name].events)
    return by_libical, by_ical_js


def standing(subject: DemoSubject, event: EventKind, *, conditional: bool) -> dict[str, Moments]:
    """By UID, the times of the events of visits that will be or were, by the subject's page."""
    times = subject.times(event)
    rows = [row for row in subject.rows if row.status not in NOT_THERE and (conditional or row.status != "conditional")]
    settings = subject.settings(event)
    uids = [event_uid(KEY, settings.study, row.subject, row.visit, event, settings.host) for row in rows if _is_near(row, event)]
    return {uid: times[uid] for uid in uids if uid in times}


def _is_near(row: VisitRow, event: EventKind) -> bool:
    first, last = (row.effective, row.effective) if event == "visit" else (row.earliest, row.latest)
    return first is not None and last is not None and last >= FIRST and first <= LAST


@pytest.mark.parametrize(("event", "language"), KINDS)
def test_two_readers_accept_every_feed(demonstration: Database, subjects: list[DemoSubject], event: EventKind, language: str) -> None:
    feeds = dict(demo_feeds(subjects, event, language))
    files = {name: part.body for name, one in feeds.items() for part in parts_of(demonstration, one)}
    assert files.keys() == feeds.keys(), "no feed of the demonstration is so large that it is split"
    by_libical, _ = accepted_by_two(files)
    for subject in subjects:
        name = f"subject {subject.key}"
        read = {each.uid: (each.start, each.end) for each in by_libical[name].events if each.status != "CANCELLED"}
        assert read == standing(subject, event, conditional=feeds[name].conditional), name


def test_the_feeds_hold_what_they_are_read_for(demonstration: Database, subjects: list[DemoSubject]) -> None:
    events = [
        each
        for name, one in demo_feeds(subjects, "visit", "en")
        if one.kind == "study"
        for part in parts_of(demonstration, one)
        for each in read_by_icalendar(part.body).values()
    ]
    assert {each.status for each in events} == {"CONFIRMED", "TENTATIVE", "CANCELLED"}
    assert len(events) > 800
    assert {isinstance(each.start, datetime) for each in events} == {True, False}


@pytest.mark.parametrize("event", ["visit", "window"])
def test_two_readers_accept_every_caldav_object(demonstration: Database, subjects: list[DemoSubject], event: EventKind) -> None:
    """One event each, the feed's own bytes, with no calendar name and no METHOD."""
    for study in sorted({subject.key.study for subject in subjects}):
        one = feed("study", study, event)
        objects = {each.uid: each.body for each in objects_of(demonstration, one)}
        by_libical, _ = accepted_by_two(objects)
        assert {uid: [each.uid for each in answer.events] for uid, answer in by_libical.items()} == {uid: [uid] for uid in objects}
        (part,) = parts_of(demonstration, one)
        assert sorted(vevents(part.body)) == sorted(text for body in objects.values() for text in vevents(body))
        assert all(body.startswith(calendar_head(None).encode()) for body in objects.values())
        assert not any(word in body for body in objects.values() for word in (b"METHOD", b"\r\nNAME:", b"X-WR-CALNAME", b"REFRESH"))


def test_two_readers_accept_the_parts_of_a_split_feed(demonstration: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every event in one part, in each part but the last one event more, which says that there is another part."""
    one = feed("study", "ulrrc")
    (whole,) = parts_of(demonstration, one)
    monkeypatch.setattr("planner.exchange.feed.LARGEST_PART", 40_000)
    parts = parts_of(demonstration, one)
    files = {str(number): part.body for number, part in enumerate(parts, start=1)}
    by_libical, _ = accepted_by_two(files)
    assert len(parts) > 5
    assert max(len(part.body) for part in parts) < 45_000
    read = [event for answer in by_libical.values() for event in answer.events]
    assert len({event.uid for event in read}) == len(read) == whole.events + len(parts) - 1
    assert sum(part.events for part in parts) == whole.events
    assert {event.uid for event in read_by_icalendar(whole.body).values()} <= {event.uid for event in read}


def vevents(content: bytes) -> list[bytes]:
    """The events' bytes."""
    return [piece.partition(b"END:VEVENT")[0] for piece in content.split(b"BEGIN:VEVENT")[1:]]


@pytest.mark.parametrize("event", ["visit", "window"])
def test_a_visit_has_the_same_bytes_in_each_feed(demonstration: Database, subjects: list[DemoSubject], event: EventKind) -> None:
    """Whoever subscribes to a subject and to its study, or whose feed is read among others, sees the same revision."""
    for study, members in groupby(subjects, key=lambda subject: subject.key.study):
        (part,) = parts_of(demonstration, feed("study", study, event))
        single = [parts_of(demonstration, feed("subject", str(subject.key), event))[0] for subject in members]
        assert sorted(vevents(part.body)) == sorted(text for one in single for text in vevents(one.body))
