"""The protocol's checks (R19): intervals, orders, lateness and age, each with both dates and by how much.

Checks look at the same walk that made the dates, so that "the last fraction" is the same visit in both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from planner.protocol.durations import Duration
from planner.protocol.model import AgeCheck, BetweenCheck, Bound, Check, IntervalCheck, LateCheck, OrderCheck, SinceCheck
from planner.protocol.plan import CheckRule
from planner.protocol.said import said
from planner.schedule.codes import CertaintyCode
from planner.schedule.days import EARLIEST_REAL_DAY, NO_DAY, Days, add_months, day_date
from planner.schedule.masks import Mask, as_array, both, but_not, either
from planner.schedule.reference_value import ReferenceValue
from planner.schedule.schedule import Schedule
from planner.schedule.visit_ids import visit_id
from planner.schedule.walk import Walk
from planner.schedule.walks import walk_of

Result = Literal["passed", "breach", "warning", "cannot_tell", "not_evaluated"]

PASSED, BREACH, WARNING, CANNOT_TELL, NOT_EVALUATED = range(5)
RESULTS: tuple[Result, ...] = ("passed", "breach", "warning", "cannot_tell", "not_evaluated")
AS_OF = -1
"""Stands for the as-of day where a slot index is asked for."""
UNSCHEDULED = -2
"""Stands for an unscheduled dose."""
BETWEEN_BOUNDS: dict[Bound, str] = {"at_most": "at most", "less_than": "less than", "at_least": "at least", "more_than": "more than"}


@dataclass(frozen=True, eq=False)
class PairColumn:
    """One pair of dates of one check, for all subjects: days, results, and who gave them (a text, or slot indexes)."""

    check: Check
    first: str | NDArray[np.int32]
    second: str | NDArray[np.int32]
    first_days: Days
    second_days: Days
    limit_days: Days
    """The day that ``second`` is compared with."""
    results: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check says about one subject's pair of dates."""

    subject: str
    check: str
    label: str
    first: str
    second: str
    first_day: date | None
    second_day: date | None
    days: int | None
    limit: str
    limit_day: date | None
    result: Result
    strict: bool = False
    """The limit day itself is over the limit (more than, less than)."""

    @property
    def over_by(self) -> int | None:
        """By how many days the limit is missed; None unless it is a breach or a warning with a limit day."""
        if self.result not in ("breach", "warning") or self.second_day is None or self.limit_day is None:
            return None
        return abs((self.second_day - self.limit_day).days) + self.strict


def findings(schedule: Schedule, subjects: Sequence[int] | None = None) -> list[Finding]:
    """The findings of some or all subjects, by subject, then in the file's order; pairs that do not exist are left out."""
    chosen = range(len(schedule.cohort)) if subjects is None else subjects
    found: list[Finding] = []
    for subject in chosen:
        walk = walk_of(schedule, subject)
        by_check: dict[str, list[Finding]] = {rule.check.id: [] for rule in schedule.plan.checks}
        for column in columns(walk):
            if isinstance(column.second, str) or column.second_days[0] > EARLIEST_REAL_DAY:
                by_check[column.check.id].append(_finding(schedule, subject, column))
        for rule in schedule.plan.checks:
            found.extend(by_check[rule.check.id] or [_nothing_to_check(schedule.cohort.subjects[subject], rule.check)])
    return found


def _nothing_to_check(subject: str, check: Check) -> Finding:
    """Dates are missing: not evaluated, never passed."""
    return Finding(subject, check.id, check.label, "", "", None, None, None, limit_text(check), None, "not_evaluated")


def columns(walk: Walk, only: Collection[str] | None = None) -> Iterator[PairColumn]:
    """Every check's pairs for a walked block (or of the checks named); a ``between`` check has one column per possible pair."""
    for rule in walk.block.plan.checks:
        if only is not None and rule.check.id not in only:
            continue
        match rule.check:
            case OrderCheck():
                yield from _order(walk, rule, rule.check)
            case IntervalCheck():
                yield _interval(walk, rule, rule.check)
            case BetweenCheck():
                yield from _between(walk, rule, rule.check)
            case LateCheck():
                yield from _late(walk, rule, rule.check)
            case SinceCheck():
                yield _since(walk, rule, rule.check)
            case AgeCheck():
                yield _age(walk, rule, rule.check)


def _finding(schedule: Schedule, subject: int, column: PairColumn) -> Finding:
    """The finding of a column that holds one subject."""

    def name(giver: str | NDArray[np.int32]) -> str:
        if isinstance(giver, str):
            return giver
        index = int(giver[0])
        if index < 0:
            return said("as-of day" if index == AS_OF else "unscheduled dose")
        return visit_id(schedule.plan, schedule.plan.slots[index], schedule.cohort.parameters[:, subject].tolist())

    def day(days: Days) -> date | None:
        return None if days[0] < EARLIEST_REAL_DAY else day_date(int(days[0]))

    first, second = day(column.first_days), day(column.second_days)
    return Finding(
        subject=schedule.cohort.subjects[subject],
        check=column.check.id,
        label=column.check.label,
        first=name(column.first),
        second=name(column.second),
        first_day=first,
        second_day=second,
        days=None if first is None or second is None else (second - first).days,
        limit=limit_text(column.check),
        limit_day=day(column.limit_days),
        result=RESULTS[int(column.results[0])],
        strict=isinstance(column.check, IntervalCheck | BetweenCheck) and column.check.bound in ("more_than", "less_than"),
    )


def limit_text(check: Check) -> str:
    """The limit of a check in words: ``at most 14d``."""
    match check:
        case OrderCheck():
            return said("not before")
        case IntervalCheck() | BetweenCheck():
            return said(f"{BETWEEN_BOUNDS[check.bound]} {{duration}}", duration=check.duration)
        case LateCheck() | SinceCheck():
            return said("at most {duration}", duration=check.duration)
        case AgeCheck():
            return said("{lowest} to {highest} years", lowest=check.lowest, highest=check.highest)


def plus(days: Days, duration: Duration) -> Days:
    """``days`` plus months and days (R1)."""
    moved = add_months(days, duration.months) if duration.months else days
    return moved + np.int32(duration.days)


def over_limit(second: Days, limit: Days, bound: Bound) -> NDArray[np.bool_]:
    """Where ``second`` breaks a bound counted to ``limit``."""
    if bound == "at_most":
        return second > limit
    if bound == "less_than":
        return second >= limit
    if bound == "at_least":
        return second < limit
    return second <= limit


def _results(known: Mask, over: NDArray[np.bool_], actual: Mask) -> NDArray[np.uint8]:
    """Passed, breach (all dates actual) or warning; not evaluated where a date is missing."""
    count = len(over)
    results = np.where(over, np.where(as_array(actual, count), BREACH, WARNING), PASSED)
    return np.where(as_array(known, count), results, NOT_EVALUATED).astype(np.uint8)


def _interval(walk: Walk, rule: CheckRule, check: IntervalCheck) -> PairColumn:
    assert rule.start is not None and rule.end is not None
    start, end = walk.checked_reference(rule.start), walk.checked_reference(rule.end)
    known = (start.days > EARLIEST_REAL_DAY) & (end.days > EARLIEST_REAL_DAY)
    limit = plus(start.days, check.duration)
    results = _results(known, over_limit(end.days, limit, check.bound), both(start.settled, end.settled))
    results[_rests_on_an_unrecorded_day(walk, start, end) & (results == PASSED)] = NOT_EVALUATED
    return PairColumn(check, check.start_text, check.end_text, start.days, end.days, limit, results)


def _rests_on_an_unrecorded_day(walk: Walk, start: ReferenceValue, end: ReferenceValue) -> NDArray[np.bool_]:
    """Where one date is actual and the other has passed unrecorded: that one is missing, and a missing date never passes (R19)."""
    count, as_of = walk.block.count, walk.block.as_of
    start_settled, end_settled = as_array(start.settled, count), as_array(end.settled, count)
    missing: NDArray[np.bool_] = (end_settled & ~start_settled & (start.days < as_of)) | (start_settled & ~end_settled & (end.days < as_of))
    return missing


def _order(walk: Walk, rule: CheckRule, check: OrderCheck) -> Iterator[PairColumn]:
    assert rule.start is not None
    start = walk.checked_reference(rule.start)
    if rule.end is not None:
        end = walk.checked_reference(rule.end)
        known = (start.days > EARLIEST_REAL_DAY) & (end.days > EARLIEST_REAL_DAY)
        results = _results(known, end.days < start.days, both(start.settled, end.settled))
        yield PairColumn(check, check.before_text, check.then_text, start.days, end.days, start.days, results)
        return
    yield from _procedures(walk, check, start)


def _procedures(walk: Walk, check: OrderCheck, start: ReferenceValue) -> Iterator[PairColumn]:
    """Each done procedure and unscheduled dose against the first date; of those to come only the ones that would break the order."""
    count = walk.block.count
    routine = walk.block.cohort.routine_care
    every_dose = (1 << len(walk.block.plan.doses)) - 1
    procedures: list[tuple[int, Days, Mask, Mask]] = []
    for state, slot in zip(walk.states, walk.block.plan.slots, strict=True):
        if slot.kind not in ("clinic", "treatment", "imaging") or slot.milestone is not None:
            continue
        done = state.done if routine is None else but_not(state.done, routine[slot.index])
        too_early = both(but_not(state.member, state.done), state.effective < start.days)
        procedures.append((slot.index, state.effective, either(done, too_early), state.done))
    procedures.extend((UNSCHEDULED, days, given, True) for days, given in walk.unscheduled(every_dose))
    for index, days, looked_at, done in procedures:
        if not np.any(looked_at):
            continue
        evaluated = both(looked_at, start.days > EARLIEST_REAL_DAY)
        results = _results(evaluated, days < start.days, both(start.settled, done))
        shown = np.where(as_array(looked_at, count), days, NO_DAY)
        yield PairColumn(check, check.before_text, np.full(count, index, dtype=np.int32), start.days, shown, start.days, results)


def _dated_members(walk: Walk, rule: CheckRule) -> list[tuple[int, Days, Mask, Mask]]:
    """(slot, effective days, member, actual) for each visit of a check over a series or over doses."""
    members = []
    only_actual: Mask = walk.endings.all_stopped(rule.doses) if rule.doses else False
    for index in rule.members:
        state = walk.states[index]
        member = state.member
        if rule.doses:
            member = both(member, state.gives_any(rule.doses))
        if only_actual is not False:
            member = but_not(member, but_not(only_actual, state.done))
        if np.any(member):
            members.append((index, state.effective, member, state.settled))
    members.extend((UNSCHEDULED, days, given, True) for days, given in walk.unscheduled(rule.doses) if np.any(given))
    return members


def _between(walk: Walk, rule: CheckRule, check: BetweenCheck) -> Iterator[PairColumn]:
    """Members sorted by date, each neighbouring pair."""
    members = _dated_members(walk, rule)
    if len(members) < 2:
        return
    count = walk.block.count
    far = np.int32(2**30)
    days = np.stack([np.where(as_array(member, count), effective, far) for _, effective, member, _ in members])
    actual = np.stack([as_array(settled, count) for _, _, _, settled in members])
    givers = np.array([index for index, *_ in members], dtype=np.int32)
    order = np.argsort(days, axis=0, kind="stable")
    days = np.take_along_axis(days, order, axis=0)
    actual = np.take_along_axis(actual, order, axis=0)
    for pair in range(len(members) - 1):
        first, second = days[pair], days[pair + 1]
        known = second < far
        if not known.any():
            return
        limit = plus(first, check.duration)
        results = _results(known, over_limit(second, limit, check.bound), actual[pair] & actual[pair + 1])
        shown = [np.where(known, column, NO_DAY) for column in (first, second, limit)]
        yield PairColumn(check, givers[order[pair]], givers[order[pair + 1]], shown[0], shown[1], shown[2], results)


def _late(walk: Walk, rule: CheckRule, check: LateCheck) -> Iterator[PairColumn]:
    """Each member against its nominal date, while one that is not done is still to come (docs/date-rules.md, R19)."""
    as_of, count = walk.block.as_of, walk.block.count
    to_come = np.full(count, NO_DAY, dtype=np.int32)
    for index in rule.members:
        state = walk.states[index]
        open_one = as_array(but_not(state.member, state.done), count)
        to_come = np.maximum(to_come, np.where(open_one, state.effective, NO_DAY))
    for index in rule.members:
        state = walk.states[index]
        nominal = walk.out.nominal[index]
        done = as_array(state.done, count)
        waits = done | (walk.out.certainty[index] == CertaintyCode.STALE)
        second = np.where(waits, state.effective, np.maximum(state.effective, as_of)).astype(np.int32)
        known: Mask = both(state.member, (to_come >= state.effective) & (nominal > EARLIEST_REAL_DAY))
        if not np.any(known):
            continue
        limit = plus(nominal, check.duration)
        results = _results(known, second > limit, done)
        giver = np.full(count, index, dtype=np.int32)
        yield PairColumn(check, giver, np.where(second == state.effective, index, AS_OF).astype(np.int32), nominal, second, limit, results)


def _since(walk: Walk, rule: CheckRule, check: SinceCheck) -> PairColumn:
    as_of, count = walk.block.as_of, walk.block.count
    far = np.int32(2**30)
    last, last_giver = np.full(count, NO_DAY, dtype=np.int32), np.full(count, AS_OF, dtype=np.int32)
    coming, coming_giver = np.full(count, far, dtype=np.int32), np.full(count, AS_OF, dtype=np.int32)
    for index, effective, member, _ in _dated_members(walk, rule):
        done = walk.states[index].done if index >= 0 else True
        given, planned = as_array(both(member, done), count), as_array(but_not(member, done), count)
        later, sooner = given & (effective > last), planned & (effective < coming)
        last, last_giver = np.where(later, effective, last), np.where(later, index, last_giver)
        coming, coming_giver = np.where(sooner, effective, coming), np.where(sooner, index, coming_giver)
    known = (last > EARLIEST_REAL_DAY) & (coming < far)
    second = np.where(known, np.maximum(coming, as_of), NO_DAY).astype(np.int32)
    limit = plus(last, check.duration)
    results = _results(known, second > limit, np.asarray(as_of > limit))
    coming_giver = np.where(coming >= as_of, coming_giver, AS_OF).astype(np.int32)
    return PairColumn(check, last_giver.astype(np.int32), coming_giver, last, second, np.where(known, limit, NO_DAY), results)


def _age(walk: Walk, rule: CheckRule, check: AgeCheck) -> PairColumn:
    """The age is one of two, as only the birth year is known."""
    assert rule.start is not None
    at = walk.checked_reference(rule.start)
    parameter = walk.block.plan.protocol.parameters[check.parameter]
    codes = walk.block.cohort.parameters[walk.block.plan.parameters.index(check.parameter)]
    birth_year = np.array([int(value) for value in parameter.values] + [0])[codes]
    year = (at.days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int32)) + 1970
    older = year - birth_year
    in_range = [(age >= check.lowest) & (age <= check.highest) for age in (older - 1, older)]
    known = (codes >= 0) & (at.days > EARLIEST_REAL_DAY)
    results = _results(known, ~(in_range[0] | in_range[1]), at.settled)
    results[known & (in_range[0] != in_range[1])] = CANNOT_TELL
    nothing = np.full(walk.block.count, NO_DAY, dtype=np.int32)
    return PairColumn(check, "birth year", check.at_text, nothing, at.days, nothing, results)
