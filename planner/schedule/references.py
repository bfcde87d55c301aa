"""What a reference gives (R8): a day for each subject, and what the visit that gives it hands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.protocol.plan import ReferenceRule
from planner.schedule.days import EARLIEST_REAL_DAY, NO_DAY, Days
from planner.schedule.masks import Mask, as_array, both, but_not, chosen, either, neither, simplified
from planner.schedule.reference_value import ReferenceValue

if TYPE_CHECKING:
    from planner.schedule.visit import SlotState, Visit
    from planner.schedule.walk import Walk


def reference_value(walk: Walk, rule: ReferenceRule) -> ReferenceValue:
    """The value of a reference, once all its members have been walked."""
    if rule.kind == "milestone":
        return _milestone(walk, rule)
    if rule.kind == "previous":
        return of_visit(walk.states[rule.members[0]], True)
    if rule.kind == "accompanied":
        return of_visit(walk.states[rule.members[0]], False)
    if rule.kind == "visit":
        return _visit(walk, rule)
    return _extreme(walk, rule)


def of_visit(state: SlotState, whatever_its_state: Mask) -> ReferenceValue:
    """What one visit hands on; where it neither exists nor was done there is nothing to count from (R8), unless told otherwise (R3)."""
    there = either(state.present, whatever_its_state)
    days = state.effective
    if there is not True:
        days = np.where(as_array(there, len(days)), days, NO_DAY)
    return ReferenceValue(
        days,
        no_member=either(neither(there), state.no_member),
        lacks_milestone=both(state.lacks_milestone, there),
        conditional=both(state.conditional, there),
        cancelled=both(state.cancelled, there),
        missed=both(state.missed, there),
        settled=both(state.settled, there),
        stale=both(state.stale_making, there),
    )


def _milestone(walk: Walk, rule: ReferenceRule) -> ReferenceValue:
    days = walk.block.cohort.milestones[rule.milestone or 0]
    missing = simplified(days < EARLIEST_REAL_DAY)
    return ReferenceValue(days, lacks_milestone=missing, settled=neither(missing))


def _visit(walk: Walk, rule: ReferenceRule) -> ReferenceValue:
    """One id; where it depends on parameters which slot bears it, each subject's own."""
    if len(rule.members) == 1:
        applies = walk.block.parameters_hold(rule.conditions[0])
        value = of_visit(walk.states[rule.members[0]], False)
        if applies is True:
            return value
        merged = ReferenceValue(np.full(walk.block.count, NO_DAY, dtype=np.int32), no_member=True)
        return _where(applies, value, merged)
    merged = ReferenceValue(np.full(walk.block.count, NO_DAY, dtype=np.int32), no_member=True)
    for member, tests in zip(rule.members, rule.conditions, strict=True):
        merged = _where(walk.block.parameters_hold(tests), of_visit(walk.states[member], False), merged)
    return merged


def _where(where: Mask, one: ReferenceValue, other: ReferenceValue) -> ReferenceValue:
    if isinstance(where, bool):
        return one if where else other
    return ReferenceValue(
        np.where(where, one.days, other.days),
        *(
            chosen(where, getattr(one, name), getattr(other, name))
            for name in ("no_member", "lacks_milestone", "conditional", "cancelled", "missed", "settled", "stale")
        ),
    )


class _Best:
    """The earliest or latest day seen so far, and what its giver hands on; on a tie the first seen stays."""

    def __init__(self, count: int, latest: bool) -> None:
        self.latest = latest
        self.days: Days | None = None
        self.count = count
        self.settled: Mask = False
        self.stale: Mask = False

    def offer(self, days: Days, member: Mask, settled: Mask, stale: Mask) -> None:
        if member is False:
            return
        none = NO_DAY if self.latest else -NO_DAY
        offered = days if member is True else np.where(member, days, none)
        if self.days is None:
            self.days, self.settled, self.stale = offered, both(settled, member), both(stale, member)
            return
        if settled is self.settled and stale is self.stale and isinstance(settled, bool) and isinstance(stale, bool):
            self.days = np.maximum(self.days, offered) if self.latest else np.minimum(self.days, offered)
            return
        better = offered > self.days if self.latest else offered < self.days
        self.days = np.where(better, offered, self.days)
        self.settled = chosen(better, settled, self.settled)
        self.stale = chosen(better, stale, self.stale)

    def value(self) -> ReferenceValue:
        days = self.days if self.days is not None else np.full(self.count, NO_DAY, dtype=np.int32)
        if not self.latest:
            days = np.where(days >= -NO_DAY, NO_DAY, days)
        missing = simplified(days < EARLIEST_REAL_DAY)
        return ReferenceValue(days, no_member=missing, settled=but_not(self.settled, missing), stale=but_not(self.stale, missing))


def _extreme(walk: Walk, rule: ReferenceRule) -> ReferenceValue:
    """``.first`` / ``.last`` over members that are done or on the calendar, not missed, and (for doses) give one."""
    best = _Best(walk.block.count, rule.kind == "last")
    only_actual = walk.endings.all_stopped(rule.doses) if rule.doses else False
    lacking: Mask = False
    for index in rule.members:
        state = walk.states[index]
        counts: Mask = True
        if rule.doses:
            counts = state.gives_any(rule.doses)
        if only_actual is not False:
            counts = both(counts, either(neither(only_actual), state.done))
        member = both(state.member, counts)
        if state.lacks_milestone is not False:
            lacking = either(lacking, both(both(state.lacks_milestone, counts), but_not(state.on_calendar, state.missed)))
        best.offer(state.effective, member, state.settled, state.stale_making)
    for days, given in walk.unscheduled(rule.doses):
        best.offer(days, given, True, False)
    value = best.value()
    if rule.doses and rule.kind == "last" and value.settled is not False:
        value.settled = but_not(value.settled, _may_still_come(walk, rule))
    if lacking is not False:
        value.lacks_milestone = both(value.no_member, lacking)
        value.no_member = but_not(value.no_member, lacking)
    return value


def _may_still_come(walk: Walk, rule: ReferenceRule) -> Mask:
    """Where a dose hangs on an open decision: until that is taken, the last dose so far is not the last one."""
    mask: Mask = False
    for index in rule.members:
        state = walk.states[index]
        if state.conditional is not False:
            mask = either(mask, both(both(state.conditional, state.exists), state.gives_any(rule.doses)))
    return mask


def previous_dose(walk: Walk, rule: ReferenceRule, visit: Visit) -> ReferenceValue:
    """``any(doses).previous``: the latest earlier dose as ``visit`` sees it (docs/date-rules.md, R5 and R6)."""
    best = _Best(walk.block.count, True)
    limit = visit.nominal
    if visit.actual is not None and visit.done is not False:
        limit = np.where(visit.done, visit.actual, limit)
    only_actual = walk.endings.all_stopped(rule.doses)
    behind = either(visit.done, visit.recorded_missed)
    for index in rule.members:
        state = walk.states[index]
        member = both(state.member, state.gives_any(rule.doses))
        if only_actual is not False:
            member = both(member, either(neither(only_actual), state.done))
        if member is False:
            continue
        earlier = either(state.effective < limit, but_not(state.done, behind))
        best.offer(state.effective, both(member, earlier), state.settled, state.stale_making)
    for days, given in walk.unscheduled(rule.doses):
        best.offer(days, both(given, either(days < limit, neither(behind))), True, False)
    return best.value()
