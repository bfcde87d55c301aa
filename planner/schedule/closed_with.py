"""Days that are closed for a visit only because another day that must be open with them (``open_also``, R5) is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from planner.protocol.plan import Slot
from planner.schedule.block import Block
from planner.schedule.calendar import ANY_DAY, SiteCalendar
from planner.schedule.day_words import named_day
from planner.schedule.days import day_date, day_number
from planner.schedule.masks import as_array
from planner.schedule.schedule import Schedule
from planner.schedule.visit_ids import slot_of


@dataclass(frozen=True, slots=True)
class ClosedWith:
    """The day that must be open too, and is closed."""

    day: date
    note: str
    """What the calendar calls it; "" for a day without a name."""


def closed_with(block: Block, slot: Slot, calendar: SiteCalendar, day: int, subject: int = 0) -> ClosedWith | None:
    """The first day that must be open with an open ``day`` and is not; None where there is none, or ``day`` is closed itself."""
    if slot.resource == ANY_DAY or not _opens(calendar, slot, day):
        return None
    for tests, days in slot.open_also:
        if as_array(block.parameters_hold(tests), block.count)[subject] and not _opens(calendar, slot, day + days):
            return ClosedWith(day_date(day + days), named_day(calendar.notes.get(day + days, "")))
    return None


def visit_closed_with(schedule: Schedule, subject: int, visit: str, day: date) -> ClosedWith | None:
    """The same for a visit, by id, of one subject of a schedule, by index."""
    cohort = schedule.cohort.part(subject, subject + 1)
    slot = slot_of(schedule.plan, visit, cohort.parameters[:, 0].tolist())
    if slot is None:
        return None
    block = Block(schedule.plan, cohort, schedule.calendars, schedule.as_of_day(subject))
    return closed_with(block, slot, schedule.calendar_of(subject), day_number(day))


def _opens(calendar: SiteCalendar, slot: Slot, day: int) -> bool:
    place = day - calendar.first_day
    table = calendar.open_table(slot.resource)
    return 0 <= place < len(table) and bool(table[place])
