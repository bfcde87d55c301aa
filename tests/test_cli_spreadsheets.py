"""``expand`` for spreadsheet programs: workbooks, CSV with a byte order mark, and texts that must not be run."""

import csv
import io
import os
import pty
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from planner.cli import app
from planner.exchange.schedule_csv import COLUMNS
from tests.exchange.spreadsheets.reading import RawWorkbook

ROOT = Path(__file__).parents[1]
START = ("ulrrc", "--start", "2026-03-02", "--on", "2026-03-02", "--milestone", "CONSENT=2026-02-20", "--calendar", "CN")
BOM = b"\xef\xbb\xbf"


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["expand", *arguments])


def fine(result: Result) -> Result:
    assert result.exit_code == 0, result.stderr
    return result


def as_csv(value: object) -> str:
    """A value of a workbook as the CSV has it."""
    if value is None:
        return ""
    return value.date().isoformat() if isinstance(value, datetime) else str(value)


def test_a_workbook_has_the_columns_and_rows_of_the_csv_with_real_dates(tmp_path: Path) -> None:
    out = tmp_path / "visits.xlsx"
    fine(call(*START, "--all", "--out", str(out)))
    workbook = openpyxl.load_workbook(out)
    assert workbook.sheetnames == ["visits"]
    rows = list(workbook["visits"].iter_rows(values_only=True))
    assert [[as_csv(value) for value in row] for row in rows] == list(
        csv.reader(io.StringIO(call(*START, "--all", "--format", "csv").stdout))
    )
    assess = dict(zip(COLUMNS, next(row for row in rows if row[1] == "ASSESS"), strict=True))
    assert (assess["earliest"], assess["latest"], assess["days_off"]) == (datetime(2026, 4, 17), datetime(2026, 5, 15), -1)
    raw = RawWorkbook(out.read_bytes())
    assert raw.count("f") == 0 and raw.count("pane") == raw.count("autoFilter") == 1


def test_a_cohort_is_written_as_one_sheet(tmp_path: Path) -> None:
    cohort = tmp_path / "cohort.csv"
    cohort.write_text("subject,start,calendar\nS2,2026-03-02,CN\nS1,2026-03-09,US-NY\n", encoding="utf-8")
    out = tmp_path / "visits.xlsx"
    fine(call("ulrrc", "--cohort", str(cohort), "--on", "2026-03-02", "--format", "xlsx", "--out", str(out)))
    frame = pd.read_excel(out)
    assert list(dict.fromkeys(frame["subject"])) == ["S2", "S1"]
    assert frame.loc[frame["visit"] == "C1D1", "effective"].tolist() == [pd.Timestamp(2026, 3, 2), pd.Timestamp(2026, 3, 9)]


def test_the_same_call_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        fine(call(*START, "--out", str(tmp_path / name)))
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_the_byte_order_mark_is_written_only_when_asked_for(tmp_path: Path) -> None:
    plain, marked = tmp_path / "plain.csv", tmp_path / "marked.csv"
    fine(call(*START, "--out", str(plain)))
    fine(call(*START, "--out", str(marked), "--bom"))
    assert not plain.read_bytes().startswith(BOM)
    assert marked.read_bytes() == BOM + plain.read_bytes()
    assert pd.read_csv(marked)["subject"].tolist() == pd.read_csv(plain)["subject"].tolist()
    assert fine(call(*START, "--bom", "--format", "csv")).stdout_bytes == marked.read_bytes()


@pytest.mark.parametrize("form", ["table", "json", "xlsx", "ics"])
def test_a_byte_order_mark_in_anything_else_is_a_wrong_call(form: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = call(*START, "--bom", "--format", form, "--out", str(out))
    assert (result.exit_code, result.stderr) == (2, f"--bom is about CSV, and this is {form}; give --format csv too, or leave --bom out\n")
    assert not out.exists()


@pytest.fixture
def hostile(tmp_path: Path) -> str:
    """A protocol whose texts a spreadsheet program would run."""
    text = (ROOT / "protocols/ulrrc.yaml").read_text(encoding="utf-8")
    changed = text.replace("name: Consent", "name: '=HYPERLINK(\"http://example.org\")'").replace("name: Simulation", 'name: "@SUM(1)"')
    assert changed.count("=HYPERLINK") == changed.count("@SUM") == 1
    path = tmp_path / "hostile.yaml"
    path.write_text(changed, encoding="utf-8")
    return str(path)


def test_texts_of_a_protocol_are_never_run(hostile: str, tmp_path: Path) -> None:
    rows = csv.DictReader(io.StringIO(fine(call(hostile, *START[1:], "--format", "csv")).stdout))
    found = {row["visit"]: row for row in rows}
    assert found["ICF"]["name"] == '\'=HYPERLINK("http://example.org")'
    assert found["SIM"]["name"] == "'@SUM(1)"
    assert found["ASSESS"]["days_off"] == "-1"
    out = tmp_path / "visits.xlsx"
    fine(call(hostile, *START[1:], "--out", str(out)))
    raw = RawWorkbook(out.read_bytes())
    names = {row["B"].content: row["C"] for row in raw.rows("visits")}
    assert (names["ICF"].kind, names["ICF"].content, names["ICF"].quoted) == ("inlineStr", '=HYPERLINK("http://example.org")', True)
    assert raw.count("f") == 0


def test_windows_in_the_matrix_are_not_run() -> None:
    result = CliRunner().invoke(app, ["matrix", "ulrrc", "--format", "csv"])
    cells = [cell for row in csv.reader(io.StringIO(result.stdout)) for cell in row]
    assert any(cell.startswith(("'-", "'+")) for cell in cells)
    assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r\n")]


# --- as a process -----------------------------------------------------------------------------------------------


def process(**streams: object) -> subprocess.Popen[bytes]:
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "planner", "expand", *START, "--format", "xlsx"]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, cwd=ROOT, **streams)  # type: ignore[call-overload, no-any-return]


def test_a_workbook_goes_into_a_pipe_and_not_to_a_terminal() -> None:
    with process(stdout=subprocess.PIPE) as piped:
        content, _ = piped.communicate(timeout=60)
    assert piped.returncode == 0
    assert openpyxl.load_workbook(io.BytesIO(content))["visits"]["A1"].value == "subject"
    ours, theirs = pty.openpty()
    with process(stdout=theirs) as shown:
        os.close(theirs)
        _, errors = shown.communicate(timeout=60)
    os.close(ours)
    assert shown.returncode == 2
    assert (
        errors.decode()
        == "--format xlsx: a terminal cannot show a workbook; give --out FILE.xlsx, or lead the output to a file or program\n"
    )


def test_openpyxl_is_loaded_for_a_workbook_only() -> None:
    script = (
        "import sys\nfrom typer.testing import CliRunner\nfrom planner.cli import app\n"
        "result = CliRunner().invoke(app, ['expand', 'ulrrc', '--start', '2026-03-02', '--format', 'csv', '--bom'])\n"
        "assert result.exit_code == 0, result.output\nprint('openpyxl' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout == "False\n"


def test_a_day_is_a_day_whatever_the_zone_of_the_computer(tmp_path: Path) -> None:
    found = set()
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        out = tmp_path / "visits.xlsx"
        command = [sys.executable, "-m", "planner", "expand", *START, "--out", str(out)]
        subprocess.run(command, env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "TZ": zone}, cwd=ROOT, check=True)
        frame = pd.read_excel(out)
        found.add(frame.loc[frame["visit"] == "C1D1", "effective"].item().date())
    assert found == {date(2026, 3, 2)}
