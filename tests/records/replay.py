"""A second, slow and plain reading of docs/records.md, "What is in force": a subject's log replayed one fact at a time.

It shares nothing with the product's fold but the facts themselves: what a plan knows is asked of the protocol's own model and of the
slots of ``tests.oracle``, and a subject's facts are plain dictionaries, filled in the order of the log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from functools import lru_cache

from planner.protocol.model import Parameter, Protocol
from planner.records.facts.fact import Fact, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.schedule.calendar import SiteCalendar
from planner.schedule.calendar_transfer import after_transfer
from planner.schedule.facts import Booking, DecisionMade, End, Hold, Stop, SubjectFacts, UnscheduledDose
from tests.oracle.slots import Parameters, Slot, slot_by_id, slots_of


@dataclass(frozen=True)
class Replayed:
    """What the log says of one subject, up to its last fact."""

    key: SubjectKey
    facts: SubjectFacts
    protocol_hash: str
    calendar: SiteCalendar
    calendar_hash: str
    """Of the site where the subject now is."""
    site: str
    revision: int
    rescreen_of: str
    unfit: tuple[int, ...]
    """The numbers of the facts that the present plan does not know."""
    latest: tuple[int, ...]
    """The numbers of the facts in force."""


def replay(log: Sequence[Fact], protocol_of: Callable[[str], Protocol], calendar_of: Callable[[str], SiteCalendar]) -> Replayed | None:
    """What one subject's log, in order of number, says; None where no enrolment is in force."""
    in_force = facts_in_force(log)
    enrolled = [fact for fact in in_force if fact.kind is Kind.ENROLLED]
    if not enrolled:
        return None
    said = enrolled[-1].said
    assert said.day is not None
    site = _SiteInForce(in_force, said, calendar_of)
    hashes = [fact.said.value for fact in in_force if fact.kind is Kind.PROTOCOL_AMENDED]
    protocol_hash = hashes[-1] if hashes else said.value
    reader = _FactReader(protocol_of(protocol_hash), log, in_force)
    return Replayed(
        key=log[0].subject,
        facts=reader.subject_facts(log[0].subject.number, said.day),
        protocol_hash=protocol_hash,
        calendar=site.calendar,
        calendar_hash=site.calendar_hash,
        site=site.code,
        revision=log[-1].number,
        rescreen_of=str(said.details.get("rescreen_of", "")),
        unfit=tuple(reader.unfit),
        latest=tuple(fact.number for fact in in_force),
    )


def facts_in_force(log: Sequence[Fact]) -> list[Fact]:
    """Those that no fact replaces but such as are taken back. Only a later fact can do either, so go backwards."""
    taken_back: set[int] = set()
    replaced: set[int] = set()
    found = []
    for fact in reversed(log):
        acts = fact.number not in taken_back
        if acts and fact.number not in replaced:
            found.append(fact)
        if acts and fact.said.replaces is not None:
            replaced.add(fact.said.replaces)
            if fact.kind is Kind.UNDONE:
                taken_back.add(fact.said.replaces)
    said = {fact.number: fact.said for fact in log}
    return sorted(found[::-1], key=lambda fact: _origin(said, fact.number))


def _origin(said: Mapping[int, NewFact], number: int) -> int:
    """Where a fact stands: a correction at the place of the fact that its chain of corrections began with."""
    while said[number].kind is not Kind.UNDONE:
        corrected = said[number].replaces
        if corrected is None or said[corrected].kind is not said[number].kind:
            break
        number = corrected
    return number


def hold_chain(log: Sequence[Fact], number: int) -> int:
    """The number of the first hold that a hold, corrected or not, goes back to."""
    by_number = {fact.number: fact.said for fact in log}
    while number in by_number and by_number[number].replaces is not None:
        number = by_number[number].replaces or number
    return number


class _SiteInForce:
    """Where the subject is, and the days there: the calendar at enrolment, then each refresh and each transfer in turn."""

    def __init__(self, in_force: Sequence[Fact], enrolled: NewFact, calendar_of: Callable[[str], SiteCalendar]) -> None:
        self.code = enrolled.item
        stays: list[tuple[date | None, str, str]] = [(None, str(enrolled.details["calendar"]), enrolled.item)]
        for fact in in_force:
            if fact.kind is Kind.CALENDAR_REFRESHED:
                there = [place for place, stay in enumerate(stays) if stay[2] == fact.said.item]
                if there:
                    stays[there[-1]] = (stays[there[-1]][0], fact.said.value, fact.said.item)
            if fact.kind is Kind.SITE_TRANSFERRED:
                self.code = fact.said.item
                stays.append((fact.said.day, str(fact.said.details["calendar"]), fact.said.item))
        self.calendar_hash = stays[-1][1]
        self.calendar = calendar_of(stays[0][1])
        for day, calendar_hash, _ in stays[1:]:
            assert day is not None
            self.calendar = after_transfer(self.calendar, calendar_of(calendar_hash), day)


class _FactReader:
    """Facts in force, one after the other, into what is known of the subject; what the plan does not know goes into ``unfit``."""

    def __init__(self, protocol: Protocol, log: Sequence[Fact], in_force: Sequence[Fact]) -> None:
        self.protocol = protocol
        self.log = log
        self.in_force = in_force
        self.unfit: list[int] = []
        self.parameters = self._parameters()
        self.visits = _visits(_ByIdentity(protocol), tuple(sorted(self.parameters.items())))

    def _of(self, *kinds: Kind) -> list[Fact]:
        return [fact for fact in self.in_force if fact.kind in kinds]

    def _parameters(self) -> dict[str, str]:
        """The latest of each parameter counts, and only if the plan knows its value."""
        given = {}
        for fact in self._of(Kind.PARAMETER_SET):
            parameter = self.protocol.parameters.get(fact.said.item)
            value = None if parameter is None else _as_listed(parameter, fact.said.value)
            if value is None:
                given.pop(fact.said.item, None)
            else:
                given[fact.said.item] = value
        return given

    def _fits(self, said: NewFact) -> bool:
        """Whether the plan knows what the fact speaks of."""
        protocol = self.protocol
        streams = {activity.dose for activity in protocol.activities.values() if activity.dose}
        match said.kind:
            case Kind.PARAMETER_SET:
                parameter = protocol.parameters.get(said.item)
                return parameter is not None and _as_listed(parameter, said.value) is not None
            case Kind.MILESTONE_SET:
                return said.item in protocol.milestones and protocol.milestones[said.item].reference is None
            case Kind.VISIT_DONE | Kind.VISIT_MISSED | Kind.BOOKED | Kind.RELEASED:
                return said.item in self.visits
            case Kind.ACTIVITY_OMITTED:
                return said.item in self.visits and said.value in protocol.activities
            case Kind.DECISION_MADE:
                decision = protocol.decisions.get(said.item)
                return decision is not None and said.value in [choice.name for choice in decision.choices]
            case Kind.HOLD_STARTED | Kind.TREATMENT_STOPPED | Kind.UNSCHEDULED_VISIT:
                return said.item == "" or said.item in streams
            case _:
                return True

    def subject_facts(self, subject: str, start: date) -> SubjectFacts:
        """The subject's facts; fills ``unfit`` on the way."""
        known = _Known(start)
        for fact in self.in_force:
            if not self._fits(fact.said):
                self.unfit.append(fact.number)
            elif fact.kind is Kind.HOLD_STARTED:
                known.holds.append(self._hold(fact))
            else:
                known.take(fact.said)
        return SubjectFacts(
            subject=subject,
            start=known.start,
            parameters=self.parameters,
            milestones=known.milestones,
            decisions=known.decisions,
            actual=known.actual,
            missed=known.missed,
            omitted=frozenset(known.omitted),
            booked=known.booked,
            routine_care=frozenset(visit for visit, value in known.care.items() if value == "routine_care"),
            holds=tuple(known.holds),
            stops=tuple(known.stops),
            end=known.end,
            unscheduled=tuple(known.unscheduled),
        )

    def _hold(self, hold: Fact) -> Hold:
        """A hold, until the latest end that belongs to it, whichever of its corrections that end names."""
        assert hold.said.day is not None
        resume = hold.said.until_day
        for fact in self._of(Kind.HOLD_ENDED):
            assert fact.said.refers is not None
            if hold_chain(self.log, fact.said.refers) == hold_chain(self.log, hold.number):
                resume = fact.said.day
        return Hold(hold.said.day, resume, hold.said.item or None, hold.said.value)  # type: ignore[arg-type]


@dataclass
class _Known:
    """What has been heard so far; a later fact about the same thing takes the place of an earlier one."""

    start: date
    milestones: dict[str, date] = field(default_factory=dict)
    decisions: dict[str, DecisionMade] = field(default_factory=dict)
    actual: dict[str, date] = field(default_factory=dict)
    care: dict[str, str] = field(default_factory=dict)
    missed: dict[str, str] = field(default_factory=dict)
    omitted: set[tuple[str, str]] = field(default_factory=set)
    booked: dict[str, Booking] = field(default_factory=dict)
    holds: list[Hold] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    unscheduled: list[UnscheduledDose] = field(default_factory=list)
    end: End | None = None

    def take(self, said: NewFact) -> None:
        """One more fact that fits."""
        match said:
            case NewFact(kind=Kind.START_MOVED, day=date() as day):
                self.start = day
            case NewFact(kind=Kind.MILESTONE_SET, item=milestone, day=date() as day):
                self.milestones[milestone] = day
            case NewFact(kind=Kind.VISIT_DONE, item=visit, day=date() as day):
                if day >= self.actual.get(visit, date.min):
                    self.actual[visit], self.care[visit] = day, said.value
            case NewFact(kind=Kind.VISIT_MISSED, item=visit):
                self.missed[visit] = said.reason
            case NewFact(kind=Kind.ACTIVITY_OMITTED, item=visit, value=activity):
                self.omitted.add((visit, activity))
            case NewFact(kind=Kind.BOOKED, item=visit, day=date() as day):
                self.booked[visit] = Booking(day, time.fromisoformat(said.value) if said.value else None)
            case NewFact(kind=Kind.RELEASED, item=visit):
                self.booked.pop(visit, None)
            case NewFact(kind=Kind.DECISION_MADE, item=decision, value=choice):
                self.decisions[decision] = DecisionMade(choice, said.day)
            case NewFact(kind=Kind.TREATMENT_STOPPED, item=stream, day=date() as day):
                self.stops.append(Stop(day, stream or None))
            case NewFact(kind=Kind.UNSCHEDULED_VISIT, item=stream, day=date() as day) if stream:
                self.unscheduled.append(UnscheduledDose(day, stream))
            case NewFact(kind=Kind.LEFT_STUDY, day=date() as day, value="withdrawn" | "died" | "lost" | "screen_failure" as reason):
                self.end = End(reason, day)


class _ByIdentity:
    """A protocol as a key: two are the same only if they are one object."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol

    def __hash__(self) -> int:
        return id(self.protocol)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.protocol is self.protocol


@lru_cache(maxsize=500)
def _visits(protocol: _ByIdentity, parameters: tuple[tuple[str, str], ...]) -> dict[str, Slot]:
    return slot_by_id(slots_of(protocol.protocol, Parameters(protocol.protocol, dict(parameters))))


def _as_listed(parameter: Parameter, text: str) -> str | None:
    """A parameter's value as its list spells it, a bare number standing for one in the list's unit; None for a value it does not have."""
    spellings = [text, f"{text}{parameter.unit}"] if parameter.unit else [text]
    return next((spelling for spelling in spellings if spelling in parameter.values), None)
