"""What will hurt later is told for a protocol that has no faults."""

from __future__ import annotations

import pytest

from planner.protocol.library import known_protocols, load_protocol
from planner.protocol.read import read_protocol
from planner.protocol.warnings import protocol_warnings
from tests.protocol.small_protocols import SMALL, changed


def warnings_of(text: str) -> list[str]:
    return [str(warning) for warning in protocol_warnings(read_protocol(text), "p.yaml")]


def test_nothing_to_warn_of() -> None:
    assert warnings_of(SMALL) == []
    for name in known_protocols():
        assert protocol_warnings(load_protocol(name)) == ()


def line(text: str, piece: str) -> int:
    return text[: text.index(piece)].count("\n") + 1


@pytest.mark.parametrize(
    ("anchor", "shown"),
    [("SURG", "management: surgery"), ("MAINT.last", "management: maintenance"), ("any(surgery).last", "management: surgery")],
)
def test_an_anchor_that_is_only_ever_conditional(anchor: str, shown: str) -> None:
    text = changed("at: LAST_DOSE + 6mo", f"at: {anchor} + 6mo")
    [warning] = warnings_of(text)
    assert warning.startswith(f"p.yaml:{line(text, 'id: CONTRA')}:1: conditional-anchor: `CONTRA` counts from `{anchor}`")
    assert f"`{shown}`" in warning


def test_no_warning_where_the_visit_has_the_same_condition() -> None:
    assert warnings_of(changed("at: LAST_DOSE + 6mo", "at: SURG + 6mo\n    when: {management: surgery}")) == []


def test_no_warning_where_one_of_several_terms_is_always_there() -> None:
    assert warnings_of(changed("at: LAST_DOSE + 6mo", "at: latest of [SURG + 6mo, MDT + 6mo]")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[8 x 3mo, {", "[8 x 4w, {"),
        (
            "repeat: {every: [8 x 3mo, {follow_up: long, steps: 6 x 6mo}]}\n    at: SBRT.last\n",
            "repeat: {times: 5}\n    at: SBRT.last + 4w * n\n",
        ),
    ],
)
def test_windows_that_overlap(old: str, new: str) -> None:
    [warning] = warnings_of(changed(old, new))
    assert "overlapping-windows: members of `FU{n}` come 28d apart, and their windows `-14d/14d` overlap" in warning


def test_windows_that_just_do_not_overlap() -> None:
    assert warnings_of(changed("[8 x 3mo, {", "[8 x 29d, {")) == []


def test_a_decision_visit_without_decision() -> None:
    text = changed("kind: phone", "") if "kind: phone" in SMALL else changed("id: LAB\n", "id: LAB\n    kind: decision\n")
    [warning] = warnings_of(text)
    assert f":{line(text, 'id: LAB')}:1: idle-decision-visit: no decision is taken at `LAB`" in warning
