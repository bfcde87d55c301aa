"""Booked visits around every change of the clocks from 2025 to 2034, and in each month, mean the same moment to four readers as to us."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import icalendar
import pytest
from dateutil.tz import tzical

from planner.exchange.time_zones import zone_rule
from planner.schedule.zone_names import ZONE_NAMES
from tests.clients.ical_js import read_many_by_ical_js
from tests.clients.libical import read_by_libical
from tests.clients.zone_moments import Moments, ZonedVisits, zoned_visits, zones_by_data
from tests.exchange.calendar_reading import ReadEvent, read_by_icalendar

DIFFERENT_ZONES = [names[0] for names in zones_by_data().values()]
"""A name for each; the others are the same zone by another name."""
AT_LEAST = {"events": 17_000, "changes": 600}


def times(events: tuple[ReadEvent, ...]) -> dict[str, Moments]:
    return {event.uid: (event.start, event.end) for event in events}


def read_by_dateutil(content: bytes) -> dict[str, Moments]:
    """Times by python-dateutil's own reading of the VTIMEZONE; properties by icalendar."""
    calendar = icalendar.Calendar.from_ical(content)
    component = calendar.timezones[0].to_ical().decode() if calendar.timezones else ""
    reader = tzical(StringIO(f"BEGIN:VCALENDAR\r\n{component}END:VCALENDAR\r\n")) if component else None

    def moment(event: icalendar.Event, name: str) -> datetime:
        value = event[name]
        assert isinstance(value, icalendar.vDDDTypes) and isinstance(value.dt, datetime)
        if "TZID" not in value.params:
            assert value.dt.utcoffset() is not None
            return value.dt.astimezone(UTC)
        assert reader is not None
        return value.dt.replace(tzinfo=reader.get(value.params["TZID"])).astimezone(UTC)

    return {str(event["UID"]): (moment(event, "DTSTART"), moment(event, "DTEND")) for event in calendar.events}


def wrong(visits: ZonedVisits, read: dict[str, Moments]) -> list[tuple[str, Moments, Moments | None]]:
    """The events that were read otherwise than they were meant, and the number of those that should not be there."""
    assert len(read) == len(visits.moments), visits.zone
    return [(visits.zone, meant, read.get(uid)) for uid, meant in visits.moments.items() if read.get(uid) != meant]


def test_every_third_zone_as_ical_js_reads_it() -> None:
    """Of those that differ in more than the name."""
    all_visits = [zoned_visits(zone) for zone in DIFFERENT_ZONES[::3]]
    answers = read_many_by_ical_js({visits.zone: visits.content for visits in all_visits})
    assert [fault for visits in all_visits for fault in wrong(visits, times(answers[visits.zone].events))] == []
    assert sum(len(visits.moments) for visits in all_visits) > AT_LEAST["events"]
    assert sum(len(visits.changes) for visits in all_visits) > AT_LEAST["changes"]


def test_zones_of_every_kind_as_libical_icalendar_and_dateutil_read_them() -> None:
    """Each 25th, and such with half hours, a rule of the southern half, winter time in summer, and no yearly rule."""
    zones = [*DIFFERENT_ZONES[::25], "Australia/Lord_Howe", "Europe/Dublin", "Africa/Casablanca", "Asia/Jerusalem", "America/St_Johns"]
    all_visits = [zoned_visits(zone) for zone in dict.fromkeys(zones)]
    by_libical = read_by_libical({visits.zone: visits.content for visits in all_visits})
    for visits in all_visits:
        assert wrong(visits, times(by_libical[visits.zone].events)) == []
        assert wrong(visits, times(tuple(read_by_icalendar(visits.content).values()))) == []
        assert wrong(visits, read_by_dateutil(visits.content)) == []


@pytest.mark.parametrize("zone", sorted(zone for zone in ZONE_NAMES if zone_rule(zone) is None))
def test_zones_without_a_yearly_rule_are_written_in_utc(zone: str) -> None:
    content = zoned_visits(zone).content
    assert b"TZID" not in content
    starts = [line for line in content.split(b"\r\n") if line.startswith((b"DTSTART", b"DTEND"))]
    assert all(line.endswith(b"Z") for line in starts)
    assert len(starts) > 400


def test_most_zones_are_written_in_local_time() -> None:
    """Else the tests above would only read UTC."""
    for zone in ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"):
        content = zoned_visits(zone).content
        assert content.count(f"DTSTART;TZID={zone}:".encode()) > 0.75 * content.count(b"BEGIN:VEVENT")


def test_a_wrong_time_zone_is_noticed_by_every_reader() -> None:
    """With another rule for Berlin, the readers must see other moments: they read the file's zone, not one that they know by its name."""
    visits = zoned_visits("Europe/Berlin")
    assert b"BYMONTH=10;BYDAY=-1SU" in visits.content
    other = visits.content.replace(b"BYMONTH=10;BYDAY=-1SU", b"BYMONTH=11;BYDAY=1SU")
    for read in (
        times(read_by_libical({"other": other})["other"].events),
        times(read_many_by_ical_js({"other": other})["other"].events),
        times(tuple(read_by_icalendar(other).values())),
        read_by_dateutil(other),
    ):
        assert len(wrong(visits, read)) > 10


@pytest.mark.long
@pytest.mark.parametrize("part", range(8))
def test_every_zone_by_every_name_as_four_readers_read_it(part: int) -> None:
    all_visits = [zoned_visits(zone) for zone in sorted(ZONE_NAMES)[part::8]]
    files = {visits.zone: visits.content for visits in all_visits}
    by_libical, by_ical_js = read_by_libical(files), read_many_by_ical_js(files)
    for visits in all_visits:
        assert wrong(visits, times(by_libical[visits.zone].events)) == []
        assert wrong(visits, times(by_ical_js[visits.zone].events)) == []
        assert wrong(visits, times(tuple(read_by_icalendar(visits.content).values()))) == []
        assert wrong(visits, read_by_dateutil(visits.content)) == []
