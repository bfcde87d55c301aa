"""Checks that are broken for good (R19), for all subjects of a walk.

``late`` and ``since`` warn only while a later dose is planned. What was broken then stays a deviation: for a ``since`` a later dose given
counts like one that is planned, for a ``late`` any later visit of the series that the subject's parameters give, whatever became of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.protocol.model import AgeCheck, BetweenCheck, Check, IntervalCheck, LateCheck, OrderCheck, SinceCheck
from planner.protocol.plan import CheckRule, Plan
from planner.records.lists.deviation_keys import DeviationKind
from planner.records.lists.deviation_rows import Side
from planner.schedule.checks import BREACH, UNSCHEDULED, PairColumn, columns, plus
from planner.schedule.days import EARLIEST_REAL_DAY, NO_DAY, Days
from planner.schedule.fractions import fraction_checks
from planner.schedule.masks import as_array, both, either
from planner.schedule.walk import Walk

_FAR = np.int32(2**30)


@dataclass(frozen=True, slots=True)
class BrokenCheck:
    """One pair of dates that breaks a check for one subject of the walk."""

    check: Check
    kind: DeviationKind
    subject: int
    first: str | int
    """A reference as written, a slot, or ``UNSCHEDULED``."""
    second: str | int
    first_day: int
    """``NO_DAY`` for a check of age."""
    second_day: int
    day: int
    """When it broke: the second day; where only waiting broke it so far, the first day over the limit."""
    days: int | None
    """By how many days the limit is missed."""
    side: Side
    named_by: tuple[str, ...]
    """Which of ``first`` and ``second`` tell this pair from others of the same check, for good."""


def kind_of_check(plan: Plan, check: str) -> DeviationKind | None:
    """What a breach of a check is; None if the plan has no such check."""
    found = next((rule.check for rule in plan.checks if rule.check.id == check), None)
    return None if found is None else _kind(plan, found)


def _kind(plan: Plan, check: Check) -> DeviationKind:
    if isinstance(check, OrderCheck):
        return DeviationKind.ORDER
    if isinstance(check, AgeCheck):
        return DeviationKind.AGE
    return DeviationKind.FRACTIONS if check.id in fraction_checks(plan) else DeviationKind.INTERVAL


def broken_checks(walk: Walk) -> Iterator[BrokenCheck]:
    """Every broken pair of every check."""
    plan = walk.block.plan
    for rule in plan.checks:
        if isinstance(rule.check, LateCheck):
            yield from _late(walk, rule, rule.check)
        elif isinstance(rule.check, SinceCheck):
            yield from _since(walk, rule, rule.check)
    others = {rule.check.id for rule in plan.checks if not isinstance(rule.check, LateCheck)}
    for column in columns(walk, others):
        yield from _breaches(plan, column)


def _breaches(plan: Plan, column: PairColumn) -> Iterator[BrokenCheck]:
    check = column.check
    strict = isinstance(check, IntervalCheck | BetweenCheck) and check.bound in ("more_than", "less_than")
    for subject in np.flatnonzero(column.results == BREACH).tolist():
        first, second = _giver(column.first, subject), _giver(column.second, subject)
        day, limit = int(column.second_days[subject]), int(column.limit_days[subject])
        yield BrokenCheck(
            check=check,
            kind=_kind(plan, check),
            subject=subject,
            first=first,
            second=second,
            first_day=int(column.first_days[subject]),
            second_day=day,
            day=limit + 1 if isinstance(check, SinceCheck) else day,
            days=None if isinstance(check, AgeCheck) else abs(day - limit) + strict,
            side=_side(check),
            named_by=_named_by(check, second),
        )


def _giver(giver: str | NDArray[np.int32], subject: int) -> str | int:
    return giver if isinstance(giver, str) else int(giver[subject])


def _side(check: Check) -> Side:
    if isinstance(check, OrderCheck):
        return "early"
    if isinstance(check, IntervalCheck | BetweenCheck):
        return "late" if check.bound in ("at_most", "less_than") else "early"
    return "" if isinstance(check, AgeCheck) else "late"


def _named_by(check: Check, second: str | int) -> tuple[str, ...]:
    if isinstance(check, BetweenCheck):
        return "first", "second"
    if isinstance(check, SinceCheck):
        return ("first",)
    return () if isinstance(second, str) else ("second",)


def _late(walk: Walk, rule: CheckRule, check: LateCheck) -> Iterator[BrokenCheck]:
    """Members done later than allowed, but for the last of the series: a later one is enough, whatever became of it."""
    count = walk.block.count
    last = np.full(count, NO_DAY, dtype=np.int32)
    last_position = np.zeros(count, dtype=np.int32)
    for index in rule.members:
        state = walk.states[index]
        # One that was cancelled, missed or skipped since does not undo that the dose before it was late.
        here = as_array(either(state.exists, state.done), count)
        last = np.maximum(last, np.where(here, state.effective, NO_DAY))
        last_position = np.maximum(last_position, np.where(here, walk.block.plan.slots[index].position, 0))
    for index in rule.members:
        state, nominal = walk.states[index], walk.out.nominal[index]
        limit = plus(nominal, check.duration)
        over = as_array(both(state.done, state.member), count) & (nominal > EARLIEST_REAL_DAY) & (state.effective > limit)
        followed = (last > state.effective) | (last_position > walk.block.plan.slots[index].position)
        for subject in np.flatnonzero(over & followed).tolist():
            yield BrokenCheck(
                check,
                DeviationKind.INTERVAL,
                subject,
                index,
                index,
                int(nominal[subject]),
                int(state.effective[subject]),
                int(state.effective[subject]),
                int(state.effective[subject] - limit[subject]),
                "late",
                ("second",),
            )


def _since(walk: Walk, rule: CheckRule, check: SinceCheck) -> Iterator[BrokenCheck]:
    """Neighbouring doses given that lie further apart than allowed."""
    days, givers = _doses_given(walk, rule)
    for pair in range(len(days) - 1):
        first, second = days[pair], days[pair + 1]
        limit = plus(first, check.duration)
        for subject in np.flatnonzero((second < _FAR) & (second > limit)).tolist():
            yield BrokenCheck(
                check,
                DeviationKind.INTERVAL,
                subject,
                int(givers[pair, subject]),
                int(givers[pair + 1, subject]),
                int(first[subject]),
                int(second[subject]),
                int(second[subject]),
                int(second[subject] - limit[subject]),
                "late",
                ("first",),
            )


def _doses_given(walk: Walk, rule: CheckRule) -> tuple[Days, NDArray[np.int32]]:
    """(dose, subject): the days of the doses given, by date, very late where a subject has fewer; and the slots that gave them."""
    count = walk.block.count
    found: list[Days] = []
    givers: list[int] = []
    for index in rule.members:
        state = walk.states[index]
        given = as_array(both(both(state.done, state.member), state.gives_any(rule.doses)), count)
        if given.any():
            found.append(np.where(given, state.effective, _FAR))
            givers.append(index)
    for days, here in walk.unscheduled(rule.doses):
        found.append(np.where(as_array(here, count), days, _FAR))
        givers.append(UNSCHEDULED)
    if not found:
        return np.zeros((0, count), dtype=np.int32), np.zeros((0, count), dtype=np.int32)
    stacked = np.stack(found)
    order = np.argsort(stacked, axis=0, kind="stable")
    return np.take_along_axis(stacked, order, axis=0), np.array(givers, dtype=np.int32)[order]
