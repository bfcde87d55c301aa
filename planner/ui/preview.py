"""From what a person has entered, or what the records hold, to everything the views show; knows nothing of the screens themselves.

Every date, status and study day comes from the engine; here they are only asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.protocol.model import VisitShape
from planner.protocol.plan import Plan
from planner.records.changes.view import SubjectView
from planner.schedule.branches import branch_facts
from planner.schedule.calendar import SiteCalendar
from planner.schedule.checks import Finding, findings
from planner.schedule.cohort_facts import checked_cohort
from planner.schedule.days import day_number
from planner.schedule.expand import expand
from planner.schedule.explain import Step, explanation
from planner.schedule.fact_faults import EARLIEST_START, LATEST_START
from planner.schedule.facts import SubjectFacts
from planner.schedule.rows import VisitRow
from planner.schedule.schedule import Schedule
from planner.schedule.starts import StartScore, start_scores
from planner.schedule.visit_ids import visit_id
from planner.schedule.visit_rows import subject_rows
from planner.ui.entries import Entries, day_entered, facts_entered
from planner.ui.language import language, t
from planner.ui.words import listed

START_DAYS = 60
"""How many possible start days are compared."""


@dataclass(frozen=True)
class Preview:
    """One subject's schedule as of a day, and what is asked of it."""

    plan: Plan
    calendar: SiteCalendar
    facts: SubjectFacts
    as_of: date
    schedule: Schedule

    @cached_property
    def all_rows(self) -> list[VisitRow]:
        """Every visit, cancelled and conditional ones too, by date."""
        return subject_rows(self.schedule, 0, all_visits=True)

    @cached_property
    def rows(self) -> list[VisitRow]:
        """The visits on the calendar, by date."""
        return [row for row in self.all_rows if row.is_on_calendar]

    def row(self, visit: str) -> VisitRow | None:
        """The visit of that id, if the subject has it."""
        return next((row for row in self.all_rows if row.visit == visit), None)

    def shape(self, row: VisitRow) -> VisitShape:
        """The rules in the protocol file that a visit follows."""
        definition, position = self._places[row.visit]
        visit = self.plan.protocol.visits[definition]
        return visit.first if position == 1 else visit.then

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        """Visit id to the index of its definition and its position in it."""
        codes = self.schedule.cohort.parameters[:, 0].tolist()
        shown = self.schedule.is_visit[:, 0]
        return {visit_id(self.plan, slot, codes): (slot.definition, slot.position) for slot in self.plan.slots if shown[slot.index]}

    def why(self, visit: str) -> tuple[Step, ...]:
        """The rules that gave a visit its date; raises KeyError if the subject has no such visit."""
        return explanation(self.schedule, 0, visit)

    @cached_property
    def findings(self) -> list[Finding]:
        """What the protocol's checks say."""
        return findings(self.schedule)

    def branches(self) -> list[Branch]:
        """The schedule under each choice that is still open; empty once all is decided."""
        facts = branch_facts(self.plan, self.facts)
        if not facts:
            return []
        schedule = expand(self.plan, checked_cohort(self.plan, facts, self.as_of), [self.calendar], day_number(self.as_of))
        return [Branch(self._branch_label(branch), subject_rows(schedule, index)) for index, branch in enumerate(facts)]

    def _branch_label(self, branch: SubjectFacts) -> str:
        """The choices that the branch adds to what is recorded: ``Surgery``, or with a required one ``Watch and wait (cCR)``."""
        texts = ProtocolTexts(self.plan.protocol, language())
        labels = [texts.choice(name, made.choice) for name, made in branch.decisions.items() if name not in self.facts.decisions]
        return t("{choice} ({required})", choice=labels[-1], required=listed(labels[:-1])) if labels[1:] else labels[0]

    def starts(self) -> tuple[StartScore, ...]:
        """The possible start days around the one chosen, each with the visits that would go wrong."""
        return start_scores(
            self.plan, self.facts, [self.calendar], self.as_of, first_start_compared(self.facts.start, self.as_of), START_DAYS
        )


@dataclass(frozen=True)
class Branch:
    """What one choice of an open decision would give."""

    label: str
    rows: list[VisitRow]


def preview_of(entries: Entries, plan: Plan, calendar: SiteCalendar, today: date) -> Preview:
    """The preview of what was entered; ``start`` must be among the entries, ``on`` defaults to today.

    Raises EntryFaults, FactErrors or NoOpenDayError: all of them hold sentences for the person at the screen.
    """
    facts = facts_entered(entries, plan.protocol)
    as_of = day_entered(entries, "on") or today
    cohort = checked_cohort(plan, [facts], as_of)
    return Preview(plan, calendar, facts, as_of, expand(plan, cohort, [calendar], day_number(as_of)))


def preview_of_subject(view: SubjectView) -> Preview:
    """The same for an enrolled subject, from the records."""
    return Preview(view.state.plan, view.state.calendar, view.state.facts, view.as_of, view.schedule)


def starts_without_one(entries: Entries, plan: Plan, calendar: SiteCalendar, today: date) -> tuple[StartScore, ...]:
    """The next possible start days while none has been chosen; raises as ``preview_of`` does."""
    first = min(day_entered(entries, "on") or today, LATEST_START)
    return preview_of({**entries, "start": first.isoformat()}, plan, calendar, today).starts()


def first_start_compared(start: date, as_of: date) -> date:
    """The first of the start days to compare: the as-of day while the start follows soon after it, else a week before the start.

    Earlier or later where they would reach beyond the days on which a study can start.
    """
    first = as_of if as_of <= start < as_of + timedelta(days=START_DAYS) else start - timedelta(days=7)
    return max(EARLIEST_START, min(first, LATEST_START - timedelta(days=START_DAYS - 1)))
