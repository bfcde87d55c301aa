"""Public holidays as the `holidays` package computes them; the only place that knows this package."""

from __future__ import annotations

import importlib
import re
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from inspect import signature
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from planner.protocol.said import said
from planner.schedule.calendar import CalendarError

if TYPE_CHECKING:
    from holidays import HolidayBase

_COUNTRIES_PACKAGE = "holidays.countries"
_IMPORT_LOCK = Lock()
_LANGUAGE = "en_US"
_FIRST_YEAR_KNOWN, _LAST_YEAR_KNOWN = 1900, 2100
_NO_CALENDAR = (
    "There is no calendar {country}. Write a country's two-letter code (CN), a country and its subdivision (US-NY), "
    "weekdays (Monday to Friday, no holidays), or none (every day is open)."
)
_NO_CALENDAR_BUT = (
    "There is no calendar {country}. Nearest: {nearest}. Write a country's two-letter code (CN), a country and its subdivision (US-NY), "
    "weekdays (Monday to Friday, no holidays), or none (every day is open)."
)
_ESTIMATED = re.compile(r"\bestimated\b")
_SUBSTITUTED = re.compile(r"\(substituted from (\d\d)/(\d\d)/(\d{4})\)")


@dataclass(frozen=True, slots=True)
class CountryDays:
    """What a country's law says about the days of some years, and which of these years are uncertain."""

    code: str
    """The canonical code, ``CN`` or ``US-NY``."""
    weekend: NDArray[np.bool_]
    """Whether each day, from 1 January of the first year on, falls on the weekend as it was or is then."""
    holidays: Mapping[date, str]
    """Public holidays, also those on a weekend, with their English names."""
    working_weekends: Mapping[date, str]
    """Make-up working days, with the day they are worked for where that is known."""
    uncertain_years: frozenset[int]
    """Years with estimated dates, and those for which the package knows no dates of the country at all."""


@cache
def _countries() -> Mapping[str, tuple[str, str, str]]:
    """Each known code (``CN``, ``CHN``) with its module, class and two-letter code."""
    from holidays.registry import COUNTRIES

    return {code: (module, names[0], names[1]) for module, names in COUNTRIES.items() for code in names[1:] if code.isupper()}


def country_codes() -> tuple[str, ...]:
    """The two-letter codes of all countries whose holidays are known, in alphabetical order."""
    return tuple(sorted({two_letters for _, _, two_letters in _countries().values()}))


def subdivision_codes(country: str) -> tuple[str, ...]:
    """The codes of a country's subdivisions that have calendars of their own (``NY`` for the United States).

    Raises CalendarError for an unknown country.
    """
    return tuple(_country_class(country).subdivisions)


def country_days(code: str, first_year: int, last_year: int) -> CountryDays:
    """The weekends, public holidays and working weekends of ``first_year`` to ``last_year``.

    ``code`` is a country (``CN``) or a country and a subdivision (``US-NY``), in either case. The years before and
    after are computed too: a make-up day of one year may lie in the one before. Raises CalendarError for an unknown
    code or a span of years outside 1900 to 2100.
    """
    if not _FIRST_YEAR_KNOWN <= first_year <= last_year <= _LAST_YEAR_KNOWN:
        text = "Years {first} to {last} are not a span of years within {first_known} to {last_known}."
        known = {"first_known": _FIRST_YEAR_KNOWN, "last_known": _LAST_YEAR_KNOWN}
        raise CalendarError(said(text, first=first_year, last=last_year, **known))
    country, _, subdivision = code.partition("-")
    entity_class = _country_class(country)
    canonical = _canonical_subdivision(entity_class, subdivision) if "-" in code else None
    entity = _entity(entity_class, canonical, first_year - 1, last_year + 1)
    years = range(first_year, last_year + 1)
    moved = set(entity.weekend_workdays)
    holidays = {day: _iso_substitution(name) for day, name in entity.items() if first_year <= day.year <= last_year}
    estimated = {day.year for day, name in entity.items() if _ESTIMATED.search(name)}
    unknown = {year for year in years if not entity.start_year <= year <= entity.end_year}
    return CountryDays(
        code=entity_class.country + (f"-{canonical}" if canonical else ""),
        weekend=np.concatenate([_weekend(entity, year) for year in years]),
        holidays=holidays,
        working_weekends={day: name for day, name in _working_weekend_names(entity, moved).items() if first_year <= day.year <= last_year},
        uncertain_years=frozenset(estimated.intersection(years) | unknown),
    )


def _entity(entity_class: type[HolidayBase], subdivision: str | None, first_year: int, last_year: int) -> HolidayBase:
    # Some countries hide which of their dates are estimated unless asked; the others do not take the argument.
    asked: dict[str, Any] = {}
    if "islamic_show_estimated" in signature(entity_class).parameters:
        asked["islamic_show_estimated"] = True
    with warnings.catch_warnings():
        # India warns of years without Hindu dates; these years are told apart as estimated.
        warnings.simplefilter("ignore", UserWarning)
        # Without `expand=False` a look at the next year would compute it in the middle of this one.
        return entity_class(years=range(first_year, last_year + 1), expand=False, subdiv=subdivision, language=_LANGUAGE, **asked)


def _country_class(country: str) -> type[HolidayBase]:
    known = _countries().get(country.upper())
    if known is None:
        raise CalendarError(_unknown_country(country))
    module, name, _ = known
    entity_class: type[HolidayBase] = getattr(_country_module(module), name)
    return entity_class


def _country_module(name: str) -> ModuleType:
    """One country's module, without the other 249 that importing their package brings along (half of the start-up time).

    A bare package stands in for ``holidays.countries`` meanwhile; whoever imports the real one later still gets it whole.
    """
    import holidays

    with _IMPORT_LOCK:
        if _COUNTRIES_PACKAGE in sys.modules:
            return importlib.import_module(f"{_COUNTRIES_PACKAGE}.{name}")
        bare = ModuleType(_COUNTRIES_PACKAGE)
        bare.__path__ = [f"{folder}/countries" for folder in holidays.__path__]
        sys.modules[_COUNTRIES_PACKAGE] = bare
        try:
            return importlib.import_module(f"{_COUNTRIES_PACKAGE}.{name}")
        finally:
            del sys.modules[_COUNTRIES_PACKAGE]


def _canonical_subdivision(entity_class: type[HolidayBase], subdivision: str) -> str:
    codes, aliases = entity_class.subdivisions, entity_class.subdivisions_aliases
    by_upper = {code.upper(): code for code in codes} | {alias.upper(): code for alias, code in aliases.items()}
    found = by_upper.get(subdivision.upper())
    if found is not None:
        return found
    country = entity_class.country
    if not codes:
        text = "There is no calendar {country}-{subdivision}: {country} has no subdivisions here. Write {country}."
        raise CalendarError(said(text, country=country, subdivision=subdivision))
    nearest = dict.fromkeys(by_upper[match] for match in get_close_matches(subdivision.upper(), by_upper, n=3, cutoff=0.5))
    text = "There is no calendar {country}-{subdivision}. The subdivisions of {country} are {codes}."
    if nearest:
        text = "There is no calendar {country}-{subdivision}. Nearest: {nearest}. The subdivisions of {country} are {codes}."
    near = tuple(f"{country}-{code}" for code in nearest)
    raise CalendarError(said(text, country=country, subdivision=subdivision, nearest=near, codes=tuple(codes)))


def _unknown_country(country: str) -> str:
    candidates = {code: code for code in country_codes()}
    candidates |= {name.upper(): two_letters for _, name, two_letters in _countries().values()}
    candidates |= {name.upper(): name for name in ("weekdays", "none")}
    wanted = re.sub(r"[^A-Z]", "", country.upper())
    nearest = dict.fromkeys(candidates[match] for match in get_close_matches(wanted, candidates, n=5, cutoff=0.5))
    return said(_NO_CALENDAR if not nearest else _NO_CALENDAR_BUT, country=repr(country), nearest=tuple(nearest))


def _weekend(entity: HolidayBase, year: int) -> NDArray[np.bool_]:
    """Whether each day of ``year`` is on the weekend; day by day only in a year whose first and last weeks differ."""
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    weekdays = (np.arange(first, last + 1) - 1) % 7
    at_start, at_end = (
        {day.weekday() for day in map(date.fromordinal, range(start, start + 7)) if entity.is_weekend(day)} for start in (first, last - 6)
    )
    if at_start == at_end:
        return np.isin(weekdays, list(at_start))
    return np.array([entity.is_weekend(date.fromordinal(day)) for day in range(first, last + 1)])


def _iso_substitution(name: str) -> str:
    """``Day off (substituted from 01/04/2026)`` with the date as 2026-01-04."""
    return _SUBSTITUTED.sub(r"(substituted from \3-\1-\2)", name)


def _working_weekend_names(entity: HolidayBase, moved: set[date]) -> dict[date, str]:
    worked_for = {
        date(int(match[3]), int(match[1]), int(match[2])): day for day, name in entity.items() for match in _SUBSTITUTED.finditer(name)
    }
    return {day: "Working day" + (f" (for {worked_for[day]})" if day in worked_for else "") for day in moved}
