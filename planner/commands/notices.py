"""What a person should be told beside the dates: missing milestones, provisional calendars, times without a zone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from planner.schedule.codes import Flag, StatusCode
from planner.schedule.schedule import Schedule
from planner.schedule.visit_ids import visit_id
from planner.schedule.visit_rows import missing_milestone

_MOST_NAMED = 8


def notices(schedule: Schedule) -> list[str]:
    """The notices on a schedule, each a sentence; of many subjects or visits only the first are named."""
    return [*_missing_milestones(schedule), *_provisional(schedule)]


def time_zone_notice(schedule: Schedule, zone: str) -> str | None:
    """What to say before times of day are written in a calendar that has no site's zone, or None."""
    if zone != "UTC" or not schedule.cohort.booked_at:
        return None
    return "The calendar is in UTC, so booked times are written as UTC; give --calendar the site's country or file for local time."


def _missing_milestones(schedule: Schedule) -> Iterator[str]:
    marked = (schedule.flags & np.uint32(Flag.MILESTONE_MISSING) != 0) & schedule.on_calendar
    visits: dict[str, dict[str, None]] = defaultdict(dict)
    subjects: dict[str, dict[str, None]] = defaultdict(dict)
    plan = schedule.plan
    for index, subject in np.argwhere(marked):
        slot = plan.slots[int(index)]
        missing = missing_milestone(schedule, slot, int(subject))
        if missing is not None:
            codes = schedule.cohort.parameters[:, subject].tolist()
            visits[missing][visit_id(plan, slot, codes)] = None
            subjects[missing][schedule.cohort.subjects[int(subject)]] = None
    for milestone, found in visits.items():
        of = "" if len(schedule.cohort) == 1 else f" for {_named(list(subjects[milestone]))}"
        has = "has" if len(found) == 1 else "have"
        yield f"Milestone {milestone} ({plan.protocol.milestones[milestone].label}) is not given{of}; {_named(list(found))} {has} no date."


def _provisional(schedule: Schedule) -> Iterator[str]:
    marked = (schedule.flags & np.uint32(Flag.PROVISIONAL_CALENDAR) != 0) & schedule.on_calendar & (schedule.status != StatusCode.DONE)
    if not marked.any():
        return
    which = np.zeros(len(schedule.cohort), dtype=np.int32) if schedule.cohort.calendar is None else schedule.cohort.calendar
    for number, calendar in enumerate(schedule.calendars):
        mine = marked & (which == number)[np.newaxis, :]
        if mine.any():
            year = np.datetime64(int(schedule.effective[mine].min()), "D").astype("datetime64[Y]")
            count = int(mine.sum())
            visits = f"{count} visit{'s' if count != 1 else ''}"
            yield f"The official days of calendar {calendar.name} are not known yet for {year} or later; {visits} may still move."


def _named(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
