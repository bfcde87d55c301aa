"""Fitted facts as a cohort's arrays: the same as ``planner.schedule.cohort_facts.cohort_of`` makes of the same facts, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

import numpy as np
from numpy.typing import NDArray

from planner.records.facts.kinds import Kind
from planner.records.fold.fitting import FittedFacts, KindFacts
from planner.records.fold.folded import BookingDetails
from planner.records.fold.plan_words import HOLD_MODES
from planner.records.fold.stays import rank_in_runs
from planner.schedule.cohort import Bools, Codes, Cohort, Holds
from planner.schedule.cohort_facts import OPEN_RESUME
from planner.schedule.days import NO_DAY, Days


def fitted_cohort(fitted: FittedFacts, subjects: tuple[str, ...], start: Days, calendar: NDArray[np.int32] | None) -> Cohort:
    """The cohort of the subjects with these numbers, start days and calendars, in the order of the columns of ``fitted``."""
    return _Arrays(fitted, len(subjects)).cohort(subjects, start, calendar)


def hold_resumes(fitted: FittedFacts) -> Days:
    """The resume day of each hold of ``fitted`` (``NO_DAY``: none): of the end recorded for it, else of the hold itself."""
    facts, holds = fitted.facts, fitted.kinds[Kind.HOLD_STARTED]
    resume = facts.until_day[holds.index].copy()
    ends = fitted.hold_ends
    of_hold = facts.row[holds.index].astype(np.int64) << 32 | facts.refers[holds.index]
    of_end = facts.row[ends].astype(np.int64) << 32 | facts.refers[ends]
    order = np.argsort(of_end, kind="stable")
    if len(order):
        place = order[np.minimum(np.searchsorted(of_end, of_hold, sorter=order), len(order) - 1)]
        resume = np.where(of_end[place] == of_hold, facts.day[ends[place]], resume)
    return resume


def booking_details(fitted: FittedFacts) -> dict[tuple[int, int], BookingDetails]:
    """(slot, subject) to what its booking says besides day and time, of those that say something. Raises FactTableError."""
    booked = fitted.kinds[Kind.BOOKED]
    words = fitted.facts.details[booked.index]
    said = {word: _details(fitted.facts.details_of(word)) for word in np.unique(words).tolist()}
    entries = zip(booked.target.tolist(), booked.column.tolist(), words.tolist(), strict=True)
    return {(slot, column): found for slot, column, word in entries if (found := said[word]) is not None}


def _details(given: Mapping[str, object]) -> BookingDetails | None:
    minutes, resource = given.get("minutes"), str(given.get("resource", ""))
    return BookingDetails(minutes if type(minutes) is int else None, resource) if minutes or resource else None


class _Arrays:
    def __init__(self, fitted: FittedFacts, count: int) -> None:
        self.fitted = fitted
        self.plan = fitted.plan
        self.facts = fitted.facts
        self.count = count

    def cohort(self, subjects: tuple[str, ...], start: Days, calendar: NDArray[np.int32] | None) -> Cohort:
        decisions = np.full((len(self.plan.decisions), self.count), -1, dtype=np.int16)
        made = self._of(Kind.DECISION_MADE)
        decisions[made.target, made.column] = made.choice
        booked, booked_at = self._bookings()
        end_day, end_reason = self._ends()
        unscheduled_days, unscheduled_doses = self._unscheduled()
        decision_days = self._days_of(made, len(self.plan.decisions))
        return Cohort(
            subjects=subjects,
            start=start,
            parameters=self.fitted.parameters,
            milestones=self._days_of(self._of(Kind.MILESTONE_SET), len(self.plan.milestones)),
            decisions=decisions,
            decision_days=decision_days,
            calendar=calendar,
            actual=self._actual(decision_days),
            missed=self._marks(self._of(Kind.VISIT_MISSED)),
            booked=booked,
            omitted=self._omitted(),
            routine_care=self._routine_care(),
            holds=self._holds(),
            stops=self._stops(),
            end_day=end_day,
            end_reason=end_reason,
            unscheduled_days=unscheduled_days,
            unscheduled_doses=unscheduled_doses,
            booked_at=booked_at,
        )

    def _of(self, kind: Kind) -> KindFacts:
        return self.fitted.kinds[kind]

    def _no_days(self, rows: int) -> Days:
        return np.full((rows, self.count), NO_DAY, dtype=np.int32)

    def _days_of(self, of: KindFacts, rows: int) -> Days:
        days = self._no_days(rows)
        days[of.target, of.column] = self.facts.day[of.index]
        return days

    def _actual(self, decision_days: Days) -> Days | None:
        """Actual dates; a decision's date is one of its visit, unless that has its own (R11)."""
        done = self._of(Kind.VISIT_DONE)
        if not len(done.index) and not (decision_days != NO_DAY).any():
            return None
        days = self._no_days(len(self.plan.slots))
        for slot, of_decision in zip(self.plan.decision_slot, decision_days, strict=True):
            np.maximum(days[slot], of_decision, out=days[slot])
        days[done.target, done.column] = self.facts.day[done.index]
        return days

    def _marks(self, of: KindFacts) -> Bools | None:
        if not len(of.index):
            return None
        marks = np.zeros((len(self.plan.slots), self.count), dtype=np.bool_)
        marks[of.target, of.column] = True
        return marks

    def _routine_care(self) -> Bools | None:
        done = self._of(Kind.VISIT_DONE)
        routine = done.choice == 1
        return self._marks(KindFacts(done.index[routine], done.column[routine], done.target[routine], done.choice[routine]))

    def _bookings(self) -> tuple[Days | None, Mapping[tuple[int, int], time]]:
        booked = self._of(Kind.BOOKED)
        if not len(booked.index):
            return None, {}
        timed = booked.choice >= 0
        minutes = booked.choice[timed].tolist()
        times = {minute: time(*divmod(minute, 60)) for minute in set(minutes)}
        places = zip(booked.target[timed].tolist(), booked.column[timed].tolist(), strict=True)
        return self._days_of(booked, len(self.plan.slots)), dict(zip(places, map(times.__getitem__, minutes), strict=True))

    def _omitted(self) -> NDArray[np.uint64] | None:
        omitted = self._of(Kind.ACTIVITY_OMITTED)
        if not len(omitted.index):
            return None
        masks = np.zeros((len(self.plan.slots), self.count), dtype=np.uint64)
        np.bitwise_or.at(masks, (omitted.target, omitted.column), np.uint64(1) << omitted.choice.astype(np.uint64))
        return masks

    def _holds(self) -> Holds | None:
        of = self._of(Kind.HOLD_STARTED)
        if not len(of.index):
            return None
        first, resume = self.facts.day[of.index], hold_resumes(self.fitted)
        # Facts in force stand by their origin, which settles holds that begin on one day.
        order = np.lexsort((of.index, first, of.column))
        column = of.column[order]
        rank = rank_in_runs(column)
        shape = (int(rank.max()) + 1, self.count)
        is_open = (resume == NO_DAY)[order]
        holds = Holds(
            np.full(shape, NO_DAY, dtype=np.int32),
            np.full(shape, NO_DAY, dtype=np.int32),
            np.zeros(shape, dtype=np.uint32),
            np.zeros(shape, dtype=np.bool_),
            np.zeros(shape, dtype=np.bool_),
        )
        holds.first_day[rank, column] = first[order]
        holds.resume[rank, column] = np.where(is_open, OPEN_RESUME, resume[order])
        holds.doses[rank, column] = of.target[order].astype(np.uint32)
        holds.skip[rank, column] = (of.choice[order] == HOLD_MODES.index("skip")) & ~is_open
        holds.without_end[rank, column] = is_open
        return holds

    def _stops(self) -> Days | None:
        stopped = self._of(Kind.TREATMENT_STOPPED)
        if not len(stopped.index):
            return None
        never = np.iinfo(np.int32).max
        days = np.full((len(self.plan.doses), self.count), never, dtype=np.int32)
        for dose in range(len(self.plan.doses)):
            here = (stopped.target >> dose & 1).astype(np.bool_)
            np.minimum.at(days[dose], stopped.column[here], self.facts.day[stopped.index[here]])
        return np.where(days == never, NO_DAY, days)

    def _ends(self) -> tuple[Days | None, Codes | None]:
        left = self._of(Kind.LEFT_STUDY)
        if not len(left.index):
            return None, None
        reasons = np.full(self.count, -1, dtype=np.int16)
        reasons[left.column] = left.choice
        return self._days_of(left, 1)[0], reasons

    def _unscheduled(self) -> tuple[Days | None, NDArray[np.uint32] | None]:
        of = self._of(Kind.UNSCHEDULED_VISIT)
        given = np.flatnonzero(self.facts.item[of.index] != 0)
        if not len(given):
            return None, None
        given = given[np.argsort(of.column[given], kind="stable")]
        column = of.column[given]
        rank = rank_in_runs(column)
        days = self._no_days(int(rank.max()) + 1)
        doses = np.zeros(days.shape, dtype=np.uint32)
        days[rank, column] = self.facts.day[of.index[given]]
        doses[rank, column] = of.target[given].astype(np.uint32)
        return days, doses
