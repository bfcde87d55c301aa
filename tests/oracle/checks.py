"""The findings of a protocol's checks for one subject (R19)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date

from planner.protocol.model import (
    AgeCheck,
    BetweenCheck,
    Check,
    IntervalCheck,
    LateCheck,
    OrderCheck,
    Protocol,
    Reference,
    SinceCheck,
    VisitReference,
)
from planner.schedule.facts import SubjectFacts
from tests.oracle.answers import Found
from tests.oracle.calendars import PlainCalendar
from tests.oracle.fractions import kept
from tests.oracle.schedule import Schedule
from tests.oracle.slots import Slot

Finding = dict[str, object]
PROCEDURES = ("clinic", "treatment", "imaging")


def expected_findings(protocol: Protocol, facts: SubjectFacts, calendar: PlainCalendar, as_of: date) -> list[Finding]:
    """All findings in the order of the checks; a check with nothing to look at gives one ``not_evaluated``."""
    return findings_of(Schedule(protocol, facts, calendar, as_of))


def findings_of(schedule: Schedule) -> list[Finding]:
    """The same of a schedule."""
    findings: list[Finding] = []
    for check in schedule.protocol.checks:
        found = list(_findings(schedule, check))
        findings += found or [_finding(check, None, None, None, None, None, "not_evaluated")]
    return findings


def _finding(
    check: Check, first: str | None, first_day: date | None, second: str | None, second_day: date | None, limit: date | None, result: str
) -> Finding:
    days = (second_day - first_day).days if first_day and second_day else None
    return {
        "check": check.id,
        "first": first,
        "first_day": first_day,
        "second": second,
        "second_day": second_day,
        "days": days,
        "limit": limit,
        "result": result,
    }


def _findings(schedule: Schedule, check: Check) -> Iterator[Finding]:
    if isinstance(check, OrderCheck):
        yield from _order(schedule, check)
    elif isinstance(check, IntervalCheck):
        yield _interval(schedule, check)
    elif isinstance(check, BetweenCheck):
        yield from _between(schedule, check)
    elif isinstance(check, LateCheck):
        yield from _late(schedule, check)
    elif isinstance(check, SinceCheck):
        yield from _since(schedule, check)
    else:
        yield _age(schedule, check)


def _date_of(schedule: Schedule, reference: Reference) -> Found:
    """R19: as a reference gives it, but a visit only while it is on the calendar or done, and not missed."""
    found = schedule.look_up(reference, None)
    if isinstance(reference, VisitReference) and found.slot is not None and not schedule.member(found.slot):
        return Found(None)
    return found


def _is_actual(schedule: Schedule, found: Found) -> bool:
    return found.day is not None and schedule.is_settled(found)


def _result(is_kept: bool, both_actual: bool) -> str:
    if is_kept:
        return "passed"
    return "breach" if both_actual else "warning"


def _order(schedule: Schedule, check: OrderCheck) -> Iterator[Finding]:
    before = _date_of(schedule, check.before)
    if check.then is not None:
        seconds = [(check.then_text, _date_of(schedule, check.then))]
    else:
        procedures = [slot for slot in schedule.slots if _is_procedure(schedule, slot, before.day)]
        seconds = [(slot.id, Found(schedule.effective(slot), slot)) for slot in procedures]
        seconds += [(dose.stream, Found(dose.day)) for dose in schedule.facts.unscheduled]
    for text, then in seconds:
        if before.day is None or then.day is None:
            yield _finding(check, check.before_text, before.day, text, then.day, None, "not_evaluated")
        else:
            actual = _is_actual(schedule, before) and _is_actual(schedule, then)
            result = _result(before.day <= then.day, actual)
            yield _finding(check, check.before_text, before.day, text, then.day, None, result)


def _is_procedure(schedule: Schedule, slot: Slot, not_before: date | None) -> bool:
    """Done and no routine care; or to come, and as planned too early."""
    if slot.shape.kind not in PROCEDURES or slot.shape.is_milestone is not None:
        return False
    if schedule.done(slot):
        return slot.id not in schedule.facts.routine_care
    effective = schedule.effective(slot)
    return schedule.member(slot) and effective is not None and not_before is not None and effective < not_before


def _interval(schedule: Schedule, check: IntervalCheck) -> Finding:
    start, end = _date_of(schedule, check.start), _date_of(schedule, check.end)
    if start.day is None or end.day is None:
        return _finding(check, check.start_text, start.day, check.end_text, end.day, None, "not_evaluated")
    limit = schedule.calendar.add(start.day, check.duration, "clinic")
    start_actual, end_actual = _is_actual(schedule, start), _is_actual(schedule, end)
    result = _result(kept(check.bound, end.day, limit), start_actual and end_actual)
    unrecorded = (end_actual and not start_actual and start.day < schedule.as_of) or (
        start_actual and not end_actual and end.day < schedule.as_of
    )
    if result == "passed" and unrecorded:
        result = "not_evaluated"
    return _finding(check, check.start_text, start.day, check.end_text, end.day, limit, result)


def _between(schedule: Schedule, check: BetweenCheck) -> Iterator[Finding]:
    slots = schedule.in_series(check.series) if check.series is not None else schedule.dose_candidates(check.doses)
    members = [(schedule.effective(slot), slot.order, slot.id, schedule.settled(slot)) for slot in slots if schedule.member(slot)]
    dated = [(day, order, name, actual) for day, order, name, actual in members if day is not None]
    for dose in schedule.facts.unscheduled:
        if dose.stream in check.doses:
            dated.append((dose.day, len(schedule.slots), dose.stream, True))
    dated.sort(key=lambda member: member[:2])
    for (day, _, name, actual), (next_day, _, next_name, next_actual) in itertools.pairwise(dated):
        limit = schedule.calendar.add(day, check.duration, "clinic")
        result = _result(kept(check.bound, next_day, limit), actual and next_actual)
        yield _finding(check, name, day, next_name, next_day, limit, result)


def _late(schedule: Schedule, check: LateCheck) -> Iterator[Finding]:
    members = [slot for slot in schedule.in_series(check.series) if schedule.member(slot)]
    to_come = [day for day in (schedule.effective(slot) for slot in members if not schedule.done(slot)) if day is not None]
    for slot in members:
        nominal, effective = schedule.nominal(slot).day, schedule.effective(slot)
        if nominal is None or effective is None or not any(day >= effective for day in to_come):
            continue
        limit = schedule.calendar.add(nominal, check.duration, "clinic")
        waits = schedule.done(slot) or schedule.certainty(slot) == "stale"
        to = effective if waits else max(effective, schedule.as_of)
        result = _result(to <= limit, schedule.done(slot))
        yield _finding(check, slot.id, nominal, slot.id, to, limit, result)


def _since(schedule: Schedule, check: SinceCheck) -> Iterator[Finding]:
    members = [slot for slot in schedule.dose_candidates(check.doses) if schedule.member(slot)]
    to_come = [(schedule.effective(slot), slot.order, slot.id) for slot in members if not schedule.done(slot)]
    planned = sorted((day, order, name) for day, order, name in to_come if day is not None)
    given = [(schedule.effective(slot), slot.id) for slot in members if schedule.done(slot)]
    given += [(dose.day, dose.stream) for dose in schedule.facts.unscheduled if dose.stream in check.doses]
    dated = [(day, name) for day, name in given if day is not None]
    if not planned or not dated:
        return
    last_day = max(day for day, _ in dated)
    last = next(name for day, name in dated if day == last_day)
    limit = schedule.calendar.add(last_day, check.duration, "clinic")
    to = max(schedule.as_of, planned[0][0])
    yield _finding(check, last, last_day, planned[0][2], to, limit, _result(to <= limit, schedule.as_of > limit))


def _age(schedule: Schedule, check: AgeCheck) -> Finding:
    found = _date_of(schedule, check.at)
    birth_year = schedule.parameters.value(check.parameter)
    if birth_year is None or found.day is None:
        return _finding(check, None, None, check.at_text, found.day, None, "not_evaluated")
    ages = [found.day.year - int(birth_year) - 1, found.day.year - int(birth_year)]
    in_range = [check.lowest <= age <= check.highest for age in ages]
    if all(in_range):
        result = "passed"
    elif any(in_range):
        result = "cannot_tell"
    else:
        result = _result(False, _is_actual(schedule, found))
    return _finding(check, None, None, check.at_text, found.day, None, result)
