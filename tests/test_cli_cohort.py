"""``expand --cohort``: many subjects from a CSV file, and every way in which such a file can be wrong."""

import csv
import io
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from planner.cli import app

GOOD = "subject,start,milestone.CONSENT\nS2,2026-03-02,2026-02-20\nS1,2026-03-09,\n"


def call(*arguments: str) -> Result:
    on = () if "--on" in arguments else ("--on", "2026-03-02")
    return CliRunner().invoke(app, ["expand", "ulrrc", *on, *arguments])


def cohort(folder: Path, content: str | bytes, *arguments: str) -> Result:
    path = folder / "cohort.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return call("--cohort", str(path), *arguments)


def subjects(result: Result) -> list[str]:
    return list(dict.fromkeys(row["subject"] for row in csv.DictReader(io.StringIO(result.stdout))))


def complaints(result: Result, folder: Path) -> list[str]:
    """The lines on standard error, each without the file's path."""
    return [line.removeprefix(str(folder / "cohort.csv:")) for line in result.stderr.splitlines()]


def test_subjects_come_in_file_order_with_the_dates_that_each_has_alone(tmp_path: Path) -> None:
    result = cohort(tmp_path, GOOD)
    assert result.exit_code == 0, result.output
    assert subjects(result) == ["S2", "S1"]
    alone = call("--subject", "S2", "--start", "2026-03-02", "--milestone", "CONSENT=2026-02-20").stdout
    assert result.stdout.startswith(alone)


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + GOOD,
        GOOD.replace(",", ";"),
        "\ufeff" + GOOD.replace(",", ";").replace("\n", "\r\n"),
        GOOD.replace(",", "\t"),
        GOOD.replace("\n", "\r"),
        GOOD + ",,\n\n",
        GOOD.replace("S2", '"S2"').replace("start", " start "),
        GOOD.rstrip("\n"),
    ],
    ids=["bom", "semicolons", "bom, semicolons, crlf", "tabs", "cr", "blank rows", "quotes and spaces", "no last line end"],
)
def test_what_spreadsheets_write_is_read(tmp_path: Path, content: str) -> None:
    assert cohort(tmp_path, content).stdout == cohort(tmp_path, GOOD).stdout


def test_every_column_reaches_the_engine(tmp_path: Path) -> None:
    header = "subject,start,set.cycles,decide.management,actual.C1D1,missed.F2,omit.C1D1,booked.SIM,hold,stop,unscheduled,routine_care.SCR"
    row = "S1,2026-03-02,3,surgery,2026-03-02,1,PD1; CHEMO,2026-03-10T09:00"
    row += ",2026-03-20..2026-04-02;pd1:2026-06-01..,maintenance:2026-07-01,pd1=2026-03-01,1"
    result = cohort(tmp_path, f"{header},end\n{row},withdrawn=2026-06-01;\n", "--on", "2026-06-01")
    assert result.exit_code == 0, result.output
    rows = {row["visit"]: row for row in csv.DictReader(io.StringIO(result.stdout))}
    assert rows["C1D1"]["flags"] == "omitted:CHEMO;omitted:PD1"
    assert rows["F2"]["status"] == "missed"
    assert rows["SIM"]["certainty"] == "booked"
    assert rows["C2D1"]["planned"] == "2026-04-02"
    assert "SURG" in rows
    assert "C5D1" not in rows
    assert "FU8" not in rows


def test_several_calendars_in_one_cohort(tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    site.write_text("base: weekdays\nname: Site\nclosed: [2026-05-01, 2026-04-30]\n", encoding="utf-8")
    content = f"subject,start,calendar\nA,2026-03-02,CN\nB,2026-03-02,\nC,2026-03-02,{site}\nD,2026-03-02,none\n"
    rows = csv.DictReader(io.StringIO(cohort(tmp_path, content).stdout))
    found = {row["subject"]: row["planned"] for row in rows if row["visit"] == "ASSESS"}
    assert found == {"A": "2026-04-30", "B": "2026-05-01", "C": "2026-04-29", "D": "2026-05-01"}


def test_one_calendar_file_cannot_have_several_zones(tmp_path: Path) -> None:
    result = cohort(tmp_path, "subject,start,calendar\nA,2026-03-02,CN\nB,2026-03-02,DE\n", "--format", "ics")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Asia/Shanghai, Europe/Berlin" in result.stderr


def test_branches_of_each_subject(tmp_path: Path) -> None:
    found = subjects(cohort(tmp_path, GOOD, "--branches"))
    assert found == [f"{subject}/management={choice}" for subject in ("S2", "S1") for choice in ("surgery", "maintenance", "withdraw")]


CELLS = [
    ("start", "3/2/2026", '2:2: start: "3/2/2026" is not a date; day and month cannot be told apart for certain; write it as YYYY-MM-DD'),
    ("start", "02.03.2026", '2:2: start: "02.03.2026" is not a date; day and month cannot be told apart'),
    (
        "start",
        "46083",
        '2:2: start: "46083" is not a date; it looks like the number that a spreadsheet keeps for a date; format the column',
    ),
    ("start", "46083.0", "the number that a spreadsheet keeps for a date"),
    ("start", "2026-02-29", "2:2: start: 2026-02-29 is not a day of the calendar"),
    ("start", "2026-03-02 00:00:00", '2:2: start: "2026-03-02 00:00:00" is not a date'),
    ("start", "", "2:2: start: the start date is missing"),
    ("start", "#N/A", '2:2: start: "#N/A" is not a date'),
    ("subject", "", "2:1: subject: the subject id is empty"),
    ("subject", "=1+1", '2:1: subject: the subject id "=1+1" begins with =, which spreadsheets take for a formula'),
    ("subject", "@SUM", "begins with @"),
    ("subject", "-1", "begins with -"),
    ("subject", "+1", "begins with +"),
    ("subject", "S\x1b[31m", "2:1: subject: the subject id holds a control or invisible character"),
    ("subject", "S" * 65, "2:1: subject: the subject id is longer than 64 characters"),
    ("set.cycles", "9", "2:3: set.cycles: 9 is not allowed for cycles; it must be from 3 to 6"),
    ("milestone.CONSENT", "2/20/2026", '2:3: milestone.CONSENT: "2/20/2026" is not a date'),
    ("decide.management", "surgry", "2:3: decide.management: surgry is not a choice of management; did you mean surgery?"),
    ("decide.management", "surgery@1", '2:3: decide.management: "1" is not a date'),
    ("actual.C1D1", "2027-01-01", "2:3: actual.C1D1: 2027-01-01 is after 2026-03-02, the day asked about"),
    ("missed.F2", "0", '2:3: missed.F2: "0" is neither 1 nor a reason'),
    ("missed.C6D1", "1", "2:3: missed.C6D1: C6D1 is not in this subject's plan"),
    ("omit.C1D1", "EXAM;FOO", "2:3: omit.C1D1: there is no activity FOO"),
    ("booked.C2D1", "2026-03-27T9", '2:3: booked.C2D1: "9" is not a time of day'),
    ("hold", "2026-05-01", '2:3: hold: "2026-05-01" is not a hold; write [STREAM:]FROM..[RESUME][:shift|skip]'),
    ("hold", "2026-05-01..2026-04-01", "2:3: hold: the resume day 2026-04-01 is not after the first held day"),
    ("stop", "never", '2:3: stop: "never" is not a date'),
    ("end", "died", '2:3: end: "died" is not an end; write REASON=YYYY-MM-DD'),
    ("end", "died=2026-03-01;lost=2026-03-02", "2:3: end: a subject leaves the study once"),
    ("unscheduled", "pd3=2026-03-01", "2:3: unscheduled: there is no stream pd3; did you mean pd1?"),
    ("routine_care.SCR", "yes", '2:3: routine_care.SCR: "yes" cannot stand here; write 1'),
    ("calendar", "ZZ", "2:3: calendar: There is no calendar 'ZZ'"),
    ("calendar", "missing.yaml", "2:3: calendar: missing.yaml: there is no such calendar file"),
]


@pytest.mark.parametrize(("column", "cell", "phrase"), CELLS)
def test_a_bad_cell_is_told_with_line_and_column(tmp_path: Path, column: str, cell: str, phrase: str) -> None:
    row = {"subject": "S1", "start": "2026-03-02", column: cell}
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([row.keys(), row.values()])
    result = cohort(tmp_path, text.getvalue())
    assert (result.exit_code, result.stdout) == (1, "")
    assert phrase in "\n".join(complaints(result, tmp_path))


HEADERS = [
    ("subject,begin\nS1,2026-03-02\n", "1:2: there is no column begin"),
    ("subject,strat\nS1,2026-03-02\n", "1:2: there is no column strat; did you mean start?"),
    ("start\n2026-03-02\n", "1:1: there is no column subject; it must be there"),
    ("subject,start,start\nS1,2026-03-02,2026-03-02\n", "1:3: the column start stands in column 2 already; keep one"),
    ("subject,start,\nS1,2026-03-02,x\n", "1:3: this column has no name"),
    ("subject,start,set.cycle\nS1,2026-03-02,4\n", "1:3: the protocol has no parameter cycle; did you mean set.cycles?"),
    ("subject,start,sets.cycles\nS1,2026-03-02,4\n", "1:3: there is no column sets.cycles; did you mean set.cycles?"),
    ("subject,start,actual.C2D2\nS1,2026-03-02,\n", "1:3: the protocol has no visit C2D2; did you mean actual.C2D"),
    ("subject,start,milestone.CONSNT\nS1,2026-03-02,\n", "did you mean milestone.CONSENT?"),
    ("subject,start,decide.managment\nS1,2026-03-02,\n", "did you mean decide.management?"),
    ("subject,start\n", "1:1: there is no subject below the header"),
    ("", "1:1: the file is empty"),
    ("\n\n", "1:1: the file is empty"),
    ('subject,start\nS1,2026-03-02\n"S2,2026-03-02\nS3,2026-03-02\n', '3:1: a quote (") that opens in this row is never closed'),
    ('subject,start\n"S"1,2026-03-02\n', '2:1: text follows a closing quote (") in this row'),
    ("subject,start\nS1\n", "2:2: the row has 1 cells, the header has 2"),
    ("subject,start\nS1,2026-03-02,x\n", "2:3: the row has 3 cells, the header has 2"),
    ("subject,start\nS1,2026-03-02\nS2,2026-03-02\nS1,2026-03-09\n", "4:1: subject: this subject stands on line 2 too"),
    ('subject,start\n"S\n1",2026-03-02\nS2,x\n', '4:2: start: "x" is not a date'),
]


@pytest.mark.parametrize(("content", "phrase"), HEADERS)
def test_a_file_that_is_no_cohort_is_told_with_its_place(tmp_path: Path, content: str, phrase: str) -> None:
    result = cohort(tmp_path, content)
    assert (result.exit_code, result.stdout) == (1, "")
    assert phrase in "\n".join(complaints(result, tmp_path))


@pytest.mark.parametrize(
    ("content", "phrase"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00", "this is a workbook (.xlsx, .ods)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (.xls)"),
        (GOOD.encode("utf-16"), "this file is in UTF-16"),
        (GOOD.encode("utf-16-le"), "binary, or in UTF-16"),
        (b"subject,start\nS1,\0\0\n", "2:1: this file is binary"),
        (
            "subject,start,missed.F2\nS1,2026-03-02,Gerät kaputt\n".encode("cp1252"),
            "2:1: byte 0xE4 is not UTF-8; the file seems to be in Windows-1252",
        ),
        (
            "subject,start,missed.F2\nS1,2026-03-02,加速器故障\n".encode("gb18030"),
            "2:1: byte 0xBC is not UTF-8; the file seems to be in GB18030 (Chinese)",
        ),
    ],
)
def test_other_encodings_are_named_and_never_guessed(tmp_path: Path, content: bytes, phrase: str) -> None:
    result = cohort(tmp_path, content)
    assert (result.exit_code, result.stdout) == (1, "")
    assert phrase in "\n".join(complaints(result, tmp_path))
    assert "save it as CSV in UTF-8" in result.stderr


MIXED = "subject;start;set.cycles\nS1;2026-03-02;4\nS2;3/2/2026;9\nS3;2026-03-02;5\nS4;2026-03-02\n"


def test_every_fault_of_every_row_is_told_and_nothing_written(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    result = cohort(tmp_path, MIXED, "--out", str(out))
    assert result.exit_code == 1
    assert [line.split(" ")[0] for line in complaints(result, tmp_path)[:3]] == ["3:2:", "3:3:", "5:3:"]
    assert "2 of 4 rows wrong, so nothing was written" in result.stderr
    assert not out.exists()


def test_skip_bad_writes_the_good_ones_and_a_file_of_the_bad_ones(tmp_path: Path) -> None:
    result = cohort(tmp_path, "\ufeff" + MIXED, "--skip-bad")
    assert result.exit_code == 0
    assert subjects(result) == ["S1", "S3"]
    assert f"{tmp_path / 'cohort.bad.csv'} holds them" in result.stderr
    text = (tmp_path / "cohort.bad.csv").read_text(encoding="utf-8")
    assert text.startswith("\ufeffsubject;start;set.cycles;error\n")
    header, *rows = csv.reader(io.StringIO(text), delimiter=";")
    assert [row[:3] for row in rows] == [["S2", "3/2/2026", "9"], ["S4", "2026-03-02", ""]]
    assert "start:" in rows[0][3] and "set.cycles:" in rows[0][3]
    assert len(header) == len(rows[0]) == len(rows[1])


def test_skip_bad_without_a_good_row_is_wrong_input(tmp_path: Path) -> None:
    result = cohort(tmp_path, "subject,start\nS1,x\n", "--skip-bad")
    assert (result.exit_code, result.stdout) == (1, "")
    assert (tmp_path / "cohort.bad.csv").exists()


def test_the_bad_rows_once_mended_are_a_cohort_file(tmp_path: Path) -> None:
    cohort(tmp_path, MIXED, "--skip-bad")
    text = (tmp_path / "cohort.bad.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    mended = "\n".join(",".join(row[:3]) for row in rows).replace("3/2/2026,9", "2026-03-02,6").replace("S4,2026-03-02,", "S4,2026-03-02,3")
    assert subjects(cohort(tmp_path, mended)) == ["S2", "S4"]


def test_the_cohort_file_itself_is_never_overwritten(tmp_path: Path) -> None:
    result = cohort(tmp_path, GOOD, "--out", str(tmp_path / "cohort.csv"))
    assert result.exit_code == 2
    assert (tmp_path / "cohort.csv").read_text(encoding="utf-8") == GOOD


@pytest.mark.parametrize("name", ["cohort.bad.csv", "sub/../cohort.bad.csv"])
def test_the_answer_does_not_overwrite_the_bad_rows(tmp_path: Path, name: str) -> None:
    (tmp_path / "sub").mkdir()
    result = cohort(tmp_path, MIXED, "--skip-bad", "--out", str(tmp_path / name))
    assert result.exit_code == 2
    assert "is where --skip-bad writes the bad rows" in result.stderr
    assert not (tmp_path / "cohort.bad.csv").exists()


@pytest.mark.parametrize("option", ["--out", "--cohort", "--calendar"])
def test_a_name_too_long_for_a_file_is_told(tmp_path: Path, option: str) -> None:
    ending = ".csv" if option == "--out" else ".yaml"
    given = {"--cohort": str(tmp_path / "cohort.csv"), "--skip-bad": None, option: str(tmp_path / ("x" * 300 + ending))}
    (tmp_path / "cohort.csv").write_text(GOOD, encoding="utf-8")
    result = call(*(text for pair in given.items() for text in pair if text is not None))
    assert result.exit_code == 1
    assert "x" * 300 in result.stderr
    assert "planner itself" not in result.stderr


def test_a_folder_is_no_cohort(tmp_path: Path) -> None:
    result = call("--cohort", str(tmp_path))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "this is a folder" in result.stderr


def test_a_wrong_parameter_hides_no_other_fault_of_its_row(tmp_path: Path) -> None:
    result = cohort(tmp_path, "subject,start,set.cycles,decide.management,hold\nS1,2026-03-02,9,surgry,1900-01-01..\n")
    assert [line.split(" ")[0] for line in complaints(result, tmp_path)[:3]] == ["2:3:", "2:4:", "2:5:"]


def test_a_file_that_never_ends_is_too_large() -> None:
    result = call("--cohort", "/dev/zero")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "this file is larger than 64 MB" in result.stderr


def test_a_cell_too_long_is_told_so(tmp_path: Path) -> None:
    result = cohort(tmp_path, f"subject,start,missed.F2\nS1,2026-03-02,{'x' * 200_000}\n")
    assert "2:1: a cell of this row is longer than 131,072 characters" in complaints(result, tmp_path)[0]


def test_of_very_many_bad_rows_the_first_are_told_and_how_many_there_are(tmp_path: Path) -> None:
    content = "subject,start\n" + "".join(f"S{number},x\n" for number in range(250))
    lines = cohort(tmp_path, content).stderr.splitlines()
    assert lines[200] == "and 50 more"
    assert lines[201].startswith("250 of 250 rows wrong")
    assert len(lines) == 202


def test_a_calendar_without_a_day_for_a_subject_names_the_file(tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    site.write_text("base: weekdays\nweekly: []\nopen: [2026-03-02..2026-04-30]\n", encoding="utf-8")
    result = cohort(tmp_path, GOOD, "--calendar", str(site))
    assert (result.exit_code, result.stdout) == (1, "")
    assert complaints(result, tmp_path)[0].startswith(" calendar site has no open day for MDT of subject S2")
    assert "Nothing was written" in result.stderr


def test_only_codes_stand_in_titles(tmp_path: Path) -> None:
    result = cohort(tmp_path, "subject,start\nAnna Li,2026-03-02\n0042,2026-03-02\n", "--format", "ics")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "subject Anna Li cannot stand in the titles" in result.stderr
    assert "0042" not in result.stderr
