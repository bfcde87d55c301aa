"""``explain``, ``starts``, ``validate`` and ``matrix``, and how any command fails."""

import csv
import io
import logging
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from planner.cli import app
from planner.commands import failures, starts
from planner.exchange import schedule_csv
from planner.schedule.codes import Flag
from planner.schedule.rows import CERTAINTIES, STATUSES

ROOT = Path(__file__).parents[1]


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


# --- explain ----------------------------------------------------------------------------------------------------


def test_explain_tells_of_the_holiday() -> None:
    result = call("explain", "ulrrc", "ASSESS", "--start", "2026-03-02", "--calendar", "CN")
    assert result.exit_code == 0
    assert "Fri 2026-05-01 is closed (CN, imaging): Labor Day." in result.stdout
    assert "Thu 2026-04-30" in result.stdout.splitlines()[0]


def test_explain_speaks_of_cancelled_visits_too() -> None:
    result = call("explain", "ulrrc", "SURG", "--start", "2026-03-02", "--decide", "management=maintenance")
    assert result.exit_code == 0
    assert "cancelled" in result.stdout.splitlines()[0]


@pytest.mark.parametrize(
    ("visit", "phrase"),
    [("ASSES", "did you mean ASSESS?"), ("C9D1", "this subject has no visit C9D1"), ("M36", "not reached"), ("", "no visit")],
)
def test_explain_of_no_visit_is_wrong_input(visit: str, phrase: str) -> None:
    result = call("explain", "ulrrc", visit, "--start", "2026-03-02")
    assert (result.exit_code, result.stdout) == (1, "")
    assert phrase in result.stderr


# --- starts -----------------------------------------------------------------------------------------------------


def test_starts_names_the_visits_without_an_open_day() -> None:
    result = call("starts", "ulrrc", "--from", "2026-01-20", "--days", "3", "--calendar", "CN", "--format", "csv")
    assert result.exit_code == 0
    rows = table(result.stdout)
    assert [row["start"] for row in rows] == ["2026-01-20", "2026-01-21", "2026-01-22"]
    assert (rows[0]["without_open_day"], rows[0]["visits"]) == ("1", "C2D1")
    assert (rows[1]["without_open_day"], rows[1]["visits"]) == ("0", "")


def test_starts_looks_at_a_year_and_knows_closed_days() -> None:
    rows = table(call("starts", "ulrrc", "--from", "2026-01-01", "--calendar", "CN").stdout)
    assert len(rows) == 365
    assert {row["start"]: row["open"] for row in rows}["2026-02-17"] == "no"
    assert {row["start"]: row["open"] for row in rows}["2026-02-14"] == "yes"


def test_starts_names_visits_that_would_be_in_the_past() -> None:
    days = ("--from", "2026-11-20", "--days", "1", "--milestone", "CONSENT=2026-11-19", "--calendar", "CN", "--format", "csv")
    result = call("starts", "ulrrc", *days, "--on", "2026-11-20")
    assert "leave visits on days already past: SCR, LAB." in result.stderr
    before = call("starts", "ulrrc", *days, "--on", "2026-11-19")
    assert "already past" not in before.stderr
    assert before.stdout == result.stdout


def test_starts_as_a_table() -> None:
    result = call("starts", "ulrrc", "--from", "2026-01-20", "--days", "1", "--calendar", "CN", "--format", "table")
    assert "Tue 2026-01-20" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "phrase"),
    [
        (["--from", "2026-01-20", "--days", "0"], "--days: 0 is not from 1 to"),
        (["--from", "2026-01-20", "--days", "many"], "--days"),
        (["--from", "2026-01-20", "--actual", "C1D1=2026-01-20"], "--actual C1D1: the start has taken place"),
        (["--from", "2026-01-20", "--out", "starts.json"], "--out starts.json: .json is not written here"),
        ([], "--from"),
    ],
)
def test_wrong_calls_of_starts(arguments: list[str], phrase: str) -> None:
    result = call("starts", "ulrrc", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert phrase in result.stderr


@pytest.mark.parametrize(
    ("arguments", "phrase"),
    [
        (["--from", "20.1.2026"], '--from: "20.1.2026" is not a date'),
        (["--from", "2011-12-31"], "--from: 2011-12-31 is outside 2012-01-01 to 2050-12-31"),
        (["--from", "2050-12-31", "--days", "2"], "--days: the last of 2 days from 2050-12-31 is after 2050-12-31"),
    ],
)
def test_wrong_input_of_starts(arguments: list[str], phrase: str) -> None:
    result = call("starts", "ulrrc", *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert phrase in result.stderr


# --- validate ---------------------------------------------------------------------------------------------------


def test_the_projects_protocols_are_valid() -> None:
    result = call("validate", "ulrrc", "crlm")
    assert result.exit_code == 0
    assert result.stdout.count("has no errors") == 2


def test_validate_tells_all_errors_of_all_files(tmp_path: Path) -> None:
    text = (ROOT / "protocols/ulrrc.yaml").read_text(encoding="utf-8")
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_text(text.replace("at: C1D1 - 14d", "at: C1D2 - 14d").replace("window: -3d/+4d", "window: 3 days"), encoding="utf-8")
    other.write_text("protocol: x\n", encoding="utf-8")
    result = call("validate", str(one), "ulrrc", str(other), "no-such-file")
    assert result.exit_code == 1
    assert "ulrrc 1.0 has no errors" in result.stdout
    for phrase in (f"{one}:", f"{other}:", "unknown-anchor", "bad-window", "missing-key", "file-not-found"):
        assert phrase in result.stderr


def test_validate_warns_of_windows_without_an_open_day() -> None:
    result = call("validate", "ulrrc", "--calendar", "CN", "--from", "2026-01-01")
    assert result.exit_code == 0
    assert "warning: no-open-day: SIM has no open day in its window on" in result.stdout
    assert "with regimen = mFOLFOX6" in result.stdout
    assert "no-open-day" not in call("validate", "ulrrc", "--calendar", "none", "--from", "2026-01-01").stdout


def test_validate_takes_calendar_and_from_only_together() -> None:
    for arguments in (["--calendar", "CN"], ["--from", "2026-01-01"]):
        result = call("validate", "ulrrc", *arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "go together" in result.stderr


# --- matrix -----------------------------------------------------------------------------------------------------


def test_matrix_marks_what_is_done_where() -> None:
    header, *rows = csv.reader(io.StringIO(call("matrix", "ulrrc", "--format", "csv").stdout))
    marks = {row[0] or row[1]: dict(zip(header, row, strict=True)) for row in rows}
    assert marks["PD1"]["C1D1"] == "X"
    assert marks["PD1"]["C{n}D1 later"] == "regimen.pd1 = with_cycle"
    assert marks["IO"]["PD1-{n} first"] == "every 2"
    assert marks["SURGERY"]["ASSESS"] == ""
    assert marks["timing"]["ASSESS"] == "SBRT.last + 42d"
    assert marks["window"]["ASSESS"] == "'-14d/+14d"  # a text that a spreadsheet program would take for a formula
    assert marks["when"]["SURG"] == "when management = surgery"


def test_matrix_as_a_table_has_a_part_for_each_epoch() -> None:
    result = call("matrix", "crlm", "--format", "table")
    assert result.exit_code == 0
    assert "Screening" in result.stdout.splitlines()[0]
    assert "when management = watch_and_wait" in result.stdout


# --- the page about them ---------------------------------------------------------------------------------------


def test_the_page_lists_every_flag_column_and_exit_code() -> None:
    page = (ROOT / "docs/command-line.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+)", page))
    assert {flag.code for flag in Flag} <= named
    assert set(schedule_csv.COLUMNS) | set(starts.COLUMNS) <= named
    assert set(STATUSES) | set(CERTAINTIES) <= named
    codes = {value for name, value in vars(failures).items() if name.isupper() and isinstance(value, int)}
    assert codes <= {int(code) for code in re.findall(r"^\| (\d+) \|", page, flags=re.MULTILINE)}


# --- failing ----------------------------------------------------------------------------------------------------


def test_without_a_command_the_help_is_shown_and_the_call_is_wrong() -> None:
    result = call()
    assert result.exit_code == 2
    assert "expand" in result.output


def test_an_unknown_command_is_a_wrong_call() -> None:
    result = call("expnd")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "expnd" in result.stderr


def _failing(error: BaseException) -> Result:
    import typer

    def fail() -> None:
        raise error

    broken = typer.Typer()
    broken.command()(failures.command(fail))
    return CliRunner().invoke(broken, [])


def test_an_unforeseen_exception_is_one_sentence_without_its_text(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="planner"):
        result = _failing(ZeroDivisionError("of subject Jane Roe"))
    assert (result.exit_code, result.stdout) == (70, "")
    assert len(result.stderr.splitlines()) == 1
    assert "The planner itself failed (ZeroDivisionError in test_cli_answers.py" in result.stderr
    assert "ZeroDivisionError" in caplog.text
    assert "Jane Roe" not in result.output + caplog.text


def test_ctrl_c_says_stopped() -> None:
    result = _failing(KeyboardInterrupt())
    assert (result.exit_code, result.stdout) == (130, "")
    assert result.stderr == "Stopped; nothing more was written.\n"


def test_what_could_steer_a_terminal_is_not_echoed() -> None:
    result = call("expand", "ul\x1b[31mrrc", "--start", "2026-03-02")
    assert result.exit_code == 1
    assert "\x1b" not in result.stderr
