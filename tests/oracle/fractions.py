"""The flags ``fraction_gap`` and ``fraction_span``, with the first-fraction day that avoids them (R7)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, timedelta

from planner.protocol.model import BetweenCheck, Bound, IntervalCheck, SeriesReference
from tests.oracle.schedule import Schedule
from tests.oracle.slots import Slot

_UPPER = ("at_most", "less_than")


def fraction_flags(schedule: Schedule) -> dict[int, list[str]]:
    """By slot order, the flags with their value."""
    found: dict[int, list[str]] = {}
    for series in dict.fromkeys(slot.series for slot in schedule.slots if slot.series is not None):
        over = list(_over_the_limit(schedule, series)) if _gives_radiotherapy(schedule, series) else []
        if not over:
            continue
        better = _better_first_day(schedule, series)
        for code in ("fraction_gap", "fraction_span"):
            for slot in dict.fromkeys(slot for which, slot in over if which == code):
                found.setdefault(slot.order, []).append(f"{code}:{better}" if better else code)
    return found


def kept(bound: Bound, to: date, limit: date) -> bool:
    """Whether ``to`` is on the right side of ``limit``."""
    return {"at_most": to <= limit, "less_than": to < limit, "at_least": to >= limit, "more_than": to > limit}[bound]


def _gives_radiotherapy(schedule: Schedule, series: str) -> bool:
    uses = [use for slot in schedule.in_series(series) for use in (*slot.definition.first.activities, *slot.definition.then.activities)]
    return any(schedule.protocol.activities[use.activity].dose == "radiotherapy" for use in uses)


def _over_the_limit(schedule: Schedule, series: str) -> Iterator[tuple[str, Slot]]:
    members = [(schedule.effective(slot), slot) for slot in schedule.in_series(series) if schedule.member(slot)]
    dated = sorted(((day, slot) for day, slot in members if day is not None), key=lambda pair: (pair[0], pair[1].order))
    for check in schedule.protocol.checks:
        if isinstance(check, BetweenCheck) and check.series == series and check.bound in _UPPER:
            for (day, _), (next_day, later) in itertools.pairwise(dated):
                if not kept(check.bound, next_day, schedule.calendar.add(day, check.duration, "clinic")):
                    yield "fraction_gap", later
        if isinstance(check, IntervalCheck) and check.bound in _UPPER and dated:
            ends = SeriesReference(series, "first"), SeriesReference(series, "last")
            first_day, last_day = dated[0][0], dated[-1][0]
            if (check.start, check.end) == ends and not kept(
                check.bound, last_day, schedule.calendar.add(first_day, check.duration, "clinic")
            ):
                yield "fraction_span", next(slot for day, slot in dated if day == last_day)


def _better_first_day(schedule: Schedule, series: str) -> date | None:
    first = schedule.in_series(series)[0]
    if schedule.done(first) or schedule.missed(first):
        return None
    plan = schedule.open_plan(first)
    earliest, latest = schedule.earliest(first), schedule.latest(first)
    if earliest is None or latest is None or plan.placed.day is None:
        return None
    lowest = max([earliest, schedule.as_of, *plan.bounds])
    planned = plan.placed.day
    days = [lowest + timedelta(days=k) for k in range((latest - lowest).days + 1)]
    days = sorted((day for day in days if schedule.is_open(first, day)), key=lambda day: (abs((day - planned).days), -(day - planned).days))
    return next((day for day in days if not any(_over_the_limit(schedule.with_booking(first, day), series))), None)
