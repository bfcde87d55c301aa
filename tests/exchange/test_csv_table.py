"""CSV as programs write it."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.exchange.csv_table import DELIMITERS, CsvError, CsvRow, CsvTable, csv_table, csv_text

CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), max_size=8)


@given(st.lists(st.tuples(CELL, CELL), max_size=6), st.sampled_from(DELIMITERS), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_whatever_is_written_is_read_back(rows: list[tuple[str, str]], delimiter: str, marked: bool, line_end: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows([("subject", "start"), *rows])
    table = csv_table((("\ufeff" if marked else "") + text.getvalue()).encode("utf-8"))
    assert table.header.cells == ("subject", "start")
    assert [row.cells for row in table.rows] == [row for row in rows if any(cell.strip() for cell in row)]
    assert (table.delimiter, table.has_byte_order_mark) == (delimiter, marked)


ANY_CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=8) | st.sampled_from(
    ["x\ry", "\r", "\r\n", "a\nb", "=1"]
)


@given(st.lists(st.tuples(ANY_CELL, ANY_CELL), max_size=6), st.sampled_from(DELIMITERS), st.booleans())
def test_rows_that_are_written_alike_come_back_whole(rows: list[tuple[str, str]], delimiter: str, marked: bool) -> None:
    header = CsvRow(1, ("subject", "start"))
    text = "".join(CsvTable(header, (), delimiter, marked).written_alike([header.cells, *rows]))
    read = csv_table(text.encode("utf-8"))
    assert [row.cells for row in read.rows] == [row for row in rows if any(cell.strip() for cell in row)]
    assert (read.delimiter, read.has_byte_order_mark) == (delimiter, marked)


def test_a_carriage_return_within_a_cell_splits_no_row() -> None:
    table = csv_table(b'subject,start\n"x\ry",2026-01-01\n')
    (row,) = table.rows
    assert row.cells == ("x\ry", "2026-01-01")
    assert "".join(table.written_alike([table.header.cells, row.cells])) == 'subject,start\n"x\ry",2026-01-01\n'
    assert csv_text([["a;b", "c\r"]], ";") == '"a;b";"c\r"\n'


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_refused_with_a_sentence(content: bytes) -> None:
    try:
        csv_table(content)
    except CsvError as error:
        assert error.line >= 1
        assert "\n" not in str(error)


def test_rows_know_the_line_they_begin_on() -> None:
    table = csv_table(b'a,b\n"1\n2",3\n\n4,5\n')
    assert [(row.line, row.cells) for row in table.rows] == [(2, ("1\n2", "3")), (5, ("4", "5"))]


def test_a_delimiter_within_quotes_does_not_count() -> None:
    assert csv_table(b'"a,b,c";d\n1;2\n').header.cells == ("a,b,c", "d")


def test_an_endless_cell_is_a_quote_that_is_not_closed() -> None:
    with pytest.raises(CsvError, match="never closed") as raised:
        csv_table(b'a,b\n1,2\n"' + b"x" * 200_000)
    assert raised.value.line == 3
