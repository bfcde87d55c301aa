import os
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest

from planner.exchange.ics import calendar_bytes, calendar_of_revisions
from planner.exchange.ics_event import Revision
from planner.exchange.time_zones import UnknownZoneError
from planner.exchange.uids import event_uid
from tests.exchange.calendar_reading import calendar_settings, visit_row

ROOT = Path(__file__).parents[2]
PLANTED = "Erika-Mustermann-1962"
TIMED = visit_row(visit="C1D1", certainty="booked", booked_at=time(9, 30))
NEVER_IN_DOWNLOADS = (
    *("METHOD", "X-WR-CALNAME", "NAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL", "CLASS", "ORGANIZER", "ATTENDEE"),
    *("BEGIN:VALARM", "BEGIN:VTODO", "RDATE", "LOCATION", "COMMENT", "CATEGORIES"),
)

TWO_PROCESSES = """
import sys
from tests.exchange.test_ics import TIMED
from tests.exchange.calendar_reading import calendar_settings, visit_row
from planner.exchange.ics import calendar_bytes
rows = [TIMED, *(visit_row(visit=f"V{n}", activities=("A", "B")) for n in range(20))]
sys.stdout.buffer.write(calendar_bytes(rows, calendar_settings(bring={"A": "one", "B": "two"}, prepare={"B": "three"})))
"""


def lines_of(content: bytes) -> list[str]:
    return content.decode("utf-8").replace("\r\n ", "").split("\r\n")


def test_the_frame_of_a_download_to_the_letter() -> None:
    assert calendar_bytes([], calendar_settings()) == (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//trial-visit-planner//trial-visit-planner//EN\r\n"
        b"CALSCALE:GREGORIAN\r\nEND:VCALENDAR\r\n"
    )


def lines_of_events(content: bytes) -> list[list[str]]:
    """The lines of each event, sorted."""
    _, *events = content.decode("utf-8").replace("\r\n ", "").split("BEGIN:VEVENT\r\n")
    return [sorted(event.partition("END:VEVENT")[0].split("\r\n")) for event in events]


def test_icalendar_writes_the_same_lines() -> None:
    """The library is given the values, and comes to the same properties, parameters and escaping."""
    bring, link, settings = "Diary, tablets; 药物清单 🎉 " * 5, "https://planner.example.org/?a=1,2", calendar_settings()
    calendar = icalendar.Calendar()
    for row in (TIMED, visit_row()):
        event = icalendar.Event()
        event.add("UID", event_uid(settings.install_key, "ULRRC", "0042", row.visit, "visit", settings.host))
        event.add("DTSTAMP", datetime(2026, 3, 1, tzinfo=UTC))
        event.add("LAST-MODIFIED", datetime(2026, 3, 1, tzinfo=UTC))
        event.add("SEQUENCE", 0)
        if row is TIMED:
            start = datetime(2026, 4, 1, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))
            event.add("DTSTART", start)
            event.add("DTEND", start + timedelta(hours=1))
        else:
            event.add("DTSTART", date(2026, 4, 1))
            event.add("DTEND", date(2026, 4, 2))
        said = "Certainty: booked" if row is TIMED else f"Certainty: projected (may still move)\nBring: {bring}"
        dates = "Nominal date: 2026-04-01\nEarliest: 2026-03-29\nLatest: 2026-04-04"
        event.add("SUMMARY", f"ULRRC 0042 {row.visit}")
        event.add("DESCRIPTION", f"{dates}\n{said}\n{link}")
        event.add("STATUS", "CONFIRMED" if row is TIMED else "TENTATIVE")
        event.add("TRANSP", "OPAQUE" if row is TIMED else "TRANSPARENT")
        event.add("X-MICROSOFT-CDO-BUSYSTATUS", "BUSY" if row is TIMED else "FREE")
        calendar.add_component(event)
    content = calendar_bytes([TIMED, visit_row(activities=("CHEMO",))], calendar_settings(bring={"CHEMO": bring}, link=link))
    assert lines_of_events(content) == lines_of_events(calendar.to_ical(sorted=False))


def test_a_download_holds_only_what_it_may() -> None:
    names = {line.split(":")[0].split(";")[0] for line in lines_of(calendar_bytes([TIMED, visit_row()], calendar_settings()))}
    assert not names & set(NEVER_IN_DOWNLOADS)
    assert not any(line in NEVER_IN_DOWNLOADS for line in lines_of(calendar_bytes([TIMED], calendar_settings())))


def test_a_calendar_has_no_uid_of_its_own() -> None:
    calendar = icalendar.Calendar.from_ical(calendar_bytes([TIMED], calendar_settings()))
    assert "UID" not in calendar
    assert sorted(calendar) == ["CALSCALE", "PRODID", "VERSION"]


def test_without_a_log_events_are_stamped_with_the_as_of_date() -> None:
    calendar = icalendar.Calendar.from_ical(calendar_bytes([TIMED], calendar_settings(as_of=date(2026, 2, 28))))
    (event,) = calendar.events
    assert event["SEQUENCE"] == 0
    assert event.DTSTAMP == event["LAST-MODIFIED"].dt == datetime(2026, 2, 28, tzinfo=UTC)


def test_with_a_log_events_carry_their_revision() -> None:
    revision = Revision(4, datetime(2026, 3, 1, 14, 5, 59, tzinfo=UTC))
    lines = lines_of(calendar_of_revisions([(TIMED, revision)], calendar_settings()))
    assert {"SEQUENCE:4", "DTSTAMP:20260301T140559Z", "LAST-MODIFIED:20260301T140559Z"} <= set(lines)


def test_the_same_state_gives_the_same_bytes_in_every_process() -> None:
    """Whatever the hash seed and the machine's own time zone."""
    results = []
    for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"), ("3", "America/New_York")):
        environment = dict(os.environ) | {"PYTHONHASHSEED": seed, "TZ": zone}
        done = subprocess.run([sys.executable, "-c", TWO_PROCESSES], cwd=ROOT, env=environment, capture_output=True, check=True, timeout=60)
        results.append(done.stdout)
    assert results[0] == results[1] == results[2]
    assert results[0].count(b"BEGIN:VEVENT") == 21


def test_a_moved_visit_keeps_its_uid() -> None:
    before = icalendar.Calendar.from_ical(calendar_bytes([visit_row()], calendar_settings()))
    after = icalendar.Calendar.from_ical(calendar_bytes([visit_row(effective=date(2026, 4, 3))], calendar_settings(as_of=date(2026, 3, 9))))
    assert before.events[0].uid == after.events[0].uid
    assert before.events[0].start != after.events[0].start


def test_the_time_zone_is_there_only_if_an_event_needs_it() -> None:
    assert b"VTIMEZONE" not in calendar_bytes([visit_row()], calendar_settings())
    assert calendar_bytes([TIMED, visit_row()], calendar_settings()).count(b"BEGIN:VTIMEZONE") == 1
    assert b"VTIMEZONE" not in calendar_bytes([TIMED], calendar_settings(zone="Asia/Jerusalem"))


def test_rows_keep_their_order_and_those_without_date_are_left_out() -> None:
    rows = [visit_row(visit="B"), visit_row(visit="NONE", effective=None), visit_row(visit="A")]
    calendar = icalendar.Calendar.from_ical(calendar_bytes(rows, calendar_settings()))
    assert [str(event["SUMMARY"]) for event in calendar.events] == ["ULRRC 0042 B", "ULRRC 0042 A"]


@pytest.mark.parametrize("events", ["visit", "window"])
def test_nothing_that_identifies_a_person_reaches_a_byte(events: str) -> None:
    """Names, epochs, anchors, flags and all that a protocol says about an arm stay out; so do the key and readable UIDs."""
    row = visit_row(
        name=f"{PLANTED}-name",
        epoch=f"{PLANTED}-epoch",
        definition=f"{PLANTED}-definition",
        kind=f"{PLANTED}-kind",
        anchor=f"{PLANTED}-anchor",
        flags=(f"omitted:{PLANTED}",),
        activities=(f"{PLANTED}-activity", "CHEMO"),
    )
    texts = {"CHEMO": "List", f"{PLANTED}-elsewhere": PLANTED}
    content = calendar_bytes([row], calendar_settings(events=events, install_key=f"{PLANTED}-key".encode(), bring=texts))
    assert PLANTED.encode() not in content.replace(b"\r\n ", b"")
    assert b"0042" not in b"".join(line for line in content.splitlines() if line.startswith((b"UID", b"RELATED-TO")))


def test_a_masked_subject_reaches_no_byte() -> None:
    content = calendar_bytes([visit_row(subject="SUBJECT-0042")], calendar_settings(summary=("study", "visit")))
    assert b"0042" not in content.replace(b"\r\n ", b"")


def test_a_feed_has_a_name_and_says_how_often_to_ask() -> None:
    head = lines_of(calendar_bytes([], calendar_settings(feed_name="Site 1, all; visits")))[4:8]
    assert head == [
        "NAME:Site 1\\, all\\; visits",
        "X-WR-CALNAME:Site 1\\, all\\; visits",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]


def test_the_same_visit_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Visit C3D1 of subject 0042 was given twice"):
        calendar_bytes([visit_row(), visit_row(effective=date(2026, 4, 2))], calendar_settings())


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(UnknownZoneError, match="'Europe/Nowhere' is no time zone"):
        calendar_bytes([visit_row()], calendar_settings(zone="Europe/Nowhere"))


def test_the_library_is_not_loaded_to_write_a_file() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, planner.exchange.ics; print('icalendar' in sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"
