"""Random site calendars: a weekly pattern, closures (some of weeks), extra open days, a linac of its own, provisional years."""

from __future__ import annotations

from datetime import date
from random import Random

import numpy as np
from numpy.typing import NDArray

from planner.schedule.calendar import SiteCalendar

FIRST_DAY, LAST_DAY = date(2020, 1, 1), date(2035, 12, 31)
_DAYS = (LAST_DAY - FIRST_DAY).days + 1
_FIRST_NUMBER = (FIRST_DAY - date(1970, 1, 1)).days
_WEEKDAY = (FIRST_DAY.weekday() + np.arange(_DAYS)) % 7
_YEAR = (np.datetime64(FIRST_DAY) + np.arange(_DAYS)).astype("datetime64[Y]").astype(int) + 1970


def random_calendar(random: Random) -> SiteCalendar:
    """A calendar of 2020 to 2035."""
    if random.random() < 0.1:
        every_day = np.ones(_DAYS, dtype=np.bool_)
        return _calendar({"clinic": every_day}, 2035)
    clinic = _weekly(random)
    _close(random, clinic)
    tables = {"clinic": clinic}
    if random.random() < 0.7:
        linac = _weekly(random) if random.random() < 0.3 else clinic.copy()
        _close(random, linac)
        tables["linac"] = linac
    return _calendar(tables, random.choice([2025, 2026, 2027, 2035]))


def _calendar(tables: dict[str, NDArray[np.bool_]], last_official_year: int) -> SiteCalendar:
    return SiteCalendar("random", "Asia/Shanghai", _FIRST_NUMBER, tables, last_official_year < _YEAR)


def _weekly(random: Random) -> NDArray[np.bool_]:
    weekly = random.choice([(0, 1, 2, 3, 4), (0, 1, 2, 3, 4), (0, 1, 2, 3, 4, 5), (0, 1, 3, 4), (1, 2, 3), (0, 1, 2, 3, 4, 5, 6)])
    return np.isin(_WEEKDAY, weekly)


def _close(random: Random, table: NDArray[np.bool_]) -> None:
    """Closures of a few days all along, some of two to three weeks in the years that cases use, and extra open days."""
    generator = np.random.default_rng(random.getrandbits(32))
    for start in generator.integers(0, _DAYS - 10, size=random.choice([0, 60, 120])):
        table[start : start + generator.integers(1, 6)] = False
    busy_years = (date(2024, 1, 1) - FIRST_DAY).days, (date(2029, 1, 1) - FIRST_DAY).days
    for start in generator.integers(*busy_years, size=random.choice([0, 2, 8])):
        table[start : start + generator.integers(12, 25)] = False
    table[generator.integers(0, _DAYS, size=random.choice([0, 100, 300]))] = True
