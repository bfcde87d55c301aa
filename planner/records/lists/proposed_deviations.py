"""What the facts propose as deviations, for all subjects of a schedule at once (docs/records.md, The deviation ledger)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from planner.protocol.plan import Plan
from planner.protocol.said import said
from planner.records.history.visit_names import VisitNames
from planner.records.lists.broken_checks import BrokenCheck, broken_checks, kind_of_check
from planner.records.lists.deviation_keys import DeviationKind, check_key, unscheduled_name, visit_key
from planner.records.lists.deviation_rows import ProposedDeviation, Side
from planner.records.lists.doses_in_holds import HeldDose, doses_in_holds
from planner.records.lists.site_schedules import SiteSchedule
from planner.schedule.checks import AS_OF, UNSCHEDULED, limit_text
from planner.schedule.codes import Flag, StatusCode
from planner.schedule.days import EARLIEST_REAL_DAY, day_date
from planner.schedule.schedule import Schedule
from planner.schedule.walk import Walk
from planner.schedule.walks import empty_result, walked

__all__ = ["kind_of_check", "proposed"]

_AT_ONCE = 16384
"""Subjects walked together for their checks."""


def proposed(site_schedule: SiteSchedule) -> list[ProposedDeviation]:
    """Every deviation of every subject, in no particular order; no key comes twice for a subject."""
    names = _Names(site_schedule.schedule)
    found = [*_of_windows(names), *_missed(names), *_outside_plan(names)]
    for first, walk in _walks(site_schedule.schedule):
        found.extend(_of_check(names, first, broken) for broken in broken_checks(walk))
        found.extend(_of_hold(names, first, dose) for dose in doses_in_holds(walk))
    return list({(entry.column, entry.key): entry for entry in reversed(found)}.values())


class _Names:
    """What the schedule's visits, and whatever else gave a date, are called."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self.visit = VisitNames(schedule).id

    def giver(self, giver: str | int, column: int, day: int) -> str:
        """The name of what gave a date of a check: a reference as written, a visit, an unscheduled dose."""
        if isinstance(giver, str):
            return giver
        if giver == UNSCHEDULED:
            return unscheduled_name(day_date(day))
        return said("today") if giver == AS_OF else self.visit(giver, column)


def _walks(schedule: Schedule) -> Iterator[tuple[int, Walk]]:
    """The schedule's subjects walked once more, some at a time: what checks need is not kept in it."""
    if not schedule.plan.checks and schedule.cohort.holds is None:
        return
    count, slots = len(schedule.cohort), len(schedule.plan.slots)
    for first in range(0, count, _AT_ONCE):
        beyond = min(first + _AT_ONCE, count)
        as_of = schedule.as_of[first:beyond] if isinstance(schedule.as_of, np.ndarray) else schedule.as_of
        part = schedule.cohort.part(first, beyond)
        yield first, walked(schedule.plan, part, schedule.calendars, as_of, empty_result(slots, beyond - first))


def _cells(found: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    slot, column = np.nonzero(found)
    return zip(slot.tolist(), column.tolist(), strict=True)


def _attended(plan: Plan) -> NDArray[np.bool_]:
    """(slot, 1): whether a slot is a visit of its own: no reminder, and no milestone (``is:``), whose date is given from outside."""
    return np.array([[slot.kind != "reminder" and slot.milestone is None] for slot in plan.slots], dtype=np.bool_)


def _of_windows(names: _Names) -> Iterator[ProposedDeviation]:
    schedule = names.schedule
    bits = schedule.flags & np.uint32(Flag.OUTSIDE_WINDOW | Flag.OUTSIDE_PLAN)
    cells = (schedule.status == StatusCode.DONE) & (bits == Flag.OUTSIDE_WINDOW) & _attended(schedule.plan)
    for slot, column in _cells(cells):
        visit = names.visit(slot, column)
        day, earliest, latest = (int(days[slot, column]) for days in (schedule.effective, schedule.earliest, schedule.latest))
        side: Side = "late" if day > latest else "early"
        days = day - latest if day > latest else earliest - day
        text = "{visit} took place on {day}, {days} before its window, {earliest} to {latest}."
        if side == "late":
            text = "{visit} took place on {day}, {days} after its window, {earliest} to {latest}."
        window = {"earliest": day_date(earliest), "latest": day_date(latest)}
        what = said(text, visit=visit, day=day_date(day), days=_days(days), **window)
        kind = DeviationKind.OUT_OF_WINDOW
        yield ProposedDeviation(column, visit_key(kind, visit), kind, visit, day_date(day), days, side, what)


def _missed(names: _Names) -> Iterator[ProposedDeviation]:
    schedule = names.schedule
    if schedule.cohort.missed is None:
        return
    for slot, column in _cells((schedule.status == StatusCode.MISSED) & schedule.cohort.missed & _attended(schedule.plan)):
        visit, day = names.visit(slot, column), int(schedule.effective[slot, column])
        known = None if day < EARLIEST_REAL_DAY else day_date(day)
        what = said("{visit} was missed." if known is None else "{visit}, planned on {day}, was missed.", visit=visit, day=known)
        yield ProposedDeviation(column, visit_key(DeviationKind.MISSED, visit), DeviationKind.MISSED, visit, known, None, "", what)


def _outside_plan(names: _Names) -> Iterator[ProposedDeviation]:
    schedule, kind = names.schedule, DeviationKind.OUTSIDE_PLAN
    flagged = (schedule.flags & np.uint32(Flag.OUTSIDE_PLAN)) != 0
    for slot, column in _cells((schedule.status == StatusCode.DONE) & flagged):
        visit, day = names.visit(slot, column), day_date(int(schedule.effective[slot, column]))
        what = said("{visit} took place on {day}, and is not part of the subject's plan.", visit=visit, day=day)
        yield ProposedDeviation(column, visit_key(kind, visit), kind, visit, day, None, "", what)


def _of_check(names: _Names, first: int, broken: BrokenCheck) -> ProposedDeviation:
    column = first + broken.subject
    start = names.giver(broken.first, column, broken.first_day)
    end = names.giver(broken.second, column, broken.second_day)
    key_names = tuple(start if part == "first" else end for part in broken.named_by)
    limit = limit_text(broken.check)
    values: dict[str, object] = {"check": broken.check.label, "first": start, "second": end, "limit": limit}
    values |= {"second_day": day_date(broken.second_day)}
    if broken.kind is DeviationKind.AGE:
        what = said("{check}: the age at {second} is not {limit}.", **values)
    else:
        values |= {"first_day": day_date(broken.first_day), "days": _days(broken.second_day - broken.first_day)}
        text = "{check}: from {first} ({first_day}) to {second} ({second_day}) it was {days}; allowed is {limit}."
        if broken.kind is DeviationKind.ORDER:
            text = "{check}: {second} was on {second_day}, before {first} on {first_day}."
        what = said(text, **values)
    return ProposedDeviation(
        column=column,
        key=check_key(broken.check.id, *key_names),
        kind=broken.kind,
        visit=_about(broken, start, end),
        date=day_date(broken.day),
        days=broken.days,
        side=broken.side,
        what=what,
    )


def _about(broken: BrokenCheck, start: str, end: str) -> str:
    """The visit that a broken check is about: the one that came too early or late, where a visit gave the date."""
    if isinstance(broken.second, int) and broken.second >= 0:
        return end
    return start if isinstance(broken.first, int) and broken.first >= 0 else ""


def _of_hold(names: _Names, first: int, dose: HeldDose) -> ProposedDeviation:
    column = first + dose.subject
    visit = names.giver(dose.giver, column, dose.day)
    day, kind = day_date(dose.day), DeviationKind.DOSE_IN_HOLD
    values = {"visit": visit, "doses": tuple(dose.doses), "day": day, "first": day_date(dose.first_day)}
    if dose.resume is None:
        what = said("{visit} gave {doses} on {day}, on hold from {first} with no resume day.", **values)
    else:
        text = "{visit} gave {doses} on {day}, on hold from {first} until {resume}."
        what = said(text, **values, resume=day_date(dose.resume))
    return ProposedDeviation(column, visit_key(kind, visit), kind, visit if dose.giver >= 0 else "", day, None, "", what)


def _days(count: int) -> str:
    return said("{count} day" if count == 1 else "{count} days", count=count)
