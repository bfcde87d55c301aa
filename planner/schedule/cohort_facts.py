"""From facts about subjects to a cohort's arrays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

import numpy as np

from planner.protocol.plan import Plan
from planner.schedule.codes import END_REASONS
from planner.schedule.cohort import Cohort, Holds
from planner.schedule.days import NO_DAY, Days, day_number
from planner.schedule.fact_faults import FactErrors, faults_of, parameter_codes
from planner.schedule.facts import Hold, SubjectFacts
from planner.schedule.visit_ids import slot_of

OPEN_RESUME = np.int32(2**29)
"""The resume day of a hold that has none: later than every day."""


def checked_cohort(plan: Plan, facts: Sequence[SubjectFacts], as_of: date, calendar_names: Sequence[str] = ()) -> Cohort:
    """The cohort of these subjects; raises FactErrors with every fault of every subject (R18)."""
    faults = tuple(fault for subject in facts for fault in faults_of(plan, subject, as_of))
    if faults:
        raise FactErrors(faults)
    return cohort_of(plan, facts, calendar_names)


def cohort_of(plan: Plan, facts: Sequence[SubjectFacts], calendar_names: Sequence[str] = ()) -> Cohort:
    """The cohort of subjects whose facts have been checked; ``calendar_names`` are those that ``facts.calendar`` may name."""
    return _CohortBuilder(plan, facts, calendar_names).cohort()


class _CohortBuilder:
    def __init__(self, plan: Plan, facts: Sequence[SubjectFacts], calendar_names: Sequence[str]) -> None:
        self.plan = plan
        self.facts = facts
        self.calendar_names = list(calendar_names)
        self.codes = [parameter_codes(plan, subject) for subject in facts]
        self.count = len(facts)

    def cohort(self) -> Cohort:
        plan, facts = self.plan, self.facts
        decisions = np.full((len(plan.decisions), self.count), -1, dtype=np.int16)
        decision_days = self._no_days(len(plan.decisions))
        milestones = self._no_days(len(plan.milestones))
        for column, subject in enumerate(facts):
            for row, name in enumerate(plan.milestones):
                if name in subject.milestones:
                    milestones[row, column] = day_number(subject.milestones[name])
            for row, name in enumerate(plan.decisions):
                made = subject.decisions.get(name)
                if made is not None:
                    choices = [choice.name for choice in plan.protocol.decisions[name].choices]
                    decisions[row, column] = choices.index(made.choice)
                    decision_days[row, column] = NO_DAY if made.day is None else day_number(made.day)
        booked, booked_at = self._bookings()
        unscheduled = self._unscheduled()
        return Cohort(
            subjects=tuple(subject.subject for subject in facts),
            start=np.array([day_number(subject.start) for subject in facts], dtype=np.int32),
            parameters=np.array(self.codes, dtype=np.int16).reshape(self.count, len(plan.parameters)).T.copy(),
            milestones=milestones,
            decisions=decisions,
            decision_days=decision_days,
            calendar=self._calendars(),
            actual=self._actual(),
            missed=self._marks([subject.missed for subject in facts]),
            booked=booked,
            omitted=self._omitted(),
            routine_care=self._marks([subject.routine_care for subject in facts]),
            holds=self._holds(),
            stops=self._stops(),
            end_day=self._end_days(),
            end_reason=self._end_reasons(),
            unscheduled_days=None if unscheduled is None else unscheduled[0],
            unscheduled_doses=None if unscheduled is None else unscheduled[1],
            booked_at=booked_at,
        )

    def _no_days(self, rows: int) -> Days:
        return np.full((rows, self.count), NO_DAY, dtype=np.int32)

    def _slot(self, column: int, visit: str) -> int:
        slot = slot_of(self.plan, visit, self.codes[column])
        if slot is None:
            raise KeyError(visit)
        return slot.index

    def _calendars(self) -> np.ndarray[tuple[int], np.dtype[np.int32]] | None:
        if len(self.calendar_names) < 2:
            return None
        return np.array(
            [0 if subject.calendar is None else self.calendar_names.index(subject.calendar) for subject in self.facts], dtype=np.int32
        )

    def _actual(self) -> Days | None:
        """Actual dates; a decision's date is one of its visit, unless that has its own (R11)."""
        days = self._no_days(len(self.plan.slots))
        for column, subject in enumerate(self.facts):
            for name, made in subject.decisions.items():
                if made.day is not None:
                    slot = self.plan.decision_slot[self.plan.decisions.index(name)]
                    days[slot, column] = max(int(days[slot, column]), day_number(made.day))
            for visit, day in subject.actual.items():
                days[self._slot(column, visit), column] = day_number(day)
        return days if (days != NO_DAY).any() else None

    def _marks(self, visits: Sequence[object]) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]] | None:
        if not any(visits):
            return None
        marks = np.zeros((len(self.plan.slots), self.count), dtype=np.bool_)
        for column, names in enumerate(visits):
            for visit in names:  # type: ignore[attr-defined]
                marks[self._slot(column, visit), column] = True
        return marks

    def _bookings(self) -> tuple[Days | None, dict[tuple[int, int], time]]:
        if not any(subject.booked for subject in self.facts):
            return None, {}
        days = self._no_days(len(self.plan.slots))
        times = {}
        for column, subject in enumerate(self.facts):
            for visit, booking in subject.booked.items():
                slot = self._slot(column, visit)
                days[slot, column] = day_number(booking.day)
                if booking.at is not None:
                    times[slot, column] = booking.at
        return days, times

    def _omitted(self) -> np.ndarray[tuple[int, int], np.dtype[np.uint64]] | None:
        if not any(subject.omitted for subject in self.facts):
            return None
        masks = np.zeros((len(self.plan.slots), self.count), dtype=np.uint64)
        for column, subject in enumerate(self.facts):
            for visit, activity in subject.omitted:
                masks[self._slot(column, visit), column] |= np.uint64(1 << self.plan.activities.index(activity))
        return masks

    def _holds(self) -> Holds | None:
        most = max((len(subject.holds) for subject in self.facts), default=0)
        if not most:
            return None
        shape = (most, self.count)
        holds = Holds(
            np.full(shape, NO_DAY, dtype=np.int32),
            np.full(shape, NO_DAY, dtype=np.int32),
            np.zeros(shape, dtype=np.uint32),
            np.zeros(shape, dtype=np.bool_),
            np.zeros(shape, dtype=np.bool_),
        )
        for column, subject in enumerate(self.facts):
            for row, hold in enumerate(sorted(subject.holds, key=lambda hold: hold.first_day)):
                self._put_hold(holds, row, column, hold)
        return holds

    def _put_hold(self, holds: Holds, row: int, column: int, hold: Hold) -> None:
        holds.first_day[row, column] = day_number(hold.first_day)
        holds.resume[row, column] = OPEN_RESUME if hold.resume is None else day_number(hold.resume)
        holds.doses[row, column] = self.plan.dose_mask(hold.stream)
        holds.skip[row, column] = hold.mode == "skip" and hold.resume is not None
        holds.without_end[row, column] = hold.resume is None

    def _stops(self) -> Days | None:
        if not any(subject.stops for subject in self.facts):
            return None
        days = self._no_days(len(self.plan.doses))
        for column, subject in enumerate(self.facts):
            for stop in subject.stops:
                mask = self.plan.dose_mask(stop.stream)
                for dose in range(len(self.plan.doses)):
                    if mask >> dose & 1:
                        known = days[dose, column]
                        day = np.int32(day_number(stop.day))
                        days[dose, column] = day if known == NO_DAY else min(known, day)
        return days

    def _end_days(self) -> Days | None:
        if not any(subject.end for subject in self.facts):
            return None
        return np.array([NO_DAY if subject.end is None else day_number(subject.end.day) for subject in self.facts], dtype=np.int32)

    def _end_reasons(self) -> np.ndarray[tuple[int], np.dtype[np.int16]] | None:
        if not any(subject.end for subject in self.facts):
            return None
        return np.array([-1 if subject.end is None else END_REASONS.index(subject.end.reason) for subject in self.facts], dtype=np.int16)

    def _unscheduled(self) -> tuple[Days, np.ndarray[tuple[int, int], np.dtype[np.uint32]]] | None:
        most = max((len(subject.unscheduled) for subject in self.facts), default=0)
        if not most:
            return None
        days = self._no_days(most)
        doses = np.zeros((most, self.count), dtype=np.uint32)
        for column, subject in enumerate(self.facts):
            for row, dose in enumerate(subject.unscheduled):
                days[row, column] = day_number(dose.day)
                doses[row, column] = self.plan.dose_mask(dose.stream)
        return days, doses
