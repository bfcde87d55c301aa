"""The worklist as the screen looks through it: what is in each view, counted and filtered by arrays, rows only for what is shown.

What is on the worklist, and why, is decided in ``planner.records.lists``; here it is only chosen from. The entries of a schedule are
found once and kept as long as the schedule itself is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from planner.records.lists.site_schedules import SiteSchedule
from planner.records.lists.worked_out_once import WorkedOutOnce
from planner.records.lists.worklist_kinds import Limits, WorklistKind, WorklistRow
from planner.records.lists.worklist_masks import Listed, listed
from planner.records.lists.worklist_rows import RowMaker
from planner.records.paused_collection import paused_collection
from planner.schedule.days import day_date

ALL, DUE_TODAY = "all", "due_today"
VIEWS = (ALL, "overdue", DUE_TODAY, "closing", "unconfirmed", "decision", "stopped_clock", "due", "unbooked")
"""Every visit once; each kind of the worklist; and, of what is due, what is planned or booked for the day itself."""
LIMITS = Limits()
"""The days that the views go by, as on the command line."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the worklist is looked at; "" for all."""

    view: str = ALL
    site: str = ""
    study: str = ""
    visit_kind: str = ""


@dataclass(frozen=True, eq=False)
class Place:
    """One visit of the worklist: where it is in the arrays of a schedule, and why it is there."""

    site_schedule: SiteSchedule
    slot: int
    column: int
    days: Mapping[str, int]
    """For each view that the visit is in, the days to the day that counts there (as in a ``WorklistRow``)."""
    waiting: int


def counts(found: Sequence[SiteSchedule], wanted: Wanted) -> dict[str, int]:
    """How many visits there are in each view, of the site, study and kind of visit that are wanted."""
    result = dict.fromkeys(VIEWS, 0)
    for site_schedule in _of_study(found, wanted):
        for view, entries in _wanted_entries(site_schedule, wanted).items():
            result[view] += len(entries)
    return result


def places(found: Sequence[SiteSchedule], wanted: Wanted, first: int, count: int) -> list[Place]:
    """``count`` visits of the view that is wanted, from index ``first`` on: the most urgent first, by days, study, site, subject."""
    in_order: list[tuple[int, str, str, str, int, int]] = []
    parts = []
    for number, site_schedule in enumerate(_of_study(found, wanted)):
        kept = _wanted_entries(site_schedule, wanted)
        chosen = RowMaker(site_schedule).most_urgent(kept[wanted.view], first + count)
        parts.append((site_schedule, kept, chosen))
        for index, (days, column) in enumerate(zip(chosen.days.tolist(), chosen.subject.tolist(), strict=True)):
            # The index keeps the order of a subject's visits.
            key = site_schedule.keys[column]
            in_order.append((days, key.study, site_schedule.site_of(column), key.number, number, index))
    in_order.sort()
    shown = in_order[first : first + count]
    made: dict[tuple[int, int], Place] = {}
    for number, (site_schedule, kept, chosen) in enumerate(parts):
        which = [entry[-1] for entry in shown if entry[-2] == number]
        some = _places(site_schedule, kept, chosen.taken(np.array(which, dtype=np.intp)))
        made |= {(number, index): place for index, place in zip(which, some, strict=True)}
    return [made[entry[-2:]] for entry in shown]


def export_rows(found: Sequence[SiteSchedule], wanted: Wanted) -> list[WorklistRow]:
    """The same view as rows of the worklist, all of them: a visit of several kinds once for each, as on the command line."""
    kinds = list(WorklistKind) if wanted.view == ALL else [WorklistKind.DUE if wanted.view == DUE_TODAY else WorklistKind(wanted.view)]
    rows: list[WorklistRow] = []
    with paused_collection():
        for kind in kinds:
            view = DUE_TODAY if wanted.view == DUE_TODAY else kind.value
            made: list[WorklistRow] = []
            for site_schedule in _of_study(found, wanted):
                maker = RowMaker(site_schedule)
                made += maker.rows(kind, maker.most_urgent(_wanted_entries(site_schedule, wanted)[view], None))
            made.sort(key=lambda row: (row.days, row.study, row.site, row.subject))
            rows += made
    return rows


def days_at_sites(found: Sequence[SiteSchedule]) -> dict[date, list[str]]:
    """The days that the schedules are looked at, each with the sites where it is that day."""
    result: dict[date, set[str]] = {}
    for entry in found:
        for site in np.unique(entry.group.site).tolist():
            column = int(np.argmax(entry.group.site == site))
            result.setdefault(day_date(entry.schedule.as_of_day(column)), set()).add(entry.group.sites[site])
    return {day: sorted(sites) for day, sites in sorted(result.items())}


def sites_of(found: Sequence[SiteSchedule]) -> list[str]:
    """The sites where any of the subjects now is."""
    return sorted({entry.group.sites[index] for entry in found for index in np.unique(entry.group.site).tolist()})


def studies_of(found: Sequence[SiteSchedule]) -> list[str]:
    """The studies that any of the subjects is in."""
    return sorted({entry.study for entry in found})


def _of_study(found: Sequence[SiteSchedule], wanted: Wanted) -> Iterator[SiteSchedule]:
    return (entry for entry in found if wanted.study in ("", entry.study))


def _wanted_entries(site_schedule: SiteSchedule, wanted: Wanted) -> dict[str, Listed]:
    """Each view's entries of the site and kind of visit that are wanted."""
    kept = _entries(site_schedule)
    if not wanted.site and not wanted.visit_kind:
        return kept
    group, slots = site_schedule.group, site_schedule.schedule.plan.slots
    here = np.array([wanted.site in ("", site) for site in group.sites], dtype=np.bool_)[group.site]
    of_kind = np.array([wanted.visit_kind in ("", slot.kind) for slot in slots], dtype=np.bool_)
    return {view: one.taken(np.flatnonzero(here[one.subject] & of_kind[one.slot])) for view, one in kept.items()}


_kept: WorkedOutOnce[SiteSchedule, dict[str, Listed]] = WorkedOutOnce(WeakKeyDictionary())


def _entries(site_schedule: SiteSchedule) -> dict[str, Listed]:
    """Each view's entries, found once for a schedule."""
    return _kept.of(site_schedule, lambda: _found_entries(site_schedule))


def _found_entries(site_schedule: SiteSchedule) -> dict[str, Listed]:
    found = {kind.value: listed(site_schedule, kind, LIMITS) for kind in WorklistKind}
    due = found[WorklistKind.DUE]
    on_the_day = site_schedule.schedule.effective[due.slot, due.subject] == site_schedule.as_of_days()[due.subject]
    found[DUE_TODAY] = due.taken(np.flatnonzero(on_the_day))
    found[ALL] = _each_visit_once(found, len(site_schedule.keys))
    return found


def _each_visit_once(found: Mapping[str, Listed], subjects: int) -> Listed:
    """The visits of all kinds: each with the days of the first of its kinds, and with all that wait behind it."""
    kinds = [found[kind.value] for kind in WorklistKind]
    # Of the same cells, unique gives the first: an overdue visit stands where its window puts it, not where its booking does.
    known, first, which = np.unique(np.concatenate([_cells(one, subjects) for one in kinds]), return_index=True, return_inverse=True)
    waiting = np.zeros(len(known), dtype=np.int32)
    np.maximum.at(waiting, which, np.concatenate([one.waiting for one in kinds]))
    slot, subject = np.divmod(known, subjects)
    return Listed(slot, subject, np.concatenate([one.days for one in kinds])[first], waiting)


def _places(site_schedule: SiteSchedule, entries: Mapping[str, Listed], chosen: Listed) -> Iterator[Place]:
    """The chosen entries, with all views that each of them is in."""
    subjects = len(site_schedule.keys)
    asked = _cells(chosen, subjects)
    days: dict[int, dict[str, int]] = {cell: {} for cell in asked.tolist()}
    waiting = dict.fromkeys(days, 0)
    for view in VIEWS[1:]:
        cells = _cells(entries[view], subjects)
        for index in np.flatnonzero(np.isin(cells, asked)).tolist():
            cell = int(cells[index])
            days[cell][view] = int(entries[view].days[index])
            waiting[cell] = max(waiting[cell], int(entries[view].waiting[index]))
    for cell in asked.tolist():
        slot, column = divmod(cell, subjects)
        yield Place(site_schedule, slot, column, days[cell], waiting[cell])


def _cells(entries: Listed, subjects: int) -> NDArray[np.intp]:
    return entries.slot * subjects + entries.subject
