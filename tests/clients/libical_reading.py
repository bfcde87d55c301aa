"""libical reads calendar files: ``python -m tests.clients.libical_reading LIBRARY < FILES > ANSWERS``.

A program of its own, so that a crash of the C library ends this process and no test run. FILES is a JSON object of names and the files'
bytes in base64; an answer per name holds the faults that libical finds and the events as it understands them. What it is busy with is
written to the standard error, so that the last line there names the file of a crash.
"""

from __future__ import annotations

import base64
import ctypes
import json
import sys
from collections.abc import Iterator
from typing import Any

_ANY = {"component": 1, "property": 0}
_POINTERS = (
    "icalparser_parse_string",
    *("icalcomponent_get_first_component", "icalcomponent_get_next_component"),
    *("icalcomponent_get_first_property", "icalcomponent_get_next_property"),
)
_STRINGS = (
    *("icalcomponent_kind_to_string", "icalcomponent_get_uid", "icalcomponent_get_summary", "icalcomponent_get_description"),
    *("icalproperty_get_property_name", "icalproperty_get_xlicerror"),
    *("icalproperty_get_name", "icalproperty_status_to_string"),
)


class Time(ctypes.Structure):
    """``struct icaltimetype``."""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second", "is_date", "is_daylight")),
        ("zone", ctypes.c_void_p),
    ]


class Libical:
    """The library, and what of it is asked here."""

    def __init__(self, path: str) -> None:
        self.library = ctypes.CDLL(path)
        for name in _POINTERS:
            self._function(name).restype = ctypes.c_void_p
        for name in _STRINGS:
            self._function(name).restype = ctypes.c_char_p
        self._function("icalcomponent_get_dtstart").restype = Time
        self._function("icalcomponent_get_dtend").restype = Time
        as_seconds = self._function("icaltime_as_timet_with_zone")
        as_seconds.restype, as_seconds.argtypes = ctypes.c_long, [Time, ctypes.c_void_p]
        self.library.icalerror_set_errors_are_fatal(0)

    def _function(self, name: str) -> Any:
        return getattr(self.library, name)

    def answer(self, content: bytes) -> dict[str, Any]:
        """The faults and the events of one file."""
        pointer = self.library.icalparser_parse_string(ctypes.c_char_p(content))
        if not pointer:
            return {"faults": ["libical reads no component at all"], "name": "", "events": []}
        root = ctypes.c_void_p(pointer)
        is_permitted = bool(self.library.icalrestriction_check(root))
        counted = int(self.library.icalcomponent_count_errors(root))
        found = [fault for component in self._components(root) for fault in self._faults(component)]
        if counted and not found:
            found.append(f"libical counts {counted} errors and names none")
        if not is_permitted and not found:
            found.append("icalrestriction_check refuses it and names no fault")
        if self._kind(root) != "VCALENDAR":
            found.append(f"the file is no VCALENDAR but {self._kind(root)}")
        events = [self._event(component) for component in self._components(root) if self._kind(component) == "VEVENT"]
        name = self._name(root)
        self.library.icalcomponent_free(root)
        return {"faults": found, "name": name, "events": events}

    def _name(self, calendar: ctypes.c_void_p) -> str:
        one = self.library.icalcomponent_get_first_property(calendar, self.library.icalproperty_string_to_kind(b"NAME"))
        return _text(self.library.icalproperty_get_name(ctypes.c_void_p(one))) if one else ""

    def _components(self, component: ctypes.c_void_p) -> Iterator[ctypes.c_void_p]:
        """The component and all that are in it; the children are listed first, since libical has one position for each component."""
        yield component
        children = []
        child = self.library.icalcomponent_get_first_component(component, _ANY["component"])
        while child:
            children.append(ctypes.c_void_p(child))
            child = self.library.icalcomponent_get_next_component(component, _ANY["component"])
        for each in children:
            yield from self._components(each)

    def _faults(self, component: ctypes.c_void_p) -> Iterator[str]:
        kind = self._kind(component)
        if kind.startswith("X-") or kind in ("ANY", "NONE", "UNKNOWN"):
            yield f"a component that libical does not know: {kind}"
        one = self.library.icalcomponent_get_first_property(component, _ANY["property"])
        while one:
            name = _text(self.library.icalproperty_get_property_name(ctypes.c_void_p(one)))
            if name == "X-LIC-ERROR":
                yield f"{kind}: {_text(self.library.icalproperty_get_xlicerror(ctypes.c_void_p(one)))}"
            one = self.library.icalcomponent_get_next_property(component, _ANY["property"])

    def _kind(self, component: ctypes.c_void_p) -> str:
        return _text(self.library.icalcomponent_kind_to_string(self.library.icalcomponent_isa(component)))

    def _event(self, event: ctypes.c_void_p) -> dict[str, Any]:
        return {
            "uid": _text(self.library.icalcomponent_get_uid(event)),
            "sequence": self.library.icalcomponent_get_sequence(event),
            "summary": _text(self.library.icalcomponent_get_summary(event)),
            "description": _text(self.library.icalcomponent_get_description(event)),
            "status": _text(self.library.icalproperty_status_to_string(self.library.icalcomponent_get_status(event))),
            "start": self._moment(self.library.icalcomponent_get_dtstart(event)),
            "end": self._moment(self.library.icalcomponent_get_dtend(event)),
        }

    def _moment(self, time: Time) -> str | int:
        """A date in ISO form, or seconds since 1970-01-01 UTC; the zone is the one that the file itself describes."""
        if time.is_date:
            return f"{time.year:04d}-{time.month:02d}-{time.day:02d}"
        return int(self.library.icaltime_as_timet_with_zone(time, time.zone))


def _text(octets: bytes | None) -> str:
    return (octets or b"").decode("utf-8")


def main() -> None:
    """Answer for all files on the standard input."""
    libical = Libical(sys.argv[1])
    answers = {}
    for name, content in json.load(sys.stdin).items():
        print(name, file=sys.stderr, flush=True)
        answers[name] = libical.answer(base64.b64decode(content))
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
