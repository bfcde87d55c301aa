"""From a clinic's calendar on Radicale to the log, and back to the calendar."""

import re
from datetime import date

import pytest
from sqlalchemy import delete

from planner.records.changes import acts
from planner.records.facts.kinds import Kind
from planner.records.store.schema import pushed
from tests.exchange.caldav.clinic import ON, Clinic, failed, passed
from tests.exchange.caldav.radicale_server import USER, RadicaleServer
from tests.exchange.caldav.test_push import holds_the_feed, move_there, put_foreign


def bookings(clinic: Clinic) -> list[tuple[str, str, str]]:
    return [(fact.said.item, str(fact.said.day), fact.said.value) for fact in clinic.desk.facts() if fact.kind is Kind.BOOKED]


def test_what_was_moved_there_is_booked_once_confirmed_and_pushed_back(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    passed(clinic.push())
    move_there(clinic, radicale, calendar)
    before = radicale.requests()
    shown = clinic.pull("--dry-run")
    assert shown.exit_code == 0, shown.stderr
    assert "ulrrc/PEK-001 C3D1 is moved from Fri 2026-04-17 09:30 (60 min) to Mon 2026-04-20 10:15 (60 min)" in shown.stdout
    assert "The calendar of F1: 1 moved." in shown.stdout
    assert bookings(clinic) == [("C3D1", "2026-04-17", "09:30")]
    assert passed(clinic.push())["edited there"] == 1
    done = clinic.pull("--yes", "--reason", "no_slot")
    assert done.exit_code == 0, done.stderr
    assert "Saved ulrrc/PEK-001" in done.stdout
    assert bookings(clinic)[1:] == [("C3D1", "2026-04-20", "10:15")]
    assert not {"PUT", "DELETE"} & (radicale.requests() - before).keys()
    again = passed(clinic.push())
    assert "edited there" not in again
    assert again["changed"] >= 1
    assert holds_the_feed(clinic, radicale, calendar)
    assert passed(clinic.push()) == {"unchanged": len(clinic.objects())}
    assert "Nothing was changed in the calendar of F1" in clinic.pull().stdout


def test_without_a_terminal_nothing_is_booked_unless_told(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    passed(clinic.push())
    move_there(clinic, radicale, calendar)
    result = clinic.pull()
    assert result.exit_code == 0
    assert "Nothing was written: there is no terminal to ask at." in result.stdout
    assert bookings(clinic) == [("C3D1", "2026-04-17", "09:30")]


def test_what_was_moved_and_retitled_there_stays_reported(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    """The title is in no log, so it is not overwritten though the time is."""
    passed(clinic.push())
    move_there(clinic, radicale, calendar)
    radicale.edit(calendar, clinic.name("C3D1"), "SUMMARY:ULRRC", "SUMMARY:Call! ULRRC")
    assert clinic.pull("--yes").exit_code == 0
    result = clinic.push()
    assert passed(result)["edited there"] == 1
    assert "Call!" not in result.output


def test_cancelled_and_deleted_there_is_told_and_changes_nothing(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    passed(clinic.push())
    radicale.edit(calendar, clinic.name("C3D1"), "STATUS:CONFIRMED", "STATUS:CANCELLED")
    gone = next(visit for visit in clinic.objects() if visit not in ("C3D1", "F2"))
    radicale.delete(calendar, clinic.name("F2"))
    facts = clinic.desk.facts()
    result = clinic.pull("--yes")
    assert result.exit_code == 0, result.stderr
    assert "ulrrc/PEK-001 C3D1 is cancelled there" in result.stdout
    assert "ulrrc/PEK-001 F2 is no longer in the calendar" in result.stdout
    assert gone not in result.stdout
    assert clinic.desk.facts() == facts


def test_without_notes_everything_there_is_looked_at(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    put_foreign(radicale, calendar)
    count = passed(clinic.push())["created"]
    move_there(clinic, radicale, calendar)
    with clinic.desk.database.writing() as connection:
        connection.execute(delete(pushed))
    result = clinic.pull("--dry-run")
    assert f"The calendar of F1: {count - 1} as here, 1 moved, 1 not ours." in result.stdout


def test_a_moved_event_under_a_new_name_is_found(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    passed(clinic.push())
    name = clinic.name("C3D1")
    move_there(clinic, radicale, calendar)
    text = radicale.ask("GET", f"{USER}/{calendar}/{name}")[1].decode()
    radicale.delete(calendar, name)
    put_foreign(radicale, calendar, "moved.ics", text)
    result = clinic.pull("--yes")
    assert "is moved from Fri 2026-04-17 09:30 (60 min) to Mon 2026-04-20 10:15 (60 min)" in result.stdout
    assert "is no longer in the calendar" not in result.stdout
    assert passed(clinic.push())["changed"] >= 1
    assert "20260420T101500" in radicale.file(calendar, "moved.ics").read_text()


def test_a_broken_event_there_costs_no_other(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    passed(clinic.push())
    move_there(clinic, radicale, calendar)
    path = radicale.file(calendar, clinic.name("F2"))
    radicale.edit(calendar, path.name, "SUMMARY:", "RRULE:FREQ=DAILY;COUNT=2\r\nSUMMARY:")
    result = clinic.pull("--yes")
    assert "it recurs (RRULE)" in failed(result)
    assert bookings(clinic)[1:] == [("C3D1", "2026-04-20", "10:15")]


def test_what_is_booked_elsewhere_meanwhile_is_not_proposed(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    """Nothing was changed there, only here: an old copy is no move."""
    passed(clinic.push())
    clinic.desk.record(acts.visit_booked("C3D1", date(2026, 4, 22), "10:00", 60), on=ON)
    assert "Nothing was changed in the calendar of F1" in clinic.pull().stdout
    with clinic.desk.database.writing() as connection:
        connection.execute(delete(pushed))
    result = clinic.pull("--yes")
    assert re.search(r"C3D1 is on Fri 2026-04-17 09:30 \(60 min\) there, as it once was here", result.stdout), result.stdout
    assert bookings(clinic)[1:] == [("C3D1", "2026-04-22", "10:00")]


@pytest.mark.parametrize("event", ["window"])
def test_windows_are_pushed_and_not_pulled(clinic: Clinic, radicale: RadicaleServer, calendar: str, event: str) -> None:
    code = clinic.make_feed("windows", event=event)
    count = passed(clinic.push(feed=code))["created"]
    assert passed(clinic.push(feed=code)) == {"unchanged": count}
    with clinic.desk.database.writing() as connection:
        connection.execute(delete(pushed))
    assert passed(clinic.push(feed=code)) == {"adopted": count}
    assert "is of windows, which nobody books" in failed(clinic.pull(feed=code))


def test_a_reader_looks_and_books_nothing(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    passed(clinic.push())
    move_there(clinic, radicale, calendar)
    clinic.desk.grant(("nurse", "reader", "*"))
    assert "may not book" in failed(clinic.pull("--yes"))
    assert bookings(clinic) == [("C3D1", "2026-04-17", "09:30")]
