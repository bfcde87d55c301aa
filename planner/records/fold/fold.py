"""From the log to cohorts, set-based: every step below is for all subjects at once, and no loop runs over facts or subjects."""

from __future__ import annotations

from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from planner.records.fold.fact_columns import FactTable
from planner.records.fold.fitted_cohort import booking_details, fitted_cohort
from planner.records.fold.fitting import FittedFacts, fitted_facts
from planner.records.fold.folded import Folded, FoldedGroup, UnfitFact
from planner.records.fold.in_force import StandingFacts, standing_facts
from planner.records.fold.stays import Enrolments, SiteCalendars, enrolments_of, site_calendars
from planner.records.pinned.pinned import Pinned


def fold(table: FactTable, pinned: Pinned) -> Folded:
    """What the log says of every row of ``table``: one cohort for each protocol text, in the order of the rows.

    Rows without an enrolment in force (an enrolment that was undone, a prefix without facts) are in no group, and none of their facts
    is judged. Each group's cohort is what ``planner.schedule.cohort_facts.cohort_of`` makes of its subjects' facts; ``cohort.calendar``
    is None where all its subjects share one calendar. Raises UnknownContentError for a protocol or calendar that is not kept.
    """
    standing = standing_facts(table)
    enrolments = enrolments_of(standing)
    calendars = site_calendars(standing, enrolments, pinned)
    revision = revisions(table)
    unfit = list(calendars.unfit)
    groups = []
    words, first = np.unique(enrolments.protocol, return_index=True)
    for word in words[np.argsort(first)].tolist():
        members = np.flatnonzero(enrolments.protocol == word)
        group = _Group(standing, enrolments, calendars, members)
        groups.append(group.folded(pinned, table.words[word], revision))
        unfit.extend(group.unfit)
    return Folded(table.subjects, tuple(groups), tuple(sorted(unfit, key=attrgetter("row", "number"))))


def revisions(table: FactTable) -> NDArray[np.int32]:
    """For each row the number of its last fact, 0 where it has none."""
    revision = np.zeros(len(table.subjects), dtype=np.int32)
    # Facts of a row stand by number, and of several assignments to one entry the last remains.
    revision[table.row] = table.number
    return revision


def columns_of(standing: StandingFacts, rows: NDArray[np.intp]) -> NDArray[np.int32]:
    """For each row of the table its place among ``rows``, -1 where it is not one of them."""
    column = np.full(len(standing.facts.subjects), -1, dtype=np.int32)
    column[rows] = np.arange(len(rows), dtype=np.int32)
    return column


class _Group:
    """The subjects of one protocol text; ``members`` are indexes into the enrolments."""

    def __init__(self, standing: StandingFacts, enrolments: Enrolments, calendars: SiteCalendars, members: NDArray[np.intp]) -> None:
        self.standing = standing
        self.enrolments = enrolments
        self.calendars = calendars
        self.members = members
        self.unfit: tuple[UnfitFact, ...] = ()

    def folded(self, pinned: Pinned, protocol_hash: str, revision: NDArray[np.int32]) -> FoldedGroup:
        rows = self.enrolments.row[self.members]
        plan = pinned.plan(protocol_hash)
        fitted: FittedFacts = fitted_facts(self.standing, plan, columns_of(self.standing, rows), len(rows))
        self.unfit = fitted.unfit
        used, calendar = np.unique(self.calendars.calendar[self.members], return_inverse=True)
        sites, site = np.unique(self.enrolments.site[self.members], return_inverse=True)
        keys = self.standing.facts.subjects
        subjects = tuple(map(attrgetter("number"), map(keys.__getitem__, rows.tolist())))
        several = calendar.astype(np.int32) if len(used) > 1 else None
        return FoldedGroup(
            protocol_hash=protocol_hash,
            plan=plan,
            calendars=tuple(self.calendars.calendars[number] for number in used.tolist()),
            cohort=fitted_cohort(fitted, subjects, self.enrolments.start[self.members], several),
            rows=rows,
            sites=tuple(self.standing.facts.words[word] for word in sites.tolist()),
            site=site.astype(np.int32),
            revision=revision[rows],
            booking_details=booking_details(fitted),
        )
