"""A site calendar as text: every closed day written out (R17), so that no new version of a library moves anybody.

The text is JSON with sorted keys, the same for the same calendar. For each resource and year it lists the closed days as ``MM-DD``,
so a person can read it, and two versions can be compared line by line::

    {
     "closed": {"clinic": {"2026": "01-01 01-03 01-04 ...", ...}, "linac": {...}},
     "first": "2026-01-01", "format": 1, "last": "2026-12-31", "name": "CN",
     "notes": {"2026-01-01": "New Year's Day", ...},
     "provisional": {"2027": "all", "2026": "12-31"},
     "zone": "Asia/Shanghai"
    }
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.protocol.said import said
from planner.schedule.calendar import CLINIC, CalendarError, SiteCalendar
from planner.schedule.days import Days, day_date, day_number

FORMAT = 1
ALL_YEAR = "all"
_KEYS = frozenset({"closed", "first", "format", "last", "name", "notes", "provisional", "zone"})
_WIDTH = len("MM-DD ")
_FROM_ZERO = ord("0")


def calendar_text(calendar: SiteCalendar) -> str:
    """The text of a calendar; ``calendar_from_content`` gives the same calendar back, and the same calendar always has the same text."""
    first, size = calendar.first_day, len(calendar.provisional)
    content = {
        "format": FORMAT,
        "name": calendar.name,
        "zone": calendar.zone,
        "first": day_date(first).isoformat(),
        "last": day_date(first + size - 1).isoformat(),
        "closed": {resource: _days_by_year(first, ~table) for resource, table in calendar.open_days.items()},
        "provisional": _whole_years(first, calendar.provisional),
        "notes": {day_date(day).isoformat(): note for day, note in calendar.notes.items()},
    }
    return json.dumps(content, sort_keys=True, indent=1) + "\n"


def calendar_from_content(text: str) -> SiteCalendar:
    """The calendar of a text that ``calendar_text`` made. Raises CalendarError, saying what in the text is damaged."""
    content = _object(text)
    first, last = _day(content["first"], "first"), _day(content["last"], "last")
    if last < first:
        raise _damaged(said("its last day is before its first day"))
    size = last - first + 1
    closed = _mapping(content["closed"], "closed")
    if CLINIC not in closed:
        raise _damaged(said("it has no days for {clinic}", clinic=CLINIC))
    return SiteCalendar(
        name=_text(content["name"], "name"),
        zone=_text(content["zone"], "zone"),
        first_day=first,
        open_days={resource: ~_marked(_mapping(years, resource), first, size, resource) for resource, years in closed.items()},
        provisional=_marked(_mapping(content["provisional"], "provisional"), first, size, "provisional"),
        notes={_day(day, "notes"): _text(note, "notes") for day, note in _mapping(content["notes"], "notes").items()},
    )


@dataclass(frozen=True, eq=False)
class DifferingDays:
    """The days on which a resource differs between two calendars, as day numbers in order."""

    opened: Days
    """Closed in the one and open in the other."""
    closed: Days
    """Open in the one and closed in the other."""


def differing_days(one: SiteCalendar, other: SiteCalendar) -> Mapping[str, DifferingDays]:
    """What changes from ``one`` to ``other``: by resource, only those that change. Days that only one of them covers are not compared.

    A resource that one of them does not list has the site's own days there.
    """
    first, last = max(one.first_day, other.first_day), min(one.last_day, other.last_day)
    found = {}
    for resource in dict.fromkeys([CLINIC, *one.open_days, *other.open_days]):
        before = one.open_table(resource)[first - one.first_day : max(last - one.first_day + 1, 0)]
        after = other.open_table(resource)[first - other.first_day : max(last - other.first_day + 1, 0)]
        if last >= first and not np.array_equal(before, after):
            found[resource] = DifferingDays(
                opened=(np.flatnonzero(after & ~before) + first).astype(np.int32),
                closed=(np.flatnonzero(before & ~after) + first).astype(np.int32),
            )
    return found


# --- writing --------------------------------------------------------------------------------------------------


def _days_by_year(first: int, marked: NDArray[np.bool_]) -> dict[str, str]:
    """The marked days of each year that has any: ``{"2026": "01-01 01-03"}``."""
    days = (np.flatnonzero(marked) + first).astype("datetime64[D]")
    if not len(days):
        return {}
    texts = np.datetime_as_string(days)
    years = days.astype("datetime64[Y]")
    starts = np.flatnonzero(np.concatenate(([True], years[1:] != years[:-1])))
    # Cut out of one long text: a slice costs less than a join of hundreds.
    joined = " ".join(texts.tolist())
    width = len("YYYY-MM-DD ")
    found = {}
    for start, stop in zip(starts.tolist(), [*starts[1:].tolist(), len(days)], strict=True):
        part = joined[start * width : stop * width]
        found[part[:4]] = part.replace(part[:5], "").strip()
    return found


def _whole_years(first: int, marked: NDArray[np.bool_]) -> dict[str, str]:
    """Like ``_days_by_year``, with ``all`` for a year whose covered days are all marked."""
    years = np.arange(first, first + len(marked)).astype("datetime64[D]").astype("datetime64[Y]")
    not_whole = {str(year) for year in np.unique(years[~marked])}
    whole = {str(year): ALL_YEAR for year in np.unique(years) if str(year) not in not_whole}
    return {**_days_by_year(first, marked), **whole}


# --- reading --------------------------------------------------------------------------------------------------


def _damaged(what: str) -> CalendarError:
    return CalendarError(said("The text of a site calendar is damaged: {what}. Restore it from a backup or an export.", what=what))


def _object(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise _damaged(said("it is not JSON")) from None
    if not isinstance(content, dict) or content.keys() != _KEYS:
        raise _damaged(said("it does not have exactly the keys {keys}", keys=tuple(sorted(_KEYS))))
    if content["format"] != FORMAT:
        raise _damaged(said("its format is not {format}, the only one that this version reads", format=FORMAT))
    return content


def _mapping(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _damaged(said("{where} is not an object", where=where))
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise _damaged(said("{where} holds something that is no text", where=where))
    return value


def _day(value: object, where: str) -> int:
    text = _text(value, where)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _damaged(said("{where} holds a day that is not YYYY-MM-DD", where=where)) from None
    if day.isoformat() != text:
        raise _damaged(said("{where} holds a day that is not YYYY-MM-DD", where=where))
    return day_number(day)


def _marked(years: Mapping[str, Any], first: int, size: int, where: str) -> NDArray[np.bool_]:
    """One bool per covered day from the ``MM-DD`` texts of each year, all years at once."""
    found = np.zeros(size, dtype=np.bool_)
    texts, numbers = [], []
    for year, written in years.items():
        number = _year(year, where)
        if _text(written, where) == ALL_YEAR:
            begin = day_number(date(number, 1, 1)) - first
            found[max(begin, 0) : max(day_number(date(number, 12, 31)) - first + 1, 0)] = True
        else:
            texts.append(f"{written} ")
            numbers.append(number)
    days = _days(texts, numbers, where) - first
    if len(days) and (days.min() < 0 or days.max() >= size):
        raise _damaged(
            said(
                "{where} lists a day outside {first} to {last}",
                where=where,
                first=day_date(first),
                last=day_date(first + size - 1),
            )
        )
    found[days] = True
    return found


def _year(text: str, where: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4 and text != "0000"):
        raise _damaged(said("{where} lists a year that is not YYYY", where=where))
    return int(text)


def _days(texts: list[str], years: list[int], where: str) -> NDArray[np.int64]:
    """Day numbers of ``"01-01 01-03 "`` texts, one text for each of ``years``."""
    wrong = _damaged(said("{where} lists a day that is not MM-DD, or days out of order", where=where))
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    joined = "".join(texts)
    if not joined:
        return np.empty(0, dtype=np.int64)
    if (lengths % _WIDTH).any() or not joined.isascii():
        raise wrong
    digits = np.frombuffer(joined.encode("ascii"), dtype=np.uint8).reshape(-1, _WIDTH).astype(np.int64) - _FROM_ZERO
    numbers, dash, space = digits[:, [0, 1, 3, 4]], digits[:, 2] + _FROM_ZERO, digits[:, 5] + _FROM_ZERO
    if ((numbers < 0) | (numbers > 9)).any() or (dash != ord("-")).any() or (space != ord(" ")).any():
        raise wrong
    month = np.repeat(np.array(years, dtype=np.int64), lengths // _WIDTH) * 12 + numbers[:, 0] * 10 + numbers[:, 1] - 1
    in_month = numbers[:, 2] * 10 + numbers[:, 3]
    begins = (month - 1970 * 12).astype("datetime64[M]")
    length = ((begins + 1).astype("datetime64[D]") - begins.astype("datetime64[D]")).astype(np.int64)
    month_in_year = numbers[:, 0] * 10 + numbers[:, 1]
    if ((month_in_year < 1) | (month_in_year > 12) | (in_month < 1) | (in_month > length)).any():
        raise wrong
    days: NDArray[np.int64] = begins.astype("datetime64[D]").astype(np.int64) + in_month - 1
    # Years stand in order too: sorted keys.
    if (np.diff(days) <= 0).any():
        raise wrong
    return days
