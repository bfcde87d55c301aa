"""When an event of ours is, from its DTSTART, DTEND and DURATION."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import vDuration

from planner.exchange.outside.components import RawEvent
from planner.exchange.outside.property_lines import Property, PropertyError, only
from planner.exchange.outside.zones import FileZones, moment_in
from planner.exchange.time_zones import zone_info
from planner.protocol.said import said

FIRST_YEAR, LAST_YEAR = 1970, 2199
LONGEST_MINUTES = 24 * 60

_DATE = re.compile(r"\d{8}", re.ASCII)
_TIME = re.compile(r"(\d{8}T\d{6})(Z?)", re.ASCII)
_ONE_DAY = timedelta(days=1)
_SHORTEST_DAY = timedelta(hours=23)
"""On which the clock goes forward; nothing but a whole day is as long."""
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Times:
    """When an event is, as ``OutsideEvent`` has it."""

    start: date | datetime
    minutes: int | None
    all_day: bool


@dataclass(frozen=True, slots=True)
class _Point:
    """A time as it is written, and the moment that it is."""

    wall: datetime
    moment: datetime


def event_times(event: RawEvent, site_zone: str, zones: FileZones) -> Times:
    """When the event is; a time without any zone is the site's (an IANA name). Raises PropertyError."""
    properties = event.properties
    start, end, duration = (only(properties, name) for name in ("DTSTART", "DTEND", "DURATION"))
    if start is None:
        raise PropertyError(said("it has no DTSTART, so its day is not known"))
    if end is not None and duration is not None:
        raise PropertyError(said("it has both DTEND and DURATION; only one of them may be there"))
    length = None if duration is None else _duration(duration)
    if _is_date(start):
        last = None if end is None else _day(end)
        return _all_day(_day(start), last, length)
    begin = _point(start, event, site_zone, zones)
    if end is not None and _is_date(end):
        raise PropertyError(said("it begins at a time and ends on a day; give both in the same form"))
    finish = None if end is None else _point(end, event, site_zone, zones)
    if (day := _whole_day(begin, finish, length, site_zone, is_marked=_is_marked_all_day(event))) is not None:
        return day
    if begin.moment.second:
        raise PropertyError(said("it begins at a second; visits are booked to the minute"))
    if finish is not None:
        length = finish.moment - begin.moment
    return Times(begin.moment, None if length is None else _minutes(length), all_day=False)


def _is_date(given: Property) -> bool:
    kind = given.parameters.get("VALUE", "").upper()
    return kind == "DATE" or (not kind and _DATE.fullmatch(given.value.strip()) is not None)


def _day(given: Property) -> date:
    text = given.value.strip()
    if not _is_date(given) or not _DATE.fullmatch(text):
        raise PropertyError(said("its {given} is no day such as 20260401", given=given.name))
    return _read(given.name, text, "%Y%m%d").date()


def _point(given: Property, event: RawEvent, site_zone: str, zones: FileZones) -> _Point:
    match = _TIME.fullmatch(given.value.strip())
    if match is None:
        raise PropertyError(said("its {given} is no time such as 20260401T093000", given=given.name))
    wall = _read(given.name, match[1], "%Y%m%dT%H%M%S")
    if match[2]:
        return _Point(wall, wall.replace(tzinfo=UTC))
    if "TZID" in given.parameters:
        return _Point(wall, zones.moment(given.parameters["TZID"], wall, event.calendar))
    return _Point(wall, moment_in(site_zone, wall))


def _read(name: str, text: str, form: str) -> datetime:
    try:
        found = datetime.strptime(text, form)
    except ValueError:
        raise PropertyError(said("its {name} names a day or a time that there is not", name=name)) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise PropertyError(
            said(
                "its {name} is in the year {year}; visits are between {first_year} and {last_year}",
                name=name,
                year=found.year,
                first_year=FIRST_YEAR,
                last_year=LAST_YEAR,
            )
        )
    return found


def _duration(given: Property) -> timedelta:
    try:
        length: timedelta = vDuration.from_ical(given.value.strip())  # type: ignore[no-untyped-call]
    except (ValueError, OverflowError):
        raise PropertyError(said("its DURATION is none such as PT1H")) from None
    return length


def _whole_day(begin: _Point, finish: _Point | None, length: timedelta | None, site_zone: str, *, is_marked: bool) -> Times | None:
    """The day of an event from midnight to midnight, as Outlook writes an all-day one; None of an event at a time.

    Outlook may write it in UTC, where the site's midnight is some other hour. Without its mark only the site's midnight counts.
    Raises PropertyError of a whole day that begins at midnight nowhere that is known, and of several days.
    """
    whole = length if finish is None else finish.moment - begin.moment
    here = _day_begun(begin.moment, site_zone)
    if is_marked and begin.wall.time() == datetime.min.time():
        return _all_day(begin.wall.date(), None if finish is None else finish.wall.date(), length)
    if is_marked and here is not None:
        return _all_day(here, None if finish is None else finish.moment.astimezone(zone_info(site_zone)).date(), length)
    if is_marked and whole is not None and whole >= _SHORTEST_DAY:
        raise PropertyError(
            said(
                "it is marked as all-day, and begins at midnight neither by the clock that it is written in nor by the "
                "site's, so its day is not known; make it a day without a time there"
            )
        )
    if here is None or whole is None:
        return None
    is_one_day = whole == _ONE_DAY or begin.moment + whole == moment_in(site_zone, datetime.combine(here + _ONE_DAY, time()))
    return Times(here, None, all_day=True) if is_one_day else None


def _day_begun(moment: datetime, zone: str) -> date | None:
    """The day that begins at this moment, by a clock that may leave midnight out; None where none does."""
    day = moment.astimezone(zone_info(zone)).date()
    return day if moment_in(zone, datetime.combine(day, time())) == moment else None


def _is_marked_all_day(event: RawEvent) -> bool:
    """Whether Outlook says that an event from midnight to midnight is an all-day one."""
    mark = only(event.properties, "X-MICROSOFT-CDO-ALLDAYEVENT")
    return mark is not None and mark.value.strip().upper() == "TRUE"


def _all_day(first: date, end: date | None, length: timedelta | None) -> Times:
    """One day: its end is the next one, the same one (some programs write so) or not given."""
    whole = (end - first) if end is not None else length
    if whole is not None and whole not in (timedelta(), _ONE_DAY):
        raise PropertyError(said("it lasts more than one day, or ends before it begins; a visit is on one day"))
    return Times(first, None, all_day=True)


def _minutes(length: timedelta) -> int | None:
    if length < timedelta():
        raise PropertyError(said("it ends before it begins"))
    if length > timedelta(minutes=LONGEST_MINUTES):
        raise PropertyError(said("it lasts longer than a day; a visit is on one day"))
    if length % _MINUTE:
        raise PropertyError(said("its length is no whole number of minutes"))
    return length // _MINUTE or None
