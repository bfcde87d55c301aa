"""The calendar file (docs/calendars.md): its text to a site calendar, or all its errors with their places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from planner.protocol.errors import ProtocolError, ProtocolErrors, did_you_mean, quoted
from planner.protocol.located_yaml import LocatedDocument, Path, locate_yaml
from planner.schedule.calendar import ANY_DAY, CLINIC, CalendarError, SiteCalendar, require_open_days
from planner.schedule.calendar_days_text import WEEKDAY_NAMES, DayTextError, days_written, weekday_written
from planner.schedule.calendar_layers import OwnDays, SiteDays, layered_calendar
from planner.schedule.calendar_sources import FIRST_YEAR, LAST_YEAR, WEEKDAYS, BaseDays, base_named, weekdays_base
from planner.schedule.country_zones import require_zone
from planner.schedule.days import day_date

_FILE_KEYS = ("base", "name", "zone", "weekly", "closed", "open", "resources", "official_until", "official")
_RESOURCE_KEYS = ("weekly", "closed", "open")
_OFFICIAL_KEYS = ("closed", "open")
_MOST_DAYS = 200_000
_MOST_RESOURCES = 100
_NO_DAYS = "`closed` and `open` are lists of days: [2026-02-10, 2026-03-02..2026-03-06]"

CODES: Mapping[str, str] = {
    "unknown-base": "Not a calendar to build on.",
    "unknown-zone": "Not an IANA time zone.",
    "bad-weekday": "Not a weekday: `mon` to `sun`.",
    "bad-date": "Not a day or a range of days, or outside the years that calendars cover.",
    "bad-year": "Not a year that calendars cover.",
    "open-and-closed": "One day under both `open` and `closed` of the same list.",
    "too-many-days": "The lists name more days than any site needs.",
    "no-open-day": "The site or a resource would never be open.",
}
"""The codes of errors that only calendar files have; the others are those of ``planner.protocol.errors``."""


class CalendarFileErrors(CalendarError):
    """All faults of a calendar file, in ``errors``, sorted by place; printed one to a line as ``file:line:column: code: message``."""

    def __init__(self, errors: Iterable[ProtocolError]) -> None:
        """Sort the faults by place, and keep each once."""
        self.errors: tuple[ProtocolError, ...] = ProtocolErrors(errors).errors
        super().__init__("\n".join(str(error) for error in self.errors))


def calendar_from_text(text: str, file_name: str, first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> SiteCalendar:
    """The calendar that a calendar file's text describes; ``file_name`` is shown in errors and names a nameless calendar.

    Raises CalendarFileErrors with every fault of the file.
    """
    try:
        document = locate_yaml(text, file_name)
    except ProtocolErrors as errors:
        raise CalendarFileErrors(errors.errors) from None
    reader = _Reader(document, first_year, last_year, list(document.errors))
    base, days = reader.site_days()
    if not reader.errors:
        calendar = layered_calendar(base, days)
        reader.refuse_never_open(calendar)
    if reader.errors:
        raise CalendarFileErrors(reader.errors)
    return require_open_days(calendar)


@dataclass
class _Reader:
    """Reads each key, noting faults and going on with what a sound file would give in its place."""

    document: LocatedDocument
    first_year: int
    last_year: int
    errors: list[ProtocolError] = field(default_factory=list)
    days_listed: int = 0

    def fault(self, path: Path, code: str, message: str) -> None:
        self.errors.append(ProtocolError(*self.document.place(path), code, message, self.document.file))

    def fault_at_key(self, path: Path, code: str, message: str) -> None:
        """A fault of a key where ``path`` ends in one, else of the value there."""
        self.errors.append(ProtocolError(*self.document.key_place(path), code, message, self.document.file))

    def site_days(self) -> tuple[BaseDays, SiteDays]:
        data = self.document.data
        if not isinstance(data, dict):
            self.fault((), "empty-file", "a calendar file is a mapping of keys, such as base: CN")
            data = {}
        self.refuse_unknown_keys((), data, _FILE_KEYS)
        base = self.base(data)
        return base, SiteDays(
            name=self.text(data, "name") or PurePath(self.document.file).stem,
            zone=self.zone(data, base),
            site=self.own_days((), data),
            resources=self.resources(data),
            official=self.official(data),
            official_until=self.year(("official_until",), data["official_until"]) if "official_until" in data else None,
        )

    def refuse_unknown_keys(self, path: Path, data: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key in data:
            if key not in known:
                self.fault_at_key((*path, key), "unknown-key", f"unknown key {quoted(key)}; {did_you_mean(key, known, 'keys')}")

    def text(self, data: Mapping[str, Any], key: str) -> str | None:
        """The text under ``key``; a number or word that YAML reads as another type is none."""
        if key not in data:
            return None
        if isinstance(data[key], str) and data[key].strip():
            return str(data[key])
        code, what = ("empty-value", "has no value") if data[key] in (None, "") else ("wrong-type", f"is {quoted(data[key])}, not a text")
        self.fault((key,), code, f"`{key}` {what}; write a text, or leave the key out")
        return None

    def base(self, data: Mapping[str, Any]) -> BaseDays:
        try:
            return base_named(self.text(data, "base") or WEEKDAYS, self.first_year, self.last_year)
        except CalendarError as error:
            self.fault(("base",), "unknown-base", str(error))
            return weekdays_base(self.first_year, self.last_year)

    def zone(self, data: Mapping[str, Any], base: BaseDays) -> str:
        zone = self.text(data, "zone")
        if zone is None:
            return base.zone
        try:
            return require_zone(zone)
        except CalendarError as error:
            self.fault(("zone",), "unknown-zone", str(error))
            return base.zone

    def own_days(self, path: Path, data: Mapping[str, Any]) -> OwnDays:
        closed = self.days((*path, "closed"), data.get("closed", []), "Closed")
        opened = self.days((*path, "open"), data.get("open", []), "Open")
        both = sorted(closed.keys() & opened.keys())
        if both:
            more = f" and {len(both) - 1} more" if len(both) > 1 else ""
            self.fault((*path, "open"), "open-and-closed", f"{day_date(both[0])}{more} is under `closed` too; remove it from one of them")
        return OwnDays(self.weekly(path, data), closed, opened)

    def weekly(self, path: Path, data: Mapping[str, Any]) -> frozenset[int] | None:
        if "weekly" not in data:
            return None
        path, written = (*path, "weekly"), data["weekly"]
        if not isinstance(written, list):
            self.fault(path, "wrong-type", "`weekly` is a list of weekdays: [mon, tue, wed, thu, fri]")
            return None
        days = [weekday_written(str(item)) for item in written]
        for index, day in enumerate(days):
            if day is None:
                self.fault((*path, index), "bad-weekday", f"{quoted(written[index])} is not a weekday; there is {', '.join(WEEKDAY_NAMES)}")
        return frozenset(day for day in days if day is not None)

    def days(self, path: Path, written: Any, default_note: str) -> dict[int, str]:
        """The days listed at ``path`` with their notes: a list of texts and of ``day: note``, or one mapping of days to notes."""
        if isinstance(written, dict):
            entries = [((*path, key), key, note) for key, note in written.items()]
        elif isinstance(written, list):
            entries = [entry for index, item in enumerate(written) for entry in self.day_entries((*path, index), item)]
        else:
            self.fault(path, "wrong-type", _NO_DAYS)
            return {}
        found: dict[int, str] = {}
        for place, day_text, note in entries:
            if note is not None and not isinstance(note, str | int):
                self.fault(place, "wrong-type", "the note of a day is a text")
                continue
            try:
                days = days_written(day_text, self.first_year, self.last_year)
            except DayTextError as error:
                self.fault_at_key(place, "bad-date", str(error))
                continue
            self.days_listed += len(days)
            if self.days_listed > _MOST_DAYS:
                self.fault_at_key(place, "too-many-days", f"more than {_MOST_DAYS:,} days listed up to here; use `weekly`")
                break
            found |= dict.fromkeys(days, default_note if note is None else str(note))
        return found

    def day_entries(self, path: Path, item: Any) -> list[tuple[Path, str, Any]]:
        if isinstance(item, dict):
            return [((*path, key), key, note) for key, note in item.items()]
        if isinstance(item, str | int) and not isinstance(item, bool):
            return [(path, str(item), None)]
        self.fault(path, "wrong-type", _NO_DAYS)
        return []

    def resources(self, data: Mapping[str, Any]) -> dict[str, OwnDays]:
        written = self.mapping(("resources",), data.get("resources", {}), "resources: {linac: {weekly: [mon, tue]}}")
        if len(written) > _MOST_RESOURCES:
            self.fault_at_key(("resources",), "too-many", f"{len(written)} resources; a calendar holds up to {_MOST_RESOURCES}")
            return {}
        found = {}
        for name, own in written.items():
            path: Path = ("resources", name)
            if name in (CLINIC, ANY_DAY) or not name.strip():
                self.fault_at_key(path, "bad-name", f"{quoted(name)} is not a resource; the site's own days stand at the top of the file")
            days = self.mapping(path, own, f"{name}: {{weekly: [mon, tue]}}")
            self.refuse_unknown_keys(path, days, _RESOURCE_KEYS)
            found[name] = self.own_days(path, days)
        return found

    def official(self, data: Mapping[str, Any]) -> dict[int, OwnDays]:
        written = self.mapping(("official",), data.get("official", {}), "official: {2027: {closed: [2027-01-01], open: []}}")
        found = {}
        for key, own in written.items():
            path: Path = ("official", key)
            year = self.year(path, int(key) if key.isdecimal() else key)
            lists = self.mapping(path, own, f"{key}: {{closed: [{key}-01-01], open: []}}")
            self.refuse_unknown_keys(path, lists, _OFFICIAL_KEYS)
            days = self.own_days(path, {name: lists[name] for name in _OFFICIAL_KEYS if name in lists})
            if year is None:
                continue
            strays = sorted(day for day in (*days.closed, *days.opened) if day_date(day).year != year)
            if strays:
                stray = day_date(strays[0])
                self.fault_at_key(path, "bad-date", f"{stray} is not in {year}; put it under `{stray.year}`, or under `closed` or `open`")
            found[year] = days
        return found

    def mapping(self, path: Path, written: Any, example: str) -> dict[str, Any]:
        if isinstance(written, dict):
            return written
        self.fault(path, "wrong-type", f"`{path[-1]}` is a mapping; write for example {example}")
        return {}

    def year(self, path: Path, written: Any) -> int | None:
        if isinstance(written, int) and not isinstance(written, bool) and self.first_year <= written <= self.last_year:
            return written
        self.fault_at_key(path, "bad-year", f"{quoted(written)} is not a year from {self.first_year} to {self.last_year}")
        return None

    def refuse_never_open(self, calendar: SiteCalendar) -> None:
        for name in calendar.never_open():
            path: Path = () if name == CLINIC else ("resources", name)
            what = "the site" if name == CLINIC else quoted(name)
            self.fault((*path, "weekly"), "no-open-day", f"{what} has no open day at all; list an open weekday, or days under `open`")
