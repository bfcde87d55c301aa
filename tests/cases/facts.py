"""Random facts about subjects, found by walking: look at the schedule as it stands, record something plausible, look again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from planner.protocol.model import Protocol
from planner.schedule.calendar import SiteCalendar
from planner.schedule.facts import Booking, DecisionMade, End, Hold, Stop, SubjectFacts, UnscheduledDose
from tests.cases.calendars import random_calendar
from tests.cases.protocols import random_protocol
from tests.oracle.calendars import PlainCalendar
from tests.oracle.schedule import Schedule
from tests.oracle.slots import Slot


@dataclass(frozen=True)
class Case:
    """A protocol, a calendar, a day, and what is known of some subjects."""

    protocol: Protocol
    calendar: SiteCalendar
    plain: PlainCalendar
    as_of: date
    subjects: tuple[SubjectFacts, ...]


def random_case(random: Random, protocol: Protocol | None = None, subjects: int = 5) -> Case:
    """One protocol (a random one if none is given) with several subjects."""
    protocol = protocol or random_protocol(random)
    calendar = random_calendar(random)
    plain = PlainCalendar.of(calendar)
    as_of = date(2026, 1, 1) + timedelta(days=random.randrange(365))
    facts = tuple(random_facts(random, protocol, plain, as_of, f"S{number}") for number in range(1, subjects + 1))
    return Case(protocol, calendar, plain, as_of, facts)


def random_facts(random: Random, protocol: Protocol, calendar: PlainCalendar, as_of: date, subject: str = "S1") -> SubjectFacts:
    """What a site might have recorded by ``as_of``; everything in it is accepted by R18."""
    start = as_of + timedelta(days=random.choice([random.randint(-30, 60), random.randint(-200, 0), random.randint(-500, -100)]))
    facts = SubjectFacts(subject, start, _parameters(random, protocol), _milestones(random, protocol, start))
    walk = _Walk(random, protocol, calendar, as_of, facts)
    for _ in range(random.choice([0, 1, 2, 2])):
        walk.take_a_step()
    return walk.accepted()


def _parameters(random: Random, protocol: Protocol) -> dict[str, str]:
    return {name: random.choice(parameter.values) for name, parameter in protocol.parameters.items() if random.random() < 0.6}


def _milestones(random: Random, protocol: Protocol, start: date) -> dict[str, date]:
    given = {}
    for name, milestone in protocol.milestones.items():
        if milestone.reference is None and random.random() < (0.5 if milestone.optional else 0.9):
            before = random.choice([0, 3, 10, 30]) if name == "CONSENT" else random.randint(60, 400)
            given[name] = start - timedelta(days=before)
    return given


class _Walk:
    """Facts that grow step by step."""

    def __init__(self, random: Random, protocol: Protocol, calendar: PlainCalendar, as_of: date, facts: SubjectFacts) -> None:
        self.random = random
        self.protocol = protocol
        self.calendar = calendar
        self.as_of = as_of
        self.facts = facts
        self.last: Schedule | None = None
        self.streams = sorted({activity.dose for activity in protocol.activities.values() if activity.dose}) or ["chemotherapy"]

    def schedule(self) -> Schedule:
        """The schedule as it stands; the slots are the same all along, since parameters do not change."""
        self.last = Schedule(self.protocol, self.facts, self.calendar, self.as_of, like=self.last)
        return self.last

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def take_a_step(self) -> None:
        """Record what happened at the visits that stood to come, and now and then something else."""
        schedule = self.schedule()
        there = [slot for slot in schedule.slots if schedule.exists(slot) and not schedule.done(slot) and schedule.effective(slot)]
        there = [slot for slot in there if not schedule.cancelled(slot) or self.chance(0.03)]
        there.sort(key=lambda slot: (schedule.effective(slot) or date.max, slot.order))
        for slot in there[: self.random.choice([1, 3, 8, 20])]:
            self.record(schedule, slot)
        if self.chance(0.25):
            beyond = [slot for slot in schedule.slots if not schedule.exists(slot) and schedule.effective(slot)]
            if beyond:
                self.record(schedule, self.random.choice(beyond))
        self.interrupt(schedule)

    def record(self, schedule: Schedule, slot: Slot) -> None:
        """One visit: done near its day, missed, booked, or left open."""
        kind, effective = slot.shape.kind, schedule.effective(slot)
        assert effective is not None
        if kind == "reminder" or slot.shape.is_milestone is not None or schedule.by_id[slot.id] is not slot:
            return
        if schedule.decisions_at(slot) and self.chance(0.85):
            self.decide(schedule, slot, effective)
            return
        near = effective + timedelta(days=self.random.choice([0, 0, 0, 0, 1, 2, 4, 9, 20, -1, -3]))
        what = self.random.random()
        if what < 0.75:
            if near > self.as_of:
                return
            self.facts = replace(self.facts, actual={**self.facts.actual, slot.id: near})
            if self.chance(0.1):
                self.facts = replace(self.facts, routine_care=self.facts.routine_care | {slot.id})
        elif what < 0.82 and kind != "decision" and not slot.shape.start:
            self.facts = replace(self.facts, missed={**self.facts.missed, slot.id: "unwell"})
        elif what < 0.92:
            self.facts = replace(self.facts, booked={**self.facts.booked, slot.id: Booking(near)})
        if slot.shape.activities and self.chance(0.08):
            activity = self.random.choice(slot.shape.activities).activity
            self.facts = replace(self.facts, omitted=self.facts.omitted | {(slot.id, activity)})

    def decide(self, schedule: Schedule, slot: Slot, effective: date) -> None:
        """Decisions of this visit, in order, some left open; with a date or without."""
        for name in schedule.decisions_at(slot):
            allowed = [choice for choice in self.protocol.decisions[name].choices if self.requirements_met(choice.requires)]
            if not allowed or self.chance(0.15):
                return
            day = effective + timedelta(days=self.random.choice([-2, 0, 0, 3]))
            given = day if day <= self.as_of and self.chance(0.5) else None
            made = DecisionMade(self.random.choice(allowed).name, given)
            self.facts = replace(self.facts, decisions={**self.facts.decisions, name: made})

    def requirements_met(self, requires: object) -> bool:
        assert hasattr(requires, "items")
        made = self.facts.decisions
        return all(name in made and made[name].choice in allowed for name, allowed in requires.items())

    def interrupt(self, schedule: Schedule) -> None:
        """Holds, stops, an end, a dose outside the plan: near some visit's day."""
        days = [day for slot in schedule.slots if schedule.exists(slot) for day in [schedule.effective(slot)] if day is not None]
        if not days:
            return
        day = self.random.choice(sorted(days)[:20]) + timedelta(days=self.random.randint(-4, 4))
        stream = self.random.choice([None, None, *self.streams])
        if self.chance(0.45):
            resume = None if self.chance(0.2) else day + timedelta(days=self.random.choice([1, 4, 10, 30]))
            mode = self.random.choice(["shift", "shift", "skip"])
            self.facts = replace(self.facts, holds=(*self.facts.holds, Hold(day, resume, stream, mode)))
        elif self.chance(0.2):
            self.facts = replace(self.facts, stops=(*self.facts.stops, Stop(day, stream)))
        elif self.chance(0.12) and self.facts.end is None and day <= self.as_of:
            reason = self.random.choice(["withdrawn", "died", "lost", "screen_failure"])
            self.facts = replace(self.facts, end=End(reason, day))
        elif self.chance(0.2) and day <= self.as_of:
            dose = UnscheduledDose(day, self.random.choice(self.streams))
            self.facts = replace(self.facts, unscheduled=(*self.facts.unscheduled, dose))

    def accepted(self) -> SubjectFacts:
        """The facts without actual dates on or before that of a lower number of the same series (R18)."""
        schedule = self.schedule()
        latest: dict[str, date] = {}
        refused = set()
        for slot in schedule.slots:
            day = self.facts.actual.get(slot.id)
            if day is None or slot.series is None or schedule.by_id[slot.id] is not slot:
                continue
            if day <= latest.get(slot.series, date.min):
                refused.add(slot.id)
            else:
                latest[slot.series] = day
        kept = {visit: day for visit, day in self.facts.actual.items() if visit not in refused}
        return replace(self.facts, actual=kept)
