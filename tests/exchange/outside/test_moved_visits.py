"""From a clinic's calendar to the log and back: `import-ics` as a person at a shell has it, on both databases."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import typer
from sqlalchemy import Connection
from typer.testing import CliRunner, Result

from planner.commands.once import OnceCommand
from planner.commands.records.import_ics import import_ics
from planner.commands.records.reasons import reasons
from planner.exchange import today
from planner.records.caller import Caller
from planner.records.changes import acts
from planner.records.changes.proposal import Proposal
from planner.records.facts.fact import Fact
from planner.records.facts.kinds import Kind
from planner.records.store.database import Database
from tests.exchange.outside.clinic import KEY, Move, all_day, at, feed_file, look, moved, uid
from tests.records.databases import mostly_sqlite_url
from tests.records.desk import FIRST_VECTOR, LATE, SUBJECT, Desk

database_url = mostly_sqlite_url

ROOT = Path(__file__).parents[3]
BEFORE = date(2026, 3, 28)
NOW = datetime(2026, 3, 30, 4, tzinfo=UTC)
"""When the command is called, while all that is booked is still to come."""
SECONDS = 60
"""No process of a test may take longer."""

Import = Callable[..., Result]

app = typer.Typer()
app.command("import-ics", cls=OnceCommand)(import_ics)
app.command("reasons", cls=OnceCommand)(reasons)


@pytest.fixture
def desk(database: Database) -> Desk:
    opened = Desk.opened(database)
    opened.enrol()
    opened.record_done(FIRST_VECTOR, on=BEFORE)
    opened.record(acts.visit_booked("C3D1", date(2026, 4, 17), "09:30"), on=BEFORE)
    return opened


@pytest.fixture
def run(database_url: str, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Import:
    """Calls the command as the account ``nurse``."""
    monkeypatch.setenv("PLANNER_DATABASE_URL", database_url)
    monkeypatch.setenv("PLANNER_ACCOUNT", "nurse")
    monkeypatch.setenv("PLANNER_INSTALL_KEY", KEY.decode())
    monkeypatch.setattr(today, "now", lambda: NOW)
    return lambda *words, **given: CliRunner().invoke(app, ["import-ics", *map(str, words)], **given)


@pytest.fixture
def clinic_file(desk: Desk, tmp_path: Path) -> Path:
    """The booked visit moved to another day and time."""
    path = tmp_path / "clinic.ics"
    path.write_bytes(moved(feed_file(desk), Move("C3D1", at("2026-04-20", "10:15", "14:15"))))
    return path


def bookings(desk: Desk) -> list[tuple[str, str, str]]:
    return [(fact.said.item, str(fact.said.day), fact.said.value) for fact in desk.facts() if fact.kind is Kind.BOOKED]


def test_a_moved_visit_becomes_a_fact_and_comes_back_in_the_feed(run: Import, desk: Desk, clinic_file: Path) -> None:
    shown = run(clinic_file, "--yes", "--reason", "patient_request")
    assert shown.exit_code == 0, shown.stderr
    assert f"{clinic_file}: 47 as here, 1 moved." in shown.stdout
    assert "is moved from Fri 2026-04-17 09:30 (240 min) to Mon 2026-04-20 10:15 (240 min)" in shown.stdout
    assert "Fri 2026-04-17 09:30" in shown.stdout
    assert "+3 d" in shown.stdout
    assert "Saved ulrrc/PEK-001, revision" in shown.stdout
    assert bookings(desk) == [("C3D1", "2026-04-17", "09:30"), ("C3D1", "2026-04-20", "10:15")]
    assert (desk.facts()[-1].who, desk.facts()[-1].said.reason) == ("nurse", "patient_request")
    feed = feed_file(desk)
    event = feed[feed.index(uid("C3D1")) :].partition("END:VEVENT")[0]
    assert "DTSTART;TZID=Asia/Shanghai:20260420T101500\r\nDTEND;TZID=Asia/Shanghai:20260420T141500\r\n" in event
    assert "SEQUENCE:2" in event
    facts = len(desk.facts())
    again = run(clinic_file, "--yes")
    assert again.exit_code == 0, again.stderr
    assert again.stdout.startswith(f"{clinic_file}: 40 as here, 8 old copies.\n")
    assert len(desk.facts()) == facts


def test_nothing_is_written_until_it_is_confirmed(run: Import, desk: Desk, clinic_file: Path) -> None:
    facts = len(desk.facts())
    shown = run(clinic_file)
    assert shown.exit_code == 0, shown.stderr
    assert "Nothing was written: there is no terminal to ask at. To book this visit, give --yes." in shown.stdout
    shown = run(clinic_file, "--dry-run")
    assert shown.exit_code == 0, shown.stderr
    assert "Nothing was written (--dry-run)." in shown.stdout
    assert len(desk.facts()) == facts
    both = run(clinic_file, "--dry-run", "--yes")
    assert (both.exit_code, both.stderr) == (2, "--yes books and --dry-run writes nothing; give only one of them\n")


def call(*words: str, now: datetime = NOW) -> list[str]:
    """The command line of the command in a process of its own, which takes ``now`` for the present."""
    code = (
        "import datetime; from planner.exchange import today; from tests.exchange.outside.test_moved_visits import app; "
        f"today.now = lambda: {now!r}; app()"
    )
    return [sys.executable, "-c", code, "import-ics", *words]


def at_a_terminal(answer: bytes, *words: str, now: datetime = NOW) -> tuple[int, str]:
    """The command with a terminal that types ``answer``: exit code, and what the terminal showed."""
    master, slave = pty.openpty()
    process = subprocess.Popen(call(*words, now=now), cwd=ROOT, stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
    os.close(slave)
    try:
        shown = _typed(master, answer)
        return process.wait(SECONDS), shown.decode()
    finally:
        # Of a process that has ended this does nothing.
        process.kill()
        process.wait(SECONDS)
        os.close(master)


def _typed(master: int, answer: bytes) -> bytes:
    """All that a terminal shows until its program ends; the first question is answered. Fails after ``SECONDS``."""
    shown, answered, until = b"", False, time.monotonic() + SECONDS
    while select.select([master], [], [], max(until - time.monotonic(), 0))[0]:
        try:
            piece = os.read(master, 65536)
        except OSError:
            # The other side is closed.
            return shown
        if not piece:
            return shown
        shown += piece
        if not answered and b"[y/N]" in shown:
            os.write(master, answer)
            answered = True
    pytest.fail(f"the command did not end within {SECONDS} seconds; it showed {shown!r}")


@pytest.mark.parametrize(("answer", "count"), [(b"y\n", 2), (b"n\n", 1), (b"\n", 1)])
def test_a_terminal_is_asked(run: Import, desk: Desk, clinic_file: Path, answer: bytes, count: int) -> None:
    code, shown = at_a_terminal(answer, str(clinic_file))
    assert code == 0, shown
    assert "Book this visit? [y/N]" in shown
    assert ("Nothing was written." in shown) == (count == 1)
    assert len(bookings(desk)) == count


def test_going_back_is_not_covered_by_yes(run: Import, desk: Desk, tmp_path: Path) -> None:
    desk.record(acts.visit_booked("C3D1", date(2026, 4, 20), "11:00"), on=LATE)
    file = tmp_path / "clinic.ics"
    changed = desk.facts()[-1].recorded_at.replace(hour=9)
    file.write_bytes(
        moved(feed_file(desk), Move("C3D1", at("2026-04-17", "09:30", "13:30"), 9, changed), Move("ASSESS", all_day("2026-05-04")))
    )
    shown = run(file, "--yes")
    assert shown.exit_code == 0, shown.stderr
    assert "make sure that this is meant" in shown.stdout
    assert "ulrrc/PEK-001 C3D1 is left out, since --yes does not answer for it: confirm it at a terminal" in shown.stdout
    assert bookings(desk)[-1] == ("ASSESS", "2026-05-04", "")
    code, text = at_a_terminal(b"y\n", str(file))
    assert code == 0, text
    assert bookings(desk)[-1] == ("C3D1", "2026-04-17", "09:30")


def test_a_day_that_has_passed_is_not_covered_by_yes(run: Import, desk: Desk, clinic_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clinic_file.write_bytes(moved(clinic_file.read_bytes().decode(), Move("ASSESS", all_day("2026-05-04"))))
    line = clinic_file.read_bytes()[: clinic_file.read_bytes().index(uid("C3D1").encode())].count(b"\n")
    late = datetime(2026, 4, 20, 16, tzinfo=UTC)  # the 21st in China
    monkeypatch.setattr(today, "now", lambda: late)
    shown = run(clinic_file, "--yes")
    assert shown.exit_code == 0, shown.stderr
    assert (
        f"line {line}: ulrrc/PEK-001 C3D1 is left out, since Mon 2026-04-20 has passed (today is 2026-04-21 at PEK), and --yes does not "
        "answer for it: record the visit as done if it took place, or confirm it at a terminal.\n"
    ) in shown.stdout
    assert bookings(desk) == [("C3D1", "2026-04-17", "09:30"), ("ASSESS", "2026-05-04", "")]
    code, text = at_a_terminal(b"y\n", str(clinic_file), now=late)
    assert code == 0, text
    assert "Warning: C3D1: Mon 2026-04-20 has passed (today is 2026-04-21 at PEK)." in " ".join(text.split())
    assert bookings(desk)[-1] == ("C3D1", "2026-04-20", "10:15")


@pytest.mark.parametrize("consent", ["--yes", "--dry-run"])
def test_before_a_recorded_cycle_is_refused_whoever_confirms(run: Import, desk: Desk, clinic_file: Path, consent: str) -> None:
    facts = len(desk.facts())
    clinic_file.write_bytes(moved(feed_file(desk), Move("C3D1", at("2026-03-20", "10:15", "14:15"))))
    shown = run(clinic_file, consent)
    assert shown.exit_code == 1
    refused = "ulrrc/PEK-001 C3D1: C3D1 cannot be booked: 2026-03-20 is not after C2D1, recorded on 2026-03-27; check both dates."
    assert refused in shown.stderr
    assert "left out" not in shown.stdout
    assert len(desk.facts()) == facts


def test_a_visit_that_hangs_on_an_open_decision_is_said_before_it_is_booked(run: Import, desk: Desk, clinic_file: Path) -> None:
    clinic_file.write_bytes(moved(feed_file(desk), Move("M1", all_day("2026-06-23"))))
    shown = run(clinic_file, "--yes")
    assert shown.exit_code == 0, shown.stderr
    assert "Warning: M1 hangs on an open decision: whether it takes place at all is not known yet." in shown.stderr
    assert bookings(desk)[-1] == ("M1", "2026-06-23", "")


def test_an_old_file_books_nothing(run: Import, desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "old.ics"
    file.write_text(feed_file(desk), newline="")
    desk.record(acts.visit_booked("C3D1", date(2026, 4, 20), "11:00"), on=LATE)
    facts = len(desk.facts())
    shown = run(file, "--yes")
    assert shown.exit_code == 0, shown.stderr
    assert "that copy is old, and it stays on Mon 2026-04-20 11:00 (240 min)." in shown.stdout
    assert len(desk.facts()) == facts


def test_what_somebody_wrote_meanwhile_is_not_written_over(
    run: Import, desk: Desk, clinic_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the preview and the answer somebody else books the visit; a second subject is booked all the same."""
    desk.enrol("PEK-002")
    file = feed_file(desk)
    clinic_file.write_bytes(
        moved(file, Move("C3D1", at("2026-04-20", "10:15", "14:15")), Move("C3D1", all_day("2026-04-20"), number="PEK-002"))
    )
    from planner.commands.records import outside_changes

    def asked(*_: object) -> bool:
        desk.record(acts.visit_booked("C3D1", date(2026, 4, 16), "08:00"), on=BEFORE, who="other")
        return True

    monkeypatch.setattr(outside_changes, "_is_wanted", asked)
    shown = run(clinic_file)
    assert shown.exit_code == 1
    assert "Saved ulrrc/PEK-002" in shown.stdout
    assert "ulrrc/PEK-001 C3D1:" in shown.stderr
    assert "other" in shown.stderr
    assert "Not booked: 1 subject. Not read: 0 events." in shown.stderr
    assert bookings(desk)[-1] == ("C3D1", "2026-04-16", "08:00")


def test_a_broken_event_is_said_and_the_others_are_booked(run: Import, desk: Desk, clinic_file: Path) -> None:
    content = clinic_file.read_bytes().decode()
    clinic_file.write_bytes(moved(content, Move("ASSESS", (), more=("RRULE:FREQ=DAILY",))))
    shown = run(clinic_file, "--yes")
    assert shown.exit_code == 1
    line = clinic_file.read_bytes()[: clinic_file.read_bytes().index(uid("ASSESS").encode())].count(b"\n")
    assert f"{clinic_file}:{line}: ulrrc/PEK-001 ASSESS is not read: it recurs (RRULE)" in shown.stderr
    assert bookings(desk)[-1] == ("C3D1", "2026-04-20", "10:15")


def test_a_note_that_would_tell_who_a_subject_is_is_refused(run: Import, desk: Desk, clinic_file: Path) -> None:
    facts = len(desk.facts())
    shown = run(clinic_file, "--yes", "--note", "call 13812345678")
    assert shown.exit_code == 1
    assert "The note seems to hold" in shown.stderr
    assert "13812345678" not in shown.stderr
    assert len(desk.facts()) == facts


def test_files_that_are_no_calendar(run: Import, tmp_path: Path) -> None:
    page = tmp_path / "page.ics"
    page.write_text("<html>Sign in</html>")
    shown = run(page)
    assert (shown.exit_code, shown.stderr.startswith(f"{page}:1: this is no calendar but a web page")) == (1, True)
    missing = run(tmp_path / "missing.ics")
    assert (missing.exit_code, missing.stderr) == (1, f"{tmp_path / 'missing.ics'}: there is no such file; check its name and folder\n")
    assert "this is a folder" in run(tmp_path).stderr


def test_a_calendar_without_our_visits_says_why(run: Import, clinic_file: Path) -> None:
    shown = run(clinic_file, "--yes", env={"PLANNER_INSTALL_KEY": "x" * 40})
    assert shown.exit_code == 0
    assert "48 not ours" in shown.stdout
    assert "another install key" in shown.stdout


def test_standard_input_and_a_pipe(run: Import, desk: Desk, clinic_file: Path, tmp_path: Path) -> None:
    shown = run("-", "--dry-run", input=clinic_file.read_bytes())
    assert shown.exit_code == 0, shown.stderr
    assert shown.stdout.startswith("standard input: 47 as here, 1 moved.")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = subprocess.Popen(["sh", "-c", 'cat "$1" > "$2"', "sh", str(clinic_file), str(pipe)])
    try:
        # Whoever opens a pipe waits for the other side, so this must be a process that can be stopped.
        read = subprocess.run(call(str(pipe), "--dry-run"), cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
        writer.wait(SECONDS)
    finally:
        writer.kill()
        writer.wait(SECONDS)
    assert read.returncode == 0, read.stderr
    assert "1 moved" in read.stdout


def test_a_hundred_megabytes_are_refused_at_once_without_being_read(run: Import, tmp_path: Path) -> None:
    large = tmp_path / "large.ics"
    with large.open("wb") as file:
        file.write(b"BEGIN:VCALENDAR\r\n")
        file.truncate(100 * 2**20)
    begun = time.process_time()
    shown = run(large)
    assert time.process_time() - begun < 0.5
    assert (shown.exit_code, shown.stderr) == (
        1,
        f"{large}:1: this file is larger than 10 MB; export fewer days, or only the calendar with the visits\n",
    )
    endless = subprocess.run(
        f"yes BEGIN:VEVENT | timeout 30 {sys.executable} -c 'from tests.exchange.outside.test_moved_visits import app; app()' import-ics -",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert (endless.returncode, endless.stderr.partition(";")[0]) == (1, "standard input:1: this file is larger than 10 MB")


def test_it_is_the_site_s_readers_who_see_what_was_found(run: Import, desk: Desk, clinic_file: Path) -> None:
    desk.grant(("nurse", "nurse", "PEK"), ("reader", "reader", "PEK"))
    facts = len(desk.facts())
    stranger = run(clinic_file, "--as", "stranger", "--yes")
    assert stranger.exit_code == 1
    assert "PEK-001" not in stranger.stdout + stranger.stderr
    reader = run(clinic_file, "--as", "reader", "--yes")
    assert reader.exit_code == 1
    assert "may not book visits at PEK" in reader.stderr
    assert len(desk.facts()) == facts
    assert run(clinic_file, "--yes").exit_code == 0
    assert len(desk.facts()) == facts + 1


def test_no_text_of_the_calendar_reaches_a_message_or_the_log(run: Import, desk: Desk, clinic_file: Path) -> None:
    secret = "Li Wei 110101198001011234"
    content = clinic_file.read_bytes().decode()
    clinic_file.write_bytes(
        moved(
            content,
            Move("ASSESS", (), more=(f"SUMMARY:{secret}", f"ATTENDEE;CN={secret}:mailto:li@wei.cn", f"RRULE:{secret}")),
            Move("C4D1", (f"DTSTART;TZID=Asia/Shanghai:{secret}",)),
            Move("C5D1", ("DTSTART:20260529T010000Z", f"DTEND:{secret}")),
            Move("MDT", (), more=(f"SEQUENCE:{secret}", f"STATUS:{secret}")),
        )
    )
    shown = run(clinic_file, "--yes")
    assert "Li Wei" not in shown.stdout + shown.stderr
    assert "1101011980" not in shown.stdout + shown.stderr
    assert not any("Li" in repr(fact) for fact in desk.facts())


def test_our_own_file_proposes_nothing_whatever_was_recorded(run: Import, desk: Desk, clinic_file: Path) -> None:
    for facts in (
        acts.visit_missed("ASSESS", reason="no_show"),
        acts.booking_released("C3D1"),
        acts.hold_started(date(2026, 4, 20), reason="toxicity"),
    ):
        desk.record(facts)
        found = look(desk, feed_file(desk).encode())
        assert set(found.counts) == {"same"}, facts


def test_many_lines_of_one_kind_are_counted_and_no_moved_visit_is_left_unsaid(run: Import, desk: Desk, clinic_file: Path) -> None:
    for number in range(2, 10):
        desk.enrol(f"PEK-00{number}")
    old = feed_file(desk)
    for number in range(2, 10):
        desk.record(acts.visit_done("C1D1", date(2026, 3, 12)), subject=replace(SUBJECT, number=f"PEK-00{number}"))
    clinic_file.write_bytes(moved(old, *(Move("C5D1", all_day("2026-06-01"), number=f"PEK-00{number}") for number in range(1, 10))))
    shown = run(clinic_file, "--dry-run")
    assert shown.exit_code == 0, shown.stderr
    assert shown.stdout.count("that copy is old") == 50
    assert re.search(r"^and \d+ more old copies$", shown.stdout, re.MULTILINE)
    assert shown.stdout.count("is moved from") == 9


def test_what_was_cut_off_in_the_middle_is_finished_by_a_second_run(
    run: Import, desk: Desk, clinic_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from planner.exchange.outside import proposing

    for number in ("PEK-002", "PEK-003"):
        desk.enrol(number)
    moves = [Move("C5D1", all_day("2026-06-01"), number=number) for number in ("PEK-001", "PEK-002", "PEK-003")]
    clinic_file.write_bytes(moved(feed_file(desk), *moves))
    save = proposing.save

    def cut(connection: Connection, who: Caller, proposal: Proposal) -> list[Fact]:
        written = save(connection, who, proposal)
        if proposal.subject.number == "PEK-002":
            raise KeyboardInterrupt
        return written

    monkeypatch.setattr(proposing, "save", cut)
    shown = run(clinic_file, "--yes")
    assert shown.exit_code == 130
    assert shown.stderr.splitlines()[-1] == "Stopped; nothing more was written."
    assert shown.stdout.count("Saved ulrrc/PEK-00") == 1
    monkeypatch.setattr(proposing, "save", save)
    shown = run(clinic_file, "--yes")
    assert shown.exit_code == 0, shown.stderr
    assert re.findall(r"Saved (\S+),", shown.stdout) == ["ulrrc/PEK-002", "ulrrc/PEK-003"]
