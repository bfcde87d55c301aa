"""Workbooks, read back with openpyxl and looked at as raw XML."""

import getpass
import io
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planner.exchange.spreadsheets import workbook as module
from planner.exchange.spreadsheets.archive import TimelessArchive
from planner.exchange.spreadsheets.cells import Cell
from planner.exchange.spreadsheets.safe_cell import FORMULA_STARTS
from planner.exchange.spreadsheets.sheet_cells import LONGEST_TEXT, storable
from planner.exchange.spreadsheets.workbook import Sheet, WorkbookError, workbook_bytes
from planner.exchange.table_file import read_table
from tests.exchange.spreadsheets.reading import RawWorkbook, unescaped

ROOT = Path(__file__).parents[3]
DAY = date(2026, 3, 2)
MOMENT = datetime(2026, 3, 2, 4, 5, 6, tzinfo=UTC)
COLUMNS = ("subject", "day", "moment", "at", "days_off", "open", "flags", "none")
ROW: tuple[Cell, ...] = ("PEK-001", DAY, MOMENT, time(9, 30), -3, True, ("closed_day", "omitted:PD1"), None)


def of_texts(*texts: Cell) -> bytes:
    return workbook_bytes([Sheet("texts", ["text"], [[text] for text in texts])])


def first_column(content: bytes) -> list[Any]:
    """What openpyxl reads below the header."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [row[0].value for row in sheet.iter_rows(min_row=2)]


def one_sheet(*rows: Sequence[Cell]) -> bytes:
    return workbook_bytes([Sheet("visits", COLUMNS, rows)])


def test_values_come_back_as_what_they_are() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(one_sheet(ROW))).active
    header, row = sheet.iter_rows()
    assert [cell.value for cell in header] == list(COLUMNS)
    assert [cell.value for cell in row] == [
        "PEK-001",
        datetime(2026, 3, 2),
        datetime(2026, 3, 2, 4, 5, 6),
        time(9, 30),
        -3,
        "yes",
        "closed_day;omitted:PD1",
        None,
    ]
    assert row[1].is_date and row[2].is_date


def test_each_kind_of_value_has_its_type_and_format_in_the_file() -> None:
    header, row = RawWorkbook(one_sheet(ROW)).rows("visits")
    assert {cell.kind for cell in header.values()} == {"inlineStr"}
    assert [(cell.kind, cell.content, cell.number_format) for cell in row.values()] == [
        ("inlineStr", "PEK-001", "@"),
        ("n", "46083", "yyyy-mm-dd"),
        ("n", row["C"].content, 'yyyy-mm-dd hh:mm:ss" UTC"'),
        ("n", "0.3958333333333333", "hh:mm"),
        ("n", "-3", "General"),
        ("inlineStr", "yes", "@"),
        ("inlineStr", "closed_day;omitted:PD1", "@"),
    ]
    assert "H" not in row  # what is not known is no cell at all
    assert (date(1899, 12, 30) + timedelta(days=46083)) == DAY
    assert float(row["C"].content) == pytest.approx(46083 + (4 * 3600 + 5 * 60 + 6) / 86400, abs=1e-9)


@given(st.dates(date(1900, 3, 1), date(9999, 12, 31)))
def test_days_are_the_numbers_that_spreadsheets_count(day: date) -> None:
    cell = RawWorkbook(of_texts(day)).rows("texts")[1]["A"]
    assert (cell.kind, date(1899, 12, 30) + timedelta(days=int(cell.content))) == ("n", day)


@pytest.mark.parametrize("day", [date(1900, 2, 28), date(1899, 12, 31), date(1, 1, 1)])
def test_days_that_spreadsheets_do_not_agree_on_are_texts(day: date) -> None:
    assert first_column(of_texts(day)) == [day.isoformat()]
    assert first_column(of_texts(datetime(1900, 2, 28, 1, 2, 3, tzinfo=UTC))) == ["1900-02-28T01:02:03Z"]


def test_a_moment_of_another_zone_is_written_in_utc() -> None:
    in_china = MOMENT.astimezone(timezone(timedelta(hours=8)))
    assert first_column(of_texts(in_china)) == [datetime(2026, 3, 2, 4, 5, 6)]


def test_numbers_beyond_what_a_sheet_keeps_exactly_are_texts() -> None:
    assert first_column(of_texts(10**15 - 1, -(10**15) + 1, 10**15)) == [10**15 - 1, -(10**15) + 1, "1000000000000000"]


def test_the_header_stays_and_every_column_has_a_filter() -> None:
    raw = RawWorkbook(one_sheet(ROW, ROW))
    sheet = raw.sheet("visits")
    tag = sheet.tag.removesuffix("worksheet")
    pane = sheet.find(f"{tag}sheetViews/{tag}sheetView/{tag}pane")
    assert pane is not None and pane.attrib == {"ySplit": "1", "topLeftCell": "A2", "activePane": "bottomLeft", "state": "frozen"}
    found = sheet.find(f"{tag}autoFilter")
    assert found is not None and found.attrib == {"ref": "A1:H3"}
    names = {name.attrib["name"]: name.text for name in raw.trees["xl/workbook.xml"].iter(f"{tag}definedName")}
    assert names == {"_xlnm._FilterDatabase": "'visits'!$A$1:$H$3", "_xlnm.Print_Titles": "'visits'!$1:$1"}


def test_a_list_without_rows_is_its_header_with_filters() -> None:
    raw = RawWorkbook(one_sheet())
    assert [cell.content for cell in raw.rows("visits")[0].values()] == list(COLUMNS)
    assert b'<autoFilter ref="A1:H1"' in raw.parts[raw.sheet_parts["visits"]]


def test_columns_are_as_wide_as_their_content_and_chinese_counts_double() -> None:
    columns = ("n", "latin", "chinese", "long")
    rows = [[1, "x" * 20, "访" * 20, "y" * 500]]
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_bytes([Sheet("widths", columns, rows)]))).active
    widths = [sheet.column_dimensions[letter].width for letter in "ABCD"]
    assert widths == [6, 21, 41, 60]


# --- no formula -----------------------------------------------------------------------------------------------------

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
DANGEROUS = st.builds("".join, st.tuples(st.sampled_from(sorted(FORMULA_STARTS)), ANY_TEXT))
READABLE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]) | st.sampled_from("\t\n\r"), max_size=40)
DANGEROUS_READABLE = st.builds("".join, st.tuples(st.sampled_from(sorted(FORMULA_STARTS)), READABLE))


@given(st.lists(DANGEROUS_READABLE, min_size=1, max_size=20))
@example(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://example.org","x")', "=", "-", "＝1"])
def test_texts_that_begin_like_a_formula_come_back_the_same_and_are_none(texts: list[str]) -> None:
    content = of_texts(*texts)
    assert [unescaped(text) for text in first_column(content)] == texts
    raw = RawWorkbook(content)
    assert raw.count("f") == 0
    cells = [row["A"] for row in raw.rows("texts")[1:]]
    assert {(cell.kind, cell.number_format, cell.quoted) for cell in cells} == {("inlineStr", "@", True)}


@given(st.lists(DANGEROUS | ANY_TEXT, min_size=1, max_size=20))
def test_no_text_whatever_is_a_formula_a_number_or_an_error(texts: list[str]) -> None:
    raw = RawWorkbook(of_texts(*texts))
    assert raw.count("f") == 0
    cells = [row.get("A") for row in raw.rows("texts")[1:]]
    assert {cell.kind for cell in cells if cell is not None} <= {"inlineStr"}
    assert ["" if cell is None else unescaped(cell.content) for cell in cells] == [unescaped(storable(text)) for text in texts]


@pytest.mark.parametrize("text", ["#N/A", "#REF!", "TRUE", "001", "1E5", "MAR1", "1-2", "46083", "2026-03-02", "09:30", "'=1", " =1"])
def test_texts_that_look_like_something_else_stay_texts(text: str) -> None:
    content = of_texts(text)
    assert first_column(content) == [text]
    cell = RawWorkbook(content).rows("texts")[1]["A"]
    assert (cell.kind, cell.number_format, cell.quoted) == ("inlineStr", "@", False)


def test_headings_and_lists_are_no_formulas_either() -> None:
    raw = RawWorkbook(workbook_bytes([Sheet("=1+1", ["=A2", "+x"], [[("=1", "b"), ("-1",)]])]))
    assert raw.count("f") == 0
    assert [[cell.content for cell in row.values()] for row in raw.rows("=1+1")] == [["=A2", "+x"], ["=1;b", "-1"]]


def test_what_xml_cannot_hold_is_seen() -> None:
    assert first_column(of_texts("a\0b\x1fc", "x\ud800y", "\ufffe", "tab\tline\nend\r")) == ["a␀b␟c", "x�y", "�", "tab\tline\nend\r"]


def test_a_text_that_looks_escaped_is_read_as_it_was_written() -> None:
    content = RawWorkbook(of_texts("_x0041_ and _x00e9_ but _x00_")).rows("texts")[1]["A"].content
    assert content == "_x005F_x0041_ and _x005F_x00e9_ but _x00_"
    assert unescaped(content) == "_x0041_ and _x00e9_ but _x00_"


@pytest.mark.parametrize("text", ["x" * 40_000, "🩺" * 20_000, "访" * 32_768])
def test_a_text_too_long_for_a_cell_is_cut_and_says_so(text: str) -> None:
    [kept] = first_column(of_texts(text))
    assert kept.endswith(" … (cut)") and text.startswith(kept.removesuffix(" … (cut)"))
    units = len(kept.encode("utf-16-le")) // 2
    assert LONGEST_TEXT - 1 <= units <= LONGEST_TEXT
    assert first_column(of_texts("y" * LONGEST_TEXT)) == ["y" * LONGEST_TEXT]


# --- the same bytes, and nothing of the computer --------------------------------------------------------------------

MAKE_ONE = """
import hashlib
from datetime import date
from planner.exchange.spreadsheets.workbook import Sheet, workbook_bytes
rows = [["=1", date(2026, 3, 2), -3], ["访视", date(2026, 3, 3), 4]]
print(hashlib.sha256(workbook_bytes([Sheet("all", ["a", "b", "c"], rows), Sheet("PEK", ["a", "b", "c"], rows[:1])])).hexdigest())
"""


def test_the_same_lists_give_the_same_bytes_in_another_process_zone_and_moment() -> None:
    found = set()
    for zone, seed in (("UTC", "1"), ("Asia/Shanghai", "2")):
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "USER": f"user{seed}"}
        made = subprocess.run([sys.executable, "-c", MAKE_ONE], env=environment, capture_output=True, text=True, check=True)
        found.add(made.stdout)
    assert len(found) == 1


def test_nothing_in_the_file_is_of_the_moment_or_the_computer() -> None:
    raw = RawWorkbook(one_sheet(ROW))
    assert {member.date_time for member in raw.members} == {(1980, 1, 1, 0, 0, 0)}
    assert list(raw.trees["docProps/core.xml"]) == []
    everything = b"\n".join(raw.parts.values()).decode()
    for told in (getpass.getuser(), socket.gethostname(), str(ROOT), tempfile.gettempdir(), f"{datetime.now(UTC):%Y-%m-%d}"):
        assert f">{told}" not in everything and f"{told}/" not in everything


def test_openpyxl_and_pandas_and_the_planner_itself_read_it() -> None:
    content = workbook_bytes([Sheet("all", ("subject", "visit", "date"), [["PEK-001", "C1D1", DAY], ["-2", "=x", DAY]])])
    frame = pd.read_excel(io.BytesIO(content))
    assert frame["date"].tolist() == [pd.Timestamp(DAY)] * 2
    assert frame["subject"].tolist() == ["PEK-001", "-2"]
    table = read_table(content)
    assert [row.cells for row in table.rows] == [("PEK-001", "C1D1", "2026-03-02"), ("-2", "=x", "2026-03-02")]
    assert table.faults == ()


# --- many sheets and many rows --------------------------------------------------------------------------------------


def test_sheets_come_in_order_with_names_that_excel_takes() -> None:
    wanted = ["all", "PEK", "pek", "a/b:c", "x" * 40, ""]
    raw = RawWorkbook(workbook_bytes([Sheet(name, ["a"], [[name]]) for name in wanted]))
    assert list(raw.sheet_parts) == ["all", "PEK", "pek (2)", "a_b_c", "x" * 31, "sheet"]
    assert [raw.rows(name)[1]["A"].content for name in list(raw.sheet_parts)[:5]] == wanted[:5]


def left_behind() -> set[str]:
    """The files in which openpyxl gathers rows."""
    return {name for name in os.listdir(tempfile.gettempdir()) if name.startswith("openpyxl.")}


def test_more_rows_than_a_sheet_holds_are_refused_and_leave_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(module, "MOST_ROWS", 5)
    assert len(first_column(of_texts(*range(5)))) == 5
    with pytest.raises(WorkbookError, match="at most 5 rows"):
        workbook_bytes([Sheet("first", ["n"], [[1]]), Sheet("second", ["n"], ([number] for number in range(6)))])
    assert left_behind() == set()


def test_rows_that_cannot_be_made_leave_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def rows() -> Iterator[list[Cell]]:
        yield ["a"]
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(RuntimeError, match="the database is gone"):
        workbook_bytes([Sheet("first", ["n"], [[1]]), Sheet("second", ["n"], rows())])
    assert left_behind() == set()
    of_texts("fine")
    assert left_behind() == set()


def test_an_archive_that_cannot_be_written_leaves_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def full(self: TimelessArchive, *_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(TimelessArchive, "write", full)
    with pytest.raises(MemoryError):
        workbook_bytes([Sheet("first", ["n"], [[1]]), Sheet("second", ["n"], [[2]])])
    assert left_behind() == set()


HUGE = """
import resource, sys
from datetime import date
from planner.exchange.spreadsheets.workbook import Sheet, workbook_bytes
def rows(count):
    for number in range(count):
        yield [f"PEK-{number:06}", "C1D1", date(2026, 3, 2), -3, "upcoming", ("closed_day",)]
count = int(sys.argv[1])
size = len(workbook_bytes([Sheet("visits", list("abcdef"), rows(count))]))
print(size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.long
def test_a_hundred_thousand_rows_take_little_more_memory_than_a_thousand() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    used = []
    for count in ("1000", "100000"):
        made = subprocess.run([sys.executable, "-c", HUGE, count], env=environment, capture_output=True, text=True, check=True)
        size, memory = map(int, made.stdout.split())
        used.append(memory - size // 2**20)
    assert used[1] - used[0] < 32  # MB; the rows themselves would take more than 60
