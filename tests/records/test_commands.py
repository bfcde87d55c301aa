"""The commands on the records, from a shell's point of view, on both databases."""

import csv
import io
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from planner.cli import app
from planner.exchange.today import today_in
from tests.records.databases import mostly_sqlite_url

database_url = mostly_sqlite_url

ROOT = Path(__file__).parents[2]
ON_THEIR_DAYS = {
    "C1D1": "2026-03-02",
    "SIM": "2026-03-09",
    "F1": "2026-03-16",
    "F2": "2026-03-17",
    "F3": "2026-03-18",
    "F4": "2026-03-19",
    "F5": "2026-03-20",
    "C2D1": "2026-03-27",
}

Call = Callable[..., Result]


@pytest.fixture
def call(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Calls a command on an empty database, as the account ``nurse``."""
    monkeypatch.setenv("PLANNER_DATABASE_URL", database_url)
    monkeypatch.setenv("PLANNER_ACCOUNT", "nurse")
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def fine(result: Result) -> str:
    assert result.exit_code == 0, result.stderr
    return result.stdout


def rows(result: Result) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(fine(result))))


@pytest.fixture(scope="module")
def enrolled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the SQLite file of the first test that asks for it is kept for the others."""
    return tmp_path_factory.mktemp("enrolled") / "enrolled.sqlite"


@pytest.fixture
def enrolled(call: Call, database_url: str, enrolled_file: Path) -> Call:
    """The first worked vector of the study, its first visits recorded on their days."""
    if not database_url.startswith("sqlite"):
        _enrol(call)
        return call
    file = Path(database_url.removeprefix("sqlite:///"))
    if not enrolled_file.exists():
        _enrol(call)
        assert [one.name for one in file.parent.iterdir() if one.name.startswith(file.name)] == [file.name], "all is in the file itself"
        enrolled_file.write_bytes(file.read_bytes())
    file.write_bytes(enrolled_file.read_bytes())
    return call


def _enrol(call: Call) -> None:
    fine(call("site", "add", "BEI", "--calendar", "CN", "--subject-pattern", "BEI-[0-9]{3}"))
    fine(call("subject", "enrol", "ulrrc", "BEI-001", "--site", "BEI", "--start", "2026-03-02", "--milestone", "CONSENT=2026-02-20"))
    for visit, day in ON_THEIR_DAYS.items():
        fine(call("record", "BEI-001", visit, "--on", day))


def calendar_of(call: Call, *options: str) -> dict[str, str]:
    return {row["visit"]: row["effective"] for row in rows(call("subject", "show", "BEI-001", "--format", "csv", *options))}


def test_a_late_infusion_moves_what_r3_says_and_undo_brings_it_back(enrolled: Call) -> None:
    before = calendar_of(enrolled)
    assert {visit: before[visit] for visit in ("C3D1", "C4D1", "C5D1", "ASSESS", "MDT")} == {
        "C3D1": "2026-04-17",
        "C4D1": "2026-05-08",
        "C5D1": "2026-05-29",
        "ASSESS": "2026-04-30",
        "MDT": "2026-05-15",
    }
    printed = fine(enrolled("record", "BEI-001", "C3D1", "--on", "2026-04-21"))
    assert "Fri 2026-05-08" in printed and "Tue 2026-05-12" in printed
    after = calendar_of(enrolled)
    moved = {visit: after[visit] for visit in after if after[visit] != before[visit]}
    assert moved == {
        "C3D1": "2026-04-21",
        "C4D1": "2026-05-12",
        "C5D1": "2026-06-02",
        "SFU30": "2026-07-02",
        "SFU90": "2026-08-31",
        "CONTRA": "2026-12-02",
    }
    fine(enrolled("undo", "BEI-001"))
    assert calendar_of(enrolled) == before
    facts = rows(enrolled("history", "BEI-001", "--format", "csv"))
    assert [(fact["said"], fact["in_force"]) for fact in facts[-2:]] == [("C3D1 done on 2026-04-21", "no"), ("fact 11 taken back", "yes")]
    steps = rows(enrolled("history", "BEI-001", "C4D1", "--format", "csv"))
    assert [step["planned"] for step in steps] == ["2026-05-08", "2026-05-12", "2026-05-08"]
    assert [step["was_planned"] for step in steps] == ["", "2026-05-08", "2026-05-12"]
    changes = rows(enrolled("changes", "BEI-001", "--since", "11", "--format", "csv"))
    assert {change["visit"]: change["moved"] for change in changes}["C4D1"] == "-4"
    assert rows(enrolled("changes", "BEI-001", "--since", "12", "--format", "csv")) == []
    fine(enrolled("audit", "verify"))


def test_a_dry_run_writes_nothing(enrolled: Call) -> None:
    before = fine(enrolled("history", "BEI-001", "--format", "csv"))
    printed = fine(enrolled("record", "BEI-001", "C3D1", "--on", "2026-04-21", "--dry-run"))
    assert "Tue 2026-05-12" in printed and "Nothing was written" in printed
    assert fine(enrolled("history", "BEI-001", "--format", "csv")) == before


def test_the_second_of_two_who_looked_at_the_same_is_told(enrolled: Call) -> None:
    fine(enrolled("record", "BEI-001", "C3D1", "--on", "2026-04-17", "--seen", "10", "--as", "nurse"))
    second = enrolled("book", "BEI-001", "C4D1", "--on", "2026-05-08", "--seen", "10", "--as", "coordinator")
    assert second.exit_code == 1
    assert "11. C3D1 done on 2026-04-17 by nurse at" in second.stderr
    assert "Nothing was written" in second.stderr
    assert len(rows(enrolled("history", "BEI-001", "--format", "csv"))) == 11


def test_every_act_is_written_and_shown(enrolled: Call) -> None:
    acts = [
        ("book", "BEI-001", "C3D1", "--on", "2026-04-17T09:30", "--minutes", "240", "--resource", "chair"),
        ("release", "BEI-001", "C3D1"),
        ("record", "BEI-001", "C3D1", "--on", "2026-04-17", "--omit", "PD1", "--reason", "drug_supply"),
        ("correct", "BEI-001", "13", "--on", "2026-04-16", "--reason", "source_checked"),
        ("hold", "BEI-001", "--from", "2026-05-01", "--reason", "toxicity"),
        ("resume", "BEI-001", "--on", "2026-05-18"),
        ("miss", "BEI-001", "ASSESS", "--reason", "no_show"),
        ("omit", "BEI-001", "C4D1", "PD1", "--reason", "toxicity"),
        ("unscheduled", "BEI-001", "--on", "2026-05-20", "--stream", "pd1"),
        ("set", "BEI-001", "cycles=6", "--reason", "investigator_decision"),
        ("set", "BEI-001", "PRIOR_RT_END=2025-01-10"),
        ("decide", "BEI-001", "management", "surgery", "--on", "2026-05-22"),
        ("note", "BEI-001", "Infusion went well"),
        ("stop", "BEI-001", "--on", "2026-06-10", "--reason", "toxicity"),
        ("withdraw", "BEI-001", "--on", "2026-07-01", "--reason", "consent_withdrawn"),
    ]
    for act in acts:
        fine(enrolled(*act))
    said = [fact["said"] for fact in rows(enrolled("history", "BEI-001", "--format", "csv"))][10:]
    assert said == [
        "C3D1 booked on 2026-04-17 at 09:30",
        "booking of C3D1 released",
        "C3D1 done on 2026-04-17",
        "PD1 not done at C3D1",
        "C3D1 done on 2026-04-16 (instead of fact 13)",
        "all drugs held from 2026-05-01 (shift)",
        "hold of fact 16 ends, treatment from 2026-05-18",
        "ASSESS missed",
        "PD1 not done at C4D1",
        "unscheduled visit on 2026-05-20 with pd1 given",
        "cycles set to 6",
        "PRIOR_RT_END on 2025-01-10",
        "management decided: surgery on 2026-05-22",
        "note",
        "all drugs stopped on 2026-06-10",
        "left the study on 2026-07-01: withdrawn",
    ]
    ledger = {row["key"]: row for row in rows(enrolled("deviations", "--format", "csv"))}
    assert ledger["missed:ASSESS"]["status"] == "proposed"
    fine(enrolled("classify", "BEI-001", "missed:ASSESS", "important", "--note", "Imaging was done elsewhere"))
    line = next(row for row in rows(enrolled("deviations", "--format", "csv")) if row["key"] == "missed:ASSESS")
    assert (line["status"], line["classed_by"]) == ("important", "nurse")
    assert "elsewhere" not in fine(enrolled("deviations", "--format", "csv"))
    assert "elsewhere" in fine(enrolled("deviations", "--format", "csv", "--with-notes"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("record", "BEI-002", "C3D1", "--on", "2026-04-17"), "Did you mean BEI-001?"),
        (("record", "BEI-001", "C33D1", "--on", "2026-04-17"), "did you mean C3D1?"),
        (("record", "BEI-001", "C2D1", "--on", "2026-04-01"), "correct"),
        (("record", "BEI-001", "C3D1", "--on", "2056-04-17"), "2056-04-17"),
        (("record", "BEI-001", "C3D1", "--on", "9999-12-31"), "check the year"),
        (("book", "BEI-001", "C3D1", "--on", "0001-01-01T09:00"), "check the year"),
        (("changes", "BEI-001", "--since", "0001-01-01"), "check the year"),
        (("record", "BEI-001", "C3D1", "--on", "3/2/2026"), "YYYY-MM-DD"),
        (("miss", "BEI-001", "C3D1", "--reason", "lazy"), "no_show"),
        (("miss", "BEI-001", "C3D1", "--reason", "other", "--note", "call 13912345678"), "number"),
        (("set", "BEI-001", "regimen=mFOLFOX"), "mFOLFOX6"),
        (("release", "BEI-001", "C3D1"), "book"),
        (("resume", "BEI-001", "--on", "2026-05-18"), "hold"),
        (("subject", "enrol", "ulrrc", "BEI-1", "--site", "BEI", "--start", "2026-03-02"), "BEI-[0-9]{3}"),
        (("subject", "enrol", "ulrrc", "BEI-002", "--site", "BIE", "--start", "2026-03-02"), "Did you mean BEI?"),
        (("subject", "enrol", "ulrrc", "BEI-001", "--site", "BEI", "--start", "2026-03-02"), "BEI-001"),
        (("history", "BEI-001", "C99"), "C"),
        (("undo", "BEI-001", "99"), "facts 1 to 10"),
        (("amend", "ulrrc", "--all"), "Nothing needs amending"),
        (("restore", "README.md"), "Restore into an empty one"),
        (("demo",), "empty"),
    ],
)
def test_what_is_refused_is_said_in_a_sentence_and_writes_nothing(enrolled: Call, arguments: tuple[str, ...], said: str) -> None:
    result = enrolled(*arguments)
    assert result.exit_code == 1, (result.stdout, result.stderr)
    assert said.lower() in result.stderr.lower()
    assert "Traceback" not in result.stderr and "planner itself failed" not in result.stderr
    assert len(rows(enrolled("history", "BEI-001", "--format", "csv"))) == 10


def test_rights_are_kept_once_somebody_has_some(enrolled: Call) -> None:
    first = enrolled("person", "grant", "reader", "--role", "reader")
    assert first.exit_code == 1 and "administrator" in first.stderr
    fine(enrolled("person", "grant", "admin", "--role", "administrator"))
    for person, role in (("nurse", "nurse"), ("doctor", "investigator"), ("monitor", "reader")):
        fine(enrolled("person", "grant", person, "--role", role, "--site", "BEI", "--as", "admin"))
    fine(enrolled("record", "BEI-001", "C3D1", "--on", "2026-04-17"))
    assert enrolled("hold", "BEI-001", "--from", "2026-05-01", "--reason", "toxicity").exit_code == 1
    fine(enrolled("hold", "BEI-001", "--from", "2026-05-01", "--reason", "toxicity", "--as", "doctor"))
    refused = enrolled("record", "BEI-001", "C4D1", "--on", "2026-05-20", "--as", "monitor")
    assert refused.exit_code == 1 and "monitor" in refused.stderr
    stranger = enrolled("worklist", "--as", "stranger")
    assert stranger.exit_code == 1 and "stranger" in stranger.stderr
    for arguments in (("backup", "copy"), ("export", "copy"), ("audit", "verify")):
        assert enrolled(*arguments).exit_code == 1
    assert {row["role"] for row in rows(enrolled("person", "list", "--format", "csv", "--as", "admin"))} == {
        "administrator",
        "nurse",
        "investigator",
        "reader",
    }


@pytest.fixture
def demo(call: Call, database_url: str, demo_sqlite_file: Path) -> Call:
    """Calls a command on the demonstration."""
    if database_url.startswith("sqlite"):
        shutil.copyfile(demo_sqlite_file, database_url.removeprefix("sqlite:///"))
    else:
        fine(call("demo", "--seed", "1", "--on", "2026-11-20"))
    return call


def test_the_demonstration_shows_every_state(call: Call) -> None:
    demo = call
    fine(demo("demo", "--seed", "3", "--on", "2026-11-20"))
    subjects = rows(demo("subject", "list", "--on", "2026-11-20", "--format", "csv"))
    assert len(subjects) == 60
    assert {row["site"] for row in subjects} == {"BEI", "NYC"} and {row["study"] for row in subjects} == {"ulrrc", "crlm"}
    assert {row["state"] for row in subjects} == {"in_study", "withdrawn", "died", "lost", "screen_failure"}
    listed = rows(demo("worklist", "--on", "2026-11-20", "--format", "csv"))
    assert {"overdue", "decision", "stopped_clock", "closing", "due", "unbooked"} <= {row["kind"] for row in listed}
    assert all(row["status"] == "overdue" and int(row["days"]) < 0 for row in listed if row["kind"] == "overdue")
    found = rows(demo("deviations", "--on", "2026-11-20", "--format", "csv"))
    assert {"out_of_window", "missed"} <= {row["kind"] for row in found}
    assert "facts, nothing changed" in fine(demo("audit", "verify"))
    assert rows(demo("changes", "--since", "2026-11-01", "--format", "csv"))
    as_json = json.loads(fine(demo("worklist", "--on", "2026-11-20", "--format", "json")))
    assert len(as_json) == len(listed) and list(as_json[0]) == list(listed[0])
    everywhere = [row["subject"] for row in listed if row["kind"] == "due" and row["site"] == "BEI"]
    assert [row["subject"] for row in rows(demo("worklist", "--on", "2026-11-20", "--site", "BEI", "--kind", "due"))] == everywhere


def test_a_copy_in_the_open_format_has_the_same_proof(demo: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = fine(demo("audit", "verify")).split()[-1]
    fine(demo("export", str(tmp_path / "all.jsonl")))
    backup = tmp_path / "backup"
    assert fine(demo("backup", str(backup))).split()[-1] == head
    assert demo("backup", str(backup)).exit_code == 1
    listed = fine(demo("worklist", "--on", "2026-11-20", "--format", "csv"))
    fine(demo("export", str(tmp_path / "anonymous.jsonl"), "--anonymised"))
    assert "BEI-" not in (tmp_path / "anonymous.jsonl").read_text()
    fine(demo("audit", "export", str(tmp_path / "proof.jsonl")))
    modes = {name: (tmp_path / name).stat().st_mode & 0o777 for name in ("all.jsonl", "backup", "anonymous.jsonl", "proof.jsonl")}
    assert set(modes.values()) == {0o600}
    proof = [sys.executable, str(ROOT / "docs" / "verify_audit.py"), str(tmp_path / "proof.jsonl"), head]
    assert subprocess.run(proof, capture_output=True, check=False).returncode == 0
    for number, source in enumerate(("all.jsonl", "backup")):
        monkeypatch.setenv("PLANNER_DATABASE_URL", f"sqlite:///{tmp_path}/copy{number}.sqlite")
        assert fine(demo("restore", str(tmp_path / source))).split()[-1] == head
        assert fine(demo("worklist", "--on", "2026-11-20", "--format", "csv")) == listed
        assert fine(demo("audit", "verify", "--head", head)).split()[-1] == head
        assert demo("audit", "verify", "--head", "0" * 64).exit_code == 1
        unset = demo("audit", "verify", "--head", "")
        assert unset.exit_code == 2 and "64 hexadecimal digits" in unset.stderr


def test_the_database_is_never_written_over_by_its_copy(demo: Call, database_url: str) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL is no file")
    file = database_url.removeprefix("sqlite:///")
    for arguments in (("backup", file), ("export", file), ("audit", "export", file)):
        refused = demo(*arguments, "--replace")
        assert refused.exit_code == 1 and "is the database itself" in refused.stderr
    fine(demo("audit", "verify"))


def test_a_lost_page_of_the_file_is_named_by_the_audit(demo: Call, database_url: str) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL is no file")
    path = Path(database_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute("SELECT pageno FROM dbstat WHERE name = 'facts' AND pagetype = 'leaf' LIMIT 1 OFFSET 20").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(path.read_bytes())
    content[(page - 1) * size : page * size] = bytes(size)
    path.write_bytes(content)
    result = demo("audit", "verify")
    assert result.exit_code == 1
    assert "its row cannot be read" in result.stderr and "Faults found by the audit" in result.stderr


def test_an_import_is_reported_and_done_once(enrolled: Call, tmp_path: Path) -> None:
    file = tmp_path / "dates.csv"
    file.write_text("subject,visit,date\nBEI-001,C3D1,2026-04-17\nBEI-001,C2D1,2026-03-27\nBEI-001,C4D1,2026-02-31\n")
    refused = enrolled("import", "dates", str(file))
    assert refused.exit_code == 1 and f"{file}:4:3: " in refused.stderr
    assert len(rows(enrolled("history", "BEI-001", "--format", "csv"))) == 10
    file.write_text("subject,visit,date\nBEI-001,C3D1,2026-04-17\nBEI-001,C2D1,2026-03-27\n")
    looked_at = fine(enrolled("import", "dates", str(file), "--format", "table", "--dry-run"))
    assert "ulrrc/BEI-001: " in looked_at and "of them move" in looked_at and "Nothing was written" in looked_at
    assert "1 new, 1 already recorded" in fine(enrolled("import", "dates", str(file), "--format", "table"))
    assert "0 new, 2 already recorded" in fine(enrolled("import", "dates", str(file), "--format", "table"))
    more = tmp_path / "subjects.csv"
    more.write_text("subject,site,start,milestone.CONSENT\nBEI-002,BEI,2026-04-01,2026-03-20\nBEI-003,BEI,2026-04-02,2026-03-20\n")
    fine(enrolled("import", "subjects", str(more), "--protocol", "ulrrc"))
    assert [row["subject"] for row in rows(enrolled("subject", "list", "--format", "csv"))] == ["BEI-001", "BEI-002", "BEI-003"]


def test_an_amendment_and_a_new_calendar_show_what_they_move(enrolled: Call, tmp_path: Path) -> None:
    text = (ROOT / "protocols" / "ulrrc.yaml").read_text(encoding="utf-8")
    amended = tmp_path / "ulrrc-2.yaml"
    amended.write_text(
        text.replace('version: "1.0"', 'version: "2.0"').replace("CAPOX: {cycle: 21d", "CAPOX: {cycle: 28d"), encoding="utf-8"
    )
    assert "Nothing was written" in fine(enrolled("amend", str(amended), "--all", "--dry-run"))
    assert "Fri 2026-04-24" in fine(enrolled("amend", str(amended), "BEI-001"))
    shown = calendar_of(enrolled)
    assert (shown["C2D1"], shown["C3D1"]) == ("2026-03-27", "2026-04-24")
    closed = tmp_path / "closed.yaml"
    closed.write_text("base: CN\nname: CN without 24 April\nclosed: [2026-04-24]\n", encoding="utf-8")
    assert "Fri 2026-04-24" in fine(enrolled("calendar", "refresh", "BEI", "--calendar", str(closed)))
    assert calendar_of(enrolled)["C3D1"] != "2026-04-24"
    known = rows(enrolled("calendar", "show", "BEI", "--year", "2026", "--format", "csv"))
    assert "2026-04-24" in {row["date"] for row in known}


def test_the_calendar_as_it_was_known(enrolled: Call) -> None:
    today = today_in("Asia/Shanghai").isoformat()
    assert calendar_of(enrolled, "--known-on", today) == calendar_of(enrolled)
    never = enrolled("subject", "show", "BEI-001", "--known-on", "2026-01-01")
    assert never.exit_code == 1 and "knew no schedule" in never.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("worklist", "--site", "BEX"), "Did you mean BEI?"),
        (("deviations", "--study", "ulrc"), "Did you mean ulrrc?"),
        (("subject", "list", "--study", "ULRRC"), "There is no study ULRRC"),
        (("changes", "--since", "2026-01-01", "--site", "BEX"), "Did you mean BEI?"),
        (("site", "add", "SHA", "--subject-pattern", "SHA-[0-9]{3}"), "needs a calendar"),
        (("site", "add", "BEI", "--subject-pattern", "BEI-[0-9]{3}", "--calendar", "US-NY"), "calendar refresh BEI"),
        (("site", "add", "BEI", "--subject-pattern", "[A-Z]{20}"), "pattern"),
        (("subject", "show", "BEI-001", "--known-on", "1930-01-01"), "knew no schedule"),
    ],
)
def test_what_is_not_there_is_no_empty_answer(enrolled: Call, arguments: tuple[str, ...], said: str) -> None:
    result = enrolled(*arguments)
    assert result.exit_code == 1, (result.stdout, result.stderr)
    assert said in result.stderr
    assert result.stdout == ""


def test_days_at_the_ends_of_the_calendar_are_answered(enrolled: Call) -> None:
    assert calendar_of(enrolled, "--known-on", "2058-12-31") == calendar_of(enrolled)
    assert len(rows(enrolled("changes", "BEI-001", "--since", "1930-01-01", "--format", "csv"))) > 20
    assert rows(enrolled("changes", "BEI-001", "--since", "2058-12-31", "--format", "csv")) == []


def test_the_pattern_of_a_site_is_changed_by_itself(enrolled: Call) -> None:
    fine(enrolled("site", "add", "BEI", "--subject-pattern", "BEI-[0-9]{4}"))
    assert [row["subject_pattern"] for row in rows(enrolled("site", "list", "--format", "csv"))] == ["BEI-[0-9]{4}"]


def test_a_header_that_cannot_be_used_is_said_with_its_place(enrolled: Call, tmp_path: Path) -> None:
    file = tmp_path / "dates.csv"
    for header in ("Subject,Visit,Day", "subject,visit,date,name", "subject,start"):
        file.write_text(f"{header}\nBEI-001,C3D1,2026-04-17\n")
        refused = enrolled("import", "dates", str(file))
        assert refused.exit_code == 1 and f"{file}:1:" in refused.stderr, refused.stderr


def test_a_database_that_is_not_there_is_no_empty_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_DATABASE_URL", f"sqlite:///{tmp_path}/mispelled.sqlite")
    for arguments in (("worklist",), ("audit", "verify"), ("record", "BEI-001", "C1D1", "--on", "2026-03-02"), ("subject", "list")):
        result = CliRunner().invoke(app, list(arguments))
        assert result.exit_code == 1 and "There is no database" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("record", "{}", "C3D1", "--on", "2026-04-17", "--seen", "0"),
        ("correct", "{}", "1", "--on", "2026-03-09"),
        ("undo", "{}", "99"),
        ("resume", "{}", "--on", "2026-05-01", "--stream", "pd1"),
        ("classify", "{}", "missed:C3D1", "important"),
        ("set", "{}", "cycles=6"),
        ("subject", "show", "{}"),
        ("subject", "show", "{}", "--known-on", "2026-04-01"),
        ("history", "{}"),
        ("history", "{}", "C3D1"),
        ("changes", "{}", "--since", "1"),
        ("amend", "ulrrc", "{}"),
    ],
)
def test_a_subject_of_another_site_is_as_unknown_as_none(enrolled: Call, arguments: tuple[str, ...]) -> None:
    fine(enrolled("site", "add", "NYC", "--calendar", "US-NY", "--subject-pattern", "NYC-[0-9]{3}"))
    fine(enrolled("person", "grant", "admin", "--role", "administrator"))
    fine(enrolled("person", "grant", "doctor", "--role", "investigator", "--site", "NYC", "--as", "admin"))
    answers = []
    for number in ("BEI-001", "BEI-777"):
        result = enrolled(*(part.format(number) for part in arguments), "--as", "doctor")
        assert (result.exit_code, result.stdout) == (1, "")
        answers.append(result.stderr.replace(number, "it"))
    assert answers[0] == answers[1]
    assert answers[0].startswith("There is no subject it that this account may read. ")
    stranger = enrolled(*(part.format("BEI-001") for part in arguments), "--as", "stranger")
    assert (stranger.exit_code, stranger.stdout) == (1, "") and "stranger may not read at any site" in stranger.stderr


def test_who_has_which_role_is_told_to_administrators_only(enrolled: Call) -> None:
    fine(enrolled("person", "grant", "admin", "--role", "administrator"))
    fine(enrolled("person", "grant", "doctor", "--role", "investigator", "--site", "BEI", "--as", "admin"))
    for act in ("grant", "revoke"):
        refused = enrolled(
            "person", act, "doctor", "--role", "nurse" if act == "revoke" else "investigator", "--site", "BEI", "--as", "nurse"
        )
        assert refused.exit_code == 1 and "nurse may not administer" in refused.stderr and "doctor" not in refused.stderr
