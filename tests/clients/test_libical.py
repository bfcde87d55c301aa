"""That the check by libical can fail: each of these faults was put into a file that has none."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from planner.exchange.ics import calendar_bytes
from tests.clients.libical import checked_by_libical, faults_in, read_by_libical
from tests.exchange.calendar_reading import calendar_settings, visit_row

ROWS = [visit_row(), visit_row(visit="C1D1", certainty="booked", booked_at=time(9, 30)), visit_row(visit="C4D1", status="missed")]
SOUND = calendar_bytes(ROWS, calendar_settings(feed_name="Site 1"))


def without(name: bytes) -> bytes:
    return b"".join(line for line in SOUND.splitlines(keepends=True) if not line.startswith(name))


def with_instead(old: bytes, new: bytes) -> bytes:
    assert old in SOUND
    return SOUND.replace(old, new)


FAULTY = {
    "METHOD without ORGANIZER": (with_instead(b"CALSCALE", b"METHOD:PUBLISH\r\nCALSCALE"), "ORGANIZER"),
    "no DTSTAMP": (without(b"DTSTAMP"), "DTSTAMP"),
    "no UID": (without(b"UID"), "UID"),
    "no SUMMARY": (without(b"SUMMARY"), "SUMMARY"),
    "no PRODID": (without(b"PRODID"), "PRODID"),
    "no VERSION": (without(b"VERSION"), "VERSION"),
    "SEQUENCE twice": (with_instead(b"SEQUENCE:0", b"SEQUENCE:0\r\nSEQUENCE:1"), "SEQUENCE"),
    "DTEND and DURATION": (with_instead(b"STATUS", b"DURATION:PT1H\r\nSTATUS"), "DURATION"),
    "a line that is no property": (with_instead(b"\r\nSTATUS", b"\r\nNONSENSE\r\nSTATUS"), "could not find a property name"),
    "the end is missing": (SOUND[:-60], "no component"),
    "no calendar at all": (b"hello", "no component"),
    "nothing": (b"", "no component"),
}


def test_a_sound_file_has_no_fault() -> None:
    assert faults_in(checked_by_libical({"sound": SOUND})) == {}


def test_each_fault_is_found_and_named() -> None:
    found = faults_in(checked_by_libical({name: content for name, (content, _) in FAULTY.items()}))
    assert {name: words for name, (_, words) in FAULTY.items() if words not in " ".join(found.get(name, ()))} == {}


def test_events_as_libical_reads_them() -> None:
    """A wrong date or an unknown status is no fault for libical, so the tests compare what it reads."""
    events = read_by_libical({"sound": SOUND})["sound"].events
    assert [(event.start, event.end, event.status) for event in events] == [
        (date(2026, 4, 1), date(2026, 4, 2), "TENTATIVE"),
        (datetime(2026, 4, 1, 7, 30, tzinfo=UTC), datetime(2026, 4, 1, 8, 30, tzinfo=UTC), "CONFIRMED"),
        (date(2026, 4, 1), date(2026, 4, 2), "CANCELLED"),
    ]
    unknown = read_by_libical({"unknown": with_instead(b"STATUS:TENTATIVE", b"STATUS:PERHAPS")})["unknown"].events
    assert unknown[0].status not in ("TENTATIVE", "PERHAPS")


def test_a_crash_of_the_library_is_a_failed_test_and_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIBICAL", __file__)
    with pytest.raises(AssertionError, match=r"libical's process ended with [1-9]"):
        read_by_libical({"sound": SOUND})
