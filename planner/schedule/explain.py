"""Why a date is what it is: the chain of rules that gave it, step by step, read off the same walk that made it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from planner.protocol.durations import Duration
from planner.protocol.model import Offset, Term, VisitShape
from planner.protocol.plan import ReferenceRule, Slot, TermRule
from planner.schedule.calendar import ANY_DAY
from planner.schedule.codes import CERTAINTY_NAMES, STATUS_NAMES, CertaintyCode, StatusCode
from planner.schedule.days import EARLIEST_REAL_DAY, day_date
from planner.schedule.masks import as_array, both
from planner.schedule.reason_words import FLAG_REASONS
from planner.schedule.schedule import Schedule
from planner.schedule.visit_ids import slot_of, visit_id
from planner.schedule.visit_rows import subject_rows
from planner.schedule.walk import Walk
from planner.schedule.walks import walk_of


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an explanation: the rule it follows (``R5``) and a sentence."""

    rule: str
    text: str


def explanation(schedule: Schedule, subject: int, visit: str) -> tuple[Step, ...]:
    """The steps that gave a visit's date, for a subject by index; raises KeyError if the subject can have no such visit."""
    codes = schedule.cohort.parameters[:, subject].tolist()
    slot = slot_of(schedule.plan, visit, codes)
    if slot is None or schedule.status[slot.index, subject] == StatusCode.NO_ROW:
        raise KeyError(visit)
    return tuple(_Explainer(schedule, subject, slot).steps())


class _Explainer:
    def __init__(self, schedule: Schedule, subject: int, slot: Slot) -> None:
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

    def steps(self) -> Iterator[Step]:
        yield from self._anchor()
        yield from self._window()
        yield from self._bounds()
        yield from self._open_days()
        yield from self._facts()
        yield from self._state()
        yield from self._source()

    # --- the steps ---

    def _anchor(self) -> Iterator[Step]:
        slot = self.slot
        if slot.start:
            yield Step("R16", f"{self.row.visit} starts the schedule; its date is the start date {self._weekday(self._day('nominal'))}.")
            return
        if slot.milestone is not None:
            name = self.plan.milestones[slot.milestone]
            day = self._day("nominal")
            text = f"takes place on the date of {name}, {self._weekday(day)}." if day is not None else f"has no date until {name} is given."
            yield Step("R8", f"{self.row.visit} {text}")
            return
        if len(slot.anchor) > 1:
            yield Step("R8", f"Counted from the latest of {len(slot.anchor)} dates:")
        for number, term in enumerate(slot.anchor):
            yield Step("R8", self._term(term, self.shape.anchor[min(number, len(self.shape.anchor) - 1)], chosen=self._gave_date(number)))
        nominal = self._day("nominal")
        if nominal is not None:
            yield Step(self._offset_rule(), f"The nominal date is {self._weekday(nominal)}.")

    def _gave_date(self, number: int) -> bool:
        return len(self.slot.anchor) > 1 and int(self.schedule.anchor_term[self.slot.index, self.subject]) == number

    def _offset_rule(self) -> str:
        kind = self.plan.references[self.slot.anchor[0].reference].kind
        return "R3" if kind == "previous" else "R2" if self.slot.number is not None else "R1"

    def _term(self, rule: TermRule, term: Term, *, chosen: bool) -> str:
        value = self.walk.reference(rule.reference)
        day = int(value.days[0])
        if day < EARLIEST_REAL_DAY:
            why = "a milestone has not been given" if np.any(value.lacks_milestone) else "there is nothing to count it from"
            return f"{term.text} has no date: {why}."
        nominal = self.walk.block.added(value.days, rule.offset, self.slot.resource)
        giver = self._giver(self.plan.references[rule.reference], day)
        text = f"Counted from {term.text}, {giver}{self._weekday(day)}{self._offset_words(rule, term.offset)}"
        text += f" = {self._weekday(int(nominal[0]))}" if not rule.offset.is_nothing else ""
        return text + (" (the latest)." if chosen else ".")

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
                named = "" if rule.kind == "visit" else f"that is {name}, "
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
        if self.slot.start or self.slot.milestone is not None or self._day("nominal") is None:
            return
        earliest, latest, window = self._day("earliest"), self._day("latest"), self.shape.window
        if earliest == latest:
            yield Step("R4", "It has no window: the nominal day only.")
            return
        where = "around the nominal date" if window.counted_from == "nominal" else "counted from the anchor itself"
        words = f"{_signed(window.earliest)} to {_signed(window.latest)} {where}"
        yield Step("R4", f"Its window, {words}, is {self._weekday(earliest)} to {self._weekday(latest)}, both included.")

    def _bounds(self) -> Iterator[Step]:
        for term in self.shape.not_before:
            yield Step("R6", f"It may not be before {term.text}{_plain_offset(term.offset)}.")
        yield from self._holds()
        bound = self.walk.bounds[self.slot.index]
        if bound is not None and int(bound[0]) > EARLIEST_REAL_DAY:
            nominal = self._day("nominal")
            held = " (after the nominal date, which itself stays)" if nominal is not None and int(bound[0]) > nominal else ""
            yield Step("R6", f"So the earliest allowed day is {self._weekday(int(bound[0]))}{held}.")

    def _holds(self) -> Iterator[Step]:
        """The holds that its planned date lay in, and what they do to it (R12)."""
        holds = self.schedule.cohort.holds
        for row, inside in self.walk.holds_over.get(self.slot.index, ()):
            if holds is None or not as_array(inside, 1)[0]:
                continue
            first = self._weekday(int(holds.first_day[row, self.subject]))
            if holds.without_end[row, self.subject]:
                yield Step("R12", f"Treatment is on hold from {first}, without a resume day: the date can only be later.")
            elif holds.skip[row, self.subject]:
                yield Step("R12", f"Its day lies in a hold from {first} that skips visits until {self._resume(row)}.")
            else:
                yield Step("R12", f"Its day lies in a hold from {first}; treatment may be given again on {self._resume(row)}.")

    def _resume(self, row: int) -> str:
        holds = self.schedule.cohort.holds
        return "no day" if holds is None else self._weekday(int(holds.resume[row, self.subject]))

    def _open_days(self) -> Iterator[Step]:
        nominal, planned = self._day("nominal"), self._day("planned")
        if nominal is None or planned is None or self.slot.milestone is not None:
            return
        if self.slot.resource == ANY_DAY:
            yield Step("R5", "It needs no open day.")
            return
        closed = self._why_closed(nominal)
        where = f"{self.calendar.name}, {self.slot.resource}"
        if self.slot.start:
            if closed:
                yield Step("R16", f"That day is closed ({where}): {closed}. The start stays on the date given.")
            return
        if planned == nominal:
            yield Step("R5", f"{self._weekday(nominal)} is open ({where}): it is the planned date.")
            return
        if closed:
            yield Step("R5", f"{self._weekday(nominal)} is closed ({where}): {closed}.")
        yield Step("R5", self._move(nominal, planned))

    def _move(self, nominal: int, planned: int) -> str:
        latest, days = self._day("latest"), planned - nominal
        moved = f"{_days(days)} {'later' if days > 0 else 'earlier'}"
        if self.slot.rides_on and self._rides(planned):
            return f"It shares the day of a visit of {self.shape.with_series} in its window: {self._weekday(planned)}, {moved}."
        if latest is not None and planned > latest:
            return f"No open day of its window is allowed, so the first open day after it is planned: {self._weekday(planned)}, {moved}."
        how = {"nearest": "nearest", "next": "next (later days first)", "previous": "previous (earlier days first)"}[self.slot.roll]
        return f"The {how} open day in its window is {self._weekday(planned)}, {moved}: the planned date."

    def _rides(self, planned: int) -> bool:
        states = [self.walk.states[index] for index in self.slot.rides_on]
        return any(int(state.effective[0]) == planned and as_array(state.member, 1)[0] for state in states)

    def _why_closed(self, day: int) -> str | None:
        """The reason why a day is not open for this visit, or None if it is."""
        if not self.calendar.open_table(self.slot.resource)[day - self.calendar.first_day]:
            note = self.calendar.notes.get(day)
            return note or f"{day_date(day):%A} is not a working day here"
        for tests, days in self.slot.open_also:
            applies = as_array(self.walk.block.parameters_hold(tests), 1)[0]
            if applies and not self.calendar.open_table(self.slot.resource)[day + days - self.calendar.first_day]:
                return f"{self._weekday(day + days)}, {days} days later, must be open too and is not"
        return None

    def _facts(self) -> Iterator[Step]:
        visit = self.slot.index
        if self.row.status == "done" and self.walk.block.actual(visit) is not None and self.slot.milestone is None:
            off = self.row.days_off
            how = "on its nominal date"
            if off:
                how = f"{_days(off)} {'after' if off > 0 else 'before'} its nominal date"
            yield Step("R14", f"It was done on {self._weekday(self._day('effective'))}, {how}.")
        elif self.row.status == "missed":
            yield Step("R9", "It was missed; what is counted from it goes on from its planned date.")
        elif self.row.certainty == "booked":
            yield Step("R5", f"It is booked on {self._weekday(self._day('effective'))}; a booking does not move by itself.")

    def _state(self) -> Iterator[Step]:
        for flag in self.row.flags:
            code, _, value = flag.partition(":")
            rule, text = FLAG_REASONS[code]
            yield Step(rule, text.format(value=value))
        status = StatusCode(STATUS_NAMES.index(self.row.status))
        yield Step("R14", f"On {day_date(self.schedule.as_of_day(self.subject))} its status is {STATUS_NAMES[status]}.")
        yield Step("R15", _CERTAINTY_WORDS[CertaintyCode(CERTAINTY_NAMES.index(self.row.certainty))])

    def _source(self) -> Iterator[Step]:
        parts = ", ".join(f"{part} {source}" for part, source in self.shape.source.items())
        if len(set(self.shape.source.values())) == 1:
            parts = next(iter(self.shape.source.values()))
        text = f"Where it comes from: {parts}."
        yield Step("source", text + (f" {self.shape.rationale}" if self.shape.rationale else ""))

    # --- words ---

    def _day(self, name: str) -> int | None:
        day = int(getattr(self.schedule, name)[self.slot.index, self.subject])
        return None if day < EARLIEST_REAL_DAY else day

    def _weekday(self, day: int | None) -> str:
        return "no date" if day is None else f"{day_date(day):%a %Y-%m-%d}"


_CERTAINTY_WORDS = {
    CertaintyCode.FIXED: "The date is fixed: it happened, or all it is counted from has.",
    CertaintyCode.BOOKED: "The date is booked.",
    CertaintyCode.STALE: "The date is stale: something it is counted from is overdue or on hold, so it can only be later.",
    CertaintyCode.PROJECTED: "The date is projected: something it is counted from has not happened yet.",
}


def _days(count: int) -> str:
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
