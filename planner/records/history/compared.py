"""Two states of a calendar side by side: which visits were added, are gone, or changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from planner.records.history.row_schedules import RowSchedules
from planner.records.history.visit_names import VisitNames
from planner.records.history.visit_states import VisitState, visit_state
from planner.schedule.codes import StatusCode

_NamedState = tuple[str, VisitState]


@dataclass(frozen=True, slots=True)
class VisitChange:
    """A visit in two states."""

    visit: str
    name: str
    before: VisitState | None
    """None where the subject had no such visit."""
    after: VisitState | None
    what: tuple[str, ...]
    """``added`` to or ``gone`` from the calendar, else the fields of ``VisitState`` that differ."""

    @property
    def days_moved(self) -> int | None:
        """Effective date after minus before; None where either has none."""
        if self.before is None or self.after is None or self.before.effective is None or self.after.effective is None:
            return None
        return (self.after.effective - self.before.effective).days


def changed_visits(known: RowSchedules, count: int) -> list[tuple[VisitChange, ...]]:
    """For each of ``count`` subjects what differs between row k (before) and row k + ``count`` (after)."""
    alike = _differing_slots(known, count)
    names = [VisitNames(schedule) for schedule in known.schedules]
    found: list[tuple[VisitChange, ...]] = []
    for subject in range(count):
        slots = alike.get(subject)
        states_before, states_after = _states(known, names, subject, slots), _states(known, names, subject + count, slots)
        changes = [
            change
            for visit in dict.fromkeys([*states_before, *states_after])
            if (change := _change(visit, states_before.get(visit), states_after.get(visit))) is not None
        ]
        found.append(tuple(sorted(changes, key=_first_date)))
    return found


def _differing_slots(known: RowSchedules, count: int) -> dict[int, NDArray[np.intp]]:
    """For subjects whose plan and parameters are the same in both states: the slots whose cells differ. Others are not in it."""
    found: dict[int, NDArray[np.intp]] = {}
    for index, schedule in enumerate(known.schedules):
        same = np.flatnonzero((known.place[:count] == index) & (known.place[count:] == index))
        before, after = known.column[:count][same], known.column[count:][same]
        parameters = schedule.cohort.parameters
        alike = (parameters[:, before] == parameters[:, after]).all(axis=0)
        same, before, after = same[alike], before[alike], after[alike]
        differ = schedule.status[:, before] != schedule.status[:, after]
        for days in (schedule.planned, schedule.earliest, schedule.latest, schedule.effective, schedule.cohort.booked):
            if days is not None:
                differ |= days[:, before] != days[:, after]
        times = schedule.cohort.booked_at
        if times:
            at_of = np.full(len(schedule.cohort), -1, dtype=np.intp)
            at_of[before] = at_of[after] = np.arange(len(same))
            for slot, column in times:
                at = int(at_of[column])
                if at >= 0:
                    differ[slot, at] |= times.get((slot, int(before[at]))) != times.get((slot, int(after[at])))
        subject, slot_index = np.nonzero(differ.T)
        slots = np.split(slot_index, np.searchsorted(subject, np.arange(1, len(same))))
        found.update(zip(same.tolist(), slots, strict=True) if len(same) else ())
    return found


def _states(known: RowSchedules, names: Sequence[VisitNames], row: int, slots: NDArray[np.intp] | None) -> dict[str, _NamedState]:
    """Visit id to name and state, of some slots or all; nothing where no enrolment is in force."""
    place = known.of_row(row)
    if place is None:
        return {}
    schedule, column = place
    there = np.flatnonzero(schedule.status[:, column] != StatusCode.NO_ROW) if slots is None else slots
    states = {}
    for slot in there.tolist():
        state = visit_state(schedule, slot, column)
        if state is not None:
            visit, name = names[int(known.place[row])].named(slot, column)
            states[visit] = (name, state)
    return states


def _change(visit: str, before: _NamedState | None, after: _NamedState | None) -> VisitChange | None:
    """The change of one visit; None where it was on the calendar in neither state, or is the same."""
    named = after or before
    assert named is not None
    old, new = (None if before is None else before[1]), (None if after is None else after[1])
    was, is_there = old is not None and old.on_calendar, new is not None and new.on_calendar
    if not was and not is_there:
        return None
    what: tuple[str, ...] = ("added",) if not was else ("gone",) if not is_there else ()
    if old is not None and new is not None and not what:
        what = new.differences(old)
    return VisitChange(visit, named[0], old, new, what) if what else None


def _first_date(change: VisitChange) -> tuple[date, str]:
    state = change.after or change.before
    return (state.effective if state and state.effective else date.max), change.visit
