"""What stands behind options and arguments of these commands, read with the words of planner.exchange.fact_texts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from planner.commands.failures import CallWrong, InputWrong
from planner.commands.inputs import read_date

if TYPE_CHECKING:
    from planner.schedule.facts import Booking


def read_day(option: str, text: str) -> date:
    """The day behind an option, within the years that the planner reckons with; raises InputWrong."""
    from planner.schedule.fact_faults import EARLIEST_DATE, LATEST_DATE

    day = read_date(option, text)
    if not EARLIEST_DATE <= day <= LATEST_DATE:
        raise InputWrong([f"{option}: {day} is outside {EARLIEST_DATE} to {LATEST_DATE}; check the year"])
    return day


def optional_date(option: str, text: str | None) -> date | None:
    """The date behind an option that may be left out; raises InputWrong."""
    return None if text is None else read_day(option, text)


def read_booking(option: str, text: str) -> Booking:
    """``2026-04-17`` or ``2026-04-17T09:30``; raises InputWrong."""
    from planner.exchange.fact_texts import FactTextError, booking

    try:
        found = booking(text.strip())
    except FactTextError as error:
        raise InputWrong([f"{option}: {error}"]) from None
    read_day(option, found.day.isoformat())
    return found


def named_values(option: str, texts: Sequence[str] | None, form: str) -> dict[str, str]:
    """``NAME=VALUE`` texts as names and values; raises CallWrong for one without that form, or a name given twice."""
    found: dict[str, str] = {}
    for text in texts or ():
        name, mark, value = (part.strip() for part in text.partition("="))
        if not (name and mark and value):
            raise CallWrong([f'{option}: "{text}" is incomplete; write {form}'])
        if name in found and found[name] != value:
            raise CallWrong([f"{option}: {name} is given twice; give it once"])
        found[name] = value
    return found


def named_dates(option: str, texts: Sequence[str] | None) -> dict[str, date]:
    """``NAME=DATE`` texts as names and dates; raises CallWrong or InputWrong."""
    return {name: read_day(f"{option} {name}", value) for name, value in named_values(option, texts, "NAME=YYYY-MM-DD").items()}
