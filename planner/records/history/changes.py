"""What changed in the calendar since an earlier state of the log: of one subject, or of all (docs/records.md, What changed)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from planner.protocol.said import said
from planner.records.caller import Caller
from planner.records.errors import RecordsError
from planner.records.facts.fact import Fact, SubjectKey
from planner.records.fold.fact_table import FactTable, chosen_prefixes, read_fact_table
from planner.records.fold.fold import fold, revisions
from planner.records.fold.folded import Folded
from planner.records.history.compared import VisitChange, changed_visits
from planner.records.history.recording_days import known_before, recording_zones
from planner.records.history.row_schedules import row_schedules, todays
from planner.records.history.visit_states import VisitState
from planner.records.lists.choices import require_choices
from planner.records.people.readable import read_subject
from planner.records.people.rights import Action, permitted_sites
from planner.records.pinned.contents import PinnedContents
from planner.records.store.log import subject_keys
from planner.schedule.days import NO_DAY

__all__ = ["NoSuchRevisionError", "SubjectChanges", "VisitChange", "VisitState", "changes_of_all", "changes_since"]


class NoSuchRevisionError(RecordsError, LookupError):
    """A revision that the subject's log does not have."""


@dataclass(frozen=True, slots=True)
class SubjectChanges:
    """What facts changed in one subject's calendar between two revisions; the passing of time alone changes nothing here."""

    subject: SubjectKey
    site: str
    """Where the subject now is; where no enrolment is in force, where it was before."""
    before: int
    """The revision compared with; 0 where nothing was known then."""
    now: int
    visits: tuple[VisitChange, ...]
    """Visits that were on the calendar before or are now, and differ; by date."""
    facts: tuple[Fact, ...]
    """What was written since, by number; left empty by ``changes_of_all``."""


def changes_since(connection: Connection, caller: Caller, subject: SubjectKey, since: date | int) -> SubjectChanges:
    """What changed for a subject since a revision (a fact's number), or since the beginning of a day at the site where it then was.

    Both states are looked at as of today. Raises NoSuchRevisionError, UnknownSubjectError and NotAllowedError.
    """
    opened = read_subject(connection, caller, subject)
    facts, table = opened.facts, opened.table
    pinned = PinnedContents(connection)
    now = facts[-1].number
    if isinstance(since, int):
        if not 0 <= since <= now:
            raise NoSuchRevisionError(
                said(
                    "{subject} has the revisions 1 to {now}, not {since}. `history` shows them.", subject=str(subject), now=now, since=since
                )
            )
        before = since
    else:
        before = int(known_before(table, recording_zones(table, pinned), since)[0])
    numbers = np.array([before, now], dtype=np.int32)
    (changes,) = _changes_of_rows(table, [0], numbers[:1], numbers[1:], caller, pinned)
    return replace(changes, facts=tuple(fact for fact in facts if fact.number > before))


def changes_of_all(
    connection: Connection,
    caller: Caller,
    since: date,
    *,
    studies: Collection[str] | None = None,
    sites: Collection[str] | None = None,
) -> tuple[SubjectChanges, ...]:
    """The same for every subject that the caller may read and about whom anything was written since the beginning of ``since``.

    By subject; those whose calendar did not change by it are left in, with no visits. ``sites``: where the subject now is. Raises
    NotAllowedError where the caller may read nothing.
    """
    permitted = permitted_sites(connection, caller, Action.READ)
    require_choices(connection, permitted, sites, studies)
    wanted = None
    if studies is not None:
        wanted = [number for key, number in subject_keys(connection).items() if key.study in studies]
    table = read_fact_table(connection, wanted)
    pinned = PinnedContents(connection)
    last = revisions(table)
    before = known_before(table, recording_zones(table, pinned), since)
    site_of = _sites(fold(table, pinned))

    def asked_for(site: str) -> bool:
        return (permitted is None or site in permitted) and (sites is None or site in sites)

    # Where no enrolment is in force now, the site is known only from the state before.
    rows = [row for row in np.flatnonzero(before < last).tolist() if not site_of[row] or asked_for(site_of[row])]
    found = _changes_of_rows(table, rows, before[rows], last[rows], caller, pinned)
    return tuple(sorted((changes for changes in found if asked_for(changes.site)), key=lambda changes: changes.subject))


def _changes_of_rows(
    table: FactTable, rows: list[int], before: NDArray[np.int32], now: NDArray[np.int32], caller: Caller, pinned: PinnedContents
) -> list[SubjectChanges]:
    """Both states of all these rows as one table: first every earlier one, then every present one."""
    count = len(rows)
    pairs = fold(chosen_prefixes(table, [*rows, *rows], np.concatenate([before, now])), pinned)
    days, sites = todays(pairs, caller), _sites(pairs)
    # A pair is looked at as of one day, or time would seem to have changed what a transfer to another time zone did not.
    today = np.where(days[count:] != NO_DAY, days[count:], days[:count])
    visits = changed_visits(row_schedules(pairs, np.tile(today, 2)), count)
    return [
        SubjectChanges(table.subjects[row], sites[count + index] or sites[index], int(before[index]), int(now[index]), visits[index], ())
        for index, row in enumerate(rows)
    ]


def _sites(folded: Folded) -> list[str]:
    found = np.full(len(folded.subjects), "", dtype=object)
    for group in folded.groups:
        found[group.rows] = np.array(group.sites, dtype=object)[group.site]
    return list(found)
