"""Kept texts without what people wrote for each other: comments in protocol files; names, resources and remarks of calendars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import count

import yaml

from planner.protocol.read import read_protocol
from planner.records.pinned.calendar_content import calendar_from_content, calendar_text
from planner.schedule.calendar import CLINIC

CALENDAR_NAME = "CALENDAR"


def anonymous_resources(texts: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """What each resource of the calendars among these kinds and texts is called: ``RESOURCE1``... where no protocol has its name.

    Raises CalendarError or ProtocolErrors for a text that today's planner cannot read.
    """
    named, listed = {CLINIC}, set[str]()
    for kind, text in texts:
        if kind == "calendar":
            listed |= calendar_from_content(text).open_days.keys()
        else:
            named |= {shape.on for visit in read_protocol(text).visits for shape in (visit.first, visit.then)}
    free = (name for number in count(1) if (name := f"RESOURCE{number}") not in named)
    return {name: name if name in named else next(free) for name in sorted(listed)}


def anonymous_text(kind: str, text: str, resources: Mapping[str, str]) -> str:
    """A protocol without its comments, or a calendar without its name, the names of its days and of ``resources``; every date stays.

    Raises CalendarError, or yaml.YAMLError, for a text that today's planner cannot read.
    """
    if kind == "calendar":
        calendar = calendar_from_content(text)
        days = {resources[name]: table for name, table in calendar.open_days.items()}
        return calendar_text(replace(calendar, name=CALENDAR_NAME, open_days=days, notes={}))
    events = yaml.parse(text, Loader=yaml.CSafeLoader)
    return str(yaml.emit(events, Dumper=yaml.CSafeDumper, allow_unicode=True, width=4096))
