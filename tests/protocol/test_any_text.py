"""Whatever stands in a file, reading it ends in a protocol or in ProtocolErrors."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.protocol.errors import ProtocolErrors
from planner.protocol.located_yaml import locate_yaml
from planner.protocol.read import read_protocol
from planner.protocol.warnings import protocol_warnings
from tests.protocol.small_protocols import SMALL

WORDS = sorted(set(re.findall(r"[A-Za-z_{}]+|[0-9]+[a-z]+|\S", SMALL)))
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(
        ["\n", "  ", "- ", ": ", "{", "}", "[", "]", '"', "'", "#", "&a", "*a", "!!x", "|", ">", "null", "0", "-1", "{n}", "<<", "9" * 40]
    ),
    st.text(max_size=6),
)
EDITS = st.lists(st.tuples(st.integers(0, len(SMALL)), st.integers(0, 40), PIECES), min_size=1, max_size=6)


def read_and_warn(text: str) -> None:
    try:
        protocol = read_protocol(text, "p.yaml")
    except ProtocolErrors as found:
        assert found.errors
        assert all(error.line >= 1 and error.column >= 1 and error.message for error in found.errors)
        assert list(found.errors) == sorted(found.errors, key=lambda error: (error.line, error.column))
        assert "\ufffe" not in str(found)
    else:
        protocol_warnings(protocol)


@settings(max_examples=400, deadline=None)
@given(EDITS)
def test_edited_files(edits: list[tuple[int, int, str]]) -> None:
    text = SMALL
    for start, length, piece in edits:
        text = text[:start] + piece + text[start + length :]
    read_and_warn(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS)), min_size=1, max_size=3))
def test_exchanged_words(pairs: list[tuple[str, str]]) -> None:
    text = SMALL
    for old, new in pairs:
        text = text.replace(old, new)
    read_and_warn(text)


LINES = SMALL.splitlines(keepends=True)


@settings(max_examples=200, deadline=None)
@given(st.sets(st.integers(0, len(LINES) - 1), min_size=1, max_size=8))
def test_left_out_lines(left_out: set[int]) -> None:
    read_and_warn("".join(line for number, line in enumerate(LINES) if number not in left_out))


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_text(text: str) -> None:
    read_and_warn(text)


DATA = locate_yaml(SMALL, "p.yaml").data


def paths_in(data: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(found for key, value in items for found in paths_in(value, (*path, key)))]


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**6),
    st.floats(allow_nan=False),
    st.sampled_from(
        [*WORDS, "C2D1", "SBRT.last", "previous", "first", "any(pd1).previous", "1wd", "3..6", "-3d/+3d", "F{n}", "LAST_DOSE + 6mo", "{n}"]
    ),
    st.sampled_from([{}, [], [[]], [{}], {"a": {}}, {"": ""}, {"steps": "2 x 3d"}, {"every": 0}, {"latest of": ["MDT", "LAB"]}]),
)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(paths_in(DATA)[1:]), VALUES), min_size=1, max_size=3))
def test_values_of_other_types(edits: list[tuple[tuple[str | int, ...], object]]) -> None:
    data = copy.deepcopy(DATA)
    for path, value in edits:
        if path in paths_in(data):
            inside: Any = data
            for part in path[:-1]:
                inside = inside[part]
            inside[path[-1]] = value
    read_and_warn(json.dumps(data, ensure_ascii=False, indent=1))
