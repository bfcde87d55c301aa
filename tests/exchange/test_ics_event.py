from datetime import UTC, date, datetime, time

import pytest

from planner.exchange.ics_event import EventWriter, Revision, event_status
from planner.schedule.rows import VisitRow
from tests.exchange.calendar_reading import calendar_settings, visit_row

REVISION = Revision(3, datetime(2026, 3, 2, 8, 15, tzinfo=UTC))


def event(row: VisitRow, **settings: object) -> dict[str, str]:
    """The event's lines, unfolded, by what stands before the first colon."""
    text = EventWriter(calendar_settings(**settings)).event(row, REVISION)
    assert text is not None
    lines = text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    return dict(line.split(":", 1) for line in lines[1:-1])


def test_an_event_to_the_letter() -> None:
    row = visit_row(certainty="booked", booked_at=time(9, 30), minutes=90, activities=("CHEMO", "EXAM"))
    writer = EventWriter(
        calendar_settings(bring={"CHEMO": "List, diary"}, prepare={"CHEMO": "Blood test"}, link="https://planner.example.org/")
    )
    text = writer.event(row, REVISION)
    assert text is not None
    assert text.replace("\r\n", "\n") == (
        "BEGIN:VEVENT\n"
        "UID:3bd1b1f472c1a92f1b0f579dd6ec0044@trial-visit-planner\n"
        "DTSTAMP:20260302T081500Z\n"
        "LAST-MODIFIED:20260302T081500Z\n"
        "SEQUENCE:3\n"
        "DTSTART;TZID=Europe/Berlin:20260401T093000\n"
        "DTEND;TZID=Europe/Berlin:20260401T110000\n"
        "SUMMARY:ULRRC 0042 C3D1\n"
        "DESCRIPTION:Nominal date: 2026-04-01\\nEarliest: 2026-03-29\\nLatest: 2026-04\n"
        " -04\\nCertainty: booked\\nBring: List\\, diary\\nPrepare: Blood test\\nhttps://\n"
        " planner.example.org/\n"
        "STATUS:CONFIRMED\n"
        "TRANSP:OPAQUE\n"
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY\n"
        "END:VEVENT\n"
    )


@pytest.mark.parametrize(
    ("changes", "status", "transp"),
    [
        ({"status": "done", "certainty": "fixed"}, "CONFIRMED", "TRANSPARENT"),
        ({"status": "upcoming", "certainty": "booked"}, "CONFIRMED", "OPAQUE"),
        ({"status": "due", "certainty": "booked"}, "CONFIRMED", "OPAQUE"),
        ({"status": "overdue", "certainty": "booked"}, "CONFIRMED", "OPAQUE"),
        ({"status": "upcoming", "certainty": "fixed"}, "TENTATIVE", "TRANSPARENT"),
        ({"status": "upcoming", "certainty": "projected"}, "TENTATIVE", "TRANSPARENT"),
        ({"status": "overdue", "certainty": "projected"}, "TENTATIVE", "TRANSPARENT"),
        ({"status": "due", "certainty": "stale"}, "TENTATIVE", "TRANSPARENT"),
        ({"status": "conditional", "certainty": "projected"}, "TENTATIVE", "TRANSPARENT"),
        ({"status": "conditional", "certainty": "booked"}, "TENTATIVE", "TRANSPARENT"),
        ({"status": "cancelled", "certainty": "projected"}, "CANCELLED", "TRANSPARENT"),
        ({"status": "cancelled", "certainty": "booked"}, "CANCELLED", "TRANSPARENT"),
        ({"status": "missed", "certainty": "projected"}, "CANCELLED", "TRANSPARENT"),
        ({"status": "on_hold", "certainty": "stale"}, "CANCELLED", "TRANSPARENT"),
        ({"status": "on_hold", "certainty": "booked"}, "CANCELLED", "TRANSPARENT"),
        ({"status": "done", "certainty": "fixed", "kind": "reminder"}, "TENTATIVE", "TRANSPARENT"),
    ],
)
def test_status_and_whether_the_time_is_taken(changes: dict[str, str], status: str, transp: str) -> None:
    row = visit_row(**changes)
    written = event(row)
    assert event_status(row) == written["STATUS"] == status
    assert written["TRANSP"] == transp
    assert written["X-MICROSOFT-CDO-BUSYSTATUS"] == {"OPAQUE": "BUSY", "TRANSPARENT": "FREE"}[transp]


@pytest.mark.parametrize(
    ("status", "title"),
    [
        ("cancelled", "Cancelled: ULRRC 0042 C3D1"),
        ("missed", "Missed: ULRRC 0042 C3D1"),
        ("on_hold", "On hold: ULRRC 0042 C3D1"),
        ("due", "ULRRC 0042 C3D1"),
    ],
)
def test_a_visit_that_will_not_be_says_so_in_its_title(status: str, title: str) -> None:
    assert event(visit_row(status=status))["SUMMARY"] == title


def test_a_visit_that_will_not_be_asks_for_no_preparation() -> None:
    row = visit_row(status="cancelled", activities=("CHEMO",))
    assert event(row, bring={"CHEMO": "List"})["DESCRIPTION"] == "Nominal date: 2026-04-01\\nEarliest: 2026-03-29\\nLatest: 2026-04-04"


@pytest.mark.parametrize(("one", "later"), [("upcoming", "due"), ("due", "overdue")])
def test_the_clock_alone_changes_no_byte(one: str, later: str) -> None:
    assert event(visit_row(status=one)) == event(visit_row(status=later, days_left=2))
    assert event(visit_row(status=one, certainty="booked")) == event(visit_row(status=later, certainty="booked", flags=("unconfirmed",)))


def test_waiting_for_an_overdue_visit_changes_no_byte() -> None:
    assert event(visit_row(certainty="projected")) == event(visit_row(certainty="stale"))


def test_a_reminder_whose_day_has_passed_changes_no_byte() -> None:
    assert event(visit_row(kind="reminder")) == event(visit_row(kind="reminder", status="done"))


def test_a_whole_day_ends_on_the_next_day() -> None:
    written = event(visit_row(effective=date(2026, 12, 31)))
    assert written["DTSTART;VALUE=DATE"] == "20261231"
    assert written["DTEND;VALUE=DATE"] == "20270101"


def test_a_visit_without_length_takes_an_hour() -> None:
    written = event(visit_row(certainty="booked", booked_at=time(23, 30)))
    assert written["DTSTART;TZID=Europe/Berlin"] == "20260401T233000"
    assert written["DTEND;TZID=Europe/Berlin"] == "20260402T003000"


@pytest.mark.parametrize(
    ("zone", "day", "clock", "start", "end"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(1, 0), "20260329T010000", "20260329T040000"),
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "20260329T033000", "20260329T053000"),
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "20261025T003000Z", "20261025T023000Z"),
        ("Europe/Berlin", date(2026, 10, 25), time(0, 30), "20261024T223000Z", "20261025T003000Z"),
        ("Asia/Jerusalem", date(2026, 7, 1), time(9, 0), "20260701T060000Z", "20260701T080000Z"),
        ("America/New_York", date(2006, 4, 2), time(9, 0), "20060402T130000Z", "20060402T150000Z"),
        ("America/New_York", date(2026, 4, 2), time(9, 0), "20260402T090000", "20260402T110000"),
    ],
    ids=["across", "in the hour left out", "in the hour repeated", "into the hour repeated", "no yearly rule", "older rule", "plain"],
)
def test_local_time_unless_it_could_be_misread(zone: str, day: date, clock: time, start: str, end: str) -> None:
    """Two hours each: local where both times are one moment and no other, else UTC; 2:30 in the hour left out is 3:30."""
    written = event(visit_row(effective=day, certainty="booked", booked_at=clock, minutes=120), zone=zone)
    name = "" if start.endswith("Z") else f";TZID={zone}"
    assert (written[f"DTSTART{name}"], written[f"DTEND{name}"]) == (start, end)


def test_window_events_belong_to_their_visit() -> None:
    visit, window = event(visit_row(certainty="booked")), event(visit_row(certainty="booked"), events="window")
    assert window["RELATED-TO"] == visit["UID"] != window["UID"]
    assert (window["DTSTART;VALUE=DATE"], window["DTEND;VALUE=DATE"]) == ("20260329", "20260405")
    assert window["SUMMARY"] == "Window: ULRRC 0042 C3D1"
    assert (window["STATUS"], window["TRANSP"], window["X-MICROSOFT-CDO-BUSYSTATUS"]) == ("CONFIRMED", "TRANSPARENT", "FREE")
    assert "RELATED-TO" not in visit


def test_without_dates_there_is_no_event() -> None:
    row = visit_row(nominal=None, earliest=None, latest=None, planned=None, effective=None)
    assert EventWriter(calendar_settings()).event(row, REVISION) is None
    assert EventWriter(calendar_settings(events="window")).event(row, REVISION) is None


def test_a_description_says_only_the_dates_that_there_are() -> None:
    row = visit_row(nominal=None, earliest=None, latest=None, status="done", certainty="fixed")
    assert event(row)["DESCRIPTION"] == "Certainty: fixed"


def test_each_preparation_is_said_once() -> None:
    row = visit_row(activities=("A", "B", "C"), status="upcoming", certainty="fixed")
    written = event(row, bring={"A": "List", "B": "List"}, prepare={"C": "Rest", "D": "Not this one"})
    assert written["DESCRIPTION"].endswith("Certainty: fixed\\nBring: List\\nPrepare: Rest")


@pytest.mark.parametrize(
    ("parts", "title"),
    [(("study", "subject", "visit"), "ULRRC 0042 C3D1"), (("visit",), "C3D1"), (("study", "visit"), "ULRRC C3D1"), ((), "Visit")],
)
def test_each_part_of_the_title_can_be_left_out(parts: tuple[str, ...], title: str) -> None:
    assert event(visit_row(), summary=parts)["SUMMARY"] == title


def test_braces_in_a_title_are_no_placeholders() -> None:
    assert event(visit_row(subject="{title}{0}", status="missed"))["SUMMARY"] == "Missed: ULRRC {title}{0} C3D1"


def test_chinese_words() -> None:
    written = event(visit_row(activities=("CHEMO",), status="conditional"), language="zh-CN", bring={"CHEMO": "药物清单"})
    assert written["DESCRIPTION"] == (
        "方案日期：2026-04-01\\n最早：2026-03-29\\n最晚：2026-04-04\\n确定程度：视决定而定（尚未决定）\\n携带：药物清单"
    )
    assert event(visit_row(status="cancelled"), language="zh-CN")["SUMMARY"] == "已取消：ULRRC 0042 C3D1"
