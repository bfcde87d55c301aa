"""Whether two texts of an event say the same: servers store an event in words of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from planner.exchange.outside.content_lines import CalendarFileError, content_lines
from planner.exchange.outside.ics_reader import read_outside
from planner.exchange.outside.property_lines import property_name
from planner.exchange.outside.shown_time import ShownTime
from planner.exchange.outside.times_in_words import time_in_words
from planner.exchange.time_zones import zone_info

Aspect = Literal["time", "title", "status", "details"]

_TIMES = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXRULE", "EXDATE", "RECURRENCE-ID")
_OF_THE_COPY = frozenset({"UID", "PRODID", "CREATED", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE"})
"""About the copy, not about what it says: servers and programs write these as they please."""
_DEFAULTS = frozenset({("TRANSP", "OPAQUE"), ("CLASS", "PUBLIC"), ("PRIORITY", "0")})
"""What an event says that does not say it (RFC 5545)."""


@dataclass(frozen=True, slots=True)
class SeenEvent:
    """What an event says to somebody who looks at it."""

    time: ShownTime | None
    """None where it cannot be read as a visit's."""
    unread_times: tuple[str, ...]
    """The lines that say the time, as they are, where they cannot be read."""
    title: str
    status: str
    details: tuple[str, ...]
    """Everything else, reminders too."""
    sequence: int = 0
    """About the copy, and so nothing that ``differences`` looks at; 0 where it cannot be read."""


def seen_event(text: str, uid: str, zone: str) -> SeenEvent | None:
    """The event of this UID; a time without a zone is meant in ``zone`` (IANA). None where there is none, or it cannot be read."""
    content = text.encode("utf-8", "surrogatepass")
    try:
        found = read_outside(content, {uid: zone})
        lines = list(_lines_of_events(content))
    except CalendarFileError:
        return None
    if len(found.events) + len(found.unreadable) != 1 or found.not_ours:
        return None
    event = found.events[0] if found.events else None
    named = [(name, value) for name, value, _ in lines]
    titles = [value for name, value in named if name == "SUMMARY"]
    statuses = [value.upper() for name, value in named if name == "STATUS"]
    details = sorted(f"{name}:{value}" for name, value in named if _is_detail(name, value))
    time = None if event is None else ShownTime(event.start, event.minutes)
    unread = () if event is not None else tuple(sorted(line for name, _, line in lines if name in _TIMES))
    return SeenEvent(time, unread, "\n".join(titles), "\n".join(statuses), tuple(details), 0 if event is None else event.sequence)


def differences(one: SeenEvent, other: SeenEvent) -> tuple[Aspect, ...]:
    """In what two events differ; none: they say the same."""
    alike: Mapping[Aspect, bool] = {
        "time": (one.time, one.unread_times) == (other.time, other.unread_times),
        "title": one.title == other.title,
        "status": one.status == other.status,
        "details": one.details == other.details,
    }
    return tuple(aspect for aspect, is_alike in alike.items() if not is_alike)


def time_of(event: SeenEvent, zone: str) -> str:
    """When it is, by the clock of a zone (IANA)."""
    if event.time is None:
        return "a time that is no visit's"
    start = event.time.start
    if not isinstance(start, datetime):
        return time_in_words(start, None, None)
    local = start.astimezone(zone_info(zone))
    return time_in_words(local.date(), local.time(), event.time.minutes)


def _is_detail(name: str, value: str) -> bool:
    if name in _OF_THE_COPY or name in _TIMES or name in ("SUMMARY", "STATUS") or name.startswith("X-"):
        return False
    return bool(value) and (name, value.upper()) not in _DEFAULTS


def _lines_of_events(content: bytes) -> Iterator[tuple[str, str, str]]:
    """Name, value as it is meant, and whole text of each line in the events; what stands inside a reminder is named so."""
    open_: list[str] = []
    for line in content_lines(content):
        text = line.octets.decode("utf-8")
        name, value = property_name(line.octets), _value(text)
        if name == "BEGIN":
            open_.append(value.upper())
        elif name == "END":
            del open_[-1:]
        elif "VEVENT" in open_:
            inside = "/".join(open_[open_.index("VEVENT") + 1 :])
            yield f"{inside}/{name}" if inside else name, value, text


def _value(text: str) -> str:
    """A line's value: what stands behind the first colon outside of quotes; "" where there is none.

    Lines of any length count, and such as nobody could take apart: ``read_property`` refuses both.
    """
    quoted = False
    for place, character in enumerate(text):
        if character == '"':
            quoted = not quoted
        elif character == ":" and not quoted:
            return _unescaped(text[place + 1 :]).strip()
    return ""


def _unescaped(value: str) -> str:
    r"""``\n``, ``\,``, ``\;`` and ``\\`` as what they stand for."""
    if "\\" not in value:
        return value
    parts, place = [], 0
    while (mark := value.find("\\", place)) >= 0 and mark + 1 < len(value):
        meant = value[mark + 1]
        parts += [value[place:mark], "\n" if meant in "nN" else meant]
        place = mark + 2
    return "".join([*parts, value[place:]])
