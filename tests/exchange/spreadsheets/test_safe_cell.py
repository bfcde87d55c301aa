"""The guard of CSV files, alone and in the files that go through it."""

import csv
import io
from datetime import UTC, date, datetime, time

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.exchange.schedule_csv import table_csv, with_byte_order_mark
from planner.exchange.spreadsheets.cells import Cell
from planner.exchange.spreadsheets.safe_cell import FORMULA_STARTS, begins_formula, safe_csv_cell, safe_text

DANGEROUS = st.builds("".join, st.tuples(st.sampled_from(sorted(FORMULA_STARTS)), st.text(max_size=20)))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_text_that_begins_like_a_formula_gets_an_apostrophe(start: str) -> None:
    assert safe_text(f"{start}1+1") == f"'{start}1+1"
    assert safe_text(start) == f"'{start}"
    assert begins_formula(start)


@pytest.mark.parametrize("text", ["", "PEK-001", "a=1", " =1", "2026-03-02", "outside_window:+3", "|cmd", "'=1", "1-2"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert safe_text(text) == text
    assert not begins_formula(text)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (-3, "-3"),
        (0, "0"),
        (None, ""),
        (True, "yes"),
        (date(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 2, 4, 5, 6, tzinfo=UTC), "2026-03-02T04:05:06Z"),
        (time(9, 30), "09:30"),
        ("-3", "'-3"),
        (("-3", "b"), "'-3;b"),
        (("a", "-b"), "a;'-b"),
        ("x;=HYPERLINK(1)", "x;'=HYPERLINK(1)"),
        ('x; "=1+1"', """x; "'=1+1\""""),
        ("x\t@y", "x\t'@y"),
        ("a; b, -c", "a; b, -c"),
        ((), ""),
    ],
)
def test_numbers_and_days_are_written_as_they_are_and_texts_are_guarded(cell: Cell, written: str) -> None:
    assert safe_csv_cell(cell) == written


@given(st.lists(st.tuples(DANGEROUS, st.integers(-99, 99), st.dates()), min_size=1, max_size=10), DANGEROUS)
def test_no_cell_of_a_csv_file_begins_a_formula_and_numbers_stay_numbers(lines: list[tuple[str, int, date]], heading: str) -> None:
    text = "".join(table_csv([heading, "days_off", "day"], lines))
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert header == [safe_csv_cell(heading), "days_off", "day"]
    assert rows == [[safe_csv_cell(first), str(number), day.isoformat()] for first, number, day in lines]
    for separator in ";\t,":
        cut = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        cells = [cell for line in cut for cell in line]
        assert not [cell for cell in cells if cell.strip()[:1] in ("=", "@", "＝", "＋", "－", "＠")]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_a_line_end_within_a_text_begins_no_row(end: str) -> None:
    text = "".join(table_csv(["a", "b"], [[f"x{end}=1+1", "last"], ["next", ""]]))
    assert text == f'a,b\n"x{end}\'=1+1",last\nnext,\n'


def test_a_byte_order_mark_comes_first_and_other_programs_read_past_it() -> None:
    pieces = with_byte_order_mark(table_csv(["名称", "days_off"], [["访视", -3]]))
    content = "".join(pieces).encode("utf-8")
    assert content.startswith(b"\xef\xbb\xbf\xe5\x90\x8d") and content.count(b"\xef\xbb\xbf") == 1
    frame = pd.read_csv(io.BytesIO(content))
    assert frame.to_dict("records") == [{"名称": "访视", "days_off": -3}]
