"""From tables to the rows of an import: what is read, and where each fault is."""

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.exchange.import_file import DATE_COLUMNS, ImportFileError, read_dates, read_subjects
from planner.exchange.table_file import read_table
from planner.protocol.compile import compile_plan
from planner.protocol.read import read_protocol
from planner.records.imports.rows import CellFault, DateFile, DateRow
from planner.schedule.facts import DecisionMade, End, Hold
from tests.exchange.workbooks import workbook

PLAN = compile_plan(read_protocol((Path(__file__).parents[2] / "protocols" / "ulrrc.yaml").read_text(encoding="utf-8")))


def dates(text: str) -> DateFile:
    return read_dates(read_table(text.encode()))


def places(faults: tuple[CellFault, ...]) -> list[tuple[int, int]]:
    return [(fault.line, fault.column) for fault in faults]


# --- dates ----------------------------------------------------------------------------------------------------


def test_dates_are_read_with_their_line() -> None:
    read = dates(
        "subject;visit;date;study;status;reason\nP001;C1D1;2026-03-02;;;\n\nP002;C2D1;;ulrrc;missed;illness\ncrlm/P003;F1;2026-03-03;;done;holiday\n"
    )
    assert read.faults == ()
    assert read.rows == (
        DateRow(2, "", "P001", "C1D1", date(2026, 3, 2)),
        DateRow(4, "ulrrc", "P002", "C2D1", None, "illness"),
        DateRow(5, "crlm", "P003", "F1", date(2026, 3, 3), "holiday"),
    )


@pytest.mark.parametrize(
    ("row", "column", "part"),
    [
        ("P001,C1D1,2026-02-30,,", 3, "not a day of the calendar"),
        ("P001,C1D1,31/04/2026,,", 3, "write it as YYYY-MM-DD"),
        ("P001,C1D1,02.03.2026,,", 3, "YYYY-MM-DD"),
        ("P001,C1D1,46083,,", 3, "number that a spreadsheet keeps"),
        ("P001,C1D1,,,", 3, "the date is missing"),
        (",C1D1,2026-03-02,,", 1, "merged cells"),
        ("P001,,2026-03-02,,", 2, "the visit is missing"),
        ("=P001,C1D1,2026-03-02,,", 1, "formula"),
        ("P\u200b01,C1D1,2026-03-02,,", 1, "invisible"),
        ("P001,C1D1,2026-03-02,late,", 4, "done or missed"),
        ("P001,C1D1,2026-03-02,missed,", 3, "no date"),
        ("P001,C1D1,,missed,ilness", 5, "Did you mean illness?"),
        ("P001,C1D1,,missed,other", 5, "note"),
        ("P001,C1D1,2026-03-02", 4, "3 cells, the header has 5"),
        ("P001,C1D1,2026-03-02,,,,seen", 6, "7 cells, the header has 5"),
    ],
)
def test_each_fault_is_at_its_cell_and_the_other_rows_are_read(row: str, column: int, part: str) -> None:
    read = dates(f"subject,visit,date,status,reason\n{row}\nP009,C1D1,2026-03-02,,\n")
    assert places(read.faults) == [(2, column)]
    assert part in read.faults[0].message
    assert [found.subject for found in read.rows] == ["P009"]


def test_all_faults_of_a_row_are_told() -> None:
    assert places(dates("subject,visit,date\n,,2026-02-30\n").faults) == [(2, 1), (2, 2), (2, 3)]


def test_two_studies_in_one_row_are_a_fault() -> None:
    assert places(dates("subject,visit,date,study\nulrrc/P001,C1D1,2026-03-02,crlm\n").faults) == [(2, 1)]


def test_a_formula_is_a_fault_of_its_row_alone() -> None:
    read = read_dates(read_table(workbook([DATE_COLUMNS[:3], ["P001", "C1D1", "=TODAY()"], ["P002", "C1D1", datetime(2026, 3, 2)]])))
    assert places(read.faults) == [(2, 3)]
    assert "formula" in read.faults[0].message
    assert read.rows == (DateRow(3, "", "P002", "C1D1", date(2026, 3, 2)),)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("subject,visit", [(1, 1)]),
        ("subject,visit,dat", [(1, 3)]),
        ("subject,visit,date,date", [(1, 4)]),
        ("subject,visit,date,name of patient", [(1, 4)]),
        ("subject,,visit,date", [(1, 2)]),
    ],
)
def test_a_header_that_cannot_be_used_is_refused(header: str, expected: list[tuple[int, int]]) -> None:
    with pytest.raises(ImportFileError) as caught:
        dates(f"{header}\nP001,C1D1,2026-03-02,1\n")
    assert places(caught.value.faults) == expected


def test_a_file_without_rows_is_refused() -> None:
    with pytest.raises(ImportFileError, match="no row below"):
        dates("subject,visit,date\n\n")


@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=5), min_size=1, max_size=4))
def test_any_cells_are_rows_or_faults_of_their_line(rows: list[list[str]]) -> None:
    import csv
    import io

    text = io.StringIO()
    csv.writer(text).writerows([("subject", "visit", "date", "status", "reason"), *rows])
    try:
        table = read_table(text.getvalue().encode("utf-8", errors="replace"))
        read = read_dates(table)
    except ValueError as error:
        assert str(error)
        return
    assert {row.line for row in table.rows} == {row.line for row in read.rows} | {fault.line for fault in read.faults}


# --- subjects -------------------------------------------------------------------------------------------------


def test_a_subject_is_read_with_all_facts() -> None:
    header = "subject,start,site,set.regimen,milestone.CONSENT,decide.management,actual.C1D1,missed.C2D1,hold,end,routine_care.C1D1"
    row = "P001,2026-03-02,PEK,CAPOX,2026-02-01,surgery,2026-03-02,illness,2026-04-01..2026-04-15,lost=2026-09-01,1"
    read = read_subjects(read_table(f"{header}\n{row}\n".encode()), PLAN)
    assert read.faults == ()
    (found,) = read.rows
    assert (found.line, found.site, found.unread) == (2, "PEK", frozenset())
    facts = found.facts
    assert (facts.subject, facts.start, facts.parameters) == ("P001", date(2026, 3, 2), {"regimen": "CAPOX"})
    assert (facts.milestones, facts.decisions) == ({"CONSENT": date(2026, 2, 1)}, {"management": DecisionMade("surgery")})
    assert (facts.actual, facts.missed, facts.routine_care) == ({"C1D1": date(2026, 3, 2)}, {"C2D1": "illness"}, {"C1D1"})
    assert facts.holds == (Hold(date(2026, 4, 1), date(2026, 4, 15)),)
    assert facts.end == End("lost", date(2026, 9, 1))
    assert read.columns["hold"] == 9


def test_a_cell_that_cannot_be_read_is_a_fault_and_the_rest_is_read() -> None:
    text = "subject,start,actual.C1D1,missed.C2D1,missed.C3D1\nP001,2026-03-02,2026-02-30,she felt ill,1\n"
    read = read_subjects(read_table(text.encode()), PLAN)
    assert places(read.faults) == [(2, 3), (2, 4)]
    assert "she felt ill" not in read.faults[1].message
    assert read.rows[0].unread == {"actual.C1D1", "missed.C2D1"}
    assert read.rows[0].facts.missed == {"C3D1": ""}


def test_a_row_without_subject_or_start_is_a_fault_alone() -> None:
    read = read_subjects(read_table(b"subject,start,site\n,2026-03-02,PEK\nP001,,PEK\nP002,2026-13-01,PEK\nP003,2026-03-02,PEK\n"), PLAN)
    assert places(read.faults) == [(2, 1), (3, 2), (4, 2)]
    assert [row.facts.subject for row in read.rows] == ["P003"]


@pytest.mark.parametrize(
    ("column", "part"),
    [
        ("calendar", "there is no column calendar"),
        ("actual.C1D9", "did you mean actual.C1D3?"),
        ("set.regime", "did you mean set.regimen?"),
        ("date of birth", "there is no column"),
        ("site", "in column 3 already"),
    ],
)
def test_a_header_with_an_unknown_column_is_refused(column: str, part: str) -> None:
    with pytest.raises(ImportFileError) as caught:
        read_subjects(read_table(f"subject,start,site,{column}\nP001,2026-03-02,PEK,1\n".encode()), PLAN)
    assert places(caught.value.faults) == [(1, 4)]
    assert part in str(caught.value)
