"""``visits``: every visit of every subject, from a shell's point of view, on both databases; and listings as workbooks."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import typer
from typer.testing import CliRunner, Result

from planner.commands.once import OnceCommand
from planner.commands.records.visits import COLUMNS, visits
from planner.records.changes import acts
from planner.records.store.database import Database
from tests.exchange.spreadsheets.reading import RawWorkbook
from tests.records.databases import Fill, mostly_sqlite_url
from tests.records.desk import FIRST_VECTOR, SUBJECT, Desk

database_url = mostly_sqlite_url

Visits = Callable[..., Result]
LATER = "2026-04-01"


@pytest.fixture
def desk(filled: Callable[[Fill], Database]) -> Desk:
    """Two sites: at PEK the first worked vector and a subject after it, at BEI one subject."""
    return Desk(filled(_write_desk))


def _write_desk(database: Database) -> None:
    desk = Desk.opened(database, "PEK", "BEI")
    desk.enrol()
    desk.record_done(FIRST_VECTOR)
    desk.enrol("PEK-002", start=date(2026, 3, 9))
    desk.enrol("BEI-001", site="BEI")


@pytest.fixture
def call(desk: Desk, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Visits:
    """Calls ``visits`` on that database as of 1 April, as the account ``nurse``."""
    monkeypatch.setenv("PLANNER_DATABASE_URL", database_url)
    monkeypatch.setenv("PLANNER_ACCOUNT", "nurse")
    app = typer.Typer()
    app.callback()(lambda: None)
    app.command("visits", cls=OnceCommand)(visits)
    return lambda *arguments: CliRunner().invoke(app, ["visits", "--on", LATER, *arguments])


def fine(result: Result) -> str:
    assert result.exit_code == 0, result.stderr
    return result.stdout


def rows(result: Result) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(fine(result))))


def test_every_visit_of_every_subject_comes_by_site_subject_and_date(call: Visits, desk: Desk) -> None:
    found = rows(call("--all"))
    assert list(found[0]) == list(COLUMNS)
    order = [(row["site"], row["subject"], row["effective"] or "9999") for row in found]
    assert order == sorted(order)
    for subject in ("PEK-001", "PEK-002", "BEI-001"):
        view = desk.view(type(SUBJECT)("ulrrc", subject), as_of=date(2026, 4, 1))
        wanted = {row.visit: row for row in view.rows}
        mine = {row["visit"]: row for row in found if row["subject"] == subject}
        assert mine.keys() == wanted.keys()
        for visit, row in mine.items():
            for name in (
                "planned",
                "earliest",
                "latest",
                "effective",
                "status",
                "certainty",
                "name",
                "epoch",
                "kind",
                "days_off",
                "days_left",
            ):
                value = getattr(wanted[visit], name)
                assert row[name] == ("" if value is None else str(value)), (subject, visit, name)
            assert row["flags"] == ";".join(wanted[visit].flags)
            assert (row["site"], row["study"]) == (subject[:3], "ulrrc")


def test_cancelled_and_conditional_visits_are_left_out_unless_asked_for(call: Visits) -> None:
    usual, everything = ({row["status"] for row in rows(call(*more))} for more in ((), ("--all",)))
    assert not usual & {"cancelled", "conditional"}
    assert everything > usual


def test_visits_are_chosen_by_site_study_status_and_day(call: Visits) -> None:
    everything = rows(call())
    assert rows(call("--site", "BEI")) == [row for row in everything if row["site"] == "BEI"] != []
    assert rows(call("--study", "ulrrc")) == everything
    done = rows(call("--status", "done,overdue", "--status", "due"))
    assert done == [row for row in everything if row["status"] in ("done", "overdue", "due")] != []
    spring = rows(call("--from", "2026-04-17", "--to", "2026-05-08"))
    assert spring == [row for row in everything if "2026-04-17" <= row["effective"] <= "2026-05-08"] != []
    assert {row["effective"] for row in spring} >= {"2026-04-17", "2026-05-08"}
    assert rows(call("--from", "2026-04-17")) == [row for row in everything if row["effective"] >= "2026-04-17"]
    assert rows(call("--to", "2026-04-17")) == [row for row in everything if row["effective"] and row["effective"] <= "2026-04-17"]


@pytest.mark.parametrize(
    ("arguments", "code", "phrase"),
    [
        (("--status", "late"), 1, "--status: late is none of done, missed, cancelled"),
        (("--from", "2026-05-02", "--to", "2026-05-01"), 2, "--from 2026-05-02 is after --to 2026-05-01"),
        (("--from", "1.5.2026"), 1, "--from"),
        (("--site", "NYC"), 1, "NYC"),
        (("--study", "ulrc"), 1, "ulrc"),
        (("--format", "table", "--bom"), 2, "--bom is about CSV, and this is table"),
    ],
)
def test_what_cannot_be_chosen_is_said(call: Visits, arguments: tuple[str, ...], code: int, phrase: str) -> None:
    result = call(*arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert phrase in result.stderr


def test_bookings_stand_beside_visits_to_come(call: Visits, desk: Desk) -> None:
    desk.record(acts.visit_booked("C3D1", date(2026, 4, 16), "09:30"))
    [booked] = [row for row in rows(call()) if row["booked"]]
    wanted = {"subject": "PEK-001", "visit": "C3D1", "booked": "2026-04-16", "booked_at": "09:30", "effective": "2026-04-16"}
    assert {name: booked[name] for name in wanted} == wanted
    assert (booked["planned"], booked["certainty"], booked["days_off"]) == ("2026-04-17", "booked", "-1")
    desk.record_done({"C3D1": "2026-04-16"})
    assert [row for row in rows(call()) if row["booked"] or row["booked_at"]] == []


def test_an_account_sees_its_own_sites_only(call: Visits, desk: Desk) -> None:
    everything = rows(call())
    desk.grant(("nurse", "nurse", "PEK"))
    assert rows(call()) == [row for row in everything if row["site"] == "PEK"]
    refused = call("--as", "stranger")
    assert (refused.exit_code, refused.stdout) == (1, "")


def test_a_workbook_has_all_visits_first_and_then_a_sheet_for_each_site(call: Visits, tmp_path: Path) -> None:
    out = tmp_path / "visits.xlsx"
    fine(call("--out", str(out)))
    workbook = openpyxl.load_workbook(out)
    assert workbook.sheetnames == ["all", "BEI", "PEK"]
    everything = rows(call())
    for name in workbook.sheetnames:
        header, *lines = workbook[name].iter_rows(values_only=True)
        assert list(header) == list(COLUMNS)
        wanted = [(row["subject"], row["visit"], row["effective"]) for row in everything if name in ("all", row["site"])]
        assert [(line[2], line[3], f"{line[10]:%Y-%m-%d}") for line in lines] == wanted
    raw = RawWorkbook(out.read_bytes())
    assert raw.count("f") == 0 and raw.count("pane") == raw.count("autoFilter") == 3
    window = [raw.rows("PEK")[1][letter] for letter in "HIJK"]
    assert {(cell.kind, cell.number_format) for cell in window} == {("n", "yyyy-mm-dd")}
    again = tmp_path / "again.xlsx"
    fine(call("--format", "xlsx", "--out", str(again)))
    assert again.read_bytes() == out.read_bytes()


def test_csv_carries_the_mark_when_asked_for(call: Visits, tmp_path: Path) -> None:
    plain, marked = tmp_path / "plain.csv", tmp_path / "marked.csv"
    fine(call("--out", str(plain)))
    fine(call("--out", str(marked), "--bom"))
    assert marked.read_bytes() == b"\xef\xbb\xbf" + plain.read_bytes()


def test_the_same_rows_come_as_json(call: Visits) -> None:
    found = json.loads(fine(call("--format", "json")))
    assert [(row["subject"], row["visit"], row["effective"]) for row in found] == [
        (row["subject"], row["visit"], row["effective"]) for row in rows(call())
    ]
    assert {type(row["days_off"]) for row in found} <= {int, type(None)} and {type(row["flags"]) for row in found} == {list}
