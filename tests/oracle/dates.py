"""Existence, nominal date, window and planned date (R2 to R6, R16)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from planner.protocol.durations import Duration
from planner.protocol.model import DoseReference, FirstMemberReference, RepeatEvery, RepeatUntil, Term
from tests.oracle.answers import Found, Nominal, Placed, once
from tests.oracle.calendars import ONE_DAY
from tests.oracle.slots import Slot


class Dates:
    """Where a visit stands by the protocol."""

    @once
    def exists(self, slot: Slot) -> bool:
        """Whether the slot is a visit of this subject, its own actual date apart."""
        shape = slot.shape
        if not slot.within_count or not self.parameters.all_hold(shape.when):
            return False
        only_parameters = all(key.about == "parameter" for key in shape.unless)
        if shape.unless and only_parameters and self.parameters.all_hold(shape.unless):
            return False
        if slot.accompanied is not None:
            return self.exists(slot.accompanied)
        if isinstance(slot.definition.repeat, RepeatUntil):
            return self._before_the_limit(slot, slot.definition.repeat.until)
        return True

    def _before_the_limit(self, slot: Slot, until: Term) -> bool:
        if slot.position == 1 and isinstance(until.reference, FirstMemberReference):
            return True
        before = self.slot_before(slot)
        if before is not None and not (self.exists(before) or self.done(before)):
            return False
        nominal = self.nominal(slot).day
        found = self.look_up(until.reference, slot)
        if nominal is None or found.day is None:
            return False
        return nominal <= self._add(found.day, until, slot)

    def _add(self, day: date, term: Term, slot: Slot) -> date:
        offset = term.offset
        times = offset.sign * ((slot.number or 0) if offset.times_number else 1)
        return self.calendar.add(day, self.parameters.duration(offset.duration).times(times), slot.shape.on)

    @once
    def nominal(self, slot: Slot) -> Nominal:
        """The protocol-exact date."""
        shape = slot.shape
        if shape.start:
            return Nominal(self.recorded_day(slot) or self.facts.start)
        if shape.is_milestone is not None:
            found = self._milestone(shape.is_milestone, slot)
            return Nominal(found.day, None, found)
        terms = [(term, self.look_up(term.reference, slot)) for term in shape.anchor]
        missing = [found for _, found in terms if found.milestone_missing]
        if missing:
            return Nominal(None, None, next((found for found in missing if found.milestone), missing[0]))
        dated = [(self._with_steps(self._add(found.day, term, slot), slot), term, found) for term, found in terms if found.day]
        if not dated:
            return Nominal(None)
        latest = max(day for day, _, _ in dated)
        return next(Nominal(day, term, found) for day, term, found in dated if day == latest)

    def _with_steps(self, day: date, slot: Slot) -> date:
        repeat = slot.definition.repeat
        if not isinstance(repeat, RepeatEvery):
            return day
        each = [step.duration for step in repeat.steps for _ in range(step.count)]
        total = Duration()
        for duration in each[: slot.position]:
            total = total.plus(duration)
        return self.calendar.add(day, total, slot.shape.on)

    def _edge(self, slot: Slot, edge: Duration) -> date | None:
        nominal = self.nominal(slot)
        if nominal.day is None or slot.shape.start or slot.shape.is_milestone is not None:
            return nominal.day
        counted_from = nominal.found.day if slot.shape.window.counted_from == "anchor" else nominal.day
        assert counted_from is not None
        return self.calendar.add(counted_from, edge, slot.shape.on)

    @once
    def earliest(self, slot: Slot) -> date | None:
        """The first day of the window."""
        return self._edge(slot, slot.shape.window.earliest)

    @once
    def latest(self, slot: Slot) -> date | None:
        """The last day of the window."""
        return self._edge(slot, slot.shape.window.latest)

    def is_open(self, slot: Slot, day: date) -> bool:
        """Whether the visit can take place on ``day``, ``open_also`` included."""
        on = slot.shape.on
        later = (extra.days for extra in slot.shape.open_also if self.parameters.all_hold(extra.condition))
        return self.calendar.is_open(on, day) and all(self.calendar.is_open(on, day + timedelta(days=days)) for days in later)

    def _not_before(self, slot: Slot, as_done: bool) -> list[tuple[date, Found]]:
        bounds = []
        for term in slot.shape.not_before:
            reference = term.reference
            if isinstance(reference, DoseReference) and reference.which == "previous":
                found = self._previous_dose(reference.doses, slot, as_done)
            else:
                found = self.look_up(reference, slot)
            if found.day is not None:
                bounds.append((self._add(found.day, term, slot), found))
        return bounds

    def _place(self, slot: Slot, bounds: Iterable[date]) -> Placed:
        nominal = self.nominal(slot).day
        if nominal is None or slot.shape.start or slot.shape.is_milestone is not None:
            return Placed(nominal)
        earliest, latest = self.earliest(slot), self.latest(slot)
        assert earliest is not None and latest is not None
        bound = max(bounds, default=date.min)
        lowest = max(earliest, bound)
        if slot.shape.with_series is not None:
            riding = [(self.effective(s), s) for s in self.in_series(slot.shape.with_series) if self.member(s)]
            riding = [(day, s) for day, s in riding if day is not None and lowest <= day <= latest]
            if riding:
                best = min((day for day, _ in riding), key=lambda day: self._distance(day, nominal))
                return Placed(best, next(s for day, s in riding if day == best))
        if nominal >= bound and self.is_open(slot, nominal):
            return Placed(nominal)
        inside = [lowest + timedelta(days=k) for k in range((latest - lowest).days + 1)]
        inside = [day for day in inside if self.is_open(slot, day)]
        if inside:
            return Placed(self._best(slot, inside, nominal))
        day = max(nominal, bound)
        while not self.is_open(slot, day):
            day += ONE_DAY
        window = (earliest + timedelta(days=k) for k in range((latest - earliest).days + 1))
        any_open = any(self.is_open(slot, other) for other in window)
        return Placed(day, None, "constraint_breaks_window" if any_open else "no_open_day_in_window")

    @staticmethod
    def _distance(day: date, nominal: date) -> tuple[int, int]:
        return abs((day - nominal).days), -(day - nominal).days

    def _best(self, slot: Slot, days: list[date], nominal: date) -> date:
        later, earlier = [day for day in days if day > nominal], [day for day in days if day < nominal]
        if slot.shape.roll == "next":
            return min(later) if later else max(earlier)
        if slot.shape.roll == "previous":
            return max(earlier) if earlier else min(later)
        return min(days, key=lambda day: self._distance(day, nominal))
