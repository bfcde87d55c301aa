"""What days and resources of a calendar are called: the same English words, as sentences that a language of the screens can say anew.

Calendars are kept as they were made, with their names in English: the names are recognised when they are said.
"""

from __future__ import annotations

import re
from datetime import date

from planner.protocol.said import said
from planner.protocol.said_lists import clauses

HOLIDAYS = frozenset(
    {
        "70th Anniversary of the Victory of the Chinese People's War of Resistance against Japanese Aggression and the World Anti-Fascist War",  # noqa: E501 - a key of the catalog
        "Chinese New Year (Spring Festival)",
        "Chinese New Year Extended Holiday",
        "Chinese New Year's Eve",
        "Christmas Day",
        "Christmas Eve",
        "Columbus Day",
        "Day After Christmas",
        "Day After Thanksgiving",
        "Dragon Boat Festival",
        "Easter Monday",
        "Election Day",
        "Emancipation Day",
        "Epiphany",
        "Friday After Thanksgiving",
        "Good Friday",
        "Inauguration Day",
        "Independence Day",
        "Indigenous Peoples' Day",
        "Juneteenth National Independence Day",
        "Labor Day",
        "Lincoln's Birthday",
        "Martin Luther King Jr. Day",
        "Memorial Day",
        "Mid-Autumn Festival",
        "National Day",
        "New Year's Day",
        "New Year's Eve",
        "Patriots' Day",
        "Presidents' Day",
        "Susan B. Anthony Day",
        "Thanksgiving Day",
        "Tomb-Sweeping Day",
        "Veterans Day",
        "Washington's Birthday",
    }
)
"""The names of the holidays of China and of the United States, those of a few states too."""
RESOURCES = frozenset({"clinic", "infusion", "linac", "imaging"})
"""Resources that the shipped protocols name; any other is a word of the site's own."""

CALENDARS = frozenset({"weekdays", "none"})
"""Calendars that are no country's; any other is called by its code, or as the site called it."""

_MOVED = re.compile(r"(Day off \(substituted from |Working day \(for )(\d{4}-\d\d-\d\d)\)")
_SUFFIXED = re.compile(r"(.+) \((observed|estimated)\)")


def named_day(note: str) -> str:
    """What a calendar calls a day; text that is not known stays as it is."""
    if note in HOLIDAYS:
        return said(note)
    if "; " in note:
        return clauses(named_day(part) for part in note.split("; "))
    if moved := _MOVED.fullmatch(note):
        text = "Day off (substituted from {day})" if moved[1].startswith("Day off") else "Working day (for {day})"
        return said(text, day=date.fromisoformat(moved[2]))
    if (suffixed := _SUFFIXED.fullmatch(note)) and suffixed[1] in HOLIDAYS:
        text = "{holiday} (observed)" if suffixed[2] == "observed" else "{holiday} (estimated)"
        return said(text, holiday=said(suffixed[1]))
    return said("Working day") if note == "Working day" else note


def named_resource(resource: str) -> str:
    """What a resource is called."""
    return said(resource) if resource in RESOURCES else resource


def named_calendar(name: str) -> str:
    """What a calendar is called."""
    return said(name) if name in CALENDARS else name
