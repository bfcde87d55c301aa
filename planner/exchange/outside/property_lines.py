"""One property's line: its name, its parameters and its value."""

from __future__ import annotations

from dataclasses import dataclass

from icalendar.parser import Contentline

from planner.protocol.said import said

LONGEST = 1_000
"""Octets of a line that is looked at; a date, a UID or a rule has a tenth of it."""


class PropertyError(ValueError):
    """A property that cannot be read for sure; the text says what is wrong, without a full stop at its end."""


@dataclass(frozen=True, slots=True)
class Property:
    """``DTSTART;TZID=Europe/Berlin:20260401T093000`` taken apart; names of parameters in capitals."""

    name: str
    parameters: dict[str, str]
    value: str


def property_name(octets: bytes) -> str:
    """The name of a line's property, in capitals."""
    end = min((place for mark in b":;" if (place := octets.find(mark)) >= 0), default=0)
    return octets[:end].upper().decode("ascii", "replace")


def uid_of(octets: bytes) -> str:
    """The UID that a line gives; "" where it is none of a sensible length."""
    try:
        return read_property(octets).value.strip()
    except PropertyError:
        return ""


def read_property(octets: bytes) -> Property:
    """A line taken apart. Raises PropertyError."""
    name = property_name(octets)
    if len(octets) > LONGEST:
        raise PropertyError(said("its {name} has more than {longest:,} octets", name=name, longest=LONGEST))
    text = octets.decode("utf-8")
    if octets[: len(name) + 1].endswith(b":"):
        return Property(name, {}, text[len(name) + 1 :])
    try:
        _, parameters, value = Contentline(text).parts()  # type: ignore[no-untyped-call]
    except ValueError:
        raise PropertyError(said("its {name} is no line of a calendar; quotes or a colon are missing in it", name=name)) from None
    listed = {str(key).upper(): text for key, text in parameters.items()}
    if several := [key for key, text in listed.items() if not isinstance(text, str)]:
        raise PropertyError(said("its {name} gives {several} more than once", name=name, several=several[0]))
    return Property(name, {key: str(text) for key, text in listed.items()}, str(value))


def only(properties: dict[str, list[bytes]], name: str) -> Property | None:
    """The property of this name, None where there is none. Raises PropertyError, also where it is given twice."""
    lines = properties.get(name, [])
    if len(lines) > 1:
        raise PropertyError(said("it has {count} properties {name}, so it is not known which one counts", count=len(lines), name=name))
    return read_property(lines[0]) if lines else None
