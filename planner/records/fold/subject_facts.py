"""One subject's state, for sentences and for what is refused (planner.schedule.fact_faults)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from operator import attrgetter
from typing import cast

import numpy as np

from planner.protocol.plan import Plan
from planner.protocol.said import said
from planner.records.errors import RecordsError
from planner.records.facts.fact import SubjectKey
from planner.records.facts.kinds import ROUTINE_CARE, Kind
from planner.records.fold.fact_columns import FactTable
from planner.records.fold.fitted_cohort import hold_resumes
from planner.records.fold.fitting import FittedFacts, fitted_facts
from planner.records.fold.folded import UnfitFact
from planner.records.fold.in_force import standing_facts
from planner.records.fold.stays import enrolments_of, site_calendars
from planner.records.pinned.pinned import Pinned
from planner.schedule.calendar import SiteCalendar
from planner.schedule.days import NO_DAY, day_date
from planner.schedule.facts import Booking, DecisionMade, End, EndReason, Hold, HoldMode, Stop, SubjectFacts, UnscheduledDose


class NotEnrolledError(RecordsError, LookupError):
    """No enrolment of the subject is in force."""


@dataclass(frozen=True, eq=False)
class SubjectState:
    """What the log says of one subject, as its plan reads it."""

    key: SubjectKey
    facts: SubjectFacts
    plan: Plan
    protocol_hash: str
    calendar: SiteCalendar
    """The subject's whole calendar, transfers included."""
    calendar_hash: str
    """Of the calendar of the site where the subject now is."""
    site: str
    """The code of the site where the subject now is."""
    revision: int
    """The number of the subject's last fact."""
    rescreen_of: str
    """The number under which the subject was screened before, or ""."""
    unfit: tuple[UnfitFact, ...]


def subject_state(table: FactTable, pinned: Pinned) -> SubjectState:
    """The state of the subject of a table with one row (``FactTable.of_row``), from the same rules as ``planner.records.fold.fold.fold``.

    Raises NotEnrolledError where no enrolment is in force, ValueError for a table of more than one row, and UnknownContentError for a
    protocol or calendar that is not kept.
    """
    if len(table.subjects) != 1:
        raise ValueError(f"a subject's state is asked of a table with one row; this one has {len(table.subjects)}")
    key = table.subjects[0]
    standing = standing_facts(table)
    enrolments = enrolments_of(standing)
    if not len(enrolments.row):
        raise NotEnrolledError(said("{key} is not enrolled: no enrolment in the log is in force. Enrol the subject first.", key=str(key)))
    calendars = site_calendars(standing, enrolments, pinned)
    protocol_hash = table.words[enrolments.protocol[0]]
    plan = pinned.plan(protocol_hash)
    fitted = fitted_facts(standing, plan, np.zeros(1, dtype=np.int32), 1)
    details = table.details_of(int(standing.facts.details[enrolments.fact[0]]))
    return SubjectState(
        key=key,
        facts=_Words(fitted).subject_facts(key.number, day_date(enrolments.start[0])),
        plan=plan,
        protocol_hash=protocol_hash,
        calendar=calendars.calendars[0],
        calendar_hash=calendars.hashes[0],
        site=table.words[enrolments.site[0]],
        revision=int(table.number[-1]),
        rescreen_of=str(details.get("rescreen_of", "")),
        unfit=tuple(sorted((*calendars.unfit, *fitted.unfit), key=attrgetter("number"))),
    )


class _Words:
    """Fitted facts of one subject, put into words again."""

    def __init__(self, fitted: FittedFacts) -> None:
        self.fitted = fitted
        self.table = fitted.facts

    def subject_facts(self, subject: str, start: date) -> SubjectFacts:
        of = self._of
        known = self.fitted.plan.protocol.parameters
        given = self.fitted.kinds[Kind.PARAMETER_SET]
        done = of(Kind.VISIT_DONE)
        return SubjectFacts(
            subject=subject,
            start=start,
            parameters={
                fact.item: known[fact.item].values[code] for fact, code in zip(of(Kind.PARAMETER_SET), given.choice.tolist(), strict=True)
            },
            milestones={fact.item: fact.known_day for fact in of(Kind.MILESTONE_SET)},
            decisions={fact.item: DecisionMade(fact.value, fact.day) for fact in of(Kind.DECISION_MADE)},
            actual={fact.item: fact.known_day for fact in done},
            missed={fact.item: fact.reason for fact in of(Kind.VISIT_MISSED)},
            omitted=frozenset((fact.item, fact.value) for fact in of(Kind.ACTIVITY_OMITTED)),
            booked={fact.item: Booking(fact.known_day, fact.clock) for fact in of(Kind.BOOKED)},
            routine_care=frozenset(fact.item for fact in done if fact.value == ROUTINE_CARE),
            holds=self._holds(),
            stops=tuple(Stop(fact.known_day, fact.item or None) for fact in of(Kind.TREATMENT_STOPPED)),
            end=next((End(cast(EndReason, fact.value), fact.known_day) for fact in of(Kind.LEFT_STUDY)), None),
            unscheduled=tuple(UnscheduledDose(fact.known_day, fact.item) for fact in of(Kind.UNSCHEDULED_VISIT) if fact.item),
        )

    def _of(self, kind: Kind) -> list[_Said]:
        return [_Said.of(self.table, index) for index in self.fitted.kinds[kind].index.tolist()]

    def _holds(self) -> tuple[Hold, ...]:
        resumes = hold_resumes(self.fitted).tolist()
        return tuple(
            Hold(fact.known_day, _date(resume), fact.item or None, cast(HoldMode, fact.value))
            for fact, resume in zip(self._of(Kind.HOLD_STARTED), resumes, strict=True)
        )


@dataclass(frozen=True, slots=True)
class _Said:
    """The fields of one fact of a table."""

    item: str
    day: date | None
    value: str
    reason: str

    @classmethod
    def of(cls, table: FactTable, index: int) -> _Said:
        words = table.words
        return cls(words[table.item[index]], _date(int(table.day[index])), words[table.value[index]], words[table.reason[index]])

    @property
    def known_day(self) -> date:
        """The day of a fact whose kind always has one."""
        if self.day is None:
            raise ValueError(said("a fact about {item} has no day; run `audit verify`", item=self.item or said("the subject")))
        return self.day

    @property
    def clock(self) -> time | None:
        """The local time of a booking."""
        return time.fromisoformat(self.value) if self.value else None


def _date(number: int) -> date | None:
    return None if number == NO_DAY else day_date(number)
