"""Text to located data: YAML 1.2 words, places, and hostile files refused quickly."""

from __future__ import annotations

import time

import pytest

from planner.protocol.errors import ProtocolErrors
from planner.protocol.located_yaml import LocatedDocument, locate_yaml


def located(text: str) -> LocatedDocument:
    return locate_yaml(text, "f.yaml")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("NO", "NO"),
        ("1:30", "1:30"),
        ("010", "010"),
        ("1.10", "1.10"),
        ("1e3", "1e3"),
        ("0x1F", "0x1F"),
        ("2026-01-31", "2026-01-31"),
        ("1_000", "1_000"),
        ("+5", "+5"),
        ("=", "="),
        ("24", 24),
        ("-3", -3),
        ("0", 0),
        ("9" * 30, "9" * 30),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("null", None),
        ("", None),
        ('"24"', "24"),
        ("'true'", "true"),
        ('""', ""),
    ],
)
def test_scalars_follow_yaml_1_2(written: str, value: object) -> None:
    found = located(f"key: {written}\n").data["key"]
    assert found == value
    assert type(found) is type(value)


def test_places_of_values_and_keys() -> None:
    document = located("a:\n  - b: 1\n    中文: [x, y]\n")
    assert document.data == {"a": [{"b": 1, "中文": ["x", "y"]}]}
    assert document.place(("a", 0, "b")) == (2, 8)
    assert document.place(("a", 0, "中文", 1)) == (3, 13)
    assert document.key_place(("a", 0, "中文")) == (3, 5)
    assert document.place(("a", 0, "missing", "deeper")) == (2, 5)
    assert document.place(()) == (1, 1)


def test_faults_leave_the_rest_readable() -> None:
    document = located("a: &x 1\nb: *x\nc: !!str 2\na: 3\n<<: {d: 4}\ne: {f: 1, 2}\n")
    assert [(error.line, error.column, error.code) for error in document.errors] == [
        (1, 4, "yaml-alias"),
        (2, 4, "yaml-alias"),
        (3, 4, "yaml-tag"),
        (4, 1, "duplicate-key"),
        (5, 1, "merge-key"),
        (6, 8, "needs-quotes"),
    ]
    assert document.data["a"] == 1
    assert "<<" not in document.data


def test_commas_that_are_meant_are_no_fault() -> None:
    text = "a: {b: , c: , d: x, e: [1, (2, 3), y]}\nf: {g: any(x), h: (i)}\nk: any(a, b).last\n"
    document = located(text)
    assert [error.code for error in document.errors] == ["needs-quotes"]
    assert '"(2, 3)"' in document.errors[0].message
    assert document.data["f"] == {"g": "any(x)", "h": "(i)"}
    assert document.data["k"] == "any(a, b).last"
    assert located("a: {b: , c: , d: x}").errors == ()
    assert located("a: {b: 'x, y', c: z}").errors == ()


def laughs() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join(lines)


def merges() -> str:
    lines = ["a0: &a0 {k: 1}"]
    lines += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 12)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[" * 100_000, "too-deep"),
        ("{a: " * 100_000, "too-deep"),
        ("- " * 100_000, "too-deep"),
        ("a:\n" + "".join(" " * depth + "a:\n" for depth in range(1, 40)), "too-deep"),
        ("[" + "a," * 60_000 + "]", "too-many-values"),
        ("a: " + "x" * 1_000_001, "too-large"),
        ("a: " + "中" * 400_000, "too-large"),
        ("a: \x00", "bad-character"),
        ("a: \ud800", "bad-character"),
        ('a: "unfinished', "yaml-syntax"),
        ("? [a]\n: b\n", "bad-key"),
        ("%YAML 9.9\n---\na: b\n", "yaml-syntax"),
        ("a: b: c", "yaml-syntax"),
        ("@a", "yaml-syntax"),
    ],
    ids=lambda value: value[:12],
)
def test_files_that_cannot_be_read_are_refused_quickly(text: str, code: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(ProtocolErrors) as found:
        located(text)
    assert found.value.errors[-1].code == code
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize("text", [laughs(), merges()], ids=["aliases", "merges"])
def test_bombs_do_not_explode(text: str) -> None:
    begun = time.perf_counter()
    document = located(text)
    assert {error.code for error in document.errors} <= {"yaml-alias", "merge-key"}
    assert document.errors
    assert len(str(document.data)) < 2_000
    assert time.perf_counter() - begun < 2
