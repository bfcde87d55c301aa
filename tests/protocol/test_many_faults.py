"""Several faults of one visit: each is told at its own line, and none hides another."""

import pytest

from planner.protocol.errors import ProtocolErrors
from planner.protocol.read import read_protocol

BROKEN = """\
protocol: x
version: "1.0"
title: t
visits:
  - id: C1D1
    start: true
    source: stated
  - id: A
    at: C1D1 + 3x
    window: -3d/+7d
    source: guessed
  - id: A
    at: C1D1 + 3d
    kind: clinik
    source: assumed
"""


def test_each_fault_is_told_at_its_line() -> None:
    with pytest.raises(ProtocolErrors) as caught:
        read_protocol(BROKEN, "broken.yaml")
    found = [(error.line, error.column, error.code) for error in caught.value.errors]
    assert found == [(9, 9, "bad-duration"), (11, 13, "unknown-word"), (12, 9, "duplicate-id"), (14, 11, "unknown-word")]
