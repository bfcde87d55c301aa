"""The schedules of everybody a caller may read: what the worklist and the deviation ledger are made from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from planner.records.caller import Caller
from planner.records.facts.fact import SubjectKey
from planner.records.fold.fact_table import FactTable, read_fact_table
from planner.records.fold.fold import fold
from planner.records.fold.folded import FoldedGroup
from planner.records.lists.choices import require_choices
from planner.records.people.rights import Action, permitted_sites
from planner.records.pinned.contents import PinnedContents
from planner.records.store.log import subject_keys
from planner.schedule.calendar import SiteCalendar
from planner.schedule.cohort import Cohort
from planner.schedule.days import Days, day_number
from planner.schedule.expand import expand
from planner.schedule.schedule import Schedule

Value = TypeVar("Value")


@dataclass(frozen=True, eq=False)
class SiteSchedule:
    """The schedule of the subjects who follow one protocol text, and the log that it comes from.

    Arrays of ``group`` and of ``schedule`` have one column per subject, in the same order.
    """

    schedule: Schedule
    group: FoldedGroup
    keys: tuple[SubjectKey, ...]
    """The subject of each column."""
    table: FactTable
    """The facts of all subjects that were read; ``group.rows`` are its rows."""

    @property
    def study(self) -> str:
        """The study's code: the protocol's id."""
        return self.schedule.plan.protocol.id

    def site_of(self, column: int) -> str:
        """The site where a subject now is."""
        return self.group.sites[int(self.group.site[column])]

    def as_of_days(self) -> Days:
        """The day asked about, for each subject."""
        return np.broadcast_to(np.asarray(self.schedule.as_of, dtype=np.int32), (len(self.keys),))


def schedules(
    connection: Connection,
    caller: Caller,
    as_of: date | None = None,
    *,
    studies: Collection[str] | None = None,
    sites: Collection[str] | None = None,
    subjects: Collection[SubjectKey] | None = None,
) -> tuple[SiteSchedule, ...]:
    """The schedules of all subjects that ``caller`` may read, one for each protocol text that is followed.

    Each subject is looked at as of ``as_of``, or else as of today at its own site. ``studies``, ``sites`` (where the subject now is) and
    ``subjects`` leave out all others. Raises NotAllowedError where the caller may read nothing, UnknownChoiceError.
    """
    permitted = permitted_sites(connection, caller, Action.READ)
    require_choices(connection, permitted, sites, studies)
    return _schedules(connection, caller, read_fact_table(connection, _wanted(connection, studies, subjects)), as_of, permitted, sites)


def schedules_from(table: FactTable, connection: Connection, caller: Caller, as_of: date | None = None) -> tuple[SiteSchedule, ...]:
    """The same of the whole log that was read already: many answers then share its table. Raises NotAllowedError."""
    return _schedules(connection, caller, table, as_of, permitted_sites(connection, caller, Action.READ), None)


def _schedules(
    connection: Connection,
    caller: Caller,
    table: FactTable,
    as_of: date | None,
    permitted: frozenset[str] | None,
    sites: Collection[str] | None,
) -> tuple[SiteSchedule, ...]:
    found = []
    for group in fold(table, PinnedContents(connection)).groups:
        kept = at_sites(group, permitted, sites)
        if len(kept.cohort):
            keys = tuple(map(table.subjects.__getitem__, kept.rows.tolist()))
            schedule = expand(kept.plan, kept.cohort, kept.calendars, as_of_days(kept.calendars, kept.cohort, caller, as_of))
            found.append(SiteSchedule(schedule, kept, keys, table))
    return tuple(found)


def _wanted(connection: Connection, studies: Collection[str] | None, subjects: Collection[SubjectKey] | None) -> Sequence[int] | None:
    """The numbers of the logs to read; None for all."""
    if studies is None and subjects is None:
        return None
    known = subject_keys(connection)
    return [number for key, number in known.items() if (studies is None or key.study in studies) and (subjects is None or key in subjects)]


def at_sites(group: FoldedGroup, permitted: frozenset[str] | None, sites: Collection[str] | None) -> FoldedGroup:
    """The subjects of a group who are now at one of the sites permitted, and of the sites asked for (None: of any)."""
    if permitted is None and sites is None:
        return group
    chosen = [(permitted is None or site in permitted) and (sites is None or site in sites) for site in group.sites]
    kept = np.flatnonzero(np.array(chosen, dtype=np.bool_)[group.site])
    if len(kept) == len(group.cohort):
        return group
    return replace(
        group,
        cohort=replace(group.cohort.taken(kept), booked_at=_of_columns(group.cohort.booked_at, kept)),
        rows=group.rows[kept],
        site=group.site[kept],
        revision=group.revision[kept],
        booking_details=_of_columns(group.booking_details, kept),
    )


def _of_columns(values: Mapping[tuple[int, int], Value], kept: NDArray[np.intp]) -> dict[tuple[int, int], Value]:
    """What is said by (slot, column) of some columns, which are now numbered anew."""
    column_of = {old: new for new, old in enumerate(kept.tolist())}
    return {(slot, column_of[column]): value for (slot, column), value in values.items() if column in column_of}


def as_of_days(calendars: Sequence[SiteCalendar], cohort: Cohort, caller: Caller, as_of: date | None) -> int | Days:
    """The day to look at: the one given, else today at the site of each subject; one number where it is the same for all."""
    if as_of is not None:
        return day_number(as_of)
    todays = np.array([day_number(caller.today(calendar.zone)) for calendar in calendars], dtype=np.int32)
    if cohort.calendar is None or (todays == todays[0]).all():
        return int(todays[0])
    return todays[cohort.calendar]
