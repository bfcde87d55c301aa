"""``expand`` for one subject: dates, formats, facts, and every kind of wrong call."""

import contextlib
import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from planner.cli import app
from planner.exchange.schedule_csv import COLUMNS

ROOT = Path(__file__).parents[1]
KEY = {"PLANNER_INSTALL_KEY": "0123456789" * 4}
START = ("expand", "ulrrc", "--start", "2026-03-02", "--on", "2026-03-02")


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env=KEY)


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def dates(text: str) -> dict[str, str]:
    return {row["visit"]: row["planned"] for row in table(text)}


def test_the_first_worked_vector() -> None:
    result = call(*START, "--milestone", "CONSENT=2026-02-20", "--calendar", "CN", "--format", "csv")
    assert result.exit_code == 0
    found = dates(result.stdout)
    fractions = [found[f"F{number}"] for number in range(1, 6)]
    assert fractions == ["2026-03-16", "2026-03-17", "2026-03-18", "2026-03-19", "2026-03-20"]
    cycles = [found[f"C{number}D1"] for number in range(1, 6)]
    assert cycles == ["2026-03-02", "2026-03-27", "2026-04-17", "2026-05-08", "2026-05-29"]
    assert found["MDT"] == "2026-05-15"
    assess = next(row for row in table(result.stdout) if row["visit"] == "ASSESS")
    wanted = {"nominal": "2026-05-01", "earliest": "2026-04-17", "latest": "2026-05-15", "planned": "2026-04-30", "days_off": "-1"}
    assert {name: assess[name] for name in wanted} == wanted


def test_csv_has_exactly_the_columns_in_their_order_and_line_feeds() -> None:
    result = call(*START, "--format", "csv")
    assert result.stdout.splitlines()[0] == (
        "subject,visit,name,epoch,kind,n,study_day,anchor,nominal,earliest,latest,planned,effective,status,certainty,days_off,flags"
    )
    assert "\r" not in result.stdout
    assert all(len(row) == len(COLUMNS) for row in csv.reader(io.StringIO(result.stdout)))


def test_rows_are_sorted_by_effective_date_with_undated_ones_last() -> None:
    days = [row["effective"] for row in table(call(*START).stdout)]
    assert days[-1] == ""
    assert days[:-1] == sorted(days[:-1])


def test_csv_is_what_a_pipe_gets() -> None:
    assert call(*START).stdout == call(*START, "--format", "csv").stdout


def test_a_missing_milestone_is_a_notice_and_no_error() -> None:
    result = call(*START)
    assert result.exit_code == 0
    assert "Milestone CONSENT (Informed consent signed) is not given; ICF has no date." in result.stderr
    assert "CONSENT" not in call(*START, "--milestone", "CONSENT=2026-02-20").stderr


def test_provisional_years_are_said_once() -> None:
    result = call(*START, "--calendar", "CN")
    assert result.stderr.count("official days of calendar CN") == 1


def test_cancelled_and_conditional_visits_only_with_all() -> None:
    some, every = table(call(*START).stdout), table(call(*START, "--all").stdout)
    assert {"conditional"} <= {row["status"] for row in every}
    assert not {row["status"] for row in some} & {"conditional", "cancelled"}


def test_branches_are_subjects_of_their_own() -> None:
    subjects = {row["subject"] for row in table(call(*START, "--subject", "S01", "--branches").stdout)}
    assert subjects == {"S01/management=surgery", "S01/management=maintenance", "S01/management=withdraw"}


def test_branches_of_a_decided_subject_are_the_subject_itself() -> None:
    result = call(*START, "--branches", "--decide", "management=surgery")
    assert {row["subject"] for row in table(result.stdout)} == {"S1"}


def test_facts_reach_the_engine() -> None:
    result = call(
        *("expand", "ulrrc", "--start", "2026-03-02", "--on", "2026-05-20", "--calendar", "CN"),
        *("--set", "cycles=3", "--actual", "C1D1=2026-03-03", "--missed", "F2=machine", "--booked", "C3D1=2026-04-20T09:30"),
        *("--omit", "C1D1:PD1", "--decide", "management=surgery@2026-05-19", "--routine-care", "SCR"),
        *("--unscheduled", "pd1=2026-03-12", "--hold", "pd1:2026-06-01..2026-06-10:skip", "--stop", "maintenance:2026-07-01"),
    )
    assert result.exit_code == 0, result.output
    rows = {row["visit"]: row for row in table(result.stdout)}
    assert rows["C1D1"]["status"] == "done"
    assert rows["C1D1"]["flags"] == "omitted:PD1"
    assert rows["F2"]["status"] == "missed"
    assert (rows["C3D1"]["certainty"], rows["C3D1"]["effective"]) == ("booked", "2026-04-20")
    assert "C5D1" not in rows
    assert "SURG" in rows
    assert rows["MDT"]["effective"] == "2026-05-19"


def test_an_end_cancels_what_comes_after_it() -> None:
    rows = table(call(*START[:-1], "2026-03-10", "--actual", "C1D1=2026-03-02", "--end", "withdrawn=2026-03-10").stdout)
    assert "C2D1" not in {row["visit"] for row in rows}
    assert "CONTRA" in {row["visit"] for row in rows}


def test_of_a_visit_to_be_redone_the_newest_date_counts() -> None:
    rows = table(call(*START, "--actual", "LAB=2026-02-20", "--actual", "LAB=2026-02-26", "--actual", "LAB=2026-02-18").stdout)
    assert next(row["effective"] for row in rows if row["visit"] == "LAB") == "2026-02-26"


def test_status_follows_the_day_and_dates_do_not() -> None:
    early, late = (table(call("expand", "ulrrc", "--start", "2026-03-02", "--on", day).stdout) for day in ("2026-01-01", "2026-12-01"))
    assert [row["planned"] for row in early] == [row["planned"] for row in late]
    assert [row["status"] for row in early] != [row["status"] for row in late]


def test_json_holds_the_same_dates_and_the_checks() -> None:
    result = call(*START, "--milestone", "CONSENT=2026-03-05", "--actual", "C1D1=2026-03-02", "--format", "json")
    answer = json.loads(result.stdout)
    assert (answer["protocol"], answer["version"]) == ("ulrrc", "1.0")
    (subject,) = answer["subjects"]
    rows = table(call(*START, "--milestone", "CONSENT=2026-03-05", "--actual", "C1D1=2026-03-02").stdout)
    assert [visit["planned"] or "" for visit in subject["visits"]] == [row["planned"] for row in rows]
    breaches = [check for check in subject["checks"] if check["result"] == "breach"]
    assert [(check["check"], check["over_by"]) for check in breaches] == [("consent-first", 3)]


def test_ics_holds_an_event_for_each_dated_visit() -> None:
    result = call(*START, "--format", "ics", "--calendar", "CN", "--booked", "C1D1=2026-03-02T09:30")
    assert result.exit_code == 0
    assert result.stdout_bytes.startswith(b"BEGIN:VCALENDAR\r\n")
    assert result.stdout.count("BEGIN:VEVENT") == sum(bool(row["effective"]) for row in table(call(*START, "--calendar", "CN").stdout))
    assert "DTSTART;TZID=Asia/Shanghai:20260302T093000" in result.stdout


def test_a_stop_to_come_is_told() -> None:
    result = call(*START, "--stop", "2026-05-01")
    assert result.exit_code == 0
    assert "The stop on 2026-05-01 lies after the day asked about; LAST_DOSE counts actual doses only once" in result.stderr
    assert "The stop" not in call(*START, "--stop", "2026-03-01").stderr


def test_a_resource_that_no_visit_uses_is_told(tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    site.write_text("base: weekdays\nresources: {lnac: {weekly: [mon]}, imaging: {weekly: [mon]}}\n", encoding="utf-8")
    result = call(*START, "--calendar", str(site))
    assert result.exit_code == 0
    assert "has days for the resource lnac, and no visit is `on: lnac`; did you mean linac?" in result.stderr
    assert "resource imaging" not in result.stderr
    assert "did you mean linac?" in call("starts", "ulrrc", "--from", "2026-03-02", "--days", "2", "--calendar", str(site)).stderr


def test_the_table_shows_weekday_window_checks_and_notices() -> None:
    result = call(*START[:-1], "2026-05-20", "--calendar", "CN", "--format", "table", "--milestone", "CONSENT=2026-03-05")
    for phrase in ("as of Wed 2026-05-20", "Thu 2026-04-30", "04-17..05-15", "overdue", "Note: The official days of calendar CN"):
        assert phrase in result.stdout
    assert result.stdout.count("provisional") == 0
    breached = call(*START, "--format", "table", "--milestone", "CONSENT=2026-03-05", "--actual", "C1D1=2026-03-02")
    assert "BREACH: Consent before every study procedure: CONSENT 2026-03-05 to C1D1 2026-03-02" in breached.stdout


def test_a_file_is_written_and_its_name_says_the_format(tmp_path: Path) -> None:
    for name, beginning in (
        ("a.csv", "subject,visit"),
        ("a.json", '{"protocol"'),
        ("a.ics", "BEGIN:VCALENDAR"),
        ("a", "subject,visit"),
    ):
        result = call(*START, "--out", str(tmp_path / name))
        assert (result.exit_code, result.stdout) == (0, "")
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(beginning)
    call(*START, "--out", str(tmp_path / "b.csv"), "--format", "table")
    assert "\x1b" not in (tmp_path / "b.csv").read_text(encoding="utf-8")


WRONG_INPUT = [
    (["ulrc", "--start", "2026-03-02"], "did you mean `ulrrc`?"),
    (["ulrrc", "--start", "2011-01-01"], "--start: 2011-01-01 is outside"),
    (["ulrrc", "--start", "2026-03-02", "--calendar", "ZZ"], "no calendar 'ZZ'"),
    (["ulrrc", "--start", "2026-03-02", "--calendar", "missing.yaml"], "there is no such calendar file"),
    (["ulrrc", "--start", "2026-03-02", "--set", "cycle=4"], "--set cycle: there is no parameter cycle; did you mean cycles?"),
    (["ulrrc", "--start", "2026-03-02", "--set", "cycles=9"], "--set cycles: 9 is not allowed for cycles; it must be from 3 to 6"),
    (["ulrrc", "--start", "2026-03-02", "--milestone", "CONSNT=2026-02-01"], "did you mean CONSENT?"),
    (["ulrrc", "--start", "2026-03-02", "--milestone", "LAST_DOSE=2026-02-01"], "cannot be given"),
    (["ulrrc", "--start", "2026-03-02", "--decide", "management=surgry"], "did you mean surgery?"),
    (["ulrrc", "--start", "2026-03-02", "--actual", "C9D1=2026-03-02"], "--actual C9D1: there is no visit C9D1"),
    (["ulrrc", "--start", "2026-03-02", "--missed", "C6D1"], "not in this subject's plan"),
    (["ulrrc", "--start", "2026-03-02", "--actual", "C1D1=2026-03-03", "--on", "2026-03-02"], "is after 2026-03-02, the day asked about"),
    (["ulrrc", "--start", "2026-03-02", "--missed", "C1D1"], "--missed C1D1: C1D1 starts the schedule"),
    (["ulrrc", "--start", "2026-03-02", "--omit", "C1D1:PD2"], "there is no activity PD2"),
    (["ulrrc", "--start", "2026-03-02", "--booked", "ICF=2026-03-02"], "cannot be booked"),
    (["ulrrc", "--start", "2026-03-02", "--hold", "2026-05-01..2026-04-01"], "--hold: the resume day 2026-04-01 is not after"),
    (["ulrrc", "--start", "2026-03-02", "--stop", "pd2:2026-05-01"], "--stop: there is no stream pd2"),
    (["ulrrc", "--start", "2026-03-02", "--unscheduled", "pd2=2026-03-01"], "--unscheduled: there is no stream pd2"),
    (["ulrrc", "--start", "2026-03-02", "--routine-care", "SCRR"], "--routine-care SCRR: there is no visit SCRR"),
    (["ulrrc", "--start", "2026-03-02", "--out", "no-such-folder/a.csv"], "there is no folder no-such-folder"),
    (["ulrrc", "--start", "2026-03-02", "--out", "."], "is a folder"),
    (["ulrrc", "--cohort", "no-such-file.csv"], "there is no such file"),
    (["ulrrc", "--start", "3/2/2026"], "day and month cannot be told apart"),
    (["ulrrc", "--start", "02.03.2026"], "write it as YYYY-MM-DD"),
    (["ulrrc", "--start", "46083"], "the number that a spreadsheet keeps for a date"),
    (["ulrrc", "--start", "2026-02-30"], "is not a day of the calendar"),
    (["ulrrc", "--start", "2026-3-2"], "write it as YYYY-MM-DD"),
    (["ulrrc", "--start", "２０２６-03-02"], "write it as YYYY-MM-DD"),
    (["ulrrc", "--start", "2026-03-02", "--on", "today"], '--on: "today" is not a date'),
    (["ulrrc", "--start", "2026-03-02", "--subject", "=S1"], "spreadsheets take for a formula"),
    (["ulrrc", "--start", "2026-03-02", "--subject", "S\t1"], "control or invisible character"),
    (["ulrrc", "--start", "2026-03-02", "--set", "cycles="], "write PARAM=VALUE"),
    (["ulrrc", "--start", "2026-03-02", "--decide", "management=surgery@soon"], "is not a date"),
    (["ulrrc", "--start", "2026-03-02", "--booked", "C2D1=2026-03-27T25:00"], "is not a time of day"),
    (["ulrrc", "--start", "2026-03-02", "--hold", "2026-04-01..2026-05-01:pause"], "is no way to hold"),
    (["ulrrc", "--start", "2026-03-02", "--stop", ":2026-04-01"], "the stream before the colon is missing"),
    (["ulrrc", "--start", "2026-03-02", "--end", "gone=2026-04-01"], "one of withdrawn, died, lost, screen_failure"),
    (["ulrrc", "--start", "2026-03-02", "--milestone", "CONSENT=20.02.2026"], "write it as YYYY-MM-DD"),
    (["ulrrc", "--start", "2026-03-02", "--end", "dead=2026-03-02"], '"dead" is no reason for an end'),
    (["ulrrc", "--start", "2026-03-02", "--end", "died=2026-03-03", "--on", "2026-03-02"], "an end is recorded when it has happened"),
    (["ulrrc", "--start", "2026-03-02", "--hold", "1900-01-01..2026-05-01"], "--hold: 1900-01-01 is outside 2012-01-01 to 2058-12-31"),
    (["ulrrc", "--start", "2026-03-02", "--stop", "2099-01-01"], "--stop: 2099-01-01 is outside"),
    (["ulrrc", "--start", "2026-03-02", "--unscheduled", "pd1=1999-01-01"], "--unscheduled: 1999-01-01 is outside"),
    (["ulrrc", "--start", "2026-03-02", "--out", "/proc/visits.csv"], "no file can be made in /proc"),
    (["ulrrc", "--start", "2026-03-02", "--format", "ics", "--subject", "Anna Li"], "subject Anna Li cannot stand in the titles"),
    (
        ["ulrrc", "--start", "2026-03-02", "--format", "ics", "--calendar", "DE", "--booked", "C2D1=2026-03-29T02:30"],
        "C2D1 of subject S1 is booked on 2026-03-29 at 02:30, an hour that Europe/Berlin leaves out that day",
    ),
    (
        ["ulrrc", "--start", "2026-03-02", "--format", "ics", "--booked", "C1D1=2026-03-02T09:30"],
        "give --calendar with the site's zone",
    ),
]

WRONG_CALL = [
    (["ulrrc"], "--start is missing"),
    ([], "Missing argument"),
    (["ulrrc", "--start"], "requires an argument"),
    (["ulrrc", "--strat", "2026-03-02"], "No such option"),
    (["ulrrc", "--start", "2026-03-02", "--format", "xls"], "xls"),
    (["ulrrc", "--start", "2026-03-02", "--skip-bad"], "--cohort FILE"),
    (["ulrrc", "--start", "2026-03-02", "--subject", ""], "--subject: nothing is given"),
    (["ulrrc", "--start", "2026-03-02", "--milestone", "CONSENT"], "write ID=DATE"),
    (["ulrrc", "--start", "2026-03-02", "--set", "cycles=4", "--set", "cycles=5"], "cycles has a value already"),
    (
        ["ulrrc", "--start", "2026-03-02", "--actual", "C1D1=2026-03-02", "--actual", "C1D1=2026-03-03"],
        "C1D1 has the actual date 2026-03-02 already",
    ),
    (["ulrrc", "--start", "2026-03-02", "--omit", "C1D1"], "write VISIT:ACTIVITY"),
    (["ulrrc", "--start", "2026-03-02", "--hold", "2026-04-01"], "is not a hold"),
    (["ulrrc", "--start", "2026-03-02", "--unscheduled", "2026-04-01"], "write STREAM=YYYY-MM-DD"),
    (["ulrrc", "--start", "2026-03-02", "--cohort", "x.csv"], "--start cannot stand beside --cohort"),
    (["ulrrc", "--start", "2026-03-02", "--start", "2026-03-03"], "--start is given 2 times; give it once"),
    (["ulrrc", "--start", "2026-03-02", "--calendar", "CN", "--calendar", "DE"], "--calendar is given 2 times; give it once"),
    (["ulrrc", "--start", "2026-03-02", "--end", "died=2026-03-02", "--end", "lost=2026-03-02"], "--end is given 2 times; give it once"),
    (["ulrrc", "--start", "2026-03-02", "--calendar", ""], "--calendar: nothing is given"),
    (["ulrrc", "--start", "2026-03-02", "--on", " "], "--on: nothing is given"),
    (["ulrrc", "--start", "2026-03-02", "--out", ""], "--out: nothing is given"),
    (["ulrrc", "--cohort", ""], "--cohort: nothing is given"),
    (["", "--start", "2026-03-02"], "PROTOCOL: nothing is given"),
    (["ulrrc", "--start", "2026-03-02", "--actual", "C1D1"], "write VISIT=DATE"),
    (["ulrrc", "--start", "2026-03-02", "--out", "visits.ods"], "--out visits.ods: .ods is not written here"),
    (["ulrrc", "--start", "2026-03-02", "--branches", "--format", "ics"], "a title must not carry a decision"),
]


@pytest.mark.parametrize(("arguments", "phrase"), WRONG_INPUT, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_wrong_input_is_exit_1_with_a_sentence(arguments: list[str], phrase: str) -> None:
    result = call("expand", *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert phrase in result.stderr


@pytest.mark.parametrize(("arguments", "phrase"), WRONG_CALL, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_a_wrong_call_is_exit_2_with_a_sentence(arguments: list[str], phrase: str) -> None:
    result = call("expand", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert phrase in " ".join(result.stderr.split())


def test_all_wrong_options_are_told_at_once() -> None:
    result = call("expand", "ulrrc", "--start", "x", "--milestone", "CONSENT=y", "--booked", "C2D1=z")
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == ["--start", "--milestone", "--booked"]


def test_one_fault_hides_no_other() -> None:
    result = call(
        *("expand", "ulrrc", "--start", "2026-03-02", "--set", "cycles=9", "--actual", "X=2026-03-01"),
        *("--milestone", "FOO=2026-01-01", "--decide", "a=b"),
    )
    assert result.exit_code == 1
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == ["--set cycles", "--milestone FOO", "--decide a", "--actual X"]


def test_a_text_that_cannot_be_read_hides_no_other() -> None:
    result = call(
        "expand", "ulrrc", "--start", "2026-02-30", "--actual", "XX=2026-03-01", "--set", "cycles=9", "--calendar", "ZZ", "--on", "x"
    )
    assert result.exit_code == 1
    assert {line.split(":")[0] for line in result.stderr.splitlines()} >= {"--start", "--set cycles", "--actual XX", "--on"}
    assert "no calendar 'ZZ'" in result.stderr


def test_of_very_many_faults_the_first_are_told() -> None:
    wrong = [argument for number in range(250) for argument in ("--actual", f"X{number}=2026-03-01")]
    lines = call("expand", "ulrrc", "--start", "2026-03-02", *wrong).stderr.splitlines()
    assert (len(lines), lines[-1]) == (201, "and 50 more")


def test_all_faults_of_a_protocol_are_told_at_once(tmp_path: Path) -> None:
    text = (ROOT / "protocols/ulrrc.yaml").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(text.replace("at: C1D1 - 14d", "at: C1D2 - 14d").replace("window: -3d/+4d", "window: 3 days"), encoding="utf-8")
    result = call("expand", str(wrong), "--start", "2026-03-02")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "unknown-anchor" in result.stderr
    assert "bad-window" in result.stderr
    assert all(line.startswith(f"{wrong}:") for line in result.stderr.splitlines())


# --- as a process -----------------------------------------------------------------------------------------------


def process(*arguments: str, **more: object) -> subprocess.Popen[bytes]:
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], **KEY}
    command = [sys.executable, "-m", "planner", *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, **more)  # type: ignore[call-overload, no-any-return]


def test_as_a_process_it_ends_with_the_exit_code() -> None:
    with process("expand", "ulrrc") as wrong:
        output, errors = wrong.communicate(timeout=60)
    assert (wrong.returncode, output) == (2, b"")
    assert b"--start is missing" in errors
    assert b"Traceback" not in errors


def test_a_reader_that_leaves_is_no_error() -> None:
    with process(*START, "--format", "csv") as left:
        assert left.stdout is not None
        left.stdout.close()
        assert left.stderr is not None
        errors = left.stderr.read()
        left.wait(timeout=60)
    assert errors == b""
    assert left.returncode == 141


def pieces_of(terminal: int) -> Iterator[bytes]:
    """What is written to a terminal until nobody has it open any more."""
    with contextlib.suppress(OSError):
        while piece := os.read(terminal, 4096):
            yield piece


def test_a_terminal_gets_a_table_and_a_narrow_one_loses_nothing() -> None:
    ours, theirs = pty.openpty()
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "TERM": "xterm", "COLUMNS": "80"}
    command = [sys.executable, "-m", "planner", *START, "--calendar", "CN", "--booked", "C2D1=2026-03-27T09:30"]
    with subprocess.Popen(command, env=environment, stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL, cwd=ROOT) as shown:
        os.close(theirs)
        written = b"".join(pieces_of(ours))
        shown.wait(timeout=60)
    os.close(ours)
    text = re.sub(r"\x1b\[[0-9;]*m", "", written.decode("utf-8")).replace("\r\n", "\n")
    assert shown.returncode == 0
    assert "Fri 2026-03-27 09:30" in text
    assert "Thu 2026-04-30" in text
    assert "…" not in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_expand_loads_no_library_that_csv_does_not_need() -> None:
    script = (
        "import sys\nfrom typer.testing import CliRunner\nfrom planner.cli import app\nbefore = set(sys.modules)\n"
        "result = CliRunner().invoke(app, ['expand', 'ulrrc', '--start', '2026-03-02', '--on', '2026-03-02'])\n"
        "assert result.exit_code == 0, result.output\n"
        "print(*sorted({'rich', 'pandas', 'holidays', 'icalendar', 'streamlit', 'jsonschema'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.split() == []
