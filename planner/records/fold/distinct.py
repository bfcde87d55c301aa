"""The distinct values of large arrays of small numbers, without sorting them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_MOST_MARKS = 2**25


def distinct(keys: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """The distinct keys (not negative), ascending, and for each key the index of its own among them."""
    highest = int(keys.max(initial=0))
    if highest >= _MOST_MARKS:
        values, inverse = np.unique(keys, return_inverse=True)
        return values.astype(np.int64), inverse
    marks = np.zeros(highest + 1, dtype=np.bool_)
    marks[keys] = True
    values = np.flatnonzero(marks)
    places = np.zeros(highest + 1, dtype=np.intp)
    places[values] = np.arange(len(values))
    return values.astype(np.int64), places[keys]


def distinct_pairs(first: NDArray[np.integer], second: NDArray[np.integer]) -> tuple[list[tuple[int, int]], NDArray[np.intp]]:
    """The distinct pairs of two arrays of one length, and for each entry the index of its own among them."""
    ones, one = distinct(first)
    others, other = distinct(second)
    width = max(len(others), 1)
    keys, inverse = distinct(one * width + other)
    return [(int(ones[key // width]), int(others[key % width])) for key in keys.tolist()], inverse


def distinct_columns(rows: NDArray[np.integer]) -> NDArray[np.intp]:
    """For each column of a matrix (entries from -1) a number that equal columns share; numbers count from 0 without gaps."""
    number = np.zeros(rows.shape[1], dtype=np.intp)
    for row in rows:
        width = int(row.max(initial=0)) + 2
        _, number = distinct(number * width + row + 1)
    return number
