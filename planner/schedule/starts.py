"""Possible start days compared: how many visits each would leave without an open day in their window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from planner.protocol.plan import Plan
from planner.schedule.calendar import SiteCalendar
from planner.schedule.codes import Flag
from planner.schedule.cohort_facts import cohort_of
from planner.schedule.days import day_date, day_number
from planner.schedule.expand import expand
from planner.schedule.facts import SubjectFacts
from planner.schedule.visit_ids import visit_id

_TROUBLE = Flag.NO_OPEN_DAY_IN_WINDOW | Flag.CONSTRAINT_BREAKS_WINDOW | Flag.FRACTION_GAP | Flag.FRACTION_SPAN


@dataclass(frozen=True, slots=True)
class StartScore:
    """One possible start day, whether it is open itself, and the visits that would go wrong."""

    start: date
    is_open: bool
    without_open_day: tuple[str, ...]
    """Visits with no open day in their window."""
    other_trouble: tuple[str, ...]
    """Visits pushed past their window by a bound, and fractions with a gap or span too long."""


def start_scores(
    plan: Plan, facts: SubjectFacts, calendars: Sequence[SiteCalendar], as_of: date, first_day: date, days: int
) -> tuple[StartScore, ...]:
    """A score for each of ``days`` start days from ``first_day``: all of them are one cohort in one call to the engine."""
    one = cohort_of(plan, [facts], [calendar.name for calendar in calendars]).repeated(0, days)
    starts = np.arange(day_number(first_day), day_number(first_day) + days, dtype=np.int32)
    schedule = expand(plan, replace(one, start=starts), calendars, day_number(as_of))
    codes = one.parameters[:, 0].tolist()
    order = sorted(plan.slots, key=lambda slot: slot.file_rank)
    names = {slot.index: visit_id(plan, slot, codes) for slot in order}
    flags = np.where(schedule.on_calendar, schedule.flags, 0)
    closed = (flags & np.uint32(Flag.CLOSED_DAY))[plan.start_slot] != 0
    scores = []
    for column in range(days):
        none = tuple(names[slot.index] for slot in order if flags[slot.index, column] & Flag.NO_OPEN_DAY_IN_WINDOW)
        trouble = int(_TROUBLE) & ~int(Flag.NO_OPEN_DAY_IN_WINDOW)
        other = tuple(names[slot.index] for slot in order if flags[slot.index, column] & trouble)
        scores.append(StartScore(day_date(int(starts[column])), not bool(closed[column]), none, other))
    return tuple(scores)
