"""Where a visit is shown in a calendar, state by state, and what of it a calendar tells."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.records.feeds.feed import EventKind
from planner.records.fold.folded import FoldedGroup
from planner.records.history.visit_names import VisitNames
from planner.records.revisions.act_states import ActStates, Indexes
from planner.records.revisions.scope import Scope
from planner.schedule.codes import CertaintyCode, StatusCode
from planner.schedule.days import EARLIEST_REAL_DAY
from planner.schedule.schedule import Schedule

_ON = (StatusCode.DONE, StatusCode.OVERDUE, StatusCode.DUE, StatusCode.UPCOMING, StatusCode.CONDITIONAL)
_PRIME = np.int64(1_000_003)


@dataclass(frozen=True, eq=False)
class ShownCells:
    """An entry for each state of each visit in which the visit stands: dated, and not cancelled, missed or on hold.

    Entries of one visit of one subject stand together, in the order of states. They are the same for every scope, so that a visit has one
    SEQUENCE for all who see it; ``visible`` is what differs.
    """

    visit: NDArray[np.int64]
    """The same number for the same visit of the same subject, in whatever protocol version."""
    state: Indexes
    """Number of the state in ``ActStates``."""
    group: Indexes
    slot: Indexes
    column: Indexes
    """Where the visit is in that group's schedule."""
    visible: NDArray[np.bool_]
    """Whether it is in the scope."""
    first: NDArray[np.int64]
    """The first day of the event."""
    last: NDArray[np.int64]
    said: NDArray[np.int64]
    """(entry, part): date, time, length and status, and what decides in whose calendar it stands; where one differs, SEQUENCE rises."""
    told: NDArray[np.int64]
    """(entry, part): whatever else an event tells; where one differs, LAST-MODIFIED does."""


def shown_cells(states: ActStates, scope: Scope, event: EventKind) -> ShownCells:
    """The cells of a calendar of visits, or of one of their windows."""
    names, words = _Numbers(), _Numbers()
    parts = [_part(states, index, scope, event, (names, words)) for index in range(len(states.groups))]
    if not parts:
        nothing, none = np.zeros(0, dtype=np.intp), np.zeros((0, 1), dtype=np.int64)
        return ShownCells(nothing, nothing, nothing, nothing, nothing, nothing.astype(np.bool_), nothing, nothing, none, none)
    joined = {entry.name: np.concatenate([getattr(part, entry.name) for part in parts]) for entry in fields(ShownCells)}
    visit = states.subject[joined["state"]] * np.int64(len(names) + 1) + joined["visit"]
    order = np.lexsort((joined["state"], visit))
    return ShownCells(**{name: (visit if name == "visit" else values)[order] for name, values in joined.items()})


class _Numbers(dict[str, int]):
    """A text that is not there yet is given the next number."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


def _part(states: ActStates, index: int, scope: Scope, event: EventKind, numbers: tuple[_Numbers, _Numbers]) -> ShownCells:
    """The cells of one group, in no order; ``visit`` is the number of the visit's id alone."""
    schedule, group = states.schedules[index], states.groups[index]
    names, words = numbers
    first, last = (schedule.effective, schedule.effective) if event == "visit" else (schedule.earliest, schedule.latest)
    shown = np.isin(schedule.status, _ON) & (first > EARLIEST_REAL_DAY) & (last > EARLIEST_REAL_DAY)
    slot, column = np.nonzero(shown)
    days = first[slot, column].astype(np.int64), last[slot, column].astype(np.int64)
    site = np.array([words[code] for code in group.sites], dtype=np.int64)[group.site[column]]
    resource = _resources(schedule, group, words)[slot, column]
    is_open = schedule.status[slot, column] == StatusCode.CONDITIONAL
    is_sure = _is_sure(schedule, slot, column)
    said = [*days, is_sure, is_open, site, resource]
    if event == "visit":
        said += _clock(schedule, group, slot, column, words)
    return ShownCells(
        visit=_names(schedule, slot, column, names),
        state=group.rows[column],
        group=np.full(len(slot), index, dtype=np.intp),
        slot=slot,
        column=column,
        visible=_visible(schedule, scope, words, (slot, column), site, resource, is_open),
        first=days[0],
        last=days[1],
        said=np.stack([part.astype(np.int64) for part in said], axis=1),
        told=_told(schedule, index, slot, column),
    )


def _visible(
    schedule: Schedule,
    scope: Scope,
    words: _Numbers,
    cells: tuple[Indexes, Indexes],
    site: NDArray[np.int64],
    resource: NDArray[np.int64],
    is_open: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Whether each cell is in the scope. A booked visit takes a place at the site, so it is, whatever decision it hangs on."""
    visible = np.ones(len(site), dtype=np.bool_)
    if not scope.conditional:
        visible &= ~is_open | (schedule.certainty[cells] == CertaintyCode.BOOKED)
    if scope.sites is not None:
        visible &= np.isin(site, [words[code] for code in scope.sites])
    if scope.resource is not None:
        visible &= resource == words[scope.resource]
    return visible


def _resources(schedule: Schedule, group: FoldedGroup, words: _Numbers) -> NDArray[np.int64]:
    """(slot, column): what a visit needs by its protocol, or the machine or room at which it is booked."""
    needs = np.empty(schedule.status.shape, dtype=np.int64)
    needs[:] = np.array([words[slot.resource] for slot in schedule.plan.slots], dtype=np.int64)[:, np.newaxis]
    for place, details in group.booking_details.items():
        if details.resource:
            needs[place] = words[details.resource]
    return needs


def _names(schedule: Schedule, slot: Indexes, column: Indexes, names: _Numbers) -> NDArray[np.int64]:
    """A number for each visit's id, the same in all protocol versions."""
    found = VisitNames(schedule).of(slot, column)
    numbers = np.array([names[visit] for visit, _ in found.known], dtype=np.int64)
    return numbers[found.which] if len(numbers) else np.zeros(0, dtype=np.int64)


def _is_sure(schedule: Schedule, slot: Indexes, column: Indexes) -> NDArray[np.bool_]:
    """Whether a visit took place or is booked, no decision being open."""
    status, certainty = schedule.status[slot, column], schedule.certainty[slot, column]
    is_reminder = np.array([one.kind == "reminder" for one in schedule.plan.slots], dtype=np.bool_)[slot]
    is_done = (status == StatusCode.DONE) & ~is_reminder
    is_sure: NDArray[np.bool_] = (is_done | (certainty == CertaintyCode.BOOKED)) & (status != StatusCode.CONDITIONAL)
    return is_sure


def _clock(schedule: Schedule, group: FoldedGroup, slot: Indexes, column: Indexes, words: _Numbers) -> list[NDArray[np.int64]]:
    """Minute of the day, the booking's own length and the time zone, for cells that are booked with a time; -1 for all others."""
    minute = np.full(schedule.status.shape, -1, dtype=np.int64)
    length = np.zeros(schedule.status.shape, dtype=np.int64)
    for place, at in schedule.cohort.booked_at.items():
        minute[place] = at.hour * 60 + at.minute
    for place, details in group.booking_details.items():
        length[place] = details.minutes or 0
    zones = np.array([words[calendar.zone] for calendar in group.calendars], dtype=np.int64)
    zone = np.broadcast_to(zones[0] if group.cohort.calendar is None else zones[group.cohort.calendar], minute.shape[1:])
    is_timed = (minute[slot, column] >= 0) & (schedule.status[slot, column] != StatusCode.DONE)
    return [np.where(is_timed, values, -1) for values in (minute[slot, column], length[slot, column], zone[column])]


def _told(schedule: Schedule, index: int, slot: Indexes, column: Indexes) -> NDArray[np.int64]:
    """Window, nominal date, certainty, and whatever decides which activities are done and what is said of them."""
    certainty = schedule.certainty[slot, column]
    # A visit that waits for an overdue one is told as projected, since it is the clock that makes it wait.
    certainty = np.where(certainty == CertaintyCode.STALE, np.uint8(CertaintyCode.PROJECTED), certainty)
    columns: list[NDArray[Any]] = [days[slot, column] for days in (schedule.nominal, schedule.earliest, schedule.latest)]
    columns += [certainty, schedule.omitted[slot, column], schedule.status[slot, column] == StatusCode.CONDITIONAL]
    choices = _mixed(np.concatenate([schedule.cohort.parameters, schedule.cohort.decisions]))
    depends = [any(rule.condition.parameters or rule.condition.decisions for rule in one.activities) for one in schedule.plan.slots]
    chosen = np.array(depends, dtype=np.bool_)
    # Another protocol version may say something else of the same activity.
    columns += [np.where(chosen[slot], choices[column], 0), np.full(len(slot), index)]
    return np.stack([values.astype(np.int64) for values in columns], axis=1)


def _mixed(codes: NDArray[np.int16]) -> NDArray[np.int64]:
    """One number for each column of codes; columns that differ get different ones, but for a chance of one in 2**60 or so."""
    mixed = np.zeros(codes.shape[1], dtype=np.int64)
    for row in codes:
        mixed = (mixed ^ row.astype(np.int64)) * _PRIME
    return mixed
