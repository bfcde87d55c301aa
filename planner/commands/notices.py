"""What a person should be told beside the dates: missing milestones, provisional calendars, times without a zone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime

import numpy as np

from planner.exchange.time_zones import is_on_the_clock
from planner.protocol.errors import nearest
from planner.protocol.plan import Plan
from planner.schedule.calendar import ANY_DAY, CLINIC, SiteCalendar
from planner.schedule.codes import Flag, StatusCode
from planner.schedule.days import NO_DAY, day_date
from planner.schedule.schedule import Schedule
from planner.schedule.visit_ids import visit_id
from planner.schedule.visit_rows import missing_milestone

_MOST_NAMED = 8


def notices(schedule: Schedule) -> list[str]:
    """The notices on a schedule, each a sentence; of many subjects or visits only the first are named."""
    stops = _stops_to_come(schedule)
    return [*_missing_milestones(schedule), *_provisional(schedule), *stops, *unused_resources(schedule.plan, schedule.calendars)]


def unused_resources(plan: Plan, calendars: Sequence[SiteCalendar]) -> Iterator[str]:
    """A notice for each resource that a calendar has days for and no visit of the protocol takes place on: probably misspelt."""
    used = list(dict.fromkeys(slot.resource for slot in plan.slots if slot.resource not in (CLINIC, ANY_DAY)))
    for calendar in calendars:
        for resource in calendar.open_days:
            if resource not in (CLINIC, *used):
                near = nearest(resource, used)
                hint = f"did you mean {near}?" if near else f"the protocol has {', '.join(used)}." if used else "the protocol has none."
                yield f"Calendar {calendar.name} has days for the resource {resource}, and no visit is `on: {resource}`; {hint}"


def _stops_to_come(schedule: Schedule) -> Iterator[str]:
    """Stops dated after the day asked about: until then they change nothing about the last dose (R13)."""
    stops = schedule.cohort.stops
    if stops is None:
        return
    subjects: dict[date, dict[str, None]] = defaultdict(dict)
    for dose, subject in np.argwhere(stops > NO_DAY):
        day = day_date(int(stops[dose, subject]))
        if int(stops[dose, subject]) > schedule.as_of_day(int(subject)):
            subjects[day][schedule.cohort.subjects[int(subject)]] = None
    worked_out = [name for name, milestone in schedule.plan.protocol.milestones.items() if milestone.reference is not None]
    counts = f"; {', '.join(worked_out)} counts actual doses only once all drugs are stopped" if worked_out else ""
    for day, found in sorted(subjects.items()):
        of = "" if len(schedule.cohort) == 1 else f" of {_named(list(found))}"
        yield f"The stop{of} on {day} lies after the day asked about{counts}."


def times_refused(schedule: Schedule, zone: str) -> list[str]:
    """Why booked times of day cannot be written in that zone: it is no site's, or the clock leaves that hour out."""
    booked = schedule.cohort.booked_at
    if zone == "UTC" and booked:
        return ["--booked: the calendar has no time zone, so a time of day would be wrong; give --calendar with the site's zone"]
    refused = []
    for (slot, subject), at in sorted(booked.items()):
        wall = datetime.combine(day_date(int(schedule.effective[slot, subject])), at)
        if schedule.effective[slot, subject] > NO_DAY and not is_on_the_clock(zone, wall):
            visit = visit_id(schedule.plan, schedule.plan.slots[slot], schedule.cohort.parameters[:, subject].tolist())
            whose = f"{visit} of subject {schedule.cohort.subjects[subject]}"
            refused.append(f"{whose} is booked on {wall:%Y-%m-%d at %H:%M}, an hour that {zone} leaves out that day; give another time")
    return refused


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
