"""Facts read in bulk that lack the day without which their kind means nothing."""

from __future__ import annotations

import numpy as np

from planner.protocol.said import said
from planner.records.facts.form import NEED_DAY
from planner.records.fold.fact_columns import KINDS, FactTable, FactTableError
from planner.schedule.days import NO_DAY

_NEEDS_DAY = np.array([kind in NEED_DAY for kind in KINDS])


def require_days(table: FactTable) -> FactTable:
    """``table`` itself, if every fact has the day that its kind asks for. Raises FactTableError, which names the first that has none."""
    missing = np.flatnonzero((table.day == NO_DAY) & _NEEDS_DAY[table.kind])
    if len(missing):
        first = int(missing[0])
        named = said(
            "Fact {table_number} of {subjects}", table_number=int(table.number[first]), subjects=str(table.subjects[int(table.row[first])])
        )
        raise FactTableError(
            said(
                "{named} cannot be read: {kinds} without a day says nothing. Run `audit verify`.",
                named=named,
                kinds=KINDS[int(table.kind[first])],
            )
        )
    return table
