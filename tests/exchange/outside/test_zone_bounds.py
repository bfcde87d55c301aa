"""A hostile VTIMEZONE costs seconds at most, and an odd but honest one is read all the same."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from planner.exchange.outside.content_lines import MOST_BYTES
from planner.exchange.outside.ics_reader import read_outside
from planner.exchange.outside.outside_event import OutsideCalendar

SECONDS = 10
"""Of the processor's time, some times what they need; without the bounds minutes to hours."""
BEGIN = datetime(1970, 1, 1)


def part(*more: str, start: str = "19700101T000000", offsets: tuple[str, str] = ("+0100", "+0200")) -> str:
    lines = ("BEGIN:STANDARD", f"DTSTART:{start}", f"TZOFFSETFROM:{offsets[0]}", f"TZOFFSETTO:{offsets[1]}", *more, "END:STANDARD")
    return "".join(f"{line}\n" for line in lines)


def zone(*parts: str, name: str = "Z") -> str:
    return f"BEGIN:VTIMEZONE\nTZID:{name}\n{''.join(parts)}END:VTIMEZONE\n"


def event(uid: int, wall: str = "20260401T093000", *, name: str = "Z", end: str = "") -> str:
    last = f"DTEND;TZID={name}:{end}\n" if end else ""
    return f"BEGIN:VEVENT\nUID:{uid}@x\nDTSTART;TZID={name}:{wall}\n{last}END:VEVENT\n"


def read(*content: str, events: int = 1, seconds: float = SECONDS) -> OutsideCalendar:
    """The calendar, of which each event is another visit of ours, in little time."""
    octets = "".join(("BEGIN:VCALENDAR\n", *content, "END:VCALENDAR\n")).encode()
    assert len(octets) <= MOST_BYTES
    zones = {f"{uid}@x": "UTC" for uid in range(events)}
    begun = time.process_time()
    found = read_outside(octets, zones)
    assert time.process_time() - begun < seconds
    assert len(found.events) + len(found.unreadable) == events
    return found


def why(found: OutsideCalendar) -> set[str]:
    return {one.why.partition("cannot be used: ")[2] for one in found.unreadable}


def dates(first: int, count: int) -> Iterator[str]:
    """RDATE lines of as many dates as a line may have octets, an hour apart."""
    for begin in range(first, first + count, 58):
        hours = range(begin, min(begin + 58, first + count))
        yield "RDATE:" + ",".join(f"{BEGIN + timedelta(hours=hour):%Y%m%dT%H%M%S}" for hour in hours)


def rules(count: int, *, until: str = "") -> str:
    return "".join(
        part(f"RRULE:FREQ=YEARLY;BYMONTH={1 + number % 12};BYDAY={1 + number % 4}SU{until}", offsets=("+0100", f"+{number:04}"))
        for number in range(count)
    )


def test_parts_of_many_dates_each_are_many_changes_together() -> None:
    parts = [part(*dates(number * 1_972, 1_972)) for number in range(190)]
    found = read(zone(*parts), *map(event, range(10_000)), events=10_000)
    assert why(found) == {"it has more than 2,000 changes of the clock"}


def test_as_many_changes_as_are_taken_are_read_once_for_all_events() -> None:
    found = read(zone(part(*dates(410_000, 1_999))), *map(event, range(10_000)), events=10_000)
    assert found.unreadable == ()
    assert why(read(zone(part(*dates(410_000, 2_000))), event(0))) == {"it has more than 2,000 changes of the clock"}


def test_rules_in_one_year_are_bounded() -> None:
    found = read(zone(rules(60)), *map(event, range(1_000)), events=1_000)
    assert why(found) == {"more than 6 of its parts recur in one year"}
    hidden = "".join(part("RRULE:FREQ=YEARLY;UNTIL=16010101T000000Z", start="19990101T000000") for _ in range(60))
    assert why(read(zone(rules(7), hidden), event(0))) == {"more than 6 of its parts recur in one year"}


def test_as_many_rules_as_are_taken_are_worked_out_once_a_year() -> None:
    days = [(BEGIN + timedelta(days=8 * number)).strftime("%Y%m%dT093000") for number in range(10_000)]
    found = read(zone(rules(6)), *(event(uid, wall) for uid, wall in enumerate(days)), events=10_000)
    assert found.unreadable == ()


@pytest.mark.parametrize("zones", [60, pytest.param(380, marks=pytest.mark.long)])
def test_many_zones_with_many_rules_and_a_visit_in_each_of_many_years(zones: int) -> None:
    """The most that the bounds leave: no event shares a year of a zone with another. The last has as many as a file may hold."""
    content = [zone(rules(6), name=f"Z{number}") for number in range(zones)]
    walls = [(f"Z{number}", year) for number in range(zones) for year in range(1971, 2086)]
    content += [event(uid, f"{year}0401T093000", name=name, end=f"{year + 114}0401T093000") for uid, (name, year) in enumerate(walls)]
    read(*content, events=len(walls), seconds=SECONDS * max(1, zones // 100))


def test_many_zones_with_many_dates() -> None:
    content = [zone(part(*dates(number, 1_900)), name=f"Z{number}") for number in range(90)]
    content += [event(number, name=f"Z{number}") for number in range(90)]
    assert read(*content, events=90).unreadable == ()


@pytest.mark.parametrize(
    ("parts", "wall", "hours"),
    [
        # A rule that ended long ago leaves the clock where it put it last, whatever was listed before.
        ((part("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=19900325T000000Z", *dates(0, 9), offsets=("+0100", "+0300")),), "20260401", 3),
        # What is listed after it counts.
        (
            (
                part("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=19900325T000000Z", offsets=("+0100", "+0300")),
                part(start="20100101T000000", offsets=("+0300", "+0400")),
            ),
            "20260401",
            4,
        ),
        # Before its first change a zone runs by the offset before it.
        ((part(start="20900101T000000", offsets=("+0500", "+0600")),), "20260401", 5),
        ((part("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", start="20900326T000000", offsets=("+0500", "+0600")),), "20260401", 5),
        # A rule of a 29 February was last at work two years ago, beside one that ended in between.
        (
            (
                part("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", start="19720229T000000", offsets=("+0100", "+0700")),
                part("RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=1SU;UNTIL=20230601T000000Z", offsets=("+0700", "+0200")),
            ),
            "20260401",
            7,
        ),
    ],
)
def test_changes_long_before_and_long_after_a_visit(parts: tuple[str, ...], wall: str, hours: int) -> None:
    found = read(zone(*parts), event(0, f"{wall}T093000"))
    assert [one.start for one in found.events] == [datetime(2026, 4, 1, 9, 30, tzinfo=UTC) - timedelta(hours=hours)]


def test_a_zone_with_a_part_for_each_year_is_read() -> None:
    """As some programs write a zone whose rule is another one each year."""
    parts = [
        part(f"RRULE:FREQ=YEARLY;BYMONTH={month};BYDAY=1SU;UNTIL={year}1231T000000Z", start=f"{year}0{month}01T000000", offsets=offsets)
        for year in range(1971, 2100)
        for month, offsets in ((3, ("+0200", "+0300")), (9, ("+0300", "+0200")))
    ]
    winter, summer = read(zone(*parts), event(0, "20260201T093000"), event(1, "20260701T093000"), events=2).events
    assert (winter.start, summer.start) == (datetime(2026, 2, 1, 7, 30, tzinfo=UTC), datetime(2026, 7, 1, 6, 30, tzinfo=UTC))


def test_a_visit_that_a_file_holds_many_times_is_not_read() -> None:
    found = read(zone(part()), *(event(0, f"20260401T09{minute:02}00") for minute in range(6)), event(1), events=2)
    assert [one.uid for one in found.events] == ["1@x"]
    assert [(one.uid, "more than 5 times" in one.why) for one in found.unreadable] == [("0@x", True)]
    assert len(read(zone(part()), *(event(0) for _ in range(5)), events=5).events) == 5
