"""Possible start days compared: how many visits each would leave without an open day in their window, or on a day already past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from planner.protocol.plan import Plan
from planner.schedule.calendar import SiteCalendar
from planner.schedule.codes import Flag, StatusCode
from planner.schedule.cohort_facts import cohort_of
from planner.schedule.days import EARLIEST_REAL_DAY, day_date, day_number
from planner.schedule.expand import expand
from planner.schedule.facts import SubjectFacts
from planner.schedule.schedule import Schedule
from planner.schedule.visit_ids import visit_id

_NOT_ATTENDED = ("reminder", "decision")
_WAITING = (StatusCode.OVERDUE, StatusCode.DUE, StatusCode.UPCOMING, StatusCode.ON_HOLD)
_OTHER_TROUBLE = Flag.CONSTRAINT_BREAKS_WINDOW | Flag.FRACTION_GAP | Flag.FRACTION_SPAN


@dataclass(frozen=True, slots=True)
class StartScore:
    """One possible start day, whether it is open itself, and the visits that would go wrong."""

    start: date
    is_open: bool
    without_open_day: tuple[str, ...]
    """Visits with no open day in their window."""
    other_trouble: tuple[str, ...]
    """Visits pushed past their window by a bound, and fractions with a gap or span too long."""
    in_the_past: tuple[str, ...] = ()
    """Visits to attend, not done, whose window has closed before the as-of day, or whose day is before it."""

    @property
    def not_fitting(self) -> tuple[str, ...]:
        """All of them, each once."""
        return tuple(dict.fromkeys((*self.in_the_past, *self.without_open_day, *self.other_trouble)))


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
    flags = np.where(schedule.on_calendar, schedule.flags, np.uint32(0))
    closed = (flags[plan.start_slot] & np.uint32(Flag.CLOSED_DAY)) != 0
    none = _visits_where((flags & np.uint32(Flag.NO_OPEN_DAY_IN_WINDOW)) != 0, names)
    other = _visits_where((flags & np.uint32(_OTHER_TROUBLE)) != 0, names)
    past = _visits_where(_in_the_past(schedule), names)
    return tuple(
        StartScore(day_date(int(start)), not bool(closed[column]), none.get(column, ()), other.get(column, ()), past.get(column, ()))
        for column, start in enumerate(starts)
    )


def better_starts(scores: Sequence[StartScore], start: date) -> tuple[StartScore, ...]:
    """The open start days that leave fewer visits in trouble than ``start`` does, best first, of equals the closest first.

    Where ``start`` is a closed day itself, every open day is better. None where ``start`` is not among the scores.
    """
    current = next((score for score in scores if score.start == start), None)
    if current is None:
        return ()
    least = len(current.not_fitting)
    better = [score for score in scores if score.is_open and (not current.is_open or len(score.not_fitting) < least)]
    return tuple(sorted(better, key=lambda score: (len(score.not_fitting), abs((score.start - start).days), score.start)))


def _in_the_past(schedule: Schedule) -> NDArray[np.bool_]:
    """Where a visit that somebody attends waits for a day that is past, or has a window that has closed."""
    attended = np.array([slot.kind not in _NOT_ATTENDED for slot in schedule.plan.slots], dtype=np.bool_)[:, np.newaxis]
    waiting = np.isin(schedule.status, _WAITING) & (schedule.effective > EARLIEST_REAL_DAY)
    past: NDArray[np.bool_] = (schedule.effective < schedule.as_of) | (schedule.latest < schedule.as_of)
    return past & waiting & attended


def _visits_where(there: NDArray[np.bool_], names: dict[int, str]) -> dict[int, tuple[str, ...]]:
    """For each column the ids of the visits that are marked in it, in the order of ``names``."""
    order = np.array(list(names), dtype=np.intp)
    found: dict[int, tuple[str, ...]] = {}
    for column, place in np.argwhere(there[order].T).tolist():
        found[column] = (*found.get(column, ()), names[int(order[place])])
    return found
