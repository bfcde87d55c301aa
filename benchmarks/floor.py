"""The least that dates of so many visits can cost in numpy: an add, a window, a next open day; nothing decided, nothing flagged."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from benchmarks.study import AS_OF_DAY, calendar
from planner.schedule.calendar import CLINIC
from planner.schedule.day_tables import open_days
from planner.schedule.days import Days

_BLOCK = 131_072
"""Visits filled at once by a thread; of many sizes tried, the one that is fastest with two threads."""


@dataclass(frozen=True)
class Floor:
    """Arrays for a number of visits, made beforehand; filling them is what is measured."""

    anchor: Days
    nominal: Days
    earliest: Days
    latest: Days
    planned: Days
    on_or_after: Days

    @classmethod
    def of(cls, visits: int) -> Floor:
        """Anchors spread over two years; all pages of the result touched once, so that no round pays for them."""
        random = np.random.default_rng(0)
        anchor = (AS_OF_DAY + random.integers(-365, 365, visits)).astype(np.int32)
        nominal, earliest, latest, planned = (np.ones(visits, dtype=np.int32) for _ in range(4))
        return cls(anchor, nominal, earliest, latest, planned, open_days(calendar(), CLINIC).on_or_after)

    def in_one_thread(self) -> None:
        """Fill all four arrays, each by one call."""
        self._fill(slice(None))

    def in_two_threads(self) -> None:
        """Fill all four arrays, block by block in two threads."""
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(self._fill, (slice(first, first + _BLOCK) for first in range(0, len(self.anchor), _BLOCK))))

    def _fill(self, rows: slice) -> None:
        nominal = self.nominal[rows]
        np.add(self.anchor[rows], np.int32(21), out=nominal)
        np.add(nominal, np.int32(-3), out=self.earliest[rows])
        np.add(nominal, np.int32(3), out=self.latest[rows])
        np.take(self.on_or_after, nominal, out=self.planned[rows], mode="clip")
