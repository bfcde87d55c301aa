"""Open days as lookup tables: a question about a day is one array access (R5, R17).

Every table is indexed by day number (days since 1970-01-01), from 0 to ``LAST_DAY``. Day 0 stands for "no date"
and answers ``NO_DAY``, so that lookups need no test for missing dates. ``BEYOND`` means that the calendar holds
no such day; the engine reports it as an error, never as a date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from planner.schedule.calendar import ANY_DAY, SiteCalendar
from planner.schedule.days import NO_DAY, Days, day_number

LAST_DAY = day_number(date(2070, 12, 31))
BEYOND = np.int32(2**29)
SIZE = LAST_DAY + 1


@dataclass(frozen=True, eq=False)
class OpenDays:
    """Answers for one resource of one calendar.

    ``on_or_after`` / ``on_or_before``: the closest open day; ``closest``: the open day with the least distance, a tie
    going later; ``days`` lists the open days, ``rank[d]`` how many of them lie on or before d.
    """

    on_or_after: Days
    on_or_before: Days
    closest: Days
    days: Days
    rank: Days


def _marked(calendar: SiteCalendar, resource: str, also: tuple[int, ...]) -> NDArray[np.bool_]:
    """Open or not for each day 0..LAST_DAY, where every day ``also`` later must be open too (``open_also``)."""
    covered = calendar.open_table(resource)
    first = max(calendar.first_day, 1)
    covered = covered[first - calendar.first_day :][: SIZE - first]
    marked = np.zeros(SIZE, dtype=np.bool_)
    open_day = covered.copy()
    for days in also:
        later = np.zeros_like(covered)
        if days < len(covered):
            later[: len(covered) - days] = covered[days:]
        open_day &= later
    marked[first : first + len(covered)] = open_day
    return marked


@lru_cache(maxsize=256)
def open_days(calendar: SiteCalendar, resource: str, also: tuple[int, ...] = ()) -> OpenDays:
    """The tables of a resource; ``also`` are the ``open_also`` days that apply."""
    marked = _marked(calendar, resource, also)
    days = np.flatnonzero(marked).astype(np.int32)
    number = np.arange(SIZE, dtype=np.int32)
    rank = np.cumsum(marked, dtype=np.int32)
    padded = np.concatenate(([NO_DAY], days, [BEYOND])).astype(np.int32)
    before = padded[rank]
    after = padded[rank + np.int32(1) - marked]
    covered_from = np.int32(calendar.first_day)
    after[number < covered_from] = BEYOND
    closest = np.where((number - before) < (after - number), before, after)
    for table in (after, before, closest):
        table[0] = NO_DAY
    return OpenDays(after, before, closest.astype(np.int32), days, rank)


@lru_cache(maxsize=256)
def working_days_from(calendar: SiteCalendar, resource: str, count: int) -> Days:
    """For each day, the ``count``-th open day strictly after it (negative: strictly before, 0: itself); R1."""
    number = np.arange(SIZE, dtype=np.int32)
    if count == 0:
        table = number.copy()
    elif resource == ANY_DAY:
        table = number + np.int32(count)
    else:
        known = open_days(calendar, resource)
        marked = np.diff(known.rank, prepend=np.int32(0)) > 0
        place = known.rank + np.int32(count - 1) if count > 0 else known.rank - marked + np.int32(count)
        inside = (place >= 0) & (place < len(known.days)) & (number >= calendar.first_day)
        days = np.append(known.days, BEYOND)
        table = np.where(inside, days.take(place, mode="clip"), BEYOND).astype(np.int32)
    table[0] = NO_DAY
    return table


@lru_cache(maxsize=64)
def provisional_days(calendar: SiteCalendar) -> NDArray[np.bool_]:
    """Whether each day 0..LAST_DAY lies in a provisional year (R17)."""
    marked = np.zeros(SIZE, dtype=np.bool_)
    first = max(calendar.first_day, 1)
    covered = calendar.provisional[first - calendar.first_day :][: SIZE - first]
    marked[first : first + len(covered)] = covered
    return marked


class Lookup:
    """Tables for a block of subjects: one table where all share it, else one row each, chosen by ``rows``."""

    def __init__(self, tables: list[OpenDays], rows: NDArray[np.int32] | None) -> None:
        """``rows`` gives each subject's table by index, or None where there is only one."""
        self._tables = tables
        self._rows = rows
        self._stacked: dict[str, Days] = {}

    def _answer(self, name: str, days: Days) -> Days:
        if self._rows is None:
            return getattr(self._tables[0], name).take(days, mode="clip")  # type: ignore[no-any-return]
        stacked = self._stacked.get(name)
        if stacked is None:
            stacked = self._stacked[name] = np.concatenate([getattr(table, name) for table in self._tables])
        return stacked.take(self._rows + np.minimum(np.maximum(days, 0), LAST_DAY))

    def on_or_after(self, days: Days) -> Days:
        """The first open day on or after each day."""
        return self._answer("on_or_after", days)

    def on_or_before(self, days: Days) -> Days:
        """The last open day on or before each day."""
        return self._answer("on_or_before", days)

    def closest(self, days: Days) -> Days:
        """The open day closest to each day, a tie going later."""
        return self._answer("closest", days)

    def at(self, subjects: NDArray[np.intp]) -> Lookup:
        """The same tables for some of the subjects."""
        return Lookup(self._tables, None if self._rows is None else self._rows[subjects])
