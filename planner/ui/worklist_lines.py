"""The lines of the worklist that are on the screen: each with all that the line says and offers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from planner.protocol.model import Protocol
from planner.protocol.plan import Slot
from planner.records.facts.fact import SubjectKey
from planner.records.lists.site_schedules import SiteSchedule
from planner.records.people.rights import Action, action_of
from planner.schedule.days import NO_DAY, day_date
from planner.schedule.rows import VisitRow
from planner.schedule.table import VisitTable
from planner.schedule.visit_rows import table_rows
from planner.ui.dialogs.visit_choices import KINDS, offered_as_it_stands
from planner.ui.worklist_views import Place

DIALOGS: Mapping[str, str] = {
    "done": "visit",
    "missed": "visit",
    "book": "visit",
    "move": "visit",
    "decide": "decision",
    "resume": "resume",
    "milestone": "milestone",
}
"""The dialog behind each act, by what the act is called."""

May = Callable[[Action, str], bool]
"""Whether the person may do something at a site."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something to do about a visit: what opens when it is pressed."""

    name: str
    """One of ``DIALOGS``, or that of a button that opens no dialog: how it is called."""
    entry: str
    """What the dialog begins with."""


@dataclass(frozen=True, slots=True)
class Line:
    """One visit of the worklist."""

    subject: SubjectKey
    site: str
    protocol: Protocol
    row: VisitRow
    booked: date | None
    as_of: date
    why: tuple[tuple[str, int], ...]
    """The views that the visit is in, each with the days to the day that counts there."""
    waiting: int
    acts: tuple[Act, ...]


def lines_of(places: Sequence[Place], may: May) -> list[Line]:
    """The lines of these visits, in their order, with what the person may do."""
    rows: dict[tuple[int, int, int], VisitRow] = {}
    schedules = {id(place.site_schedule): place.site_schedule for place in places}
    for known, site_schedule in schedules.items():
        cells = [(place.slot, place.column) for place in places if place.site_schedule is site_schedule]
        rows |= {(known, slot, column): row for (slot, column), row in zip(cells, _rows(site_schedule, cells), strict=True)}
    return [_line(place, rows[id(place.site_schedule), place.slot, place.column], may) for place in places]


def _rows(site_schedule: SiteSchedule, cells: Sequence[tuple[int, int]]) -> Iterator[VisitRow]:
    schedule = site_schedule.schedule
    slots, columns = np.array(cells, dtype=np.int32).T
    return table_rows(VisitTable(schedule, slots, columns, slots.astype(np.intp) * len(schedule.cohort) + columns))


def _line(place: Place, row: VisitRow, may: May) -> Line:
    site_schedule, schedule = place.site_schedule, place.site_schedule.schedule
    booked = int(NO_DAY) if schedule.cohort.booked is None else int(schedule.cohort.booked[place.slot, place.column])
    site = site_schedule.site_of(place.column)
    return Line(
        subject=site_schedule.keys[place.column],
        site=site,
        protocol=schedule.plan.protocol,
        row=row,
        booked=None if booked == NO_DAY else day_date(booked),
        as_of=day_date(schedule.as_of_day(place.column)),
        why=tuple(place.days.items()),
        waiting=place.waiting,
        acts=tuple(act for act, right in _acts(place, row, is_booked=booked != NO_DAY) if may(right, site)),
    )


def _acts(place: Place, row: VisitRow, *, is_booked: bool) -> Iterator[tuple[Act, Action]]:
    """What can be done about a visit as it stands, and what each takes."""
    plan = place.site_schedule.schedule.plan
    slot = plan.slots[place.slot]
    if row.decision_pending:
        yield Act("decide", plan.decisions[_first_pending(place, slot)]), Action.DECIDE
    elif slot.milestone is not None:
        yield Act("milestone", plan.milestones[slot.milestone]), Action.RECORD_VISIT
    elif row.status == "on_hold":
        yield Act("resume", ""), Action.HOLD
    else:
        for act in offered_as_it_stands(row, slot):
            # What is still to come is booked; that it took place is said from the visit itself.
            if act == "book" or row.status != "upcoming":
                yield Act("move" if act == "book" and is_booked else act, act), action_of(KINDS[act])


def _first_pending(place: Place, slot: Slot) -> int:
    decisions = place.site_schedule.schedule.cohort.decisions
    return next(decision for decision in slot.decisions if decisions[decision, place.column] < 0)
