"""A calendar file taken apart: of our events and of all time zones the few properties that are looked at, everything else passed over.

Nothing here understands a value, and a component that is broken costs no other one: an event without its end stops where the next begins.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from planner.exchange.outside.content_lines import CalendarFileError, ContentLine
from planner.exchange.outside.outlook_uid import original_uid
from planner.exchange.outside.property_lines import property_name, uid_of
from planner.protocol.said import said

MOST_COMPONENTS = 50_000
DEEPEST = 8

_OF_EVENT = frozenset(
    {
        "UID",
        "DTSTART",
        "DTEND",
        "DURATION",
        "STATUS",
        "SEQUENCE",
        "LAST-MODIFIED",
        "RRULE",
        "RDATE",
        "EXDATE",
        "EXRULE",
        "RECURRENCE-ID",
        "X-MICROSOFT-CDO-ALLDAYEVENT",
    }
)
_OF_ZONE = frozenset({"TZID", "DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE"})

_NO_CALENDAR = said("this is no calendar: it does not begin with BEGIN:VCALENDAR. Export it as iCalendar (.ics)")

Properties = dict[str, list[bytes]]
"""Name, in capitals, to the whole lines of that name."""


@dataclass(frozen=True, slots=True)
class RawEvent:
    """One of our events, as it is written."""

    uid: str
    line: int
    calendar: int
    """In which calendar of the file it is, from 1; the time zones of another do not count for it."""
    properties: Properties
    is_closed: bool
    """Whether its ``END:VEVENT`` is there."""


@dataclass(frozen=True, slots=True)
class RawZone:
    """A VTIMEZONE, as it is written."""

    name: bytes
    """Its TZID line."""
    calendar: int
    observances: tuple[Properties, ...]


@dataclass(frozen=True, slots=True)
class ScannedCalendar:
    """What of a file is looked at."""

    events: tuple[RawEvent, ...]
    zones: tuple[RawZone, ...]
    not_ours: int
    last_line: int
    is_closed: bool
    """Whether the last calendar's ``END:VCALENDAR`` is there."""


def scanned(lines: Iterable[ContentLine], wanted: Container[str]) -> ScannedCalendar:
    """The events whose UID is wanted, and the time zones. Raises CalendarFileError for what is no calendar, or passes the bounds."""
    scan = _Scan(wanted)
    for line in lines:
        scan.take(line)
    return scan.finished()


@dataclass(slots=True)
class _Open:
    """A component whose end has not been reached."""

    name: str
    line: int
    properties: Properties = field(default_factory=dict)
    observances: list[Properties] = field(default_factory=list)


class _Scan:
    def __init__(self, wanted: Container[str]) -> None:
        self._wanted = wanted
        self._open: list[_Open] = []
        self._events: list[RawEvent] = []
        self._zones: list[RawZone] = []
        self._components = self._calendars = self._not_ours = self._last_line = 0

    def take(self, line: ContentLine) -> None:
        start = line.octets[:6].upper()
        self._last_line = line.number
        if start == b"BEGIN:":
            self._begin(_component(line.octets[6:]), line.number)
        elif not self._calendars:
            raise CalendarFileError(line.number, _NO_CALENDAR)
        elif start[:4] == b"END:":
            self._end(_component(line.octets[4:]))
        elif self._open:
            self._keep(line.octets)

    def finished(self) -> ScannedCalendar:
        if not self._calendars:
            raise CalendarFileError(1, said("this file is empty; a calendar begins with BEGIN:VCALENDAR. Export it again"))
        is_closed = not self._open
        while self._open:
            self._close(is_closed=False)
        return ScannedCalendar(tuple(self._events), tuple(self._zones), self._not_ours, self._last_line, is_closed)

    def _begin(self, name: str, number: int) -> None:
        self._components += 1
        if self._components > MOST_COMPONENTS:
            raise CalendarFileError(
                number, said("this file has more than {most_components:,} components; export fewer days", most_components=MOST_COMPONENTS)
            )
        if name == "VCALENDAR":
            self._close_down_to(0)
            self._calendars += 1
        elif not self._calendars:
            raise CalendarFileError(number, _NO_CALENDAR)
        elif name == "VEVENT":
            # Events hold no events: where one is open, its end is missing.
            self._close_down_to(next((depth for depth, open_ in enumerate(self._open) if open_.name == "VEVENT"), len(self._open)))
        if len(self._open) >= DEEPEST:
            raise CalendarFileError(
                number, said("components stand more than {deepest} deep in one another here; export the calendar again", deepest=DEEPEST)
            )
        self._open.append(_Open(name, number))

    def _end(self, name: str) -> None:
        """Close a component, and those inside it whose end is missing; an end of what is not open means nothing."""
        depth = next((depth for depth in range(len(self._open) - 1, -1, -1) if self._open[depth].name == name), None)
        if depth is not None:
            self._close_down_to(depth + 1)
            self._close(is_closed=True)

    def _keep(self, octets: bytes) -> None:
        here = self._open[-1]
        kept = _OF_EVENT if here.name == "VEVENT" else _OF_ZONE if here.name in ("VTIMEZONE", "STANDARD", "DAYLIGHT") else None
        if kept is not None and (name := property_name(octets)) in kept:
            here.properties.setdefault(name, []).append(octets)

    def _close_down_to(self, depth: int) -> None:
        while len(self._open) > depth:
            self._close(is_closed=False)

    def _close(self, *, is_closed: bool) -> None:
        closed = self._open.pop()
        if closed.name == "VEVENT":
            self._close_event(closed, is_closed=is_closed)
        elif closed.name in ("STANDARD", "DAYLIGHT") and self._open and self._open[-1].name == "VTIMEZONE":
            self._open[-1].observances.append(closed.properties)
        elif closed.name == "VTIMEZONE":
            for line in closed.properties.get("TZID", [])[:1]:
                self._zones.append(RawZone(line, self._calendars, tuple(closed.observances)))

    def _close_event(self, event: _Open, *, is_closed: bool) -> None:
        found = [uid for line in event.properties.get("UID", [])[:2] if (uid := original_uid(uid_of(line))) in self._wanted]
        if not found:
            self._not_ours += 1
            return
        self._events.append(RawEvent(found[0], event.line, self._calendars, event.properties, is_closed))


def _component(octets: bytes) -> str:
    return octets[:64].strip().upper().decode("utf-8", "replace")
