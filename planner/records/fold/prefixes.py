"""The log as it was known earlier: beginnings of subjects' logs as rows of their own, so that one fold gives all past states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from planner.records.fold.fact_columns import FactTable


def prefixes(table: FactTable, row: int = 0) -> FactTable:
    """Every beginning of one row's log: a row for each of its facts, holding the facts up to it.

    Row k of the answer is what was known of the subject once its k-th fact (from 0) had been written.
    """
    numbers = table.number[table.row == row]
    return chosen_prefixes(table, np.full(len(numbers), row, dtype=np.intp), numbers)


def chosen_prefixes(table: FactTable, rows: Sequence[int] | NDArray[np.integer], numbers: Sequence[int] | NDArray[np.integer]) -> FactTable:
    """For each pair of a row of ``table`` and a number: a row that holds the row's facts up to that number.

    Rows of the answer stand in the order of the pairs; a number below the first gives a row without facts.
    """
    wanted = np.asarray(rows, dtype=np.int64)
    last = np.asarray(numbers, dtype=np.int64)
    keys = _keys(table.row, table.number)
    by_row = np.argsort(keys, kind="stable")
    keys = keys[by_row]
    first = np.searchsorted(keys, _keys(wanted, np.zeros_like(wanted)))
    counts = np.maximum(np.searchsorted(keys, _keys(wanted, last), side="right") - first, 0)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    facts = table.taken(by_row[np.repeat(first, counts) + within])
    return replace(
        facts,
        subjects=tuple(table.subjects[row] for row in wanted.tolist()),
        row=np.repeat(np.arange(len(wanted), dtype=np.int32), counts),
    )


def known_at(table: FactTable, moment: int) -> FactTable:
    """What was known at a moment (microseconds since 1970-01-01 UTC): of each row the facts before its first later one.

    Rows stay as they are, also those of which nothing was known. So a clock that was put back never takes a fact out of the middle.
    """
    beyond = np.full(len(table.subjects), np.iinfo(np.int32).max, dtype=np.int32)
    later = np.flatnonzero(table.recorded_at > moment)[::-1]
    # Facts of a row stand in order of number, so going backwards the first later one is written last.
    beyond[table.row[later]] = table.number[later]
    return table.taken(np.flatnonzero(table.number < beyond[table.row]))


def _keys(rows: NDArray[np.integer], numbers: NDArray[np.integer]) -> NDArray[np.int64]:
    return rows.astype(np.int64) << 32 | numbers.astype(np.int64)
