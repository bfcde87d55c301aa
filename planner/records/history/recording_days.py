"""The day on which each fact was recorded: its date at the site where the subject was by what was known before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from planner.records.facts.kinds import Kind
from planner.records.facts.moments import microseconds
from planner.records.fold.fact_columns import KIND_CODES, FactTable
from planner.records.fold.fold import revisions
from planner.records.fold.in_force import standing_facts
from planner.records.fold.prefixes import chosen_prefixes
from planner.records.fold.stays import enrolments_of, site_calendars
from planner.records.pinned.pinned import Pinned

_FIRST_YEAR = 1970
_PLACING = (Kind.ENROLLED, Kind.SITE_TRANSFERRED, Kind.CALENDAR_REFRESHED, Kind.UNDONE)
"""The facts that say where a subject is, or may take such a one back."""
_ELSEWHERE = "UTC"
"""The zone where no fact says where the subject is."""


@dataclass(frozen=True, eq=False)
class RecordingZones:
    """The time zone that each fact of a table was recorded in."""

    names: tuple[str, ...]
    code: NDArray[np.intp]
    """For each fact, an index into ``names``."""


def recording_zones(table: FactTable, pinned: Pinned) -> RecordingZones:
    """The zone of the site where each fact's subject was by the facts before it; those written together share one.

    So no later fact changes the day on which an earlier one was recorded. The first act has the zone that its enrolment names; where an
    enrolment was taken back, the zone stays. Raises UnknownContentError.
    """
    placing = table.taken(np.isin(table.kind, [KIND_CODES[kind] for kind in _PLACING]))
    names, code = _zones_after(placing, pinned)
    known = np.flatnonzero(code >= 0)
    keys = _keys(placing.row[known], placing.number[known])
    order = np.argsort(keys)
    known, keys = known[order], keys[order]
    found = np.full(len(table), len(names), dtype=np.intp)
    if len(known):
        last = np.searchsorted(keys, _keys(table.row, _first_of_act(table))) - 1
        before = (last >= 0) & (placing.row[known[last]] == table.row)
        first = np.minimum(last + 1, len(known) - 1)
        here = np.where(before, known[last], known[first])
        found = np.where(placing.row[here] == table.row, code[here], found)
    return RecordingZones((*names, _ELSEWHERE), found)


def known_before(table: FactTable, zones: RecordingZones, day: date) -> NDArray[np.int32]:
    """For each row the number of the last fact known before a day began: the one before the first recorded on that day or later."""
    moments = np.array([_first_moment(day, name) for name in zones.names], dtype=np.int64)
    known = revisions(table)
    later = np.flatnonzero(table.recorded_at >= moments[zones.code])[::-1]
    # Facts of a row stand by number, so going backwards the first later one is written last.
    known[table.row[later]] = table.number[later] - 1
    return known


def _zones_after(placing: FactTable, pinned: Pinned) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Zones by name, and for each of the facts the one of the site where the subject then is, -1 while no enrolment is in force."""
    standing = standing_facts(chosen_prefixes(placing, placing.row, placing.number))
    enrolments = enrolments_of(standing)
    calendars = site_calendars(standing, enrolments, pinned)
    code = np.full(len(placing), -1, dtype=np.intp)
    code[enrolments.row] = calendars.calendar
    return tuple(calendar.zone for calendar in calendars.calendars), code


def _first_of_act(table: FactTable) -> NDArray[np.int32]:
    """For each fact the number of the first of those written with it: of one subject, at one moment, one after the other."""
    order = np.argsort(_keys(table.row, table.number), kind="stable")
    row, recorded = table.row[order], table.recorded_at[order]
    begins = np.ones(len(order), dtype=np.bool_)
    begins[1:] = (row[1:] != row[:-1]) | (recorded[1:] != recorded[:-1])
    first = np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))
    numbers = np.empty_like(table.number)
    numbers[order] = table.number[order][first]
    return numbers


def _first_moment(day: date, zone: str) -> int:
    """When a day begins in an IANA time zone, in microseconds since 1970-01-01 UTC; 0 for days before any log, which no clock can tell."""
    if day.year <= _FIRST_YEAR:
        return 0
    return microseconds(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)))


def _keys(row: NDArray[np.int32], number: NDArray[np.int32]) -> NDArray[np.int64]:
    return row.astype(np.int64) << 32 | number.astype(np.int64)
