"""Two texts of an event that say the same, and two that do not."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.exchange.calendar_server.compared import differences, seen_event, time_of
from planner.exchange.ics import calendar_bytes
from tests.exchange.calendar_reading import calendar_settings, visit_row

UID = "11632dc77df4fcee8f9dcf622c5a5076@trial-visit-planner"
EVENT = (
    "BEGIN:VEVENT\r\nUID:" + UID + "\r\nDTSTAMP:20260301T000000Z\r\nSEQUENCE:1\r\nDTSTART;TZID=Europe/Berlin:20260401T093000\r\n"
    "DTEND;TZID=Europe/Berlin:20260401T103000\r\nSUMMARY:ULRRC 1 C1D1\r\nDESCRIPTION:One\\, two\\; three\\\\\\nfour\r\nSTATUS:CONFIRMED\r\n"
    "TRANSP:OPAQUE\r\nEND:VEVENT\r\n"
)
HEAD, END = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n", "END:VCALENDAR\r\n"


def differing(change: dict[str, str], text: str = EVENT) -> tuple[str, ...]:
    other = text
    for old, new in change.items():
        assert old in other
        other = other.replace(old, new)
    one, two = seen_event(HEAD + text + END, UID, "Europe/Berlin"), seen_event(HEAD + other + END, UID, "Europe/Berlin")
    assert one is not None
    assert two is not None
    return differences(one, two)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"\r\n": "\n"},
        {"SUMMARY:ULRRC 1": "SUMMARY:UL\r\n RRC 1"},
        {"SUMMARY:": 'summary;LANGUAGE=en;ALTREP="x:y;z":'},
        {"DTSTART;TZID=Europe/Berlin:20260401T093000": "DTSTART:20260401T073000Z"},
        {"DTEND;TZID=Europe/Berlin:20260401T103000": "DURATION:PT60M"},
        {";TZID=Europe/Berlin": ""},
        {"DTSTAMP:2026": "DTSTAMP:2036", "SEQUENCE:1": "SEQUENCE:7\r\nLAST-MODIFIED:20360101T000000Z\r\nCREATED:20260101T000000Z"},
        {"TRANSP:OPAQUE\r\n": ""},
        {"END:VEVENT": "CLASS:PUBLIC\r\nPRIORITY:0\r\nLOCATION:\r\nX-WHATEVER;A=b:c\r\nEND:VEVENT"},
        {"\\nfour": "\\Nfour"},
    ],
)
def test_what_only_the_words_make_different_is_the_same(change: dict[str, str]) -> None:
    assert differing(change) == ()


@pytest.mark.parametrize(
    ("change", "aspects"),
    [
        ({"T093000": "T094500"}, ("time",)),
        ({"T103000": "T110000"}, ("time",)),
        ({"DTSTART;TZID=Europe/Berlin": "DTSTART;TZID=Asia/Shanghai"}, ("time",)),
        (
            {
                "DTSTART;TZID=Europe/Berlin:20260401T093000": "DTSTART;VALUE=DATE:20260401",
                "DTEND;TZID=Europe/Berlin:20260401T103000\r\n": "",
            },
            ("time",),
        ),
        ({"END:VEVENT": "RRULE:FREQ=DAILY\r\nEND:VEVENT"}, ("time",)),
        ({"ULRRC": "Ulrrc"}, ("title",)),
        ({"SUMMARY:ULRRC 1 C1D1\r\n": ""}, ("title",)),
        ({"CONFIRMED": "CANCELLED"}, ("status",)),
        ({"One": "Two"}, ("details",)),
        ({"OPAQUE": "TRANSPARENT"}, ("details",)),
        ({"END:VEVENT": "ATTENDEE:mailto:x@example.org\r\nEND:VEVENT"}, ("details",)),
        ({"END:VEVENT": "BEGIN:VALARM\r\nTRIGGER:-PT1H\r\nEND:VALARM\r\nEND:VEVENT"}, ("details",)),
        ({"CONFIRMED": "TENTATIVE", "C1D1": "C2D1", "T103000": "T103100"}, ("time", "title", "status")),
    ],
)
def test_what_somebody_changed_is_named(change: dict[str, str], aspects: tuple[str, ...]) -> None:
    assert differing(change) == aspects


@pytest.mark.parametrize("text", ["", "text", HEAD + END, HEAD + EVENT + EVENT + END, "<html>", HEAD + EVENT.replace(UID, "other") + END])
def test_what_is_not_one_event_of_ours_is_none(text: str) -> None:
    assert seen_event(text, UID, "Europe/Berlin") is None


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=200))
def test_any_title_and_its_folded_escaped_text_are_the_same(title: str) -> None:
    plain = "".join({"\\": "\\\\", ";": "\\;", ",": "\\,"}.get(character, character) for character in title)
    folded = re.sub("(.{5})", "\\1\r\n\t", plain, flags=re.DOTALL)
    one, two = (seen_event(HEAD + EVENT.replace("SUMMARY:", f"SUMMARY:{text}|") + END, UID, "UTC") for text in (plain, folded))
    assert one is not None
    assert one.title == f"{title}|ULRRC 1 C1D1".strip()
    assert two == one


def test_our_own_events_are_read() -> None:
    text = calendar_bytes([visit_row()], calendar_settings()).decode()
    uid = re.findall("UID:(.*)\r", text)[0]
    seen = seen_event(text, uid, "Europe/Berlin")
    assert seen is not None
    assert differences(seen, seen) == ()
    assert re.fullmatch(r"[A-Z][a-z]{2} \d{4}-\d\d-\d\d", time_of(seen, "Europe/Berlin"))


def test_times_are_shown_by_the_clock_of_the_site() -> None:
    seen = seen_event(HEAD + EVENT + END, UID, "UTC")
    assert seen is not None
    assert seen.time is not None
    assert seen.time.start == datetime(2026, 4, 1, 7, 30, tzinfo=UTC)
    assert time_of(seen, "Asia/Shanghai") == "Wed 2026-04-01 15:30 (60 min)"
