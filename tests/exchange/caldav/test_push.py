"""A calendar on Radicale is kept equal to a feed: each row of the table in docs/caldav.md."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import delete

from planner.records.changes import acts
from planner.records.feeds.granting import revoke_feed
from planner.records.store.schema import pushed
from tests.exchange.caldav.clinic import ON, Clinic, counts, failed, passed
from tests.exchange.caldav.radicale_server import USER, RadicaleServer
from tests.exchange.calendar_reading import read_by_icalendar
from tests.records.desk import someone

FOREIGN = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nBEGIN:VEVENT\r\nUID:lunch@example.org\r\nDTSTAMP:20260101T000000Z\r\n"
    "DTSTART:20260330T110000Z\r\nDTEND:20260330T120000Z\r\nSUMMARY:Lunch\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def put_foreign(radicale: RadicaleServer, calendar: str, name: str = "lunch.ics", text: str = FOREIGN) -> None:
    radicale.ask("PUT", f"{USER}/{calendar}/{name}", text.encode(), **{"Content-Type": "text/calendar"})


def holds_the_feed(clinic: Clinic, radicale: RadicaleServer, calendar: str, feed: str = "F1") -> bool:
    """Whether the server has exactly the feed's events, as another reader reads them."""
    ours = {one.uid: one.body for one in clinic.objects(feed).values()}
    there = {name.removesuffix(".ics"): radicale.file(calendar, name).read_bytes() for name in radicale.names(calendar)}
    assert there.keys() == ours.keys()
    return all(read_by_icalendar(there[uid]) == read_by_icalendar(body) for uid, body in ours.items())


def test_the_second_push_asks_once_and_sends_nothing(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    count = len(clinic.objects())
    assert count > 8
    assert passed(clinic.push()) == {"created": count}
    assert holds_the_feed(clinic, radicale, calendar)
    before = radicale.requests()
    assert passed(clinic.push()) == {"unchanged": count}
    # The first is refused, and says how to sign in.
    assert radicale.requests() - before == {"PROPFIND": 2}


def test_a_fact_sends_exactly_the_objects_that_it_changes(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    passed(clinic.push())
    before, log = clinic.objects(), len(radicale.log)
    clinic.desk.record(acts.visit_booked("C3D1", date(2026, 4, 20), "10:00", 60), on=ON)
    after = clinic.objects()
    changed = {one.uid for visit, one in after.items() if before[visit].body != one.body}
    assert 0 < len(changed) < len(after)
    assert passed(clinic.push()) == {"changed": len(changed), "unchanged": len(after) - len(changed)}
    sent = re.findall(r"(?:PUT|DELETE) request for '/[^']*/([^/']*)\.ics'", radicale.log[log:])
    assert sorted(sent) == sorted(changed)
    assert holds_the_feed(clinic, radicale, calendar)


def test_cancelled_visits_stay_as_cancelled_until_they_leave_the_feed(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    passed(clinic.push())
    clinic.desk.record(acts.left_study(date(2026, 3, 27), "withdrawn"), on=ON)
    off = [one for one in clinic.objects().values() if one.revision.is_off]
    assert len(off) > 1
    assert passed(clinic.push())["changed"] >= len(off)
    for one in off:
        text = radicale.file(calendar, f"{one.uid}.ics").read_text()
        assert "STATUS:CANCELLED" in text
        assert f"SEQUENCE:{one.revision.sequence}" in text
    assert holds_the_feed(clinic, radicale, calendar)
    clinic.on = ON + timedelta(days=40)
    left = len(clinic.objects())
    result = passed(clinic.push())
    assert result["deleted"] >= len(off)
    assert len(radicale.names(calendar)) == left
    assert passed(clinic.push()) == ({"unchanged": left} if left else {})


def move_there(clinic: Clinic, radicale: RadicaleServer, calendar: str, day: str = "20260420") -> None:
    """Somebody moves the booked visit, which is on 17 April at 9:30, and the program counts it."""
    name = clinic.name("C3D1")
    text = radicale.file(calendar, name).read_text()
    assert "20260417T093000" in text
    radicale.edit(calendar, name, text[text.index("DTSTART;TZID") :].split("\n")[0].strip(), f"DTSTART;TZID=Asia/Shanghai:{day}T101500")
    text = radicale.file(calendar, name).read_text()
    radicale.edit(calendar, name, re.search(r"DTEND[^\r\n]*", text)[0], f"DTEND;TZID=Asia/Shanghai:{day}T111500")  # type: ignore[index]


def test_what_was_changed_there_is_reported_and_left(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    count = passed(clinic.push())["created"]
    move_there(clinic, radicale, calendar)
    radicale.edit(calendar, clinic.name("F2"), "SUMMARY:ULRRC PEK-001 F2", "SUMMARY:Wang bei Dr. Li")
    there = {name: radicale.file(calendar, name).read_bytes() for name in radicale.names(calendar)}
    before = radicale.requests()
    for _ in range(2):
        result = clinic.push()
        assert passed(result) == {"edited there": 2, "unchanged": count - 2}
        assert (
            "ulrrc/PEK-001 C3D1: changed there: its time (there Mon 2026-04-20 10:15 (60 min), put as Fri 2026-04-17 09:30 (60 min))"
            in (result.stderr)
        )
        assert "ulrrc/PEK-001 F2: changed there: its title." in result.stderr
        assert "Wang" not in result.output
    assert not {"PUT", "DELETE"} & (radicale.requests() - before).keys()
    # That the log goes on elsewhere, and even there, changes nothing about it.
    clinic.desk.record(acts.visit_booked("C3D1", date(2026, 4, 22), "10:15", 60), on=ON)
    assert passed(clinic.push())["edited there"] == 2
    assert radicale.file(calendar, clinic.name("C3D1")).read_bytes() == there[clinic.name("C3D1")]
    # Until somebody says so, of one of them and then of all.
    assert passed(clinic.push("--overwrite", "ulrrc/PEK-001 C3D1")) == {"changed": 1, "edited there": 1, "unchanged": count - 2}
    assert passed(clinic.push("--overwrite-all")) == {"changed": 1, "unchanged": count - 1}
    assert holds_the_feed(clinic, radicale, calendar)


def test_what_the_server_merely_wrote_otherwise_is_ours(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    count = passed(clinic.push())["created"]
    name = clinic.name("C3D1")
    text = radicale.ask("GET", f"{USER}/{calendar}/{name}")[1].decode()
    head, event = text.split("BEGIN:VEVENT\r\n")
    lines = event.replace("\r\n ", "").split("\r\n")
    body = lines[: lines.index("END:VEVENT")]
    zoneless = [
        {"DTSTART": "DTSTART:20260417T013000Z", "DTEND": "DURATION:PT1H", "DTSTAMP": "DTSTAMP:20300101T000000Z"}.get(
            re.split("[;:]", line)[0], line
        )
        for line in reversed(body)
    ]
    other = "\r\n".join(
        [*zoneless, "CREATED:20260101T000000Z", "X-SERVER:1", "CLASS:PUBLIC", "PRIORITY:0", "END:VEVENT", "END:VCALENDAR", ""]
    )
    put_foreign(radicale, calendar, name, re.sub("PRODID:[^\r]*", "PRODID:-//Other//EN", head) + "BEGIN:VEVENT\r\n" + other)
    assert passed(clinic.push()) == {"adopted": 1, "unchanged": count - 1}
    before = radicale.requests()
    assert passed(clinic.push()) == {"unchanged": count}
    assert radicale.requests() - before == {"PROPFIND": 2}


@pytest.mark.parametrize(
    "more", ["RRULE:FREQ=DAILY", "LOCATION:Room 3", "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT1H\r\nEND:VALARM"]
)
def test_what_somebody_added_is_not_lost(clinic: Clinic, radicale: RadicaleServer, calendar: str, more: str) -> None:
    passed(clinic.push())
    radicale.edit(calendar, clinic.name("F2"), "END:VEVENT", f"{more}\r\nEND:VEVENT")
    result = clinic.push()
    assert passed(result)["edited there"] == 1
    assert "ulrrc/PEK-001 F2: changed there: its " in result.stderr


def test_what_was_deleted_there_is_not_put_back_unless_told(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    count = passed(clinic.push())["created"]
    radicale.delete(calendar, clinic.name("F2"))
    for _ in range(2):
        result = clinic.push()
        assert passed(result) == {"edited there": 1, "unchanged": count - 1}
        assert "ulrrc/PEK-001 F2: it was deleted there." in result.stderr
    assert passed(clinic.push("--overwrite", clinic.objects()["F2"].uid)) == {"created": 1, "unchanged": count - 1}
    assert holds_the_feed(clinic, radicale, calendar)


def test_a_cancelled_visit_that_was_deleted_there_is_nobodys_concern(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    passed(clinic.push())
    clinic.desk.record(acts.left_study(date(2026, 3, 27), "withdrawn"), on=ON)
    passed(clinic.push())
    off = next(one for one in clinic.objects().values() if one.revision.is_off)
    radicale.delete(calendar, f"{off.uid}.ics")
    result = clinic.push()
    assert passed(result) == {"unchanged": len(clinic.objects())}
    assert result.stderr == ""


def test_an_event_that_left_the_feed_and_was_changed_there_stays(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    passed(clinic.push())
    name, uid = clinic.name("SIM"), clinic.objects()["SIM"].uid
    radicale.edit(calendar, name, "SUMMARY:ULRRC", "SUMMARY:Our ULRRC")
    clinic.on = ON + timedelta(days=10)
    assert "SIM" not in clinic.objects()
    result = clinic.push()
    assert passed(result)["edited there"] == 1
    assert f"ULRRC PEK-001 SIM ({uid})" in result.stderr
    assert name in radicale.names(calendar)
    assert passed(clinic.push("--overwrite", uid))["deleted"] == 1
    assert name not in radicale.names(calendar)


def test_events_of_others_are_never_touched(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    put_foreign(radicale, calendar)
    there = radicale.file(calendar, "lunch.ics").read_bytes()
    passed(clinic.push())
    clinic.desk.record(acts.left_study(date(2026, 3, 27), "withdrawn"), on=ON)
    passed(clinic.push("--overwrite-all"))
    clinic.on = ON + timedelta(days=400)
    passed(clinic.push("--overwrite-all"))
    assert radicale.names(calendar) == {"lunch.ics"}
    assert radicale.file(calendar, "lunch.ics").read_bytes() == there


def forget_all(clinic: Clinic) -> None:
    with clinic.desk.database.writing() as connection:
        connection.execute(delete(pushed))


def test_without_notes_what_is_there_is_known_again(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    put_foreign(radicale, calendar)
    count = passed(clinic.push())["created"]
    forget_all(clinic)
    move_there(clinic, radicale, calendar)
    before = radicale.requests()
    result = clinic.push()
    assert passed(result) == {"adopted": count - 1, "edited there": 1}
    assert "ulrrc/PEK-001 C3D1: changed there: its time" in result.stderr
    assert not {"PUT", "DELETE"} & (radicale.requests() - before).keys()
    assert passed(clinic.push("--overwrite-all")) == {"changed": 1, "unchanged": count - 1}


@pytest.mark.parametrize("has_notes", [True, False])
def test_an_event_under_another_name_is_known_by_its_uid(clinic: Clinic, radicale: RadicaleServer, calendar: str, has_notes: bool) -> None:
    count = passed(clinic.push())["created"]
    name = clinic.name("C3D1")
    text = radicale.ask("GET", f"{USER}/{calendar}/{name}")[1].decode()
    radicale.delete(calendar, name)
    put_foreign(radicale, calendar, "New%20name.ics", text)
    if not has_notes:
        forget_all(clinic)
    assert passed(clinic.push()) == ({"adopted": 1, "unchanged": count - 1} if has_notes else {"adopted": count})
    clinic.desk.record(acts.visit_booked("C3D1", date(2026, 4, 20), "10:00", 60), on=ON)
    assert passed(clinic.push())["changed"] > 0
    assert "20260420T100000" in radicale.file(calendar, "New name.ics").read_text()
    assert len(radicale.names(calendar)) == count


def test_a_dry_run_asks_and_sends_nothing(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    result = clinic.push("--dry-run")
    count = len(clinic.objects())
    assert passed(result) == {"created": count}
    assert "Would create ulrrc/PEK-001 C3D1" in result.stdout.splitlines()
    assert "Nothing was sent (--dry-run)." in result.stdout
    assert radicale.names(calendar) == set()
    assert passed(clinic.push()) == {"created": count}


def test_a_dry_run_says_what_a_run_then_does_and_notes_nothing(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    """Also where a feed takes the calendar over, and events are changed, put anew and deleted."""

    def notes() -> list[tuple[object, ...]]:
        with clinic.desk.database.reading() as connection:
            return [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM pushed ORDER BY 1, 2")]

    passed(clinic.push())
    code = clinic.make_feed("other")
    with clinic.desk.database.writing() as connection:
        revoke_feed(connection, someone(ON), "F1")
    clinic.desk.record(acts.visit_booked("C3D1", date(2026, 4, 20), "10:00", 60), on=ON)
    clinic.on = date(2026, 4, 7)
    before, there = notes(), {name: radicale.file(calendar, name).read_bytes() for name in radicale.names(calendar)}
    dry = passed(clinic.push("--dry-run", feed=code))
    assert {"changed", "deleted"} <= dry.keys()
    assert notes() == before
    assert {name: radicale.file(calendar, name).read_bytes() for name in radicale.names(calendar)} == there
    assert passed(clinic.push(feed=code)) == dry
    assert notes() != before


def test_two_feeds_do_not_share_a_calendar_while_both_live(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    count = passed(clinic.push())["created"]
    assert clinic.make_feed("other", days_ahead=10) == "F2"
    there = radicale.names(calendar)
    assert "This calendar is kept equal to feed F1" in failed(clinic.push(feed="F2"))
    assert radicale.names(calendar) == there
    with clinic.desk.database.writing() as connection:
        revoke_feed(connection, someone(ON), "F1")
    left = len(clinic.objects("F2"))
    assert passed(clinic.push(feed="F2", url=clinic.url.rstrip("/"))) == {"deleted": count - left, "unchanged": left}
    assert len(radicale.names(calendar)) == left


def test_a_feed_whose_person_may_read_nothing_empties_no_calendar(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    count = passed(clinic.push())["created"]
    clinic.desk.grant()
    clinic.monkeypatch.setenv("PLANNER_ACCOUNT", "administrator")
    assert "nurse may read nothing of feed F1 (any more), so nothing was sent" in failed(clinic.push())
    assert len(radicale.names(calendar)) == count


def test_only_whose_feed_it_is_may_push_it(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    clinic.desk.grant(("nurse", "nurse", "*"), ("reader", "reader", "*"))
    clinic.monkeypatch.setenv("PLANNER_ACCOUNT", "reader")
    assert "There is no feed 'F1' that this account may see" in failed(clinic.push())
    assert "There is no feed 'F1' that this account may see" in failed(clinic.pull())
    assert radicale.names(calendar) == set()


def test_an_unknown_name_to_overwrite_is_refused_before_anything_is_sent(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    assert "no visit 'PEK-001 C3D1'" in failed(clinic.push("--overwrite", "PEK-001 C3D1"))
    assert radicale.names(calendar) == set()
    assert counts(clinic.push("--dry-run", "--overwrite", "ulrrc/PEK-001 C3D1"))["created"] > 0
