"""A time zone's present rule, read from the zone data of the ``tzdata`` package (TZif, RFC 8536).

The package and not the machine's own files: one version of it is installed everywhere, so the same visits give the same bytes everywhere.
"""

from __future__ import annotations

import importlib.resources
import io
import re
import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from planner.protocol.said import said
from planner.schedule.zone_names import ZONE_NAMES

_NAME = r"([A-Za-z]{3,}|<[A-Za-z0-9+-]+>)"
_CLOCK = r"([+-]?\d{1,3}(?::\d{2}){0,2})"
_CHANGE = rf",M(\d+)\.(\d)\.(\d)(?:/{_CLOCK})?"
_FOOTER = re.compile(rf"{_NAME}{_CLOCK}(?:{_NAME}{_CLOCK}?{_CHANGE}{_CHANGE})?")
_DAY = 86_400


class UnknownZoneError(ValueError):
    """A time zone that the zone data does not hold."""


@dataclass(frozen=True, slots=True)
class Onset:
    """The yearly change to another offset: in the ``week``-th (5: the last) ``weekday`` (0: Sunday) of ``month``.

    ``seconds`` is the wall clock before the change, counted from midnight of that day; offsets are seconds east of UTC.
    """

    month: int
    week: int
    weekday: int
    seconds: int
    offset_from: int
    offset_to: int
    name: str

    def day(self, year: int) -> date:
        """The day that the rule names in ``year``."""
        first = date(year, self.month, 1)
        day = first + timedelta(days=(self.weekday - first.isoweekday()) % 7 + 7 * (self.week - 1))
        return day if day.month == self.month else day - timedelta(days=7)

    def moment(self, year: int) -> int:
        """The second (since 1970-01-01 UTC) at which the offset changes in ``year``."""
        return (self.day(year) - date(1970, 1, 1)).days * _DAY + self.seconds - self.offset_from


@dataclass(frozen=True, slots=True)
class ZoneRule:
    """What holds in a zone from ``since`` (seconds since 1970-01-01 UTC; None: always) on, without end.

    ``onsets`` is empty for one fixed offset, else holds the two changes of each year.
    """

    offset: int
    name: str
    onsets: tuple[Onset, ...]
    since: int | None

    def offset_at(self, second: int) -> int:
        """The offset by this rule, even before ``since``."""
        past = [change for change in self._changes_around(second) if change[0] <= second]
        return max(past)[1] if past else self.offset

    def next_change(self, second: int) -> int | None:
        """When the rule next changes the offset after ``second``."""
        return min((moment for moment, _ in self._changes_around(second) if moment > second), default=None)

    def _changes_around(self, second: int) -> list[tuple[int, int]]:
        year = (datetime(1970, 1, 1) + timedelta(seconds=second)).year
        return [(onset.moment(near), onset.offset_to) for near in (year - 1, year, year + 1) for onset in self.onsets]


@lru_cache(maxsize=64)
def zone_info(zone: str) -> ZoneInfo:
    """The zone for arithmetic; raises UnknownZoneError."""
    return ZoneInfo.from_file(io.BytesIO(_zone_data(zone)), key=zone)


def is_on_the_clock(zone: str, wall: datetime) -> bool:
    """Whether a clock in ``zone`` ever shows that date and time: in spring it leaves an hour out. Raises UnknownZoneError."""
    moment = wall.replace(tzinfo=zone_info(zone)).astimezone(UTC)
    return moment.astimezone(zone_info(zone)).replace(tzinfo=None) == wall


@lru_cache(maxsize=64)
def zone_rule(zone: str) -> ZoneRule | None:
    """The rule that holds in ``zone`` at present and without end, None if a yearly recurrence cannot say it; raises UnknownZoneError.

    A change at 24:00 or later, or before 0:00, of the day that the rule names is such a case: the day it falls on is then neither the
    n-th nor the last of its weekday.
    """
    data = _zone_data(zone)
    match = _FOOTER.fullmatch(data.rstrip(b"\n").rsplit(b"\n", 1)[-1].decode("ascii"))
    if match is None:
        return None
    standard_name, standard, summer_name, summer, *changes = match.groups()
    offset = -_seconds(standard)
    if summer_name is None:
        fixed = ZoneRule(offset, standard_name.strip("<>"), (), None)
        return ZoneRule(fixed.offset, fixed.name, (), _since(fixed, data))
    summer_offset = -_seconds(summer) if summer else offset + 3_600
    to_summer = _onset(changes[:4], offset, summer_offset, summer_name.strip("<>"))
    to_standard = _onset(changes[4:], summer_offset, offset, standard_name.strip("<>"))
    if not (0 <= to_summer.seconds < _DAY and 0 <= to_standard.seconds < _DAY):
        return None
    rule = ZoneRule(offset, standard_name.strip("<>"), (to_standard, to_summer), None)
    return ZoneRule(rule.offset, rule.name, rule.onsets, _since(rule, data))


def rule_covers(zone: str, moment: datetime) -> bool:
    """Whether the present rule of ``zone`` is the one in force at ``moment`` (an aware datetime); raises UnknownZoneError.

    Where it is not, local time in a calendar file would be read an hour or more wrong, so the caller writes UTC.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone; pass an aware datetime.")
    rule = zone_rule(zone)
    return rule is not None and (rule.since is None or moment.astimezone(UTC).timestamp() >= rule.since)


def _zone_data(zone: str) -> bytes:
    if zone not in ZONE_NAMES:
        raise UnknownZoneError(
            said("'{zone}' is no time zone; a name of the IANA list is needed, such as Europe/Berlin or Asia/Shanghai.", zone=zone)
        )
    return importlib.resources.files("tzdata").joinpath("zoneinfo", *zone.split("/")).read_bytes()


def _seconds(clock: str) -> int:
    sign = -1 if clock.startswith("-") else 1
    hours, minutes, seconds = (*map(int, clock.lstrip("+-").split(":")), 0, 0)[:3]
    return sign * (hours * 3_600 + minutes * 60 + seconds)


def _onset(change: list[str], offset_from: int, offset_to: int, name: str) -> Onset:
    month, week, weekday, clock = change
    return Onset(int(month), int(week), int(weekday), _seconds(clock or "2"), offset_from, offset_to, name)


def _since(rule: ZoneRule, data: bytes) -> int | None:
    """The earliest listed change from which on every listed change is the rule's own; None if none is listed.

    The last listed change always is (RFC 8536, 3.3).
    """
    since: int | None = None
    for moment, offset in reversed(_listed_changes(data)):
        if since is not None:
            following = rule.next_change(moment)
            if rule.offset_at(moment) != offset or (following is not None and following < since):
                break
        since = moment
    return since


def _listed_changes(data: bytes) -> list[tuple[int, int]]:
    """The changes that a TZif file (version 2 or later) lists: second since 1970-01-01 UTC, offset from then on."""
    first = struct.unpack_from(">6L", data, 20)
    _, _, leaps, times, types, names = first
    start = 44 + times * 5 + types * 6 + names + leaps * 8 + first[0] + first[1]
    times, types = struct.unpack_from(">6L", data, start + 20)[3:5]
    start += 44
    moments = struct.unpack_from(f">{times}q", data, start)
    kinds = data[start + times * 8 : start + times * 9]
    offsets = [struct.unpack_from(">l", data, start + times * 9 + kind * 6)[0] for kind in range(types)]
    return [(moment, offsets[kind]) for moment, kind in zip(moments, kinds, strict=True)]
