"""Distinct values with and without sorting: the same answers."""

from __future__ import annotations

import numpy as np
import pytest

from planner.records.fold import distinct as module
from planner.records.fold.distinct import distinct, distinct_columns, distinct_pairs


@pytest.mark.parametrize("most_marks", [0, 2**25])
def test_distinct_values_ascend_and_give_the_keys_back(monkeypatch: pytest.MonkeyPatch, most_marks: int) -> None:
    monkeypatch.setattr(module, "_MOST_MARKS", most_marks)
    keys = np.array([5, 2, 5, 0, 9, 2])
    values, inverse = distinct(keys)
    assert values.tolist() == [0, 2, 5, 9]
    assert values[inverse].tolist() == keys.tolist()


@pytest.mark.parametrize("most_marks", [0, 2**25])
def test_distinct_values_of_nothing(monkeypatch: pytest.MonkeyPatch, most_marks: int) -> None:
    monkeypatch.setattr(module, "_MOST_MARKS", most_marks)
    values, inverse = distinct(np.zeros(0, dtype=np.int32))
    assert (len(values), len(inverse)) == (0, 0)


def test_distinct_pairs_give_the_pairs_back() -> None:
    first, second = np.array([7, 1, 7, 7]), np.array([0, 3, 3, 0])
    pairs, inverse = distinct_pairs(first, second)
    assert sorted(pairs) == [(1, 3), (7, 0), (7, 3)]
    assert [pairs[index] for index in inverse] == [(7, 0), (1, 3), (7, 3), (7, 0)]


def test_equal_columns_share_a_number() -> None:
    numbers = distinct_columns(np.array([[0, -1, 0, 0], [2, 2, 2, -1]], dtype=np.int16))
    assert numbers[0] == numbers[2]
    assert sorted(set(numbers.tolist())) == [0, 1, 2]


def test_columns_without_rows_are_all_equal() -> None:
    assert distinct_columns(np.zeros((0, 3), dtype=np.int16)).tolist() == [0, 0, 0]
