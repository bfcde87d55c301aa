"""One subject's page: the state, every visit as of a day, the checks, and the facts behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from planner.records.caller import Caller
from planner.records.facts.fact import Fact, SubjectKey
from planner.records.fold.fact_table import fact_table
from planner.records.fold.folded import UnfitFact
from planner.records.fold.subject_facts import SubjectState, subject_state
from planner.records.people.readable import read_subject
from planner.records.pinned.contents import PinnedContents
from planner.records.pinned.pinned import Pinned
from planner.schedule.checks import Finding, findings
from planner.schedule.cohort_facts import cohort_of
from planner.schedule.days import day_number
from planner.schedule.expand import expand
from planner.schedule.rows import VisitRow
from planner.schedule.schedule import Schedule
from planner.schedule.visit_rows import subject_rows


@dataclass(frozen=True, eq=False)
class SubjectView:
    """Everything that follows from one subject's facts, as of a day."""

    state: SubjectState
    schedule: Schedule
    """Of this one subject, by index 0."""
    rows: tuple[VisitRow, ...]
    """All visits in order, cancelled and conditional ones too."""
    findings: tuple[Finding, ...]
    facts: tuple[Fact, ...]
    """The subject's whole log by number, whatever is no longer in force too."""
    as_of: date
    """The day asked about."""
    today: date
    """The date at the subject's site."""

    @property
    def unfit(self) -> tuple[UnfitFact, ...]:
        """The facts in force that the subject's plan does not know."""
        return self.state.unfit

    @property
    def revision(self) -> int:
        """The number of the last fact: what a change names as last seen."""
        return self.state.revision


def subject_view(connection: Connection, caller: Caller, subject: SubjectKey, as_of: date | None = None) -> SubjectView:
    """The view of a subject as of a day, today at the site where none is given.

    Raises UnknownSubjectError (also where the caller may not read it), NotEnrolledError where the enrolment was taken back,
    NotAllowedError, and NoOpenDayError.
    """
    return view_of(read_subject(connection, caller, subject).facts, PinnedContents(connection), caller, as_of)


def view_of(facts: Sequence[Fact], pinned: Pinned, caller: Caller, as_of: date | None = None) -> SubjectView:
    """The view that one subject's facts give, whether they are written or only proposed; no rights are asked for.

    Raises NotEnrolledError, UnknownContentError and NoOpenDayError.
    """
    state = subject_state(fact_table(facts), pinned)
    today = caller.today(state.calendar.zone)
    day = as_of or today
    schedule = expand(state.plan, cohort_of(state.plan, [state.facts]), [state.calendar], day_number(day))
    return SubjectView(
        state=state,
        schedule=schedule,
        rows=tuple(subject_rows(schedule, 0, all_visits=True)),
        findings=tuple(findings(schedule, [0])),
        facts=tuple(facts),
        as_of=day,
        today=today,
    )
