"""Attendances with the rows of their visits: made only for what is on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from planner.capacity.clinic_visits import Attendance
from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.records.lists.site_schedules import SiteSchedule
from planner.schedule.rows import VisitRow
from planner.schedule.table import VisitTable
from planner.schedule.visit_rows import table_rows
from planner.ui.clinic.busy import Busy
from planner.ui.clinic.closed_days import DayNote
from planner.ui.language import language


@dataclass(frozen=True, slots=True)
class ShownVisit:
    """One visit."""

    row: VisitRow
    name: str
    """In the language of the page."""
    activities: tuple[str, ...]
    resource: str
    minutes: int | None


@dataclass(frozen=True, slots=True)
class ShownAttendance:
    """What one subject comes for."""

    attendance: Attendance
    visits: tuple[ShownVisit, ...]


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day with all that is said of it."""

    day: date
    is_today: bool
    note: DayNote
    busy: tuple[Busy, ...]
    coming: int
    """How many subjects come."""
    visits: int
    """How many visits there are, also such as nobody comes for."""
    shown: tuple[ShownAttendance, ...] = ()
    total: int = 0
    """How many attendances there are, shown or not."""


def visit_rows(chosen: Sequence[Attendance]) -> list[tuple[Attendance, list[VisitRow]]]:
    """The rows of each attendance's visits."""
    found: dict[tuple[int, int, int], VisitRow] = {}
    for entry in {id(one.entry): one.entry for one in chosen}.values():
        cells = [(slot, one.column) for one in chosen if one.entry is entry for slot in one.slots]
        found |= {(id(entry), *cell): row for cell, row in zip(cells, _rows(entry, cells), strict=True)}
    return [(one, [found[id(one.entry), slot, one.column] for slot in one.slots]) for one in chosen]


def shown(chosen: Sequence[Attendance]) -> list[ShownAttendance]:
    """The same with everything else that the screen says."""
    entries = {id(one.entry): one.entry for one in chosen}
    texts = {key: ProtocolTexts(entry.schedule.plan.protocol, language()) for key, entry in entries.items()}
    return [ShownAttendance(one, tuple(_visits(one, rows, texts))) for one, rows in visit_rows(chosen)]


def _visits(attendance: Attendance, rows: Sequence[VisitRow], texts: Mapping[int, ProtocolTexts]) -> list[ShownVisit]:
    of, details = texts[id(attendance.entry)], attendance.entry.group.booking_details
    result = []
    for slot, resource, row in zip(attendance.slots, attendance.resources, rows, strict=True):
        booked = details.get((slot, attendance.column))
        minutes = booked.minutes if booked is not None and booked.minutes is not None else row.minutes
        result.append(ShownVisit(row, of.visit(row), tuple(of.activity(id_) for id_ in row.activities), resource, minutes))
    return result


def _rows(entry: SiteSchedule, cells: Sequence[tuple[int, int]]) -> list[VisitRow]:
    slots, columns = np.array(cells, dtype=np.int32).T
    schedule = entry.schedule
    return list(table_rows(VisitTable(schedule, slots, columns, slots.astype(np.intp) * len(schedule.cohort) + columns)))
