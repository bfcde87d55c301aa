"""Random facts about a subject, plausible and odd: what people record, correct and take back, in the state that the log is in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from planner.records.facts.fact import Fact, NewFact, SubjectKey
from planner.records.facts.kinds import SHAPES, Kind
from tests.records.replay import facts_in_force, hold_chain
from tests.records.subject_choices import SubjectChoices
from tests.records.worlds import SITES, World

TRIES = 30

WAYS = {
    "done": 7.0,
    "undo": 2.0,
    "corrected": 2.5,
    "booked": 1.8,
    "decided": 1.5,
    "held": 1.4,
    "amended": 1.4,
    "missed": 1.2,
    "hold_ended": 1.2,
    "hold_corrected": 0.5,
    "parameter": 1.2,
    "released": 0.8,
    "milestone": 0.8,
    "omitted": 0.7,
    "start_moved": 0.6,
    "refreshed": 0.6,
    "transferred": 0.5,
    "unscheduled": 0.5,
    "note": 0.5,
    "stopped": 0.4,
    "classed": 0.3,
    "left": 0.25,
}
"""Ways to record something, and how often each is taken."""
FAVOURED = 8
"""How many times as often a favoured one is."""


def written(log: Sequence[Fact], said: Sequence[NewFact], key: SubjectKey, at: datetime) -> list[Fact]:
    """The log with these facts added as one act, without the proof: for tests that need no database."""
    first = len(log) + 1
    added = [Fact(number, key, number, first, new, "nurse", "nurse", at, "", "", "") for number, new in enumerate(said, start=first)]
    return [*log, *added]


def random_log(random: Random, world: World, key: SubjectKey, acts: int, odd: float = 0.15) -> list[Fact]:
    """A subject's log of so many acts, over some months, in which a few ways of recording come up more than the others."""
    log: list[Fact] = []
    favoured = frozenset(random.sample(list(WAYS), random.choice([0, 2, 5])))
    at = datetime(2026, 1, 5, 9, tzinfo=UTC) + timedelta(days=random.randrange(200))
    for _ in range(acts):
        log = written(log, random_act(random, world, log, at.date(), odd, favoured), key, at)
        at += timedelta(days=random.choice([0, 0, 1, 3, 7, 20, 45]), minutes=random.randint(1, 90))
    return log


def random_act(
    random: Random, world: World, log: Sequence[Fact], today: date, odd: float = 0.15, favoured: frozenset[str] = frozenset()
) -> tuple[NewFact, ...]:
    """The facts that somebody records next, on ``today``: as the rules of docs/records.md allow.

    ``odd`` is the share of facts that name something unknown, impossible or of another branch; ``favoured`` ways come up more often.
    """
    return _Maker(random, world, log, today, odd, favoured).act()


class _Maker(SubjectChoices):
    """Makes the next act of one subject's log."""

    def act(self) -> tuple[NewFact, ...]:
        """The facts of the next act, one at least."""
        if not self.log:
            return self.enrolment()
        names = list(WAYS) if self.state is not None else ["undo", "note", "enrolment"]
        weights = [WAYS.get(name, 1.0) * (FAVOURED if name in self.favoured else 1) for name in names]
        for name in self.random.choices(names, weights, k=TRIES):
            make: Callable[[], tuple[NewFact, ...]] = getattr(self, name)
            said = make()
            if said and self.is_allowed(said):
                return said
        return self.note()

    def is_allowed(self, said: Sequence[NewFact]) -> bool:
        """Whether what stands afterwards holds each item of a kind once where docs/records.md says so (redone visits apart)."""
        key = self.log[0].subject
        after = facts_in_force(written(self.log, said, key, self.log[-1].recorded_at))
        single = [fact.said for fact in after if SHAPES[fact.kind].one_of_item]
        count = Counter((new.kind, new.item if new.kind not in (Kind.ENROLLED, Kind.LEFT_STUDY) else "") for new in single)
        return all(times == 1 or (kind is Kind.VISIT_DONE and self.is_redo(item)) for (kind, item), times in count.items())

    def is_redo(self, visit: str) -> bool:
        return self.state is not None and any(self.plan.slots[index].redo for index in self.plan.slots_by_id.get(visit, ()))

    def enrolment(self) -> tuple[NewFact, ...]:
        """The enrolment, often with parameters and milestones."""
        protocol_hash = self.random.choice([next(iter(self.world.plans)), *self.world.plans])
        plan = self.world.plan(protocol_hash)
        start = self.today + timedelta(days=self.one_of(self.random.randint(-20, 20), self.random.randint(-150, 10)))
        details = {"plan": self.world.plan_hash(protocol_hash), "calendar": self.random.choice(list(self.world.calendars))}
        if self.chance(0.1):
            details["rescreen_of"] = "PEK-900"
        said = [NewFact(Kind.ENROLLED, self.random.choice(SITES), start, value=protocol_hash, details=details)]
        for name, parameter in plan.protocol.parameters.items():
            if self.chance(0.4):
                said.append(NewFact(Kind.PARAMETER_SET, name, value=self.random.choice(parameter.values)))
        for name in plan.milestones:
            if self.chance(0.7):
                before = self.one_of(0, 3, 10, 30) if name == "CONSENT" else self.random.randint(60, 400)
                said.append(NewFact(Kind.MILESTONE_SET, name, start - timedelta(days=before)))
        return tuple(said)

    def done(self) -> tuple[NewFact, ...]:
        """A visit done on a plausible day, at times as routine care, at times without one of its activities."""
        if self.is_odd():
            return (NewFact(Kind.VISIT_DONE, self.odd_visit(), self.past(self.some_day())),)
        row = self.visit("overdue", "due", "upcoming", "done") or self.visit("conditional", "on_hold", "cancelled")
        if row is None or row.kind == "reminder":
            return ()
        assert row.effective is not None
        day = self.near(row.effective)
        if day > self.today + timedelta(days=20):
            return ()
        said = [NewFact(Kind.VISIT_DONE, row.visit, self.past(day), value="routine_care" if self.chance(0.1) else "")]
        if row.activities and self.chance(0.1):
            said.append(NewFact(Kind.ACTIVITY_OMITTED, row.visit, value=self.random.choice(row.activities), reason="toxicity"))
        return tuple(said)

    def missed(self) -> tuple[NewFact, ...]:
        row = self.visit("overdue", "due", "upcoming")
        visit = self.odd_visit() if self.is_odd() or row is None else row.visit
        return (NewFact(Kind.VISIT_MISSED, visit, reason=self.one_of("no_show", "illness", "patient_request", "transport")),)

    def omitted(self) -> tuple[NewFact, ...]:
        row = self.visit("overdue", "due", "upcoming", "done")
        if row is None or not row.activities or self.is_odd():
            activities = [name for plan in self.world.plans.values() for name in plan.activities]
            return (NewFact(Kind.ACTIVITY_OMITTED, self.odd_visit(), value=self.random.choice([*activities, "UNKNOWN"])),)
        return (NewFact(Kind.ACTIVITY_OMITTED, row.visit, value=self.random.choice(row.activities)),)

    def booked(self) -> tuple[NewFact, ...]:
        row = self.visit("overdue", "due", "upcoming", "on_hold", "conditional")
        day = self.near(row.effective) if row is not None and row.effective is not None else self.some_day()
        visit = self.odd_visit() if self.is_odd() or row is None else row.visit
        details: dict[str, str | int] = {"minutes": 30, "resource": "linac", "place": "room 2"} if self.chance(0.3) else {}
        return (NewFact(Kind.BOOKED, visit, day, value=self.one_of("", "09:30", "14:05"), details=details),)

    def released(self) -> tuple[NewFact, ...]:
        assert self.state is not None
        booked = sorted(self.state.facts.booked)
        visit = self.random.choice(booked) if booked and not self.is_odd() else self.odd_visit()
        return (NewFact(Kind.RELEASED, visit),) if booked or self.is_odd() else ()

    def decided(self) -> tuple[NewFact, ...]:
        """One decision, or all of a visit in one act, in order and as each requires."""
        assert self.state is not None
        made = {name: one.choice for name, one in self.state.facts.decisions.items()}
        if self.is_odd():
            names = [name for plan in self.world.plans.values() for name in plan.decisions]
            return (NewFact(Kind.DECISION_MADE, self.one_of(*names, "unknown"), value=self.one_of("go", "poor", "surgery", "unknown")),)
        said: list[NewFact] = []
        for name, decision in self.plan.protocol.decisions.items():
            allowed = [
                choice.name for choice in decision.choices if all(made.get(other) in fine for other, fine in choice.requires.items())
            ]
            if name in made or not allowed or self.chance(0.3):
                continue
            row = next((row for row in self.rows if row.visit == decision.visit), None)
            day = self.past(self.near(row.effective)) if row is not None and row.effective is not None and self.chance(0.5) else None
            made[name] = self.random.choice(allowed)
            said.append(NewFact(Kind.DECISION_MADE, name, day, value=made[name]))
        return tuple(said[: self.one_of(1, 2)])

    def stream(self) -> str:
        if self.is_odd():
            return self.one_of("unknown", "surgery", "maintenance", "pd1")
        return self.one_of("", "", *self.plan.doses)

    def held(self) -> tuple[NewFact, ...]:
        first = self.some_day()
        until = None if self.chance(0.5) else first + timedelta(days=self.one_of(1, 4, 10, 30))
        return (NewFact(Kind.HOLD_STARTED, self.stream(), first, until, value=self.one_of("shift", "shift", "skip")),)

    def hold_ended(self) -> tuple[NewFact, ...]:
        """A hold in force ends, one without an end most of the time; at times named by the number it had before it was corrected."""
        holds = [fact for fact in self.in_force if fact.kind is Kind.HOLD_STARTED]
        if not holds:
            return ()
        ended = {hold_chain(self.log, fact.said.refers or 0) for fact in self.in_force if fact.kind is Kind.HOLD_ENDED}
        running = [hold for hold in holds if hold.said.until_day is None and hold_chain(self.log, hold.number) not in ended]
        hold = self.random.choice(holds if self.is_odd() or not running else running)
        refers = hold_chain(self.log, hold.number) if self.chance(0.4) else hold.number
        assert hold.said.day is not None
        return (NewFact(Kind.HOLD_ENDED, day=hold.said.day + timedelta(days=self.one_of(1, 3, 8, 25)), refers=refers),)

    def hold_corrected(self) -> tuple[NewFact, ...]:
        """A hold that has ended already is corrected, or its last correction taken back."""
        ended = {hold_chain(self.log, fact.said.refers or 0) for fact in self.in_force if fact.kind is Kind.HOLD_ENDED}
        holds = [fact for fact in self.in_force if fact.kind is Kind.HOLD_STARTED and hold_chain(self.log, fact.number) in ended]
        if not holds:
            return ()
        hold = self.random.choice(holds)
        if hold.said.replaces is not None and self.chance(0.5):
            return (NewFact(Kind.UNDONE, replaces=hold.number, reason="transcription_error"),)
        return (replace(self.changed(hold.said), replaces=hold.number, reason="transcription_error"),)

    def parameter(self) -> tuple[NewFact, ...]:
        if self.is_odd():
            return (NewFact(Kind.PARAMETER_SET, self.one_of("unknown", *self.plan.parameters), value=self.one_of("X", "Z", "yes", "99")),)
        if not self.plan.parameters:
            return ()
        parameter = self.plan.protocol.parameters[self.random.choice(self.plan.parameters)]
        value = self.random.choice(parameter.values)
        bare = value.removesuffix(parameter.unit) if parameter.unit and self.chance(0.3) else value
        return (NewFact(Kind.PARAMETER_SET, parameter.name, value=bare, reason="toxicity"),)

    def milestone(self) -> tuple[NewFact, ...]:
        assert self.state is not None
        names = [name for plan in self.world.plans.values() for name in plan.protocol.milestones] if self.is_odd() else self.plan.milestones
        day = self.state.facts.start - timedelta(days=self.one_of(0, 3, 10, 30, 200, -5))
        return (
            (NewFact(Kind.MILESTONE_SET, self.random.choice([*names, "UNKNOWN"] if self.is_odd() else list(names)), day),) if names else ()
        )

    def start_moved(self) -> tuple[NewFact, ...]:
        assert self.state is not None
        day = self.state.facts.start + timedelta(days=self.one_of(-7, -1, 1, 3, 14))
        return (NewFact(Kind.START_MOVED, day=day, reason="patient_request"),)

    def stopped(self) -> tuple[NewFact, ...]:
        return (NewFact(Kind.TREATMENT_STOPPED, self.stream(), self.some_day()),)

    def left(self) -> tuple[NewFact, ...]:
        reason = self.one_of("withdrawn", "died", "lost", "screen_failure")
        return (NewFact(Kind.LEFT_STUDY, day=self.past(self.some_day()), value=reason),)

    def transferred(self) -> tuple[NewFact, ...]:
        details = {"calendar": self.random.choice(list(self.world.calendars))}
        return (NewFact(Kind.SITE_TRANSFERRED, self.random.choice(SITES), self.some_day(), details=details),)

    def unscheduled(self) -> tuple[NewFact, ...]:
        return (NewFact(Kind.UNSCHEDULED_VISIT, self.stream(), self.past(self.some_day())),)

    def amended(self) -> tuple[NewFact, ...]:
        protocol_hash = self.random.choice(list(self.world.plans))
        return (NewFact(Kind.PROTOCOL_AMENDED, value=protocol_hash, details={"plan": self.world.plan_hash(protocol_hash)}),)

    def refreshed(self) -> tuple[NewFact, ...]:
        return (NewFact(Kind.CALENDAR_REFRESHED, self.random.choice(SITES), value=self.random.choice(list(self.world.calendars))),)

    def classed(self) -> tuple[NewFact, ...]:
        return (NewFact(Kind.DEVIATION_CLASSED, "missed:C1D1", value=self.one_of("important", "not_important"), reason="machine_failure"),)

    def note(self) -> tuple[NewFact, ...]:
        return (NewFact(Kind.NOTE, note="called, no answer"),)

    # --- second thoughts -------------------------------------------------------------------------------------

    def undo(self) -> tuple[NewFact, ...]:
        """All of an act that still stands, or one fact of it; an act that took something back among them."""
        candidates = [fact for fact in self.in_force if fact.kind is not Kind.ENROLLED or self.chance(0.05)]
        if not candidates:
            return ()
        chosen = self.random.choice(candidates[-self.one_of(1, 3, 100) :])
        facts = [fact for fact in candidates if fact.act == chosen.act] if self.chance(0.6) else [chosen]
        return tuple(NewFact(Kind.UNDONE, replaces=fact.number, reason="transcription_error") for fact in reversed(facts))

    def corrected(self) -> tuple[NewFact, ...]:
        """The same kind of fact again, with something in it changed."""
        kept = (Kind.UNDONE, Kind.NOTE)
        candidates = [fact for fact in self.in_force if fact.kind not in kept and (fact.kind is not Kind.ENROLLED or self.chance(0.3))]
        if not candidates:
            return ()
        later = {(fact.kind, fact.said.item): fact.number for fact in self.in_force}
        outdated = [fact for fact in candidates if fact.number < later[fact.kind, fact.said.item]]
        fact = self.random.choice(outdated if outdated and self.chance(0.3) else candidates[-self.one_of(1, 3, 100) :])
        return (replace(self.changed(fact.said), replaces=fact.number, reason="transcription_error"),)

    def changed(self, said: NewFact) -> NewFact:
        """What is said instead: another day, another end, another value, or about something else."""
        shift = timedelta(days=self.one_of(-3, -1, 1, 2, 6))
        day = said.day + shift if said.day is not None and self.chance(0.7) else said.day
        if said.kind in (Kind.VISIT_DONE, Kind.LEFT_STUDY, Kind.UNSCHEDULED_VISIT) and day is not None:
            day = self.past(day)
        other = {
            Kind.ENROLLED: lambda: replace(self.enrolment()[0], day=day),
            Kind.PARAMETER_SET: lambda: next(iter(self.parameter()), said),
            Kind.PROTOCOL_AMENDED: lambda: self.amended()[0],
            Kind.CALENDAR_REFRESHED: lambda: self.refreshed()[0],
            Kind.SITE_TRANSFERRED: lambda: replace(self.transferred()[0], day=day),
            Kind.HOLD_STARTED: lambda: replace(self.held()[0], day=day, until_day=self.end_after(day)),
            Kind.DECISION_MADE: lambda: next(iter(self.decided()), replace(said, day=day)),
            Kind.VISIT_DONE: lambda: replace(said, day=day, item=self.odd_visit() if self.is_odd() else said.item),
            Kind.BOOKED: lambda: replace(said, day=day, value=self.one_of("", "08:15")),
            Kind.ACTIVITY_OMITTED: lambda: self.omitted()[0],
            Kind.TREATMENT_STOPPED: lambda: replace(said, day=day, item=self.stream()),
            Kind.UNSCHEDULED_VISIT: lambda: replace(said, day=day, item=self.stream()),
        }.get(said.kind, lambda: replace(said, day=day))
        return other()

    def end_after(self, day: date | None) -> date | None:
        return None if day is None or self.chance(0.5) else day + timedelta(days=self.one_of(1, 5, 12))
