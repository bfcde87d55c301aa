"""Names of sheets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.exchange.spreadsheets.sheet_names import LONGEST_NAME, sheet_names


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@pytest.mark.parametrize(
    ("wanted", "given_names"),
    [
        (["PEK", "NYC"], ["PEK", "NYC"]),
        (["PEK", "pek", "Pek"], ["PEK", "pek (2)", "Pek (3)"]),
        (["all", "ALL"], ["all", "ALL (2)"]),
        (["a (2)", "a", "A"], ["a (2)", "a", "A (3)"]),
        (["[a]:*?/\\b"], ["_a______b"]),
        (["'quoted'", "it's"], ["quoted", "it's"]),
        (["", "  ", "'"], ["sheet", "sheet (2)", "sheet (3)"]),
        (["History"], ["History (2)"]),
        (["x" * 31, "x" * 32], ["x" * 31, "x" * 27 + " (2)"]),
        (["🩺" * 16], ["🩺" * 15]),
        (["上海第一医院"], ["上海第一医院"]),
        (["a" * 30 + "'b"], ["a" * 30]),
        (["line\nend", "\ud800"], ["line_end", "_"]),
    ],
)
def test_names_are_mended_as_little_as_needed(wanted: list[str], given_names: list[str]) -> None:
    assert sheet_names(wanted) == given_names


@given(st.lists(st.text(max_size=40) | st.sampled_from(["PEK", "pek", "x" * 40, "'", "Straße", "STRASSE"]), max_size=12))
def test_every_name_is_legal_and_no_two_are_alike(wanted: list[str]) -> None:
    names = sheet_names(wanted)
    assert len(names) == len(wanted)
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 1 <= units(name) <= LONGEST_NAME
        assert not set(name) & set("[]:*?/\\") and name.strip("'") == name and name.strip() == name
        assert name.casefold() != "history"
    assert sheet_names(names) == names
