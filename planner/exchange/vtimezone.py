"""VTIMEZONE with RRULEs, from a zone's present rule.

A list of dates (RDATE) would be legal too, but ical.js, and with it Thunderbird, reads only the first date of a comma-joined one and
shows summer events an hour late. RRULE is also all that Outlook reads.
"""

from __future__ import annotations

from functools import lru_cache

from planner.exchange.time_zones import Onset, ZoneRule, zone_rule

_FIRST_YEAR = 1970
_WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")


@lru_cache(maxsize=64)
def vtimezone(zone: str) -> str:
    """The VTIMEZONE component of ``zone``, CRLF line ends; right for the moments that ``rule_covers``.

    Raises:
        UnknownZoneError: no such zone.
        ValueError: a zone whose rule a yearly recurrence cannot say; its times are written in UTC instead.
    """
    rule = zone_rule(zone)
    if rule is None:
        raise ValueError(f"The rule of {zone} cannot be written as a yearly recurrence; write its times in UTC.")
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone}", *_observances(rule), "END:VTIMEZONE"]
    return "".join(line + "\r\n" for line in lines)


def _observances(rule: ZoneRule) -> list[str]:
    """STANDARD, then DAYLIGHT: the one with the greater offset, whatever the zone data calls it (Europe/Dublin)."""
    if not rule.onsets:
        offset = _offset(rule.offset)
        return _component("STANDARD", f"{_FIRST_YEAR}0101T000000", offset, offset, None, rule.name)
    standard, daylight = sorted(rule.onsets, key=lambda onset: onset.offset_to)
    return _recurring("STANDARD", standard) + _recurring("DAYLIGHT", daylight)


def _recurring(kind: str, onset: Onset) -> list[str]:
    clock = f"{onset.seconds // 3600:02d}{onset.seconds % 3600 // 60:02d}{onset.seconds % 60:02d}"
    week = -1 if onset.week == 5 else onset.week
    return _component(
        kind,
        f"{onset.day(_FIRST_YEAR):%Y%m%d}T{clock}",
        _offset(onset.offset_from),
        _offset(onset.offset_to),
        f"FREQ=YEARLY;BYMONTH={onset.month};BYDAY={week}{_WEEKDAYS[onset.weekday]}",
        onset.name,
    )


def _component(kind: str, start: str, offset_from: str, offset_to: str, recurrence: str | None, name: str) -> list[str]:
    rrule = [f"RRULE:{recurrence}"] if recurrence else []
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{start}",
        f"TZOFFSETFROM:{offset_from}",
        f"TZOFFSETTO:{offset_to}",
        *rrule,
        f"TZNAME:{name}",
        f"END:{kind}",
    ]


def _offset(seconds: int) -> str:
    minutes, rest = divmod(abs(seconds), 60)
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02d}{minutes % 60:02d}" + (f"{rest:02d}" if rest else "")
