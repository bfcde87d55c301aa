"""What is refused about a subject's facts (R18): unknown names, impossible values, contradictions; each said in a sentence.

A fault names its fact as a column of a cohort file does (``actual.C3D1``, ``set.regimen``, ``start``), so that whoever
read the facts can point at the place they came from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from planner.protocol.errors import nearest
from planner.protocol.model import Decision
from planner.protocol.plan import Plan, Slot
from planner.protocol.said import said
from planner.protocol.said_lists import alternatives
from planner.schedule.facts import SubjectFacts
from planner.schedule.visit_ids import exists_by_parameters, ids_of_subject, slot_of, visit_id

EARLIEST_START = date(2012, 1, 1)
LATEST_START = date(2050, 12, 31)
EARLIEST_DATE = date(1930, 1, 1)
LATEST_DATE = date(2058, 12, 31)
_MOST_NAMES = 30
_OUTSIDE = "{day} is outside {first} to {last}"
_UNKNOWN = "there is no visit {visit}{suggestion}"


@dataclass(frozen=True, slots=True)
class FactFault:
    """One fact that cannot be accepted, and why."""

    subject: str
    fact: str
    message: str


class FactErrors(ValueError):
    """Facts were refused; ``faults`` lists all of them."""

    def __init__(self, faults: tuple[FactFault, ...]) -> None:
        """Keep all ``faults``."""
        super().__init__("; ".join(f"{fault.subject}: {fault.fact}: {fault.message}" for fault in faults))
        self.faults = faults


def suggestion(word: str, known: Iterable[str], what: str) -> str:
    """``; did you mean X?``, or the list of what would be right."""
    names = list(dict.fromkeys(known))
    near = nearest(word, names)
    if near:
        return said("; did you mean {name}?", name=near)
    if not names:
        return said("; this protocol has no {what}", what=said(what.removeprefix("the ").removesuffix(" are")))
    text = "; {what}: {names}, ..." if len(names) > _MOST_NAMES else "; {what}: {names}"
    return said(text, what=said(what), names=tuple(names[:_MOST_NAMES]))


def parameter_codes(plan: Plan, facts: SubjectFacts) -> list[int]:
    """The codes of a subject's parameters: given, else the default, -1 where neither is known (or the value is wrong)."""
    codes = []
    for name in plan.parameters:
        parameter = plan.protocol.parameters[name]
        value = parameter_value(plan, name, facts.parameters.get(name, parameter.default))
        codes.append(parameter.values.index(value) if value in parameter.values else -1)
    return codes


def parameter_value(plan: Plan, name: str, text: str | None) -> str | None:
    """A parameter's value as its list spells it: ``12`` is taken as ``12mo`` where all values are in months."""
    parameter = plan.protocol.parameters[name]
    if text is not None and parameter.unit is not None and text not in parameter.values and f"{text}{parameter.unit}" in parameter.values:
        return f"{text}{parameter.unit}"
    return text


def faults_of(plan: Plan, facts: SubjectFacts, as_of: date) -> list[FactFault]:
    """Every fault in one subject's facts, as of a day."""
    return [FactFault(facts.subject, fact, message) for fact, message in _faults(plan, facts, as_of)]


Fault = tuple[str, str]


def _faults(plan: Plan, facts: SubjectFacts, as_of: date) -> Iterator[Fault]:
    if not EARLIEST_START <= facts.start <= LATEST_START:
        text = "{day} is outside {first} to {last}; give the start date as YYYY-MM-DD"
        yield "start", said(text, day=facts.start, first=EARLIEST_START, last=LATEST_START)
    yield from _parameter_faults(plan, facts)
    visits = _Visits.of(plan, facts)
    yield from _milestone_faults(plan, facts)
    yield from _decision_faults(plan, facts, as_of)
    yield from _visit_faults(plan, facts, visits, as_of)
    if visits.are_known:
        yield from _order_faults(plan, facts, visits.codes)
    yield from _treatment_faults(plan, facts, as_of)
    if facts.end is not None:
        yield from _end_faults(facts.end.day, as_of)


@dataclass(frozen=True, slots=True)
class _Visits:
    """The visits that a subject can have, as far as the parameters tell.

    Where a parameter is wrong or missing they are not known: then any id of the protocol is taken for one of theirs, and the
    parameter's default (else its first value) stands in, so that one fault does not hide the others.
    """

    plan: Plan
    codes: list[int]
    are_known: bool

    @classmethod
    def of(cls, plan: Plan, facts: SubjectFacts) -> _Visits:
        codes = parameter_codes(plan, facts)
        are_known = True
        for place, name in enumerate(plan.parameters):
            parameter = plan.protocol.parameters[name]
            if codes[place] < 0 and not (parameter.optional and name not in facts.parameters):
                are_known = False
                codes[place] = parameter.values.index(parameter.default) if parameter.default in parameter.values else 0
        return cls(plan, codes, are_known)

    def slot(self, visit: str) -> Slot | None:
        """The slot of that id, whether or not it is in the subject's plan."""
        found = slot_of(self.plan, visit, self.codes)
        if found is None and not self.are_known and visit in self.plan.slots_by_id:
            return self.plan.slots[self.plan.slots_by_id[visit][0]]
        return found

    def planned_slot(self, visit: str) -> Slot | None:
        """The slot of that id if it is in the subject's plan."""
        slot = self.slot(visit)
        return slot if slot is not None and (not self.are_known or exists_by_parameters(self.plan, slot, self.codes)) else None

    def unknown(self, visit: str) -> str:
        """Why ``visit`` is no visit of this subject."""
        if not self.are_known:
            return said(_UNKNOWN, visit=visit, suggestion=suggestion(visit, self.plan.slots_by_id, "the visits are"))
        return _unknown(self.plan, visit, self.codes)


def _parameter_faults(plan: Plan, facts: SubjectFacts) -> Iterator[Fault]:
    for name, text in facts.parameters.items():
        parameter = plan.protocol.parameters.get(name)
        if parameter is None:
            near = suggestion(name, plan.parameters, "the parameters are")
            yield f"set.{name}", said("there is no parameter {name}{suggestion}", name=name, suggestion=near)
        elif parameter_value(plan, name, text) not in parameter.values:
            if parameter.is_range:
                message = "{text} is not allowed for {name}; it must be from {least} to {most}"
                values = {"least": parameter.values[0], "most": parameter.values[-1]}
                yield f"set.{name}", said(message, text=text, name=name, **values)
            else:
                near = suggestion(text, parameter.values, "the choices are")
                yield f"set.{name}", said("{text} is not a choice of {name}{suggestion}", text=text, name=name, suggestion=near)
    for name, parameter in plan.protocol.parameters.items():
        if parameter.default is None and not parameter.optional and name not in facts.parameters:
            near = suggestion("", parameter.values, "the choices are")
            yield f"set.{name}", said("{name} has no default and must be given{suggestion}", name=name, suggestion=near)


def _milestone_faults(plan: Plan, facts: SubjectFacts) -> Iterator[Fault]:
    for name, day in facts.milestones.items():
        milestone = plan.protocol.milestones.get(name)
        if milestone is not None and milestone.reference is not None:
            yield f"milestone.{name}", said("{name} is worked out from the visits and cannot be given", name=name)
        elif milestone is None:
            near = suggestion(name, plan.milestones, "the milestones are")
            yield f"milestone.{name}", said("there is no milestone {name}{suggestion}", name=name, suggestion=near)
        elif not EARLIEST_DATE <= day <= LATEST_DATE:
            yield f"milestone.{name}", said(_OUTSIDE, day=day, first=EARLIEST_DATE, last=LATEST_DATE)


def _decision_faults(plan: Plan, facts: SubjectFacts, as_of: date) -> Iterator[Fault]:
    for name, made in facts.decisions.items():
        decision = plan.protocol.decisions.get(name)
        if decision is None:
            near = suggestion(name, plan.decisions, "the decisions are")
            yield f"decide.{name}", said("there is no decision {name}{suggestion}", name=name, suggestion=near)
            continue
        choice = next((choice for choice in decision.choices if choice.name == made.choice), None)
        if choice is None:
            near = suggestion(made.choice, [choice.name for choice in decision.choices], "the choices are")
            yield f"decide.{name}", said("{text} is not a choice of {name}{suggestion}", text=made.choice, name=name, suggestion=near)
            continue
        if made.day is not None and made.day > as_of:
            text = "{day} is after {as_of}, {asked_about}; a decision is dated when it has been taken"
            yield f"decide.{name}", _later(text, made.day, as_of)
        elif made.day is not None:
            yield from _range_faults(f"decide.{name}", made.day)
        for other, allowed in choice.requires.items():
            yield from _requirement_faults(decision, choice.name, other, allowed, facts)


def _requirement_faults(decision: Decision, choice: str, other: str, allowed: tuple[str, ...], facts: SubjectFacts) -> Iterator[Fault]:
    wanted, recorded = alternatives(allowed), facts.decisions.get(other)
    if recorded is None:
        text = "{choice} is allowed only after {decision} = {wanted}, and no {decision} is recorded; record it first"
        yield f"decide.{decision.name}", said(text, choice=choice, decision=other, wanted=wanted)
    elif recorded.choice not in allowed:
        text = "{choice} is allowed only with {decision} = {wanted}, and {decision} is recorded as {recorded}"
        yield f"decide.{decision.name}", said(text, choice=choice, decision=other, wanted=wanted, recorded=recorded.choice)


def _visit_faults(plan: Plan, facts: SubjectFacts, visits: _Visits, as_of: date) -> Iterator[Fault]:
    for visit, day in facts.actual.items():
        slot = visits.slot(visit)
        if slot is None:
            yield f"actual.{visit}", visits.unknown(visit)
            continue
        yield from _actual_faults(plan, facts, slot, visit, day, as_of)
    for visit in facts.missed:
        slot = visits.planned_slot(visit)
        if slot is None:
            yield f"missed.{visit}", visits.unknown(visit)
        elif slot.start:
            yield f"missed.{visit}", said("{visit} starts the schedule and cannot be missed; give another start date instead", visit=visit)
        elif slot.milestone is not None:
            text = "{visit} happens on the date of {milestone} and cannot be missed"
            yield f"missed.{visit}", said(text, visit=visit, milestone=plan.milestones[slot.milestone])
        elif visit in facts.actual:
            text = "{visit} is recorded both as done on {day} and as missed; keep one of them"
            yield f"missed.{visit}", said(text, visit=visit, day=facts.actual[visit])
    for visit, booking in facts.booked.items():
        slot = visits.planned_slot(visit)
        if slot is None:
            yield f"booked.{visit}", visits.unknown(visit)
        elif slot.milestone is not None or slot.kind == "reminder":
            yield f"booked.{visit}", said("{visit} needs no attendance and cannot be booked", visit=visit)
        elif not EARLIEST_START <= booking.day <= LATEST_DATE:
            yield f"booked.{visit}", said(_OUTSIDE, day=booking.day, first=EARLIEST_START, last=LATEST_DATE)
    for visit, activity in sorted(facts.omitted):
        yield from _omission_faults(plan, visit, activity, visits)
    for visit in sorted(facts.routine_care):
        if visits.slot(visit) is None:
            yield f"routine_care.{visit}", visits.unknown(visit)


def _actual_faults(plan: Plan, facts: SubjectFacts, slot: Slot, visit: str, day: date, as_of: date) -> Iterator[Fault]:
    if day > as_of:
        text = "{day} is after {as_of}, {asked_about}; an actual date is recorded when it has happened (book it instead)"
        yield f"actual.{visit}", _later(text, day, as_of)
    if day < EARLIEST_START:
        yield f"actual.{visit}", said("{day} is before {first}; give the date as YYYY-MM-DD", day=day, first=EARLIEST_START)
    if slot.milestone is not None:
        name = plan.milestones[slot.milestone]
        given = facts.milestones.get(name)
        if given != day:
            text = "{visit} happens on the date of {milestone}, which is not given; give milestone {milestone} = {day}"
            if given:
                text = "{visit} happens on the date of {milestone}, which is given as {given}; give milestone {milestone} = {day}"
            yield f"actual.{visit}", said(text, visit=visit, milestone=name, given=given, day=day)
    if slot.kind == "reminder":
        yield f"actual.{visit}", said("{visit} is a reminder; there is nothing to record", visit=visit)


def _omission_faults(plan: Plan, visit: str, activity: str, visits: _Visits) -> Iterator[Fault]:
    fact = f"omit.{visit}"
    slot = visits.slot(visit)
    if slot is None:
        yield fact, visits.unknown(visit)
        return
    if activity not in plan.activities:
        near = suggestion(activity, plan.activities, "the activities are")
        yield fact, said("there is no activity {name}{suggestion}", name=activity, suggestion=near)
    elif plan.activities.index(activity) not in {rule.activity for rule in slot.activities}:
        here = [plan.activities[rule.activity] for rule in slot.activities]
        near = suggestion(activity, here, "its activities are")
        yield fact, said("{activity} is not an activity of {visit}{suggestion}", activity=activity, visit=visit, suggestion=near)


def _unknown(plan: Plan, visit: str, codes: list[int]) -> str:
    """Why ``visit`` is no visit of this subject."""
    mine = ids_of_subject(plan, codes)
    if visit in plan.slots_by_id:
        settings = tuple(
            f"{name} = {plan.protocol.parameters[name].values[code]}"
            for name, code in zip(plan.parameters, codes, strict=True)
            if code >= 0
        )
        near = suggestion(visit, mine, "its visits are")
        return said("{visit} is not in this subject's plan ({settings}){suggestion}", visit=visit, settings=settings, suggestion=near)
    return said(_UNKNOWN, visit=visit, suggestion=suggestion(visit, mine, "the visits are"))


def _order_faults(plan: Plan, facts: SubjectFacts, codes: list[int]) -> Iterator[Fault]:
    """A member of a series on or before a recorded lower number (R18)."""
    for slots in plan.series_slots:
        last: tuple[str, date] | None = None
        for index in sorted(slots, key=lambda index: plan.slots[index].position):
            visit = visit_id(plan, plan.slots[index], codes)
            if slot_of(plan, visit, codes) is not plan.slots[index]:
                continue
            day = facts.actual.get(visit)
            if day is None:
                continue
            if last is not None and day <= last[1]:
                text = "{day} is not after {visit}, recorded on {recorded}; check both dates"
                yield f"actual.{visit}", said(text, day=day, visit=last[0], recorded=last[1])
            if last is None or day > last[1]:
                last = (visit, day)


def _treatment_faults(plan: Plan, facts: SubjectFacts, as_of: date) -> Iterator[Fault]:
    for hold in facts.holds:
        yield from _stream_faults(plan, "hold", hold.stream)
        yield from _range_faults("hold", hold.first_day, *([hold.resume] if hold.resume else []))
        if hold.resume is not None and hold.resume <= hold.first_day:
            text = "the resume day {resume} is not after the first held day {first}; leave it empty while the hold is open"
            yield "hold", said(text, resume=hold.resume, first=hold.first_day)
    for stop in facts.stops:
        yield from _stream_faults(plan, "stop", stop.stream)
        yield from _range_faults("stop", stop.day)
    for dose in facts.unscheduled:
        yield from _stream_faults(plan, "unscheduled", dose.stream)
        if dose.day > as_of:
            text = "{day} is after {as_of}, {asked_about}; a dose is recorded when it has been given"
            yield "unscheduled", _later(text, dose.day, as_of)
        yield from _range_faults("unscheduled", dose.day)


def _end_faults(day: date, as_of: date) -> Iterator[Fault]:
    yield from _range_faults("end", day)
    if day > as_of:
        yield "end", _later("{day} is after {as_of}, {asked_about}; an end is recorded when it has happened", day, as_of)


def _range_faults(fact: str, *days: date) -> Iterator[Fault]:
    for day in days:
        if not EARLIEST_START <= day <= LATEST_DATE:
            yield fact, said(_OUTSIDE, day=day, first=EARLIEST_START, last=LATEST_DATE)


def _stream_faults(plan: Plan, fact: str, stream: str | None) -> Iterator[Fault]:
    if stream is not None and stream not in plan.doses:
        yield fact, said("there is no stream {name}{suggestion}", name=stream, suggestion=suggestion(stream, plan.doses, "the streams are"))


def _later(text: str, day: date, as_of: date) -> str:
    """A fact of a day still to come; records say which day was asked about, such as today at a site."""
    return said(text, day=day, as_of=as_of, asked_about=said("the day asked about"))
