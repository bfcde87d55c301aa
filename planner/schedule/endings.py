"""Stops and ends (R13), the choices that cause them (R11), and whom they reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.protocol.plan import EndsRule, Test
from planner.schedule.block import Block
from planner.schedule.codes import END_REASONS
from planner.schedule.days import EARLIEST_REAL_DAY, Days
from planner.schedule.masks import Mask, as_array, both, either, simplified

if TYPE_CHECKING:
    from planner.schedule.visit import SlotState

NEVER = np.int32(2**30)
"""Later than every day: not stopped, not ended."""


class Endings:
    """For each dose the day it is stopped, and the day the subject's study ends, as a given slot sees them."""

    def __init__(self, block: Block, states: list[SlotState]) -> None:
        """``states`` are those of the walk, filled as it goes on."""
        self._block = block
        self._states = states
        self._decision_days: dict[int, Days] = {}
        self._ending_days_known: dict[tuple[int, int, bool], Days | None] = {}
        self._chosen = [(rule, block.decisions_hold((_exactly(block, rule),))) for rule in block.plan.ends]
        self._chosen = [(rule, mask) for rule, mask in self._chosen if mask is not False]
        cohort = block.cohort
        self._stops: list[Days | None] = [
            None if cohort.stops is None or not (cohort.stops[dose] > EARLIEST_REAL_DAY).any() else _or_never(cohort.stops[dose])
            for dose in range(len(block.plan.doses))
        ]
        self._end = None if cohort.end_day is None or not (cohort.end_day > EARLIEST_REAL_DAY).any() else _or_never(cohort.end_day)
        self.anything = bool(self._chosen) or self._end is not None or any(stop is not None for stop in self._stops)

    def decision_days(self, decision: int) -> Days:
        """The date of each subject's decision: given, else its visit's effective date, once that is walked (R11)."""
        days = self._decision_days.get(decision)
        if days is None:
            given = self._block.cohort.decision_days[decision]
            visit = self._states[self._block.plan.decision_slot[decision]].effective
            days = self._decision_days[decision] = np.where(given > EARLIEST_REAL_DAY, given, visit)
        return days

    def stop_day(self, dose: int, slot: int) -> Days | None:
        """The first day from which dose ``dose`` (an index) is stopped as ``slot`` sees it; None if never."""
        days = self._stops[dose]
        if not self._block.plan.drugs >> dose & 1:
            return days
        for rule, mask in self._chosen:
            if not rule.everything:
                days = _earlier(days, self._ending_days(rule, mask, slot))
        return days

    def end_day(self, slot: int) -> Days | None:
        """The day the subject's study ends as ``slot`` sees it; None if it does not."""
        days = self._end
        for rule, mask in self._chosen:
            if rule.everything:
                days = _earlier(days, self._ending_days(rule, mask, slot))
        return days

    def end_day_of_reminders(self) -> Days | None:
        """The same for reminders, which stay after a withdrawal (R13) and so after any choice that ends everything."""
        reason = self._block.cohort.end_reason
        if self._end is None or reason is None:
            return self._end
        return np.where(reason == END_REASONS.index("withdrawn"), NEVER, self._end)

    def all_stopped(self, doses: int) -> Mask:
        """Where every dose of the bit mask has been stopped by a recorded fact: only actual doses count then (R13)."""
        if not self.anything:
            return False
        ended: Mask = False if self._end is None else self._end < NEVER
        stopped: Mask = True
        recorded = [(rule, both(mask, self._recorded(rule))) for rule, mask in self._chosen]
        for dose in range(len(self._block.plan.doses)):
            if not doses >> dose & 1:
                continue
            days = self._stops[dose]
            here: Mask = False if days is None else days < NEVER
            if self._block.plan.drugs >> dose & 1:
                for rule, mask in recorded:
                    here = either(here, False if rule.everything else mask)
            stopped = both(stopped, here)
        for rule, mask in recorded:
            if rule.everything:
                ended = either(ended, mask)
        combined = either(stopped, ended)
        return combined if isinstance(combined, bool) else simplified(combined)

    def _recorded(self, rule: EndsRule) -> Mask:
        """Where the ending decision rests on a recorded day: its own, or its visit's actual date."""
        given = self._block.cohort.decision_days[rule.decision] > EARLIEST_REAL_DAY
        actual = self._block.actual(self._block.plan.decision_slot[rule.decision])
        return simplified(given if actual is None else given | (actual > EARLIEST_REAL_DAY))

    def _ending_days(self, rule: EndsRule, mask: Mask, slot: int) -> Days | None:
        """The days on which the rule's choice ends something, ``NEVER`` elsewhere; what has no date given reaches only its own."""
        key = (rule.decision, rule.choice, slot in rule.reaches)
        if key not in self._ending_days_known:
            days = self.decision_days(rule.decision) if key[2] else self._block.cohort.decision_days[rule.decision]
            known = both(mask, simplified(days > EARLIEST_REAL_DAY))
            self._ending_days_known[key] = None if known is False else np.where(as_array(known, self._block.count), days, NEVER)
        return self._ending_days_known[key]


def _exactly(block: Block, rule: EndsRule) -> Test:
    name = block.plan.decisions[rule.decision]
    choices = block.plan.protocol.decisions[name].choices
    return Test(rule.decision, tuple(code == rule.choice for code in range(len(choices))))


def _or_never(days: Days) -> Days:
    return np.where(days > EARLIEST_REAL_DAY, days, NEVER)


def _earlier(one: Days | None, other: Days | None) -> Days | None:
    if one is None or other is None:
        return other if one is None else one
    return np.minimum(one, other)
