"""Tables from files as people send them: CSV and workbooks, and what only looks like one."""

import io
import resource
import time
import zipfile
from datetime import date, datetime
from datetime import time as clock
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.exchange.table import MOST_COLUMNS, MOST_ROWS, Table, TableError
from planner.exchange.table_file import read_table
from tests.exchange.workbooks import SHEET, sheet_xml, with_parts, with_shared_texts, workbook

HEADER = ("subject", "visit", "date")
TEXT = "subject,visit,date\nP001,C1D1,2026-03-02\n"
ROWS = [("P001", "C1D1", "2026-03-02")]


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def refusal(content: bytes, sheet: str = "") -> str:
    with pytest.raises(TableError) as caught:
        read_table(content, sheet)
    return str(caught.value)


# --- CSV ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").replace("\n", "\r\n").encode(),
        b"\n\nsubject , visit,date,,\n,,\n P001 ,C1D1,2026-03-02,,\n\n",
    ],
)
def test_csv_of_any_kind_gives_the_same_texts(content: bytes) -> None:
    table = read_table(content)
    assert table.header.cells == HEADER
    assert cells(table) == ROWS


def test_csv_rows_know_their_line() -> None:
    table = read_table(b'subject,visit\n\nP001,"C1\nD1"\nP002,C1D1\n')
    assert [row.line for row in table.rows] == [3, 5]


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (TEXT.encode("utf-16"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "binary, or in UTF-16"),
        ("subject,visit,date\n张三,C1D1,2026-03-02\n".encode("gb18030"), "GB18030"),
        ("subject,visit,date\nJos\xe9,C1D1,2026-03-02\n".encode("cp1252"), "Windows-1252"),
        (b"subject,visit\nP001,C1\x00D1\n", "binary"),
        (b"", "empty"),
        (b'subject,visit\nP001,"C1D1\n', "never closed"),
        (b"%PDF-1.7\n1 0 obj\n", "a PDF"),
        (b"\x89PNG\r\n\x1a\n0000", "a picture"),
        (b"<html><table><tr><td>subject</td></tr></table></html>", "a web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "old Excel workbook (.xls)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b",".join(b"c" for _ in range(MOST_COLUMNS + 1)) + b"\n1\n", "columns; at most 200"),
        (b"a,b\n" + b"1,2\n" * (MOST_ROWS + 1), "more than 200,000 rows"),
        (b"a,b\n" + b"," * 1_000_001, "more than 1,000,000 cells"),
        (b"a,b\n" + b"1" * (17 * 1024 * 1024), "larger than 16 MB"),
        (b"a,b\n" + b"1" * 40_000 + b",2\n", "32,767 characters"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(content: bytes, part: str) -> None:
    assert part in refusal(content)


def test_a_sheet_of_a_csv_file_is_refused() -> None:
    assert "only one" in refusal(TEXT.encode(), "Visits")


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"subject,visit\n"]))
def test_any_bytes_are_a_table_or_refused(content: bytes, start: bytes) -> None:
    try:
        read_table(start + content)
    except TableError as error:
        assert error.fault.line >= 1
        assert error.fault.column >= 1


# --- workbooks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 2), "2026-03-02"),
        ("2026-03-02", "2026-03-02"),
        ("31/04/2026", "31/04/2026"),
        (46083, "46083"),
        (46083.0, "46083"),
        (12.5, "12.5"),
        (True, "TRUE"),
        ("  P001 ", "P001"),
        ("=1", "=1"),
        ("é 张", "é 张"),
    ],
)
def test_a_value_becomes_the_text_that_one_would_type(value: Any, text: str) -> None:
    def as_text(sheet: Any) -> None:
        if value == "=1":  # typed as text, not as a formula
            sheet["A2"].data_type = "s"

    assert cells(read_table(workbook([["subject"], [value]], as_text))) == [(text,)]


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ("=TODAY()", "a formula"),
        (datetime(2026, 3, 2, 9, 30), "2026-03-02 09:30"),
        (clock(9, 30), "time of day"),
        ("#N/A", "an error"),
    ],
)
def test_what_is_no_plain_value_is_a_fault_of_its_cell(value: Any, part: str) -> None:
    table = read_table(workbook([HEADER, ["P001", "C1D1", "2026-03-02"], ["P002", "C1D1", value]]))
    assert [(fault.line, fault.column) for fault in table.faults] == [(3, 3)]
    assert part in table.faults[0].message
    assert cells(table)[1] == ("P002", "C1D1", "")


def test_empty_rows_and_columns_do_not_shift_anything() -> None:
    rows = [[], HEADER, [], ["P001", "C1D1", "2026-03-02"], [None, "", "  "], ["P002", None, None, None]]
    table = read_table(workbook(rows))
    assert (table.header.line, [row.line for row in table.rows]) == (2, [4, 6])
    assert cells(table) == [*ROWS, ("P002", "", "")]


def test_text_beyond_the_header_is_kept_to_be_told() -> None:
    assert cells(read_table(workbook([HEADER, [*ROWS[0], None, "seen"]]))) == [(*ROWS[0], "", "seen")]


def test_texts_kept_apart_from_the_cells_are_read() -> None:
    texts = "<si><t>subject</t></si><si><r><t>P0</t></r><r><t>01</t></r></si>"
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="3"><c r="A3" t="s"><v>1</v></c></row>'
    table = read_table(with_shared_texts(workbook([["a"]]), texts, rows))
    assert (table.header.cells, cells(table), table.rows[0].line) == (("subject",), [("P001",)], 3)


def test_merged_cells_have_their_text_once() -> None:
    content = workbook([HEADER, ROWS[0], ["P001", "C2D1", "2026-03-23"]], lambda sheet: sheet.merge_cells("A2:A3"))
    assert [row[0] for row in cells(read_table(content))] == ["P001", ""]


def test_the_first_sheet_is_read_or_the_one_named() -> None:
    content = workbook([HEADER, ROWS[0]], lambda sheet: sheet.parent.create_sheet("Other").append(["site"]))
    assert cells(read_table(content)) == ROWS
    assert read_table(content, "Other").header.cells == ("site",)
    assert "did you mean Other?" in refusal(content, "Othr")


def test_a_wrong_dimension_hides_no_row() -> None:
    rows = "".join(f'<row r="{line}"><c r="A{line}"><v>{line}</v></c></row>' for line in range(1, 6))
    content = sheet_xml(rows).replace(b"<sheetData>", b'<dimension ref="A1:A2"/><sheetData>')
    assert cells(read_table(with_parts(workbook([HEADER]), {SHEET: content}))) == [("2",), ("3",), ("4",), ("5",)]


@pytest.mark.parametrize(
    ("parts", "part"),
    [
        ({"xl/vbaProject.bin": b"x"}, "macros"),
        ({"xl/externalLinks/externalLink1.xml": b"<x/>"}, "other files"),
        ({"xl/workbook.bin": b"x"}, ".xlsb"),
        ({"xl/sharedStrings.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><sst/>'}, "definitions"),
        ({SHEET: '<?xml version="1.0" encoding="UTF-16"?><worksheet/>'.encode("utf-16")}, "not in UTF-8"),
        ({SHEET: b"<worksheet><sheetData>"}, "cannot be read"),
        ({"xl/workbook.xml": b"<x/>"}, "no sheet"),
        ({SHEET: sheet_xml("")}, "empty"),
        ({SHEET: sheet_xml('<row r="1"><c r="XFD1"/></row>')}, "as far as column 16,384"),
        ({SHEET: sheet_xml('<row r="1"><c r="GZ1"><v>1</v></c></row>')}, "columns"),
        ({f"part{number}.xml": b"<x/>" for number in range(1001)}, "parts"),
        ({"xl/styles.xml": b"<styleSheet>" + b"<xf/>" * 200_000 + b"</styleSheet>"}, "more cells, texts, styles"),
        ({"xl/sharedStrings.xml": b"<sst>" + b"<si/>" * 1_600_000 + b"</sst>"}, "more cells, texts, styles"),
    ],
)
def test_a_workbook_that_could_do_harm_or_is_none_is_refused(parts: dict[str, bytes], part: str) -> None:
    assert part in refusal(with_parts(workbook([HEADER, ROWS[0]]), parts))


def test_another_archive_is_told_from_a_workbook() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert ".ods" in refusal(file.getvalue())


def test_a_member_behind_a_password_is_told() -> None:
    content = bytearray(workbook([HEADER, ROWS[0]]))
    for start in (b"PK\x03\x04", b"PK\x01\x02"):
        at = content.index(start) + (6 if start[2] == 3 else 8)
        content[at] |= 1
    assert "password" in refusal(bytes(content))


def test_every_way_to_cut_a_workbook_short_is_refused() -> None:
    content = workbook([HEADER, ROWS[0]])
    for size in range(4, len(content), 97):
        assert "cut short" in refusal(content[:size])


@given(st.data())
def test_a_workbook_with_bytes_changed_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(CONTENT)
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[at] = data.draw(st.integers(0, 255))
    try:
        read_table(bytes(content))
    except TableError as error:
        assert str(error)


CONTENT = workbook([HEADER, ROWS[0], ["P002", 3, date(2026, 3, 2)]])


def test_a_row_far_below_costs_nothing() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="99999999999"><c r="A99999999999"><v>1</v></c></row>'
    content = with_parts(workbook([HEADER]), {SHEET: sheet_xml(rows)})
    started = time.process_time()
    assert len(read_table(content).rows) == 0
    assert time.process_time() - started < 5


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = with_parts(workbook([HEADER]), {SHEET: sheet_xml('<row><c t="inlineStr"><is><t>x</t></is></c></row>' * 2_700_000)})
    assert len(bomb) < 2_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    message = refusal(bomb)
    assert time.process_time() - started < 0.5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000, "kilobytes"
    assert "unpacks to" in message


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    size = 200 * 1024 * 1024
    bomb = bytearray(with_parts(workbook([HEADER]), {SHEET: b"<worksheet>" + b" " * size}))
    told = (size + 11).to_bytes(4, "little")
    assert bomb.count(told) == 2
    assert "cut short" in refusal(bytes(bomb.replace(told, (1000).to_bytes(4, "little"))))
