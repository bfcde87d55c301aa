"""The first half of an explanation: from the anchor to the planned date (R1-R6, R12, R16)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from planner.protocol.durations import Duration
from planner.protocol.model import Offset, Term, VisitShape
from planner.protocol.plan import ReferenceRule, Slot, TermRule
from planner.schedule.calendar import ANY_DAY
from planner.schedule.days import EARLIEST_REAL_DAY, day_date
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
            yield Step("R16", f"{self.row.visit} starts the schedule; its date is the start date {self.weekday(self.day('nominal'))}.")
            return
        if slot.milestone is not None:
            name = self.plan.milestones[slot.milestone]
            day = self.day("nominal")
            text = f"takes place on the date of {name}, {self.weekday(day)}." if day is not None else f"has no date until {name} is given."
            yield Step("R8", f"{self.row.visit} {text}")
            return
        if len(slot.anchor) > 1:
            yield Step("R8", f"Counted from the latest of {len(slot.anchor)} dates:")
        for number, term in enumerate(slot.anchor):
            yield Step("R8", self._term(term, self.shape.anchor[min(number, len(self.shape.anchor) - 1)], chosen=self._gave_date(number)))
        nominal = self.day("nominal")
        if nominal is not None:
            yield Step(self._offset_rule(), f"The nominal date is {self.weekday(nominal)}.")

    def _gave_date(self, number: int) -> bool:
        return len(self.slot.anchor) > 1 and int(self.schedule.anchor_term[self.slot.index, self.subject]) == number

    def _offset_rule(self) -> str:
        kind = self.plan.references[self.slot.anchor[0].reference].kind
        return "R3" if kind == "previous" else "R2" if self.slot.number is not None else "R1"

    def _term(self, rule: TermRule, term: Term, *, chosen: bool) -> str:
        value = self.walk.reference(rule.reference)
        day = int(value.days[0])
        if day < EARLIEST_REAL_DAY:
            why = "a milestone has not been given" if holds_somewhere(value.lacks_milestone) else "there is nothing to count it from"
            return f"{term.text} has no date: {why}."
        nominal = self.walk.block.added(value.days, rule.offset, self.slot.resource)
        giver = self._giver(self.plan.references[rule.reference], day)
        text = f"Counted from {self._written(rule, term)}, {giver}{self.weekday(day)}{self._offset_words(rule, term.offset)}"
        text += f" = {self.weekday(int(nominal[0]))}" if not rule.offset.is_nothing else ""
        return text + (" (the latest)." if chosen else ".")

    def _written(self, rule: TermRule, term: Term) -> str:
        """The reference as the file writes it, with the number of an accompanied visit filled in."""
        reference = self.plan.references[rule.reference]
        if reference.kind == "accompanied":
            return visit_id(self.plan, self.plan.slots[reference.members[0]], self.codes)
        return term.text

    def _offset_words(self, rule: TermRule, offset: Offset) -> str:
        if rule.offset.is_nothing:
            return ""
        at = 0 if rule.offset.parameter is None else max(self.codes[rule.offset.parameter], 0)
        working = None if rule.offset.working_days is None else rule.offset.working_days[at]
        duration = Duration(rule.offset.months[at], rule.offset.days[at], working)
        sign = "" if str(duration).startswith("-") else "+"
        if isinstance(offset.duration, Duration):
            return f" {sign}{duration}"
        name = offset.duration.parameter + (f".{offset.duration.attribute}" if offset.duration.attribute else "")
        return f" {sign}{duration} ({name})"

    def _giver(self, rule: ReferenceRule, day: int) -> str:
        """Which visit gives a reference its day, and whether that day is actual, booked or planned."""
        for index in rule.members:
            state = self.walk.states[index]
            there = both(state.member, state.gives_any(rule.doses)) if rule.doses else state.present
            if rule.kind in ("first", "last") and not rule.doses:
                there = state.member
            if int(state.effective[0]) == day and (rule.kind == "previous" or as_array(there, 1)[0]):
                name = visit_id(self.plan, self.plan.slots[index], self.codes)
                named = "" if rule.kind in ("visit", "accompanied") else f"that is {name}, "
                return f"{named}{self._how(index)} on "
        return "on " if rule.kind == "milestone" else "an unscheduled dose on "

    def _how(self, slot: int) -> str:
        """Whether a visit's date is actual, booked or planned."""
        state = self.walk.states[slot]
        if as_array(state.done, 1)[0]:
            return "done"
        if as_array(state.missed, 1)[0]:
            return "missed, planned"
        booked = self.walk.block.booked(slot)
        return "booked" if booked is not None and int(booked[0]) > EARLIEST_REAL_DAY else "planned"

    def _window(self) -> Iterator[Step]:
        if self.slot.start or self.slot.milestone is not None or self.day("nominal") is None:
            return
        earliest, latest, window = self.day("earliest"), self.day("latest"), self.shape.window
        if earliest == latest:
            yield Step("R4", "It has no window: the nominal day only.")
            return
        where = "around the nominal date" if window.counted_from == "nominal" else "counted from the anchor itself"
        words = f"{_signed(window.earliest)} to {_signed(window.latest)} {where}"
        yield Step("R4", f"Its window, {words}, is {self.weekday(earliest)} to {self.weekday(latest)}, both included.")

    def _bounds(self) -> Iterator[Step]:
        for rule, term in zip(self.slot.bounds, self.shape.not_before, strict=True):
            yield Step("R6", f"It may not be before {term.text}{_plain_offset(term.offset)}{self._bound_words(rule)}.")
        yield from self._holds()
        bound = self.walk.bounds[self.slot.index]
        nominal = self.day("nominal")
        if bound is not None and nominal is not None and int(bound[0]) > nominal:
            day = self.weekday(int(bound[0]))
            yield Step("R6", f"So the earliest allowed day is {day}, after the nominal date, which itself stays.")

    def _bound_words(self, rule: TermRule) -> str:
        """The day a bound comes to, and from which visit; that it binds nothing where it has none."""
        value = self.walk.bound_values.get((self.slot.index, rule.reference))
        if value is None or int(value.days[0]) < EARLIEST_REAL_DAY:
            return ", which has no date and binds nothing"
        giver = self._giver(self.plan.references[rule.reference], int(value.days[0]))
        bound = self.walk.block.added(value.days, rule.offset, self.slot.resource)
        return f": {giver}{self.weekday(int(value.days[0]))}, so not before {self.weekday(int(bound[0]))}"

    def _holds(self) -> Iterator[Step]:
        """The holds that its planned date lay in, and what they do to it (R12)."""
        holds = self.schedule.cohort.holds
        for row, inside in self.walk.holds_over.get(self.slot.index, ()):
            if holds is None or not as_array(inside, 1)[0]:
                continue
            first = self.weekday(int(holds.first_day[row, self.subject]))
            if holds.without_end[row, self.subject]:
                yield Step("R12", f"Treatment is on hold from {first}, without a resume day: the date can only be later.")
            elif holds.skip[row, self.subject]:
                yield Step("R12", f"Its day lies in a hold from {first} that skips visits until {self._resume(row)}.")
            else:
                yield Step("R12", f"Its day lies in a hold from {first}; treatment may be given again on {self._resume(row)}.")

    def _resume(self, row: int) -> str:
        holds = self.schedule.cohort.holds
        return "no day" if holds is None else self.weekday(int(holds.resume[row, self.subject]))

    def _open_days(self) -> Iterator[Step]:
        nominal, planned = self.day("nominal"), self.day("planned")
        if nominal is None or planned is None or self.slot.milestone is not None:
            return
        if self.slot.resource == ANY_DAY:
            yield Step("R5", "It needs no open day.")
            return
        if self.slot.rides_on and self._rides(planned):
            series = self.shape.with_series
            yield Step("R5", f"It shares the day of a visit of {series} in its window: {self.weekday(planned)}.")
            return
        closed = self._why_closed(nominal)
        where = f"{self.calendar.name}, {self.slot.resource}"
        if self.slot.start:
            if closed:
                yield Step("R16", f"That day is closed ({where}): {closed}. The start stays on the date given.")
            return
        if planned == nominal:
            yield Step("R5", f"{self.weekday(nominal)} is open ({where}): it is the planned date.")
            return
        if closed:
            yield Step("R5", f"{self.weekday(nominal)} is closed ({where}): {closed}.")
        yield Step("R5", self._move(nominal, planned))

    def _move(self, nominal: int, planned: int) -> str:
        latest, days = self.day("latest"), planned - nominal
        moved = f"{days_in_words(days)} {'later' if days > 0 else 'earlier'}"
        if latest is not None and planned > latest:
            return f"No open day of its window is allowed, so the first open day after it is planned: {self.weekday(planned)}, {moved}."
        how = {"nearest": "nearest", "next": "next (later days first)", "previous": "previous (earlier days first)"}[self.slot.roll]
        return f"The {how} open day in its window is {self.weekday(planned)}, {moved}: the planned date."

    def _rides(self, planned: int) -> bool:
        states = [self.walk.states[index] for index in self.slot.rides_on]
        return any(int(state.effective[0]) == planned and as_array(state.member, 1)[0] for state in states)

    def _why_closed(self, day: int) -> str | None:
        """The reason why a day is not open for this visit, or None if it is."""
        if not self._opens(day):
            note = self.calendar.notes.get(day)
            return note or f"{day_date(day):%A} is not a working day here"
        for tests, days in self.slot.open_also:
            applies = as_array(self.walk.block.parameters_hold(tests), 1)[0]
            if applies and not self._opens(day + days):
                return f"{self.weekday(day + days)}, {days} days later, must be open too and is not"
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
        return "no date" if day is None else f"{day_date(day):%a %Y-%m-%d}"


def days_in_words(count: int) -> str:
    """``3 days``, without sign."""
    return f"{abs(count)} day{'s' if abs(count) != 1 else ''}"


def _signed(duration: Duration) -> str:
    text = str(duration)
    return text if text.startswith("-") else f"+{text}"


def _plain_offset(offset: Offset) -> str:
    """An offset as the file writes it: ``+ 3d``; nothing where nothing is added."""
    if isinstance(offset.duration, Duration):
        return "" if offset.duration == Duration() else f" {'+' if offset.sign > 0 else '-'} {offset.duration}"
    name = offset.duration.parameter + (f".{offset.duration.attribute}" if offset.duration.attribute else "")
    return f" {'+' if offset.sign > 0 else '-'} {name}"
