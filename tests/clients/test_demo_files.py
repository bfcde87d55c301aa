"""libical and ical.js (Thunderbird's parser) accept every calendar file of the demonstration, and read our times and texts out of it."""

from __future__ import annotations

import pytest

from planner.exchange.uids import EventKind
from tests.clients.demo_subjects import DemoSubject
from tests.clients.ical_js import read_many_by_ical_js
from tests.clients.libical import checked_by_libical, faults_in
from tests.exchange.calendar_reading import read_by_icalendar

KINDS = [
    ("visit", "en"),
    pytest.param("visit", "zh-CN", marks=pytest.mark.long),
    pytest.param("window", "en", marks=pytest.mark.long),
    pytest.param("window", "zh-CN", marks=pytest.mark.long),
]
"""`expand` writes the first; the feeds are read in all four in any case."""


@pytest.mark.parametrize(("events", "language"), KINDS)
def test_two_readers_accept_every_subjects_file(subjects: list[DemoSubject], events: EventKind, language: str) -> None:
    files = {str(subject.key): subject.file(events, language) for subject in subjects}
    by_libical, by_ical_js = checked_by_libical(files), read_many_by_ical_js(files)
    assert faults_in(by_libical) == {}
    assert {name: answer.fault for name, answer in by_ical_js.items() if answer.fault} == {}
    for subject in subjects:
        name = str(subject.key)
        by_icalendar = read_by_icalendar(files[name])
        assert {uid: (event.start, event.end) for uid, event in by_icalendar.items()} == subject.times(events), name
        assert {event.uid: event for event in by_libical[name].events} == by_icalendar, name
        assert {event.uid: event for event in by_ical_js[name].events} == by_icalendar, name
        assert len(by_libical[name].events) == len(by_ical_js[name].events) == len(by_icalendar)


def test_the_demonstration_has_what_these_files_are_read_for(subjects: list[DemoSubject]) -> None:
    """Both time zones, visits booked with a time, and every iCalendar status."""
    read = [event for subject in subjects for event in read_by_icalendar(subject.file()).values()]
    assert {subject.zone for subject in subjects} == {"Asia/Shanghai", "America/New_York"}
    assert {event.status for event in read} == {"CONFIRMED", "TENTATIVE", "CANCELLED"}
    assert sum(row.booked_at is not None for subject in subjects for row in subject.rows) >= 3
    assert len(read) > 2_000
