"""Calendar files of other programs, whole and broken, as the reader understands them."""

import time
import tracemalloc
from datetime import UTC, date, datetime

import pytest

from planner.exchange.outside.content_lines import MOST_BYTES, CalendarFileError
from planner.exchange.outside.ics_reader import read_outside, require_calendar
from planner.exchange.outside.outside_event import OutsideCalendar, OutsideEvent
from tests.exchange.outside.foreign_files import BERLIN, OTHER, OURS, apple, calendar, event, google, lines, outlook, thunderbird

ZONES = {OURS: "Europe/Berlin", OTHER: "Asia/Shanghai"}
NINE_THIRTY = datetime(2026, 4, 2, 7, 30, tzinfo=UTC)
CHANGED = datetime(2026, 3, 3, 8, 15, tzinfo=UTC)


def read(content: bytes) -> OutsideCalendar:
    return read_outside(content, ZONES)


def only_event(content: bytes) -> OutsideEvent:
    found = read(content)
    assert found.unreadable == ()
    assert len(found.events) == 1
    return found.events[0]


def why(content: bytes) -> str:
    """Why the only event of ours is not read."""
    found = read(content)
    assert found.events == ()
    assert len(found.unreadable) == 1
    return found.unreadable[0].why


def refused(content: bytes) -> CalendarFileError:
    with pytest.raises(CalendarFileError) as caught:
        read(content)
    with pytest.raises(CalendarFileError) as again:
        require_calendar(content)
    assert (caught.value.line, str(caught.value)) == (again.value.line, str(again.value))
    return caught.value


# --- programs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "start", "sequence"),
    [
        (thunderbird(), NINE_THIRTY, 1),
        (outlook(), datetime(2026, 4, 2, 1, 30, tzinfo=UTC), 0),
        (google(), NINE_THIRTY, 2),
        (apple(), NINE_THIRTY, 1),
    ],
    ids=["thunderbird", "outlook", "google", "apple"],
)
def test_an_export_of_a_moved_visit(content: bytes, start: datetime, sequence: int) -> None:
    found = only_event(content)
    assert (found.start, found.minutes, found.all_day, found.sequence, found.changed_at) == (start, 60, False, sequence, CHANGED)
    assert content.splitlines()[found.line - 1] == b"BEGIN:VEVENT"


def test_all_day_events_as_programs_write_them() -> None:
    for times in (
        ("DTSTART;VALUE=DATE:20260402", "DTEND;VALUE=DATE:20260403"),
        ("DTSTART;VALUE=DATE:20260402",),
        ("DTSTART;VALUE=DATE:20260402", "DTEND;VALUE=DATE:20260402"),
        ("DTSTART;VALUE=DATE:20260402", "DURATION:P1D"),
        ("DTSTART:20260402",),
        ("DTSTART;TZID=Europe/Berlin:20260402T000000", "DTEND;TZID=Europe/Berlin:20260403T000000", "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"),
        ("DTSTART;TZID=Europe/Berlin:20260329T000000", "DTEND;TZID=Europe/Berlin:20260330T000000", "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"),
    ):
        found = only_event(calendar(*event(*times)))
        day = date(2026, 3, 29) if "20260329" in times[0] else date(2026, 4, 2)
        assert (found.start, found.minutes, found.all_day) == (day, None, True), times


MARKED = "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"


@pytest.mark.parametrize(
    "times",
    [
        # Of OTHER, in China: its midnight is 16:00 in UTC.
        ("DTSTART:20260416T160000Z", "DTEND:20260417T160000Z", MARKED),
        ("DTSTART:20260416T160000Z", MARKED),
        ("DTSTART:20260416T160000Z", "DURATION:P1D", MARKED),
        ("DTSTART:20260417T000000Z", "DTEND:20260418T000000Z", MARKED),
        ("DTSTART:20260416T160000Z", "DTEND:20260417T160000Z"),
        ("DTSTART:20260416T160000Z", "DURATION:PT24H"),
        ("DTSTART:20260417T000000", "DTEND:20260418T000000"),
        ("DTSTART;TZID=Asia/Shanghai:20260417T000000", "DTEND;TZID=Asia/Shanghai:20260418T000000"),
        ("DTSTART;TZID=America/New_York:20260416T120000", "DTEND;TZID=America/New_York:20260417T120000"),
    ],
)
def test_midnight_to_midnight_is_a_day_without_a_time(times: tuple[str, ...]) -> None:
    found = only_event(calendar(*event(*times, uid=OTHER)))
    assert (found.start, found.minutes, found.all_day) == (date(2026, 4, 17), None, True)


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        # The clock goes forward, the day has 23 hours; then back, 25.
        (date(2026, 3, 29), "20260328T230000Z", "20260329T220000Z"),
        (date(2026, 10, 25), "20261024T220000Z", "20261025T230000Z"),
    ],
)
def test_a_day_on_which_the_clock_changes_is_a_day_too(day: date, start: str, end: str) -> None:
    for more in ((), (MARKED,)):
        found = only_event(calendar(*event(f"DTSTART:{start}", f"DTEND:{end}", *more)))
        assert (found.start, found.all_day) == (day, True)


def test_a_day_that_begins_at_one_o_clock_is_a_day_too() -> None:
    """In Beirut the clock goes from midnight to one."""
    found = read_outside(calendar(*event("DTSTART:20260328T220000Z", "DTEND:20260329T210000Z")), {OURS: "Asia/Beirut"})
    assert [one.start for one in found.events] == [date(2026, 3, 29)]


@pytest.mark.parametrize(
    ("times", "minutes"),
    [
        (("DTSTART:20260416T160000Z", "DTEND:20260416T170000Z"), 60),
        (("DTSTART:20260416T160000Z",), None),
        (("DTSTART:20260416T170000Z", "DTEND:20260417T170000Z"), 1440),
        (("DTSTART:20260417T013000Z", "DTEND:20260417T023000Z", MARKED), 60),
    ],
    ids=["an hour from midnight", "midnight and no end", "a whole day from one o'clock", "a mark that another program left"],
)
def test_other_times_stay_times(times: tuple[str, ...], minutes: int | None) -> None:
    found = only_event(calendar(*event(*times, uid=OTHER)))
    assert (isinstance(found.start, datetime), found.minutes, found.all_day) == (True, minutes, False)


def test_an_all_day_event_of_an_unknown_place_or_of_two_days_is_not_guessed() -> None:
    """Outlook in Berlin writes the day of a visit in China as 22:00 in UTC, which may be either day for all that is known."""
    assert "marked as all-day" in why(calendar(*event("DTSTART:20260416T220000Z", "DTEND:20260417T220000Z", MARKED, uid=OTHER)))
    assert "more than one day" in why(calendar(*event("DTSTART:20260416T160000Z", "DTEND:20260418T160000Z", MARKED, uid=OTHER)))
    assert "longer than a day" in why(calendar(*event("DTSTART:20260416T160000Z", "DTEND:20260418T160000Z", uid=OTHER)))


def test_a_uid_that_outlook_wrapped_is_ours() -> None:
    wrapped = bytes.fromhex("040000008200E00074C5B7101A82E008") + bytes(20) + b"vCal-Uid\x01\0\0\0" + OURS.encode() + b"\0"
    assert only_event(calendar(*event("DTSTART:20260402T073000Z", uid=wrapped.hex().upper()))).uid == OURS


def test_events_of_others_are_counted_and_not_looked_at() -> None:
    broken = event("DTSTART:nonsense", "RRULE:FREQ=SECONDLY", uid="somebody@else")
    found = read(calendar(*broken, "BEGIN:VEVENT", "SUMMARY:no UID", "END:VEVENT", *event("DTSTART:20260402T073000Z")))
    assert (len(found.events), found.unreadable, found.not_ours) == (1, (), 2)


def test_other_components_with_our_uid_are_no_visits() -> None:
    task = ("BEGIN:VTODO", f"UID:{OURS}", "DTSTART:20260402T073000Z", "END:VTODO")
    assert read(calendar(*task)) == OutsideCalendar((), (), 0)


def test_properties_of_an_alarm_are_not_the_event_s() -> None:
    alarm = ("BEGIN:VALARM", "UID:alarm", "DURATION:PT15M", "DTSTART:20300101T000000Z", "END:VALARM")
    found = only_event(calendar(*event(*alarm, "DTSTART:20260402T073000Z", "DTEND:20260402T080000Z")))
    assert (found.start, found.minutes) == (NINE_THIRTY, 30)


# --- lines ------------------------------------------------------------------------------------------------------


def test_folds_inside_a_character_and_inside_names() -> None:
    text = (
        f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:{OURS}\r\nSUMMARY:访视访视\r\nDTSTART:20260402T073000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    octets = text.encode()
    place = octets.index("访".encode()) + 1
    folded = octets[:place] + b"\r\n " + octets[place:]
    folded = folded.replace(b"DTSTART", b"DTS\r\n\tTART").replace(b"BEGIN:VEVENT", b"BEG\r\n IN:VEV\r\n ENT")
    assert only_event(folded).start == NINE_THIRTY


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\r\r\n", "\n\n"])
def test_line_ends_of_any_kind(end: str) -> None:
    assert only_event(calendar(*event("DTSTART:20260402T073000Z", "SUMMARY:long", " continued"), end=end)).start == NINE_THIRTY


def test_mixed_line_ends_a_byte_order_mark_and_lower_case() -> None:
    content = b"\xef\xbb\xbf" + calendar(*event("dtstart;tzid=Europe/Berlin:20260402T093000")).replace(b"\r\n", b"\n", 3)
    assert only_event(content.replace(b"BEGIN:VEVENT", b"begin:vevent")).start == NINE_THIRTY


def test_the_line_of_what_is_broken_is_the_file_s_own() -> None:
    content = calendar("X-A:1", " 2", "", *event("DTSTART:nonsense"))
    broken = read(content).unreadable[0]
    assert content.splitlines()[broken.line - 1] == b"BEGIN:VEVENT"


# --- one broken event costs no other ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        (("SUMMARY:no start",), "it has no DTSTART"),
        (("DTSTART:nonsense",), "its DTSTART is no time"),
        (("DTSTART:20260231T073000Z",), "its DTSTART names a day or a time that there is not"),
        (("DTSTART:20260402T073000Z", "DTSTART:20260403T073000Z"), "it has 2 properties DTSTART"),
        (("DTSTART:99990402T073000Z",), "in the year 9999"),
        (("DTSTART;VALUE=DATE:20260402T073000",), "its DTSTART is no day"),
        (('DTSTART;TZID="Europe/Berlin:20260402T073000',), "quotes or a colon are missing"),
        (("DTSTART;TZID=Europe/Berlin,Asia/Shanghai:20260402T073000",), "gives TZID more than once"),
        (("DTSTART;TZID=Mars/Phobos:20260402T073000",), "its time zone Mars/Phobos is not known, and the file does not define it"),
        (("DTSTART;TZID=../../etc/passwd:20260402T073000",), "is not known"),
        (("DTSTART:20260402T073000Z", "DTEND:20260402T070000Z"), "it ends before it begins"),
        (("DTSTART:20260402T073000Z", "DTEND:20260404T070000Z"), "it lasts longer than a day"),
        (("DTSTART:20260402T073000Z", "DTEND;VALUE=DATE:20260403"), "it begins at a time and ends on a day"),
        (("DTSTART:20260402T073000Z", "DURATION:PT1H", "DTEND:20260402T083000Z"), "both DTEND and DURATION"),
        (("DTSTART:20260402T073000Z", "DURATION:P99999999999999999W"), "its DURATION is none"),
        (("DTSTART:20260402T073000Z", "DURATION:soon"), "its DURATION is none"),
        (("DTSTART:20260402T073000Z", "DURATION:PT90S"), "no whole number of minutes"),
        (("DTSTART:20260402T073015Z",), "it begins at a second"),
        (("DTSTART;VALUE=DATE:20260402", "DTEND;VALUE=DATE:20260404"), "it lasts more than one day"),
        (("DTSTART;VALUE=DATE:20260402", "DURATION:P3D"), "it lasts more than one day"),
        (("DTSTART;VALUE=DATE:20260402", "DTEND;VALUE=DATE:20260401"), "it lasts more than one day"),
        (("DTSTART:20260402T073000Z", "SEQUENCE:many"), "its SEQUENCE is no number"),
        (("DTSTART:20260402T073000Z", "RRULE:FREQ=WEEKLY"), "it recurs (RRULE), and a visit is no series"),
        (("DTSTART:20260402T073000Z", "RDATE:20260403T073000Z"), "it recurs (RDATE)"),
        (("DTSTART:20260402T073000Z", "RECURRENCE-ID:20260402T073000Z"), "it recurs (RECURRENCE-ID)"),
        (("DTSTART:20260402T073000Z", f"UID:{OTHER}"), "it has 2 properties UID"),
        ((f"DTSTART;X-A={'y' * 2000}:20260402T073000Z",), "its DTSTART has more than 1,000 octets"),
    ],
)
def test_a_broken_event_is_named_and_the_others_are_read(properties: tuple[str, ...], said: str) -> None:
    good = event("DTSTART:20260402T073000Z", uid=OTHER)
    content = calendar(*good, *event(*properties), *good)
    found = read(content)
    assert [one.uid for one in found.events] == [OTHER, OTHER]
    assert [one.uid for one in found.unreadable] == [OURS]
    assert said in found.unreadable[0].why
    assert content.splitlines()[found.unreadable[0].line - 1] == b"BEGIN:VEVENT"


def test_an_event_without_its_end_costs_no_other() -> None:
    content = calendar(*event("DTSTART:20260402T073000Z")[:-1], *event("DTSTART:20260402T073000Z", uid=OTHER))
    found = read(content)
    assert [one.uid for one in found.events] == [OTHER]
    assert "no END:VEVENT" in found.unreadable[0].why


def test_a_file_that_was_cut_off_says_so() -> None:
    whole = calendar(*event("DTSTART:20260402T073000Z"), *event("DTSTART:20260402T073000Z", uid=OTHER))
    found = read(whole[: whole.rindex(b"END:VEVENT") - 5])
    assert [one.uid for one in found.events] == [OURS]
    assert [one.uid for one in found.unreadable] == [OTHER, ""]
    assert "without END:VCALENDAR" in found.unreadable[1].why


def test_ends_of_what_is_not_open_mean_nothing() -> None:
    assert only_event(calendar("END:VEVENT", *event("END:VALARM", "DTSTART:20260402T073000Z"))).start == NINE_THIRTY


# --- time zones -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("Europe/Berlin", NINE_THIRTY),
        ("/freeassociation.sourceforge.net/Europe/Berlin", NINE_THIRTY),
        ("/mozilla.org/20050126_1/America/Argentina/Buenos_Aires", datetime(2026, 4, 2, 12, 30, tzinfo=UTC)),
        ("China Standard Time", datetime(2026, 4, 2, 1, 30, tzinfo=UTC)),
        ("W. Europe Standard Time", NINE_THIRTY),
        ("UTC", datetime(2026, 4, 2, 9, 30, tzinfo=UTC)),
    ],
)
def test_zone_names_that_the_file_does_not_define(name: str, moment: datetime) -> None:
    assert only_event(calendar(*event(f"DTSTART;TZID={name}:20260402T093000"))).start == moment


def test_a_time_without_a_zone_is_the_site_s() -> None:
    assert only_event(calendar(*event("DTSTART:20260402T093000"))).start == NINE_THIRTY
    assert only_event(calendar(*event("DTSTART:20260402T153000", uid=OTHER))).start == NINE_THIRTY


def zone(name: str, *parts: str) -> tuple[str, ...]:
    return ("BEGIN:VTIMEZONE", f"TZID:{name}", *parts, "END:VTIMEZONE")


def standard(*properties: str) -> tuple[str, ...]:
    return ("BEGIN:STANDARD", *properties, "END:STANDARD")


FIXED = ("DTSTART:19700101T000000", "TZOFFSETFROM:+0500", "TZOFFSETTO:+0500")


def test_a_zone_of_the_file_s_own_counts_wherever_it_stands() -> None:
    own = zone("(UTC+05:00) Here", *standard(*FIXED))
    visit = event('DTSTART;TZID="(UTC+05:00) Here":20260402T123000')
    assert only_event(calendar(*own, *visit)).start == NINE_THIRTY
    assert only_event(calendar(*visit, *own)).start == NINE_THIRTY


def test_a_zone_of_another_calendar_in_the_file_does_not_count() -> None:
    content = calendar(*zone("Here", *standard(*FIXED))) + calendar(*event("DTSTART;TZID=Here:20260402T123000"))
    assert "its time zone Here is not known" in why(content)


def test_a_known_name_that_the_file_defines_otherwise_is_not_guessed() -> None:
    content = calendar(*zone("Europe/Berlin", *standard(*FIXED)), *event("DTSTART;TZID=Europe/Berlin:20260402T093000"))
    assert "another offset on that day than the file's own VTIMEZONE" in why(content)


@pytest.mark.parametrize(
    "part",
    [
        standard("DTSTART:19700101T000000", "TZOFFSETFROM:+0500"),
        standard("DTSTART:soon", "TZOFFSETFROM:+0500", "TZOFFSETTO:+0500"),
        standard("TZOFFSETFROM:+0500", "TZOFFSETTO:+0500"),
        standard(*FIXED, "RRULE:FREQ=SECONDLY"),
        standard(*FIXED, "RRULE:FREQ=YEARLY;BYMONTH=2;BYDAY=SU"),
        standard(*FIXED, "RRULE:FREQ=YEARLY;BYMONTH=13;BYDAY=1SU"),
        standard(*FIXED, "RRULE:FREQ=YEARLY;BYSECOND=1,2,3"),
        standard(*FIXED, *(f"RDATE:{','.join(['19700101T000000'] * 50)}" for _ in range(50))),
        (),
    ],
)
def test_a_zone_that_cannot_be_used_is_named(part: tuple[str, ...]) -> None:
    assert "VTIMEZONE of its time zone Here cannot be used" in why(
        calendar(*zone("Here", *part), *event("DTSTART;TZID=Here:20260402T123000"))
    )


def test_an_unusable_definition_of_a_known_name_does_no_harm() -> None:
    content = calendar(*zone("Europe/Berlin", *standard("DTSTART:soon")), *event("DTSTART;TZID=Europe/Berlin:20260402T093000"))
    assert only_event(content).start == NINE_THIRTY


def test_two_zones_of_one_name_that_differ_are_not_guessed() -> None:
    two = (*zone("Here", *standard(*FIXED)), *zone("Here", *standard(*FIXED[:2], "TZOFFSETTO:+0600")))
    assert "there several times" in why(calendar(*two, *event("DTSTART;TZID=Here:20260402T123000")))
    twice = (*zone("Here", *standard(*FIXED)), *zone("Here", *standard(*FIXED)))
    assert only_event(calendar(*twice, *event("DTSTART;TZID=Here:20260402T123000"))).start == NINE_THIRTY


@pytest.mark.parametrize(
    ("wall", "moment"),
    [
        ("20260329T013000", datetime(2026, 3, 29, 0, 30, tzinfo=UTC)),
        ("20260329T023000", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("20260329T033000", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("20261025T013000", datetime(2026, 10, 24, 23, 30, tzinfo=UTC)),
        ("20261025T023000", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("20261025T033000", datetime(2026, 10, 25, 2, 30, tzinfo=UTC)),
        ("20260101T000000", datetime(2025, 12, 31, 23, 0, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("name", ["Europe/Berlin", "Customized Time Zone"])
def test_times_around_the_changes_of_the_clock(name: str, wall: str, moment: datetime) -> None:
    """By the zone data and by the file's own rules alike; the left-out hour by the offset before it, of the double one the first."""
    content = calendar(*(line.replace("Europe/Berlin", name) for line in BERLIN), *event(f"DTSTART;TZID={name}:{wall}"))
    assert only_event(content).start == moment


# --- what is refused as a whole -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"", 1, "empty"),
        (b"\r\n\r\n", 1, "empty"),
        (b"subject,visit,date\r\n", 1, "does not begin with BEGIN:VCALENDAR"),
        (b"\r\n\r\nhello", 3, "does not begin with BEGIN:VCALENDAR"),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", 1, "does not begin with BEGIN:VCALENDAR"),
        (b"<!DOCTYPE html><html>", 1, "a page that asks to sign in"),
        (b"PK\x03\x04....", 1, "a ZIP or Office file"),
        (b"%PDF-1.7", 1, "a PDF"),
        (calendar().decode().encode("utf-16"), 1, "UTF-16"),
        (calendar() + b"\0", 1, "binary"),
        (lines("BEGIN:VCALENDAR") + "SUMMARY:访视\r\n".encode("gbk") + lines("END:VCALENDAR"), 2, "not in UTF-8"),
        (lines("BEGIN:VCALENDAR", *(f"BEGIN:X{depth}" for depth in range(8))), 9, "more than 8 deep"),
        (lines("BEGIN:VCALENDAR", "X:" + "y" * (2**20 + 1)), 2, "more than 1 MB"),
        (lines("BEGIN:VCALENDAR", "X:1", *[" " + "y" * 70] * 15_000), 2, "more than 1 MB"),
    ],
)
def test_what_is_no_usable_calendar(content: bytes, line: int, said: str) -> None:
    error = refused(content)
    assert error.line == line
    assert said in str(error)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"BEGIN:VCALENDAR\r\n" + b"X" * MOST_BYTES, "larger than 10 MB"),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 700_000, "more than 50,000 components"),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VCALENDAR\r\n" * 500_000, "more than 50,000 components"),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\nEND:VEVENT\n" * 400_000, "more than 50,000 components"),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:A\r\n" * 900_000, "more than 8 deep"),
        (b"BEGIN:VCALENDAR\r\n" + b"\n" * (MOST_BYTES - 20), "more than 1,000,000 lines"),
        (b"BEGIN:VCALENDAR\r\n" + b"\r" * (MOST_BYTES - 20), "more than 1,000,000 lines"),
        (b"BEGIN:VCALENDAR\r\n" + b" \n" * 900_000 + b"X" * 2**21, "more than 1 MB"),
    ],
    ids=["large", "begins", "calendars", "components", "nested", "line feeds", "carriage returns", "folds"],
)
def test_bombs_are_refused_in_well_under_a_second(content: bytes, said: str) -> None:
    begun = time.process_time()
    with pytest.raises(CalendarFileError, match=said):
        require_calendar(content)
    assert time.process_time() - begun < 1
    assert said in str(refused(content))


def test_the_largest_file_takes_bounded_time_and_memory() -> None:
    others = "".join(line + "\r\n" for line in event("DTSTART:20260402T073000Z", "DESCRIPTION:" + "x" * 230, uid="somebody@else")) * 28_000
    uids = [f"{number}@x" for number in range(2_000)]
    visits = "".join(line + "\r\n" for uid in uids for line in event("DTSTART;TZID=Europe/Berlin:20260402T093000", uid=uid))
    whole = calendar(*BERLIN).removesuffix(b"END:VCALENDAR\r\n") + (others + visits).encode() + b"END:VCALENDAR\r\n"
    assert 0.75 * MOST_BYTES < len(whole) <= MOST_BYTES
    begun = time.process_time()
    found = read_outside(whole, dict.fromkeys(uids, "Asia/Shanghai"))
    assert time.process_time() - begun < 5
    assert (len(found.events), found.not_ours) == (2_000, 28_000)
    tracemalloc.start()
    require_calendar(whole)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 100 * 2**20
