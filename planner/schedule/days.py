"""Days as int32 numbers since 1970-01-01, and calendar-month arithmetic on arrays of them (R1)."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int32]

NO_DAY = np.int32(-(2**30))
"""Stands for "no date". It stays far below every real day even after offsets are added."""

EARLIEST_REAL_DAY = np.int32(-(2**29))
"""Anything below is "no date", whatever was added to it."""

_EPOCH = date(1970, 1, 1).toordinal()
_MONTHS_FROM, _MONTHS_TO = 1900, 2200


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - _EPOCH


def day_date(number: int) -> date:
    """The date of a day number."""
    return date.fromordinal(int(number) + _EPOCH)


_LONGEST_MONTH = 31


@cache
def _month_tables() -> tuple[np.int32, NDArray[np.int32], NDArray[np.int32]]:
    """The first day covered; for each day its place in a grid of months by 31 days; and the day at each place, clipped."""
    first = np.arange(f"{_MONTHS_FROM}-01", f"{_MONTHS_TO}-01", dtype="datetime64[M]").astype("datetime64[D]").astype(np.int32)
    length = np.diff(np.append(first, np.int32(day_number(date(_MONTHS_TO, 1, 1))))).astype(np.int32)
    grid = first[:, np.newaxis] + np.minimum(np.arange(_LONGEST_MONTH), length[:, np.newaxis] - 1)
    month_of_day = np.repeat(np.arange(len(first), dtype=np.int32), length)
    day_of_month = np.arange(len(month_of_day), dtype=np.int32) + first[0] - first[month_of_day]
    return first[0], (month_of_day * _LONGEST_MONTH + day_of_month).astype(np.int32), grid.ravel().astype(np.int32)


def add_months(days: Days, months: Days | int) -> Days:
    """``days`` plus calendar months, clipped to the month's last day (R1); no date stays no date.

    ``months`` is one number or one per day. Covers 1900 to 2199; days outside are taken as its ends.
    """
    first, place, grid = _month_tables()
    further = np.int32(months * _LONGEST_MONTH) if isinstance(months, int) else months * np.int32(_LONGEST_MONTH)
    moved = place.take(days - first, mode="clip") + further
    result = grid.take(moved, mode="clip")
    missing = days < EARLIEST_REAL_DAY
    if missing.any():
        result[missing] = NO_DAY
    return result
