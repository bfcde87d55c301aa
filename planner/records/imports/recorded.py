"""What the log holds of the subjects that a file names, read in bulk: a query per thousand subjects, none per row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from sqlalchemy import Connection

from planner.records.facts.fact import SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.fold.fact_columns import FactTable
from planner.records.fold.fact_table import read_fact_table
from planner.records.fold.in_force import Indexes, standing_facts
from planner.records.fold.subject_facts import NotEnrolledError, subject_state
from planner.records.imports.compare import Recorded, RecordedFact, facts_by_item
from planner.records.pinned.pinned import Pinned

SUBJECTS_AT_ONCE = 1_000
"""Bounds the memory: a thousand subjects have some tens of thousands of facts."""


def read_recorded(connection: Connection, ids: Mapping[SubjectKey, int], keys: Sequence[SubjectKey], pinned: Pinned) -> Iterator[Recorded]:
    """What is recorded of each of ``keys``, in their order; ``ids`` are the numbers of their logs (``log.subject_keys``)."""
    for first in range(0, len(keys), SUBJECTS_AT_ONCE):
        some = keys[first : first + SUBJECTS_AT_ONCE]
        table = read_fact_table(connection, [ids[key] for key in some])
        standing = standing_facts(table)
        by_row = zip(_by_row(table), _by_row(standing.facts), strict=True)
        for row, (whole, in_force) in enumerate(by_row):
            found = facts_by_item(_of_row(standing.facts, in_force, row), standing.origin[in_force])
            yield _recorded(_of_row(table, whole, row), found, pinned)


def _by_row(table: FactTable) -> Iterator[Indexes]:
    """The facts of each row."""
    order = np.argsort(table.row, kind="stable")
    ends = np.searchsorted(table.row[order], np.arange(len(table.subjects) + 1))
    for row in range(len(table.subjects)):
        yield order[ends[row] : ends[row + 1]]


def _of_row(table: FactTable, which: Indexes, row: int) -> FactTable:
    """These facts, which are those of one row, as a table of its own."""
    return replace(table.taken(which), subjects=(table.subjects[row],), row=np.zeros(len(which), dtype=np.int32))


def _recorded(whole: FactTable, in_force: Mapping[tuple[Kind, str], Sequence[RecordedFact]], pinned: Pinned) -> Recorded:
    try:
        state = subject_state(whole, pinned)
    except NotEnrolledError:
        state = None
    revision = int(whole.number[-1]) if len(whole) else 0
    return Recorded(whole.subjects[0], state, revision, in_force)
