"""Three programs read the same dates and times out of a downloaded file: icalendar, ical.js (Thunderbird) and khal."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from planner.exchange.ics import calendar_bytes
from planner.exchange.time_zones import zone_info
from planner.exchange.uids import event_uid
from tests.exchange.calendar_reading import ReadEvent, calendar_settings, read_by_ical_js, read_by_icalendar, read_by_khal, visit_row

FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)

CHANGES = {
    "Europe/Berlin": [date(2027, 3, 28), date(2027, 10, 31)],
    "America/New_York": [date(2027, 3, 14), date(2027, 11, 7)],
    "Asia/Shanghai": [date(2027, 3, 28), date(2027, 10, 31)],
    "Australia/Lord_Howe": [date(2027, 4, 4), date(2027, 10, 3)],
    "Africa/Casablanca": [date(2026, 2, 15), date(2026, 3, 22), date(2026, 9, 20), date(2027, 3, 28)],
    "Asia/Jerusalem": [date(2027, 3, 26), date(2027, 10, 31)],
}
"""Days on which clocks change, or (in Shanghai and, since 2026, Casablanca) do not."""

CLOCKS = [time(0, 30), time(1, 30), time(2, 15), time(3, 30), time(9, 0), time(23, 30)]


def across_changes(zone: str) -> dict[str, tuple[date, time]]:
    """Visit id to day and time: each clock on the day before, of and after each change."""
    days = [day + timedelta(days=near) for day in CHANGES[zone] for near in (-1, 0, 1)]
    return {f"V{day:%m%d}T{clock:%H%M}": (day, clock) for day in days for clock in CLOCKS}


def assert_same_times(zone: str, read: dict[str, ReadEvent]) -> None:
    settings = calendar_settings(zone=zone)
    visits = across_changes(zone)
    assert len(read) == len(visits)
    for visit, (day, clock) in visits.items():
        event = read[event_uid(settings.install_key, "ULRRC", "0042", visit, "visit", settings.host)]
        start = datetime.combine(day, clock, zone_info(zone)).astimezone(UTC)
        assert (event.start, event.end) == (start, start + timedelta(minutes=240)), (zone, visit)
        assert event.summary == f"ULRRC 0042 {visit}"


def timed_calendar(zone: str) -> bytes:
    rows = [
        visit_row(visit=visit, effective=day, certainty="booked", booked_at=clock, minutes=240)
        for visit, (day, clock) in across_changes(zone).items()
    ]
    return calendar_bytes(rows, calendar_settings(zone=zone))


@pytest.mark.parametrize("zone", CHANGES)
def test_timed_visits_across_a_clock_change_as_icalendar_reads_them(zone: str) -> None:
    assert_same_times(zone, read_by_icalendar(timed_calendar(zone)))


@pytest.mark.parametrize("zone", CHANGES)
def test_timed_visits_across_a_clock_change_as_ical_js_reads_them(zone: str) -> None:
    assert_same_times(zone, read_by_ical_js(timed_calendar(zone)))


@pytest.mark.parametrize("zone", CHANGES)
def test_timed_visits_across_a_clock_change_as_khal_reads_them(zone: str, tmp_path: Path) -> None:
    assert_same_times(zone, read_by_khal(timed_calendar(zone), tmp_path, FIRST, LAST))


def test_all_readers_see_the_same_whole_day_events(tmp_path: Path) -> None:
    rows = [
        visit_row(visit="ICF", status="done", certainty="fixed", effective=date(2026, 2, 28)),
        visit_row(visit="C1D1", certainty="booked", effective=date(2026, 3, 29)),
        visit_row(visit="C2D1", effective=date(2026, 12, 31)),
        visit_row(visit="SURGERY", status="conditional", effective=date(2028, 2, 29)),
        visit_row(visit="C3D1", status="missed", effective=date(2026, 10, 25)),
    ]
    settings = calendar_settings(bring={"CHEMO": "Tablets, diary; 药物清单"}, link="https://planner.example.org/visits?a=1,2;3")
    content = calendar_bytes([*rows, visit_row(visit="EMPTY", effective=None)], settings)
    uids = [event_uid(settings.install_key, "ULRRC", "0042", row.visit, "visit", settings.host) for row in rows]
    read = read_by_icalendar(content)
    assert list(read) == uids
    assert [(event.start, event.end) for event in read.values()] == [(row.effective, row.effective + timedelta(days=1)) for row in rows]
    assert [event.status for event in read.values()] == ["CONFIRMED", "CONFIRMED", "TENTATIVE", "TENTATIVE", "CANCELLED"]
    assert read_by_ical_js(content) == read
    assert read_by_khal(content, tmp_path, FIRST, LAST) == read


def test_window_events_as_all_readers_see_them(tmp_path: Path) -> None:
    content = calendar_bytes([visit_row()], calendar_settings(events="window"))
    (event,) = read_by_icalendar(content).values()
    assert (event.start, event.end) == (date(2026, 3, 29), date(2026, 4, 5))
    assert event.summary == "Window: ULRRC 0042 C3D1"
    assert list(read_by_ical_js(content).values()) == [event]
    assert list(read_by_khal(content, tmp_path, FIRST, LAST).values()) == [event]


def test_a_newer_file_brings_the_same_visit_to_khal_not_another_one(tmp_path: Path) -> None:
    settings = calendar_settings()
    before = read_by_khal(calendar_bytes([visit_row()], settings), tmp_path, FIRST, LAST)
    after = read_by_khal(calendar_bytes([visit_row(effective=date(2026, 4, 3))], settings), tmp_path, FIRST, LAST)
    assert before.keys() == after.keys()
    assert [event.start for event in (*before.values(), *after.values())] == [date(2026, 4, 1), date(2026, 4, 3)]
