"""A VTIMEZONE of a file from elsewhere, as changes of the clock: from a wall clock's time to the moment, in bounded time.

A library would list all changes from the component's first one on, which a rule "each second since 1601" turns into for ever. So only the
rules that zones really have are taken, and only the years around the time that is asked for are looked at, each year once for a zone.
"""

from __future__ import annotations

import calendar
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

from planner.exchange.outside.components import Properties, RawZone
from planner.exchange.outside.property_lines import PropertyError, only, read_property
from planner.protocol.said import said

MOST_OBSERVANCES = 400
MOST_CHANGES = 2_000
"""Of a whole zone: the beginnings of its parts, and the dates that these list."""
MOST_RULES = 6
"""So many rules may hold in one year; a zone has two, and in the year of a reform four."""

_LONG_MONTHS = (1, 3, 5, 7, 8, 10, 12)
_LEAST_OFTEN = 8
"""Years: a rule of a 29 February, the rarest there is, may skip so many."""
_OFFSET = re.compile(r"([+-])(\d{2})([0-5]\d)([0-5]\d)?", re.ASCII)
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)", re.ASCII)
_WEEKDAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PARTS = frozenset({"FREQ", "INTERVAL", "BYMONTH", "BYDAY", "BYMONTHDAY", "UNTIL", "WKST"})


Change = tuple[datetime, timedelta, timedelta]
"""When the clock is put to another offset (in UTC, without a zone), to which, and from which."""


@dataclass(frozen=True, slots=True)
class YearlyRule:
    """On which day of each year the clock changes."""

    month: int
    week: int | None
    """The how manieth ``weekday`` of the month, from its end where negative; None: the one among ``month_days``."""
    weekday: int | None
    """0: Monday; None: the only one of ``month_days``."""
    month_days: tuple[int, ...]
    until: datetime | None
    """The last change, in UTC."""

    def day(self, year: int) -> date | None:
        """The day in that year; None where the month has no such day."""
        first = date(year, self.month, 1)
        days: Sequence[int] = range(1, 1 + (31 if self.month in _LONG_MONTHS else 30 if self.month != 2 else 28 + calendar.isleap(year)))
        length = len(days)
        if self.weekday is not None:
            days = days[(self.weekday - first.weekday()) % 7 :: 7]
        if self.month_days:
            wanted = {day if day > 0 else length + 1 + day for day in self.month_days}
            days = [day for day in days if day in wanted]
        place = 0 if self.week is None else self.week - 1 if self.week > 0 else self.week
        return first.replace(day=days[place]) if -len(days) <= place < len(days) else None


@dataclass(frozen=True, slots=True)
class Observance:
    """One STANDARD or DAYLIGHT: when the clock is put to another offset."""

    start: datetime
    """The first change, by the wall clock before it."""
    offset_from: timedelta
    offset_to: timedelta
    rule: YearlyRule | None
    dates: tuple[datetime, ...]
    """Further changes, by the wall clock before them."""

    @property
    def last_year(self) -> int:
        """The year of the last change by the rule; 9999 where it never ends."""
        return 9999 if self.rule is None or self.rule.until is None else self.rule.until.year

    def listed(self) -> Iterator[Change]:
        """The changes that do not hang on the year that is asked for: the first, those that are listed, and a rule's last."""
        for wall in (self.start, *self.dates):
            yield self._change(wall)
        if self.last_year < 9999:
            yield from self.recurring(self.last_year)

    def recurring(self, year: int) -> Iterator[Change]:
        """The changes by the rule, if it still holds, in a year and in the next, and the last before these."""
        if self.rule is None or year > self.last_year + 1:
            return
        until, first, time = self.rule.until, self.start.date(), self.start.time()
        for near in range(min(year + 1, self.last_year), max(first.year, year - _LEAST_OFTEN - 1) - 1, -1):
            day = self.rule.day(near)
            if day is None or day <= first:
                continue
            change = self._change(datetime.combine(day, time))
            if until is None or change[0] <= until:
                yield change
                if near < year:
                    return

    def _change(self, wall: datetime) -> Change:
        return wall - self.offset_from, self.offset_to, self.offset_from


class _Timeline:
    """Changes of the clock in their order, and from which wall clock's time on each counts."""

    __slots__ = ("_ends", "_offsets")

    def __init__(self, changes: Iterable[Change]) -> None:
        inside = sorted(set(changes))
        self._offsets = [inside[0][2], *(after for _, after, _ in inside)]
        # Up to a change the clock runs by the offset before; a time that the change then leaves out counts by the same.
        ends = (at + (after if after > before else before) for (at, after, _), before in zip(inside, self._offsets, strict=False))
        self._ends = list(accumulate(ends, max))

    def offset(self, wall: datetime) -> timedelta:
        """By which offset the clock runs that shows ``wall``."""
        return self._offsets[bisect_right(self._ends, wall)]


@dataclass(frozen=True, slots=True)
class ZoneComponent:
    """A time zone as the file itself defines it."""

    observances: tuple[Observance, ...]
    _listed: Sequence[Change] = field(compare=False, repr=False)
    """Of all observances, in their order."""
    _years: dict[int, _Timeline] = field(default_factory=dict, compare=False, repr=False)
    """What was worked out."""

    @classmethod
    def of(cls, observances: tuple[Observance, ...]) -> ZoneComponent:
        """The zone of at least one observance."""
        return cls(observances, sorted({change for entry in observances for change in entry.listed()}))

    def moment(self, wall: datetime) -> datetime:
        """The moment, in UTC, at which a wall clock there shows ``wall``: of a time that occurs twice the first.

        A time that the clock leaves out counts by the offset before the change (RFC 5545, 3.3.5).
        """
        timeline = self._years.get(wall.year)
        if timeline is None:
            timeline = self._years[wall.year] = _Timeline(self._changes(wall.year))
        return (wall - timeline.offset(wall)).replace(tzinfo=UTC)

    def _changes(self, year: int) -> Iterator[Change]:
        """The changes that may matter for a time in ``year``: those around it, and the last one before."""
        first, last = bisect_left(self._listed, (datetime(year - 1, 1, 1),)), bisect_left(self._listed, (datetime(year + 2, 1, 1),))
        yield from self._listed[max(first - 1, 0) : last + 1]
        for entry in self.observances:
            yield from entry.recurring(year)


def zone_component(raw: RawZone) -> ZoneComponent:
    """The zone that a VTIMEZONE defines. Raises PropertyError for one that is broken, too large, or has a rule that no zone has."""
    if not raw.observances:
        raise PropertyError(said("it has neither STANDARD nor DAYLIGHT"))
    if len(raw.observances) > MOST_OBSERVANCES:
        raise PropertyError(said("it has more than {most_observances} parts", most_observances=MOST_OBSERVANCES))
    if sum(1 + line.count(b",") for part in raw.observances for line in (b"", *part.get("RDATE", []))) > MOST_CHANGES:
        raise PropertyError(said("it has more than {most_changes:,} changes of the clock", most_changes=MOST_CHANGES))
    observances = tuple(_observance(properties) for properties in raw.observances)
    if _most_in_one_year(observances) > MOST_RULES:
        raise PropertyError(said("more than {most_rules} of its parts recur in one year", most_rules=MOST_RULES))
    return ZoneComponent.of(observances)


def _most_in_one_year(observances: Iterable[Observance]) -> int:
    """How many rules hold in the year in which most do."""
    edges = list[tuple[int, int]]()
    for entry in observances:
        if entry.rule is not None:
            edges += [(entry.start.year, 1), (max(entry.start.year, entry.last_year + 1), -1)]
    return max(accumulate(step for _, step in sorted(edges)), default=0)


def _observance(properties: Properties) -> Observance:
    start = only(properties, "DTSTART")
    if start is None:
        raise PropertyError(said("a part of it has no DTSTART"))
    first = _wall(start.value)
    offset_from, offset_to = _offset(properties, "TZOFFSETFROM"), _offset(properties, "TZOFFSETTO")
    rule = only(properties, "RRULE")
    dates = tuple(_wall(text) for line in properties.get("RDATE", []) for text in read_property(line).value.split(","))
    return Observance(first, offset_from, offset_to, None if rule is None else _rule(rule.value, first, offset_from), dates)


def _offset(properties: Properties, name: str) -> timedelta:
    given = only(properties, name)
    match = None if given is None else _OFFSET.fullmatch(given.value.strip())
    if match is None:
        raise PropertyError(said("a part of it has no {name} such as +0100", name=name))
    sign, hours, minutes, seconds = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds or 0))
    if offset >= timedelta(days=1):
        raise PropertyError(said("the {name} of a part of it is a day or more", name=name))
    return -offset if sign == "-" else offset


def _rule(text: str, start: datetime, offset_from: timedelta) -> YearlyRule:
    parts = dict(part.partition("=")[::2] for part in text.upper().strip().split(";") if part)
    if parts.get("FREQ") != "YEARLY" or parts.get("INTERVAL", "1") != "1" or not set(parts) <= _PARTS:
        raise PropertyError(said("a part of it does not recur once a year"))
    month_days = tuple(_number(day, 31) for day in parts.get("BYMONTHDAY", "").split(",") if day)
    match = _WEEKDAY.fullmatch(parts["BYDAY"]) if "BYDAY" in parts else None
    if "BYDAY" in parts and (match is None or (match[1] is None) == (not month_days)):
        raise PropertyError(said("a part of it recurs on more than one day a year"))
    if len(month_days) > (1 if match is None else 7):
        raise PropertyError(said("a part of it recurs on more than one day a year"))
    month = _number(parts.get("BYMONTH", str(start.month)), 12)
    if month < 1:
        raise PropertyError(said("a part of it recurs in no month"))
    if match is None and not month_days:
        month_days = (start.day,)
    return YearlyRule(
        month,
        None if match is None or match[1] is None else int(match[1]),
        None if match is None else _WEEKDAYS.index(match[2]),
        month_days,
        _until(parts["UNTIL"], offset_from) if "UNTIL" in parts else None,
    )


def _until(text: str, offset_from: timedelta) -> datetime:
    if re.fullmatch(r"\d{8}", text, re.ASCII):
        return _wall(f"{text}T235959") - offset_from
    return _wall(text.removesuffix("Z")) - (timedelta() if text.endswith("Z") else offset_from)


def _wall(text: str) -> datetime:
    match = _TIME.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        year, month, day, hour, minute, second = (int(part) for part in match.groups())
        wall = datetime(year, month, day, hour, minute, second)
    except ValueError:
        raise PropertyError(said("a part of it has a time that is none, such as 19701025T030000")) from None
    # Outlook's zones begin in 1601; nearer to year 1 an offset would lead out of the calendar.
    return wall.replace(year=max(wall.year, 1600)) if wall.year < 9999 else wall.replace(year=9998)


def _number(text: str, most: int) -> int:
    if not re.fullmatch(r"[+-]?\d{1,2}", text, re.ASCII) or not 1 <= abs(int(text)) <= most:
        raise PropertyError(said("a part of it recurs on a day that is none"))
    return int(text)
