"""The first half of an explanation: from the anchor to the planned date (R1-R6, R12, R16)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from planner.protocol.durations import Duration
from planner.protocol.model import Offset, Term, VisitShape
from planner.protocol.plan import ReferenceRule, Slot, TermRule
from planner.protocol.said import said
from planner.schedule.calendar import ANY_DAY
from planner.schedule.closed_with import closed_with
from planner.schedule.day_words import named_calendar, named_day, named_resource
from planner.schedule.days import EARLIEST_REAL_DAY, day_date, day_number
from planner.schedule.masks import as_array, both, holds_somewhere
from planner.schedule.schedule import Schedule
from planner.schedule.visit_ids import visit_id
from planner.schedule.visit_rows import subject_rows
from planner.schedule.walk import Walk
from planner.schedule.walks import walk_of


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an explanation: the rule it follows (``R5``) and a sentence."""

    rule: str
    text: str


_ROLLED = {
    "nearest": "The nearest open day in its window is {day}, {moved}: the planned date.",
    "next": "The next (later days first) open day in its window is {day}, {moved}: the planned date.",
    "previous": "The previous (earlier days first) open day in its window is {day}, {moved}: the planned date.",
}
"""For each way to move off a closed day."""


class DateSteps:
    """Explains how one visit of one subject came to its planned date."""

    def __init__(self, schedule: Schedule, subject: int, slot: Slot) -> None:
        """Walk the subject once more, to see what the walk knew."""
        self.schedule = schedule
        self.plan = schedule.plan
        self.subject = subject
        self.slot = slot
        self.codes: list[int] = schedule.cohort.parameters[:, subject].tolist()
        self.walk: Walk = walk_of(schedule, subject)
        self.calendar = schedule.calendar_of(subject)
        definition = self.plan.protocol.visits[slot.definition]
        self.shape: VisitShape = definition.first if slot.position == 1 else definition.then
        self.row = next(
            row for row in subject_rows(schedule, subject, all_visits=True) if row.visit == visit_id(self.plan, slot, self.codes)
        )

    def date_steps(self) -> Iterator[Step]:
        """Anchor, window, bounds and holds, open days."""
        yield from self._anchor()
        yield from self._window()
        yield from self._bounds()
        yield from self._open_days()

    def _anchor(self) -> Iterator[Step]:
        slot = self.slot
        if slot.start:
            day = self.weekday(self.day("nominal"))
            yield Step("R16", said("{visit} starts the schedule; its date is the start date {day}.", visit=self.row.visit, day=day))
            return
        if slot.milestone is not None:
            yield Step("R8", self._milestone(self.plan.milestones[slot.milestone]))
            return
        if len(slot.anchor) > 1:
            yield Step("R8", said("Counted from the latest of {count} dates:", count=len(slot.anchor)))
        for number, term in enumerate(slot.anchor):
            yield Step("R8", self._term(term, self.shape.anchor[min(number, len(self.shape.anchor) - 1)], chosen=self._gave_date(number)))
        nominal = self.day("nominal")
        if nominal is not None:
            yield Step(self._offset_rule(), said("The nominal date is {day}.", day=self.weekday(nominal)))

    def _milestone(self, milestone: str) -> str:
        day = self.day("nominal")
        if day is None:
            return said("{visit} has no date until {milestone} is given.", visit=self.row.visit, milestone=milestone)
        text = "{visit} takes place on the date of {milestone}, {day}."
        return said(text, visit=self.row.visit, milestone=milestone, day=self.weekday(day))

    def _gave_date(self, number: int) -> bool:
        return len(self.slot.anchor) > 1 and int(self.schedule.anchor_term[self.slot.index, self.subject]) == number

    def _offset_rule(self) -> str:
        kind = self.plan.references[self.slot.anchor[0].reference].kind
        return "R3" if kind == "previous" else "R2" if self.slot.number is not None else "R1"

    def _term(self, rule: TermRule, term: Term, *, chosen: bool) -> str:
        value = self.walk.reference(rule.reference)
        day = int(value.days[0])
        if day < EARLIEST_REAL_DAY:
            if holds_somewhere(value.lacks_milestone):
                return said("{reference} has no date: a milestone has not been given.", reference=term.text)
            return said("{reference} has no date: there is nothing to count it from.", reference=term.text)
        reference, giver = self._written(rule, term), self._giver(self.plan.references[rule.reference], day)
        if rule.offset.is_nothing:
            text = "Counted from {reference}, {giver} (the latest)." if chosen else "Counted from {reference}, {giver}."
            return said(text, reference=reference, giver=giver)
        nominal = self.weekday(int(self.walk.block.added(value.days, rule.offset, self.slot.resource)[0]))
        text = "Counted from {reference}, {giver} {offset} = {day}."
        if chosen:
            text = "Counted from {reference}, {giver} {offset} = {day} (the latest)."
        return said(text, reference=reference, giver=giver, offset=self._offset_text(rule, term.offset), day=nominal)

    def _written(self, rule: TermRule, term: Term) -> str:
        """The reference as the file writes it, with the number of an accompanied visit filled in."""
        reference = self.plan.references[rule.reference]
        if reference.kind == "accompanied":
            return visit_id(self.plan, self.plan.slots[reference.members[0]], self.codes)
        return said("previous") if reference.kind == "previous" else term.text

    def _offset_text(self, rule: TermRule, offset: Offset) -> str:
        """``+42d``, ``+14d (regimen.cycle)``."""
        at = 0 if rule.offset.parameter is None else max(self.codes[rule.offset.parameter], 0)
        working = None if rule.offset.working_days is None else rule.offset.working_days[at]
        duration = Duration(rule.offset.months[at], rule.offset.days[at], working)
        if isinstance(offset.duration, Duration):
            return _signed(duration)
        name = offset.duration.parameter + (f".{offset.duration.attribute}" if offset.duration.attribute else "")
        return f"{_signed(duration)} ({name})"

    def _giver(self, rule: ReferenceRule, day: int) -> str:
        """The day of a reference: which visit gives it, and whether it is actual, booked or planned."""
        weekday = self.weekday(day)
        for index in rule.members:
            state = self.walk.states[index]
            there = both(state.member, state.gives_any(rule.doses)) if rule.doses else state.present
            if rule.kind in ("first", "last") and not rule.doses:
                there = state.member
            if int(state.effective[0]) == day and (rule.kind == "previous" or as_array(there, 1)[0]):
                how = said(self._how(index), day=weekday)
                if rule.kind in ("visit", "accompanied"):
                    return how
                return said("that is {visit}, {how}", visit=visit_id(self.plan, self.plan.slots[index], self.codes), how=how)
        return said("on {day}" if rule.kind == "milestone" else "an unscheduled dose on {day}", day=weekday)

    def _how(self, slot: int) -> str:
        """Whether a visit's date is actual, booked or planned."""
        state = self.walk.states[slot]
        if as_array(state.done, 1)[0]:
            return "done on {day}"
        if as_array(state.missed, 1)[0]:
            return "missed, planned on {day}"
        booked = self.walk.block.booked(slot)
        return "booked on {day}" if booked is not None and int(booked[0]) > EARLIEST_REAL_DAY else "planned on {day}"

    def _window(self) -> Iterator[Step]:
        if self.slot.start or self.slot.milestone is not None or self.day("nominal") is None:
            return
        earliest, latest, window = self.day("earliest"), self.day("latest"), self.shape.window
        if earliest == latest:
            yield Step("R4", said("It has no window: the nominal day only."))
            return
        text = "Its window, {from_offset} to {to_offset} around the nominal date, is {earliest} to {latest}, both included."
        if window.counted_from != "nominal":
            text = "Its window, {from_offset} to {to_offset} counted from the anchor itself, is {earliest} to {latest}, both included."
        offsets = {"from_offset": _signed(window.earliest), "to_offset": _signed(window.latest)}
        yield Step("R4", said(text, **offsets, earliest=self.weekday(earliest), latest=self.weekday(latest)))

    def _bounds(self) -> Iterator[Step]:
        for rule, term in zip(self.slot.bounds, self.shape.not_before, strict=True):
            yield Step("R6", self._bound_words(rule, f"{term.text}{_plain_offset(term.offset)}"))
        yield from self._holds()
        bound = self.walk.bounds[self.slot.index]
        nominal = self.day("nominal")
        if bound is not None and nominal is not None and int(bound[0]) > nominal:
            text = "So the earliest allowed day is {day}, after the nominal date, which itself stays."
            yield Step("R6", said(text, day=self.weekday(int(bound[0]))))

    def _bound_words(self, rule: TermRule, reference: str) -> str:
        """The day a bound comes to, and from which visit; that it binds nothing where it has none."""
        value = self.walk.bound_values.get((self.slot.index, rule.reference))
        if value is None or int(value.days[0]) < EARLIEST_REAL_DAY:
            return said("It may not be before {reference}, which has no date and binds nothing.", reference=reference)
        giver = self._giver(self.plan.references[rule.reference], int(value.days[0]))
        day = self.weekday(int(self.walk.block.added(value.days, rule.offset, self.slot.resource)[0]))
        return said("It may not be before {reference}: {giver}, so not before {day}.", reference=reference, giver=giver, day=day)

    def _holds(self) -> Iterator[Step]:
        """The holds that its planned date lay in, and what they do to it (R12)."""
        holds = self.schedule.cohort.holds
        for row, inside in self.walk.holds_over.get(self.slot.index, ()):
            if holds is None or not as_array(inside, 1)[0]:
                continue
            first = self.weekday(int(holds.first_day[row, self.subject]))
            if holds.without_end[row, self.subject]:
                text = "Treatment is on hold from {first}, without a resume day: the date can only be later."
                yield Step("R12", said(text, first=first))
                continue
            text = "Its day lies in a hold from {first}; treatment may be given again on {resume}."
            if holds.skip[row, self.subject]:
                text = "Its day lies in a hold from {first} that skips visits until {resume}."
            yield Step("R12", said(text, first=first, resume=self.weekday(int(holds.resume[row, self.subject]))))

    def _open_days(self) -> Iterator[Step]:
        nominal, planned = self.day("nominal"), self.day("planned")
        if nominal is None or planned is None or self.slot.milestone is not None:
            return
        if self.slot.resource == ANY_DAY:
            yield Step("R5", said("It needs no open day."))
            return
        if self.slot.rides_on and self._rides(planned):
            text = "It shares the day of a visit of {series} in its window: {day}."
            yield Step("R5", said(text, series=self.shape.with_series, day=self.weekday(planned)))
            return
        closed = self._why_closed(nominal)
        where = {"calendar": named_calendar(self.calendar.name), "resource": named_resource(self.slot.resource)}
        if self.slot.start:
            if closed:
                text = "That day is closed ({calendar}, {resource}): {reason}. The start stays on the date given."
                yield Step("R16", said(text, **where, reason=closed))
            return
        if planned == nominal:
            text = "{day} is open ({calendar}, {resource}): it is the planned date."
            yield Step("R5", said(text, day=self.weekday(nominal), **where))
            return
        if closed:
            yield Step("R5", said("{day} is closed ({calendar}, {resource}): {reason}.", day=self.weekday(nominal), **where, reason=closed))
        yield Step("R5", self._move(nominal, planned))

    def _move(self, nominal: int, planned: int) -> str:
        latest, days = self.day("latest"), planned - nominal
        moved = said("{days} later" if days > 0 else "{days} earlier", days=days_in_words(days))
        text = _ROLLED[self.slot.roll]
        if latest is not None and planned > latest:
            text = "No open day of its window is allowed, so the first open day after it is planned: {day}, {moved}."
        return said(text, day=self.weekday(planned), moved=moved)

    def _rides(self, planned: int) -> bool:
        states = [self.walk.states[index] for index in self.slot.rides_on]
        return any(int(state.effective[0]) == planned and as_array(state.member, 1)[0] for state in states)

    def _why_closed(self, day: int) -> str | None:
        """The reason why a day is not open for this visit, or None if it is."""
        if not self._opens(day):
            note = self.calendar.notes.get(day)
            return named_day(note) if note else said("{day:%A} is not a working day here", day=day_date(day))
        also = closed_with(self.walk.block, self.slot, self.calendar, day)
        if also is not None:
            later = day_number(also.day)
            return said("{day}, {count} days later, must be open too and is not", day=self.weekday(later), count=later - day)
        return None

    def _opens(self, day: int) -> bool:
        place = day - self.calendar.first_day
        table = self.calendar.open_table(self.slot.resource)
        return 0 <= place < len(table) and bool(table[place])

    def day(self, name: str) -> int | None:
        """One of the visit's days, by the name of its array; None where there is none."""
        day = int(getattr(self.schedule, name)[self.slot.index, self.subject])
        return None if day < EARLIEST_REAL_DAY else day

    def weekday(self, day: int | None) -> str:
        """``Fri 2026-05-01``."""
        return said("no date") if day is None else said("{day:%a %Y-%m-%d}", day=day_date(day))


def days_in_words(count: int) -> str:
    """``3 days``, without sign."""
    return said("{count} day" if abs(count) == 1 else "{count} days", count=abs(count))


def _signed(duration: Duration) -> str:
    text = str(duration)
    return text if text.startswith("-") else f"+{text}"


def _plain_offset(offset: Offset) -> str:
    """An offset as the file writes it: ``+ 3d``; nothing where nothing is added."""
    if isinstance(offset.duration, Duration):
        return "" if offset.duration == Duration() else f" {'+' if offset.sign > 0 else '-'} {offset.duration}"
    name = offset.duration.parameter + (f".{offset.duration.attribute}" if offset.duration.attribute else "")
    return f" {'+' if offset.sign > 0 else '-'} {name}"
