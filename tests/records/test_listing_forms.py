"""Every listing as a workbook, and as CSV with a byte order mark, beside the plain CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from planner.cli import app
from planner.records.changes import acts
from planner.records.store.database import Database
from tests.exchange.spreadsheets.reading import RawWorkbook
from tests.records.databases import Fill, mostly_sqlite_url
from tests.records.desk import FIRST_VECTOR, Desk

database_url = mostly_sqlite_url

BOM = b"\xef\xbb\xbf"
ON = ("--on", "2026-05-20")
LISTINGS: list[tuple[str, ...]] = [
    ("worklist", *ON),
    ("visits", *ON),
    ("subject", "list", *ON),
    ("subject", "show", "PEK-001", "--all", *ON),
    ("deviations", *ON),
    ("history", "PEK-001", "--with-notes"),
    ("history", "PEK-001", "C3D1"),
    ("changes", "--since", "2026-03-01"),
    ("calendar", "show", "PEK", "--year", "2026"),
]

Call = Callable[..., Result]


@pytest.fixture
def call(filled: Callable[[Fill], Database], database_url: str, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Calls a command on a database with a subject at each of two sites, as the account ``nurse``."""
    filled(_write_subjects)
    monkeypatch.setenv("PLANNER_DATABASE_URL", database_url)
    monkeypatch.setenv("PLANNER_ACCOUNT", "nurse")
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def _write_subjects(database: Database) -> None:
    desk = Desk.opened(database, "PEK", "BEI")
    desk.enrol()
    desk.record_done(FIRST_VECTOR)
    desk.record(acts.noted("=HYPERLINK(1)"))
    desk.record(acts.visit_booked("C3D1", date(2026, 4, 16), "09:30"))
    late = desk.enrol("BEI-001", site="BEI")
    desk.record_done({"C1D1": "2026-03-02", "SIM": "2026-03-27"}, late)


def fine(result: Result) -> Result:
    assert result.exit_code == 0, result.stderr
    return result


def as_csv(value: object) -> str:
    """A value of a workbook as the CSV has it."""
    match value:
        case None:
            return ""
        case datetime(hour=0, minute=0, second=0):
            return f"{value:%Y-%m-%d}"
        case datetime():
            return f"{value:%Y-%m-%dT%H:%M:%SZ}"
        case time():
            return f"{value:%H:%M}"
        case str() if value[:1] in set("=+-@"):
            return f"'{value}"
        case _:
            return str(value)


@pytest.mark.parametrize("words", LISTINGS, ids=" ".join)
def test_a_workbook_says_what_the_csv_says(call: Call, words: tuple[str, ...], tmp_path: Path) -> None:
    out = tmp_path / "list.xlsx"
    fine(call(*words, "--out", str(out)))
    workbook = openpyxl.load_workbook(out)
    first = workbook.worksheets[0]
    found = [[as_csv(value) for value in row] for row in first.iter_rows(values_only=True)]
    assert found == list(csv.reader(io.StringIO(fine(call(*words, "--format", "csv")).stdout)))
    assert len(found) > 1
    place = found[0].index("site") if words[0] in ("worklist", "visits", "deviations") or words[:2] == ("subject", "list") else None
    assert workbook.sheetnames[1:] == ([] if place is None else sorted({row[place] for row in found[1:]}))
    assert RawWorkbook(out.read_bytes()).count("f") == 0


@pytest.mark.parametrize(
    "words", [*LISTINGS, ("matrix", "ulrrc"), ("starts", "ulrrc", "--from", "2026-03-02", "--days", "3")], ids=" ".join
)
def test_csv_carries_a_byte_order_mark_when_asked_for_and_nothing_else_does(call: Call, words: tuple[str, ...]) -> None:
    plain = fine(call(*words, "--format", "csv")).stdout_bytes
    assert not plain.startswith(BOM)
    assert fine(call(*words, "--format", "csv", "--bom")).stdout_bytes == BOM + plain
    refused = call(*words, "--format", "table", "--bom")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "--bom is about CSV" in refused.stderr


def test_the_report_of_an_import_carries_it_too(call: Call, tmp_path: Path) -> None:
    file, out = tmp_path / "dates.csv", tmp_path / "report.csv"
    file.write_text("subject,visit,date\nPEK-001,C3D1,2026-04-16\n", encoding="utf-8")
    fine(call("import", "dates", str(file), "--study", "ulrrc", "--dry-run", "--out", str(out), "--bom"))
    assert out.read_bytes().startswith(BOM + b"line,subject,what")
    workbook = tmp_path / "report.xlsx"
    fine(call("import", "dates", str(file), "--study", "ulrrc", "--dry-run", "--out", str(workbook)))
    assert openpyxl.load_workbook(workbook).active["B2"].value == "PEK-001"


@pytest.mark.parametrize("words", [("site", "list"), ("person", "list"), ("reasons",)], ids=" ".join)
def test_lists_that_know_no_file_go_into_a_pipe(call: Call, words: tuple[str, ...]) -> None:
    content = fine(call(*words, "--format", "xlsx")).stdout_bytes
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames == ["all"]
