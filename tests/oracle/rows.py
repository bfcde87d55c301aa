"""The rows and flags that docs/date-rules.md asks for, one dict for each slot of a subject."""

from __future__ import annotations

from datetime import date

from planner.protocol.model import PreviousReference, Protocol, RepeatUntil
from planner.schedule.facts import SubjectFacts
from tests.oracle.calendars import PlainCalendar
from tests.oracle.fractions import fraction_flags
from tests.oracle.schedule import Schedule
from tests.oracle.slots import Slot


def expected_rows(protocol: Protocol, facts: SubjectFacts, calendar: PlainCalendar, as_of: date) -> list[dict[str, object]]:
    """Every slot that exists or is done, by effective date (none last), then in the order of the file."""
    return rows_of(Schedule(protocol, facts, calendar, as_of))


def rows_of(schedule: Schedule) -> list[dict[str, object]]:
    """The same of a schedule."""
    shown = [slot for slot in schedule.slots if schedule.exists(slot) or schedule.done(slot)]
    fractions = fraction_flags(schedule)
    shown.sort(key=lambda slot: (schedule.effective(slot) or date.max, slot.order))
    return [_row(schedule, slot, fractions.get(slot.order, [])) for slot in shown]


def _row(schedule: Schedule, slot: Slot, fractions: list[str]) -> dict[str, object]:
    shape = slot.shape
    nominal, effective, latest = schedule.nominal(slot).day, schedule.effective(slot), schedule.latest(slot)
    status = schedule.status(slot)
    decisions = schedule.decisions_at(slot)
    return {
        "visit": slot.id,
        "definition": slot.definition.id,
        "name": shape.name if slot.number is None else shape.name.replace("{n}", str(slot.number)),
        "epoch": shape.epoch or (slot.accompanied.shape.epoch if slot.accompanied else ""),
        "kind": shape.kind,
        "n": slot.number,
        "study_day": study_day(schedule, effective),
        "anchor": anchor_text(schedule, slot),
        "nominal": nominal,
        "earliest": schedule.earliest(slot),
        "latest": latest,
        "planned": schedule.placed(slot).day,
        "effective": effective,
        "status": status,
        "certainty": schedule.certainty(slot),
        "days_off": (effective - nominal).days if effective and nominal else None,
        "flags": flags(schedule, slot, fractions),
        "activities": list(schedule.activities(slot)),
        "decision_pending": any(name not in schedule.facts.decisions for name in decisions),
        "days_left": (latest - schedule.as_of).days if status == "due" and latest and latest >= schedule.as_of else None,
    }


def study_day(schedule: Schedule, day: date | None) -> int | None:
    """R16: the start is day 1, the day before it -1."""
    start = schedule.effective(next(slot for slot in schedule.slots if slot.shape.start))
    if day is None or start is None:
        return None
    passed = (day - start).days
    return passed + 1 if passed >= 0 else passed


def anchor_text(schedule: Schedule, slot: Slot) -> str:
    """The reference as written, with its date where it has one."""
    nominal = schedule.nominal(slot)
    if slot.shape.start:
        text, day = "start", nominal.day
    elif slot.shape.is_milestone is not None:
        text, day = slot.shape.is_milestone, nominal.day
    else:
        term = nominal.term or slot.shape.anchor[0]
        day = nominal.found.day if nominal.term else None
        text = term.text
        before = schedule.slot_before(slot)
        if isinstance(term.reference, PreviousReference) and before is not None:
            text = before.id
        if slot.accompanied is not None and "{n}" in text:
            text = slot.accompanied.id
    return f"{text} {day}" if day else text


def flags(schedule: Schedule, slot: Slot, fractions: list[str]) -> list[str]:
    """``code`` or ``code:value``, in the order of the page."""
    status = schedule.status(slot)
    nominal, effective = schedule.nominal(slot), schedule.effective(slot)
    done = schedule.done(slot)
    found: list[str] = []
    if status == "cancelled":
        found.append(schedule.cancelled(slot) or "")
    if nominal.day is None and nominal.found.milestone_missing:
        found.append(f"milestone_missing:{nominal.found.milestone}" if nominal.found.milestone else "milestone_missing")
    giver = nominal.found.slot
    if giver is not None and giver is not slot.accompanied and schedule.missed(giver):
        found.append("anchor_missed")
    if schedule.missed_by_hold(slot):
        found.append("missed_by_hold")
    if done and (not schedule.exists(slot) or schedule.cancelled_outside(slot) or schedule.waits(slot)):
        found.append("outside_plan")
    if schedule.expired(slot):
        found.append("expired")
    found += [flag for flag in [schedule.placed(slot).flag] if flag]
    found += _outside_window(schedule, slot)
    if _on_closed_day(schedule, slot):
        found.append("closed_day")
    if not done and schedule.open_plan(slot).booked_in_hold:
        found.append("booked_in_hold")
    still = schedule.activities(slot)
    found += [f"omitted:{activity}" for activity in schedule.applicable(slot) if activity not in still]
    booked = schedule.booked(slot)
    if booked is not None and booked < schedule.as_of and status not in ("done", "missed", "cancelled"):
        found.append("unconfirmed")
    if done and _earlier_unrecorded(schedule, slot):
        found.append("earlier_unrecorded")
    repeat = slot.definition.repeat
    if isinstance(repeat, RepeatUntil) and slot.position == repeat.at_most and schedule.exists(slot):
        found.append("at_most_reached")
    found += fractions
    if effective and slot.shape.on != "any" and not schedule.settled(slot) and schedule.calendar.provisional_on(effective):
        found.append("provisional_calendar")
    return found


def _outside_window(schedule: Schedule, slot: Slot) -> list[str]:
    effective, earliest, latest = schedule.effective(slot), schedule.earliest(slot), schedule.latest(slot)
    if effective is None or earliest is None or latest is None:
        return []
    if effective > latest:
        return [f"outside_window:+{(effective - latest).days}"]
    if effective < earliest:
        return [f"outside_window:-{(earliest - effective).days}"]
    return []


def _on_closed_day(schedule: Schedule, slot: Slot) -> bool:
    booked = schedule.booked(slot) is not None and not schedule.missed(slot)
    effective = schedule.effective(slot)
    if slot.shape.is_milestone is not None or effective is None or not (slot.shape.start or schedule.done(slot) or booked):
        return False
    return not schedule.is_open(slot, effective)


def _earlier_unrecorded(schedule: Schedule, slot: Slot) -> bool:
    if slot.series is None:
        return False
    lower = [other for other in schedule.in_series(slot.series) if other.order < slot.order]
    there = [other for other in lower if schedule.exists(other) and schedule.on_calendar(other)]
    return any(not schedule.done(other) and not schedule.missed(other) for other in there)
