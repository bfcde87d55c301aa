"""The log as it stood after each act: the beginnings of every subject's log as rows of one cohort, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.records.fold.fact_columns import FactTable
from planner.records.fold.fact_table import chosen_prefixes
from planner.records.fold.fold import fold
from planner.records.fold.folded import FoldedGroup
from planner.records.pinned.pinned import Pinned
from planner.schedule.facts_only import facts_only
from planner.schedule.schedule import Schedule

Indexes = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class ActStates:
    """What facts alone say after each act (facts written together), of many subjects.

    States are numbered through: those of one subject stand together, in the order of its acts.
    """

    subject: NDArray[np.intp]
    """For each state the subject's row in the fact table."""
    recorded_at: NDArray[np.int64]
    """When the act was recorded, never before the one before it: microseconds since 1970-01-01 UTC."""
    is_last: NDArray[np.bool_]
    """Whether it is the subject's present state."""
    groups: tuple[FoldedGroup, ...]
    """``rows`` are numbers of states; one in which no enrolment is in force is in no group."""
    schedules: tuple[Schedule, ...]
    """Of each group, with one column for each of its states."""


def act_states(table: FactTable, pinned: Pinned) -> ActStates:
    """The states of all subjects of a fact table after each of their acts."""
    order = np.lexsort((table.number, table.row))
    row, number, recorded = table.row[order], table.number[order], table.recorded_at[order]
    ends = np.ones(len(order), dtype=np.bool_)
    # Facts of a subject recorded at one moment were written together.
    ends[:-1] = (row[1:] != row[:-1]) | (recorded[1:] != recorded[:-1])
    row, number, recorded = row[ends], number[ends], recorded[ends]
    is_last = np.ones(len(row), dtype=np.bool_)
    is_last[:-1] = row[1:] != row[:-1]
    groups = fold(chosen_prefixes(table, row, number), pinned).groups
    schedules = tuple(facts_only(group.plan, group.cohort, group.calendars) for group in groups)
    return ActStates(row.astype(np.int64), _never_earlier(row, recorded), is_last, groups, schedules)


def _never_earlier(row: NDArray[np.int32], recorded: NDArray[np.int64]) -> NDArray[np.int64]:
    """The moments, each at least that of the subject's act before it: a clock that was put back takes no stamp back."""
    moments, rank = np.unique(recorded, return_inverse=True)
    offset = row.astype(np.int64) * len(moments)
    return moments[np.maximum.accumulate(offset + rank) - offset]
