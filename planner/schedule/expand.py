"""Expand a plan for a cohort: blocks of subjects, walked side by side."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import numpy as np

from planner.protocol.plan import Plan
from planner.protocol.said import said
from planner.schedule.calendar import SiteCalendar
from planner.schedule.cohort import Cohort
from planner.schedule.day_tables import BEYOND
from planner.schedule.days import EARLIEST_REAL_DAY, Days, day_date
from planner.schedule.fractions import mark_fractions
from planner.schedule.schedule import Schedule
from planner.schedule.visit_ids import visit_id
from planner.schedule.walk import BlockResult
from planner.schedule.walks import empty_result, part_of, walked

SMALLEST_BLOCK = 8192
LARGEST_BLOCK = 65536
"""Subjects walked at once. Threads wait for each other between numpy calls, so calls should be long: as few blocks as there
are cores. Above the largest, working arrays and the part of the result in use no longer share the cache."""


class NoOpenDayError(ValueError):
    """A calendar holds no open day for a visit, or does not reach far enough."""


def expand(
    plan: Plan,
    cohort: Cohort,
    calendars: Sequence[SiteCalendar],
    as_of: int | Days,
    progress: Callable[[int], None] | None = None,
) -> Schedule:
    """The schedule of every subject of ``cohort`` as of a day (or one day per subject).

    ``progress`` is told how many subjects have been walked. Raises NoOpenDayError if a calendar has no open day for
    some visit, which is an error of the calendar, never a date.
    """
    count, cores = len(cohort), os.cpu_count() or 1
    block = min(max(SMALLEST_BLOCK, -(-count // cores)), LARGEST_BLOCK)
    result = empty_result(len(plan.slots), count)
    schedule = Schedule(plan, cohort, tuple(calendars), as_of, **{entry.name: getattr(result, entry.name) for entry in fields(BlockResult)})

    doubtful: list[int] = []

    def walk_block(first: int) -> int:
        beyond = min(first + block, count)
        as_of_part = as_of[first:beyond] if isinstance(as_of, np.ndarray) else as_of
        part = part_of(result, first, beyond)
        walk = walked(plan, cohort.part(first, beyond), schedule.calendars, as_of_part, part)
        mark_fractions(walk)
        if _may_miss_days(part):
            doubtful.append(first)
        return beyond - first

    firsts = range(0, count, block)
    if len(firsts) <= 1:
        for done in map(walk_block, firsts):
            if progress is not None:
                progress(done)
    else:
        with ThreadPoolExecutor(cores) as pool:
            for done in pool.map(walk_block, firsts):
                if progress is not None:
                    progress(done)
    if doubtful:
        _refuse_missing_days(schedule)
    return schedule


def _may_miss_days(part: BlockResult) -> bool:
    """Whether some slot of a block may need a day that the calendar does not have; quick, and seldom true."""
    far = BEYOND // 2
    if any(days.size and int(days.max()) >= far for days in (part.planned, part.latest, part.earliest)):
        return True
    return bool(((part.nominal > EARLIEST_REAL_DAY) & (part.planned < EARLIEST_REAL_DAY)).any())


def _refuse_missing_days(schedule: Schedule) -> None:
    """Refuse a visit whose planned date or window needs a day that the calendar does not have."""
    no_day = (schedule.planned < EARLIEST_REAL_DAY) & (schedule.nominal > EARLIEST_REAL_DAY)
    far = BEYOND // 2
    beyond = (schedule.planned >= far) | (schedule.latest >= far) | (schedule.earliest >= far) | no_day
    beyond &= schedule.is_visit
    if not beyond.any():
        return
    slot, subject = (int(found) for found in np.argwhere(beyond)[0])
    plan, calendar = schedule.plan, schedule.calendar_of(subject)
    visit = visit_id(plan, plan.slots[slot], [int(code) for code in schedule.cohort.parameters[:, subject]])
    who = said("{visit} of subject {subject}", visit=visit, subject=schedule.cohort.subjects[subject])
    first, last = day_date(calendar.first_day), day_date(calendar.last_day)
    nominal = int(schedule.nominal[slot, subject])
    if nominal < calendar.first_day:
        text = "{who} falls on {day}, and calendar {calendar} begins on {first}; check the date it is counted from"
        raise NoOpenDayError(said(text, who=who, day=day_date(nominal), calendar=calendar.name, first=first))
    day = day_date(nominal) if nominal < BEYOND // 2 else said("the end of the calendar ({day})", day=last)
    text = (
        "calendar {calendar} has no open day for {who} on or after {day} ({resource}, known {first} to {last});"
        " give it open days, or an earlier start"
    )
    raise NoOpenDayError(said(text, calendar=calendar.name, who=who, day=day, resource=plan.slots[slot].resource, first=first, last=last))
