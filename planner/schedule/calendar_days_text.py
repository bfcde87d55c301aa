"""How days and weekdays are written in a calendar file: ``2026-02-10``, ``2026-02-10..2026-02-14``, ``mon``."""

from __future__ import annotations

import re
from datetime import date

from planner.schedule.days import day_number

WEEKDAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class DayTextError(ValueError):
    """Why a text is no day or range; the message says what would be right."""


def days_written(text: str, first_year: int, last_year: int) -> range:
    """The day numbers of ``text``, a date or a range with both ends included.

    Raises DayTextError for any other text, a range that ends before it starts, or a day outside the years covered.
    """
    first_text, separator, last_text = (part.strip() for part in text.partition(".."))
    first = _date(first_text)
    last = _date(last_text) if separator else first
    if last < first:
        raise DayTextError(f"the range {text} ends before it starts. Write {last}..{first}")
    for day in (first, last):
        if not first_year <= day.year <= last_year:
            raise DayTextError(f"{day} is outside the years that calendars cover, {first_year} to {last_year}")
    return range(day_number(first), day_number(last) + 1)


def weekday_written(text: str) -> int | None:
    """0 for ``mon`` to 6 for ``sun``, also written out (``Monday``); None for any other text."""
    name = text.strip().lower()
    short = name[:3]
    if short not in WEEKDAY_NAMES:
        return None
    number = WEEKDAY_NAMES.index(short)
    written_out = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")[number]
    return number if name in (short, written_out) else None


def _date(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise DayTextError(f"{text!r} is not a date. Write 2026-02-10, or a range 2026-02-10..2026-02-14")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DayTextError(f"{text} is not a day of the calendar") from None
