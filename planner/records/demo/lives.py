"""Invented subjects for the demonstration: what happens to each, drawn from a seed and worked out visit by visit with the one engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from planner.protocol.plan import Plan
from planner.records.demo.stories import LAST_ONES, RECENT_ONES, Scene, happenings
from planner.records.facts.fact import Act, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.schedule.calendar import SiteCalendar
from planner.schedule.rows import VisitRow

_OPEN_STATUSES = ("overdue", "due", "upcoming")
_RECENT = timedelta(days=40)
_UNDECIDED = timedelta(days=21)
"""Decisions of the last days are still to be recorded."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something recorded about a subject: when, by whom (an account), and the facts of one act."""

    moment: datetime
    who: str
    facts: tuple[NewFact, ...]


@dataclass
class Life:
    """One invented subject up to the day ``on``; ``events`` grow by one each time ``live`` is called with the present rows."""

    key: SubjectKey
    site: str
    calendar: SiteCalendar
    plan: Plan
    story: str
    random: Random
    on: date
    other_site: str = ""
    other_calendar_hash: str = ""
    events: list[Event] = field(default_factory=list)
    treated_before: int = 3
    """At least so many treatments come before the story."""
    told: bool = False
    """Whether the story has begun."""
    over: bool = False
    """Whether nothing more happens until ``on``."""

    def enrol(self, start: date, details: dict[str, str | int], protocol_hash: str, parameters: dict[str, str]) -> None:
        """The first act: enrolment with parameters and the day of consent."""
        consent = min(start - timedelta(days=self.random.randint(9, 20)), self.on - timedelta(days=1))
        facts = [
            NewFact(Kind.ENROLLED, item=self.site, day=start, value=protocol_hash, details=details),
            NewFact(Kind.MILESTONE_SET, item="CONSENT", day=consent),
            *(NewFact(Kind.PARAMETER_SET, item=name, value=value) for name, value in parameters.items()),
        ]
        self._happen(consent, "coordinator", *facts)

    def acts(self) -> Iterator[tuple[datetime, str, Act]]:
        """The acts in order, each with its moment and account."""
        number = 0
        for event in sorted(self.events, key=lambda event: event.moment):
            yield event.moment, event.who, Act(self.key, number, event.facts)
            number += len(event.facts)

    def live(self, rows: Sequence[VisitRow]) -> None:
        """Let the next thing happen, given the visits as they now stand."""
        if self.over:
            return
        self._order_events()
        row = self._next(rows)
        if row is None:
            self._book_ahead(rows)
            self.over = True
        elif not (self._story_begins(row, rows) and self._tell(row)):
            self._attend(row, rows)

    def _next(self, rows: Sequence[VisitRow]) -> VisitRow | None:
        """The next visit that should have happened by now and waits for nothing."""
        for row in rows:
            if row.status not in _OPEN_STATUSES or row.kind == "reminder" or row.effective is None or row.effective > self.on:
                continue
            if not (row.decision_pending and row.effective > self.on - _UNDECIDED):
                return row
        return None

    def _story_begins(self, row: VisitRow, rows: Sequence[VisitRow]) -> bool:
        assert row.effective is not None
        if self.told or (self.story in RECENT_ONES and row.effective < self.on - _RECENT):
            return False
        treated = sum(other.status == "done" and other.kind == "treatment" for other in rows)
        return row.kind == "treatment" and treated >= self.treated_before

    def _attend(self, row: VisitRow, rows: Sequence[VisitRow]) -> None:
        """The visit takes place, on its day or a few days off; a decision visit takes its decisions."""
        day = self._actual_day(row, rows)
        if day is None:
            self.over = True
            return
        if row.decision_pending:
            self._decide(row, day)
            return
        self._happen(day, "nurse", NewFact(Kind.VISIT_DONE, item=row.visit, day=day))

    def _actual_day(self, row: VisitRow, rows: Sequence[VisitRow]) -> date | None:
        """The day it took place; None if that would be after ``on``."""
        assert row.effective is not None
        off = self.random.choices((0, 1, 2, 4), (86, 8, 4, 2))[0]
        day = row.effective + timedelta(days=off)
        while off and not self.calendar.is_open("clinic", day):
            day += timedelta(days=1)
        done = [other.effective for other in rows if other.status == "done" and other.definition == row.definition and other.effective]
        day = max([day, *(earlier + timedelta(days=1) for earlier in done)])
        return day if day <= self.on else None

    def _decide(self, row: VisitRow, day: date) -> None:
        """Every decision of the visit, one after the other, each with a choice that the ones before allow."""
        made: dict[str, str] = {}
        facts = []
        slot = next(slot for slot in self.plan.slots if slot.id_pattern == row.definition)
        for index in slot.decisions:
            name = self.plan.decisions[index]
            choices = self.plan.protocol.decisions[name].choices
            allowed = [choice.name for choice in choices if all(made.get(other) in wanted for other, wanted in choice.requires.items())]
            # Leaving the study or all treatment at once would end most of the invented subjects here.
            usual = [choice for choice in allowed if choice not in ("withdraw", "discontinuation")] or allowed
            made[name] = self.random.choice(usual)
            facts.append(NewFact(Kind.DECISION_MADE, item=name, day=day, value=made[name]))
        self._happen(day, "investigator", *facts)

    def _tell(self, row: VisitRow) -> bool:
        """Let the story happen at this visit, as far as it lies before ``on``. Returns whether nothing else happens at it now."""
        assert row.effective is not None
        self.told = True
        self.over = self.story in LAST_ONES
        so_far = sum(len(event.facts) for event in self.events)
        told = happenings(self.story, Scene(row, row.effective, so_far, self.other_site, self.other_calendar_hash))
        for happening in told:
            if happening.day <= self.on:
                self._happen(happening.day, happening.who, *happening.facts)
        return self.over or any(happening.day <= self.on for happening in told)

    def _book_ahead(self, rows: Sequence[VisitRow]) -> None:
        """Half of the subjects have their next two visits booked."""
        if self.random.random() < 0.5:
            return
        coming = [
            row for row in rows if row.status in ("due", "upcoming") and row.kind in ("clinic", "treatment", "imaging") and row.effective
        ]
        for row in [row for row in coming if row.effective and self.on < row.effective <= self.on + timedelta(days=28)][:2]:
            at = self.random.choice(("08:30", "09:00", "10:30", "13:30"))
            booked = NewFact(Kind.BOOKED, item=row.visit, day=row.effective, value=at, details={"minutes": row.minutes or 30})
            self._happen(self.on - timedelta(days=1), "coordinator", booked)

    def _happen(self, day: date, who: str, *facts: NewFact) -> None:
        """Record these facts on this day in the afternoon, but never before what is recorded already."""
        local = datetime.combine(day, time(self.random.randint(14, 17), self.random.randint(0, 59)), ZoneInfo(self.calendar.zone))
        last = max((event.moment for event in self.events), default=datetime(1970, 1, 1, tzinfo=UTC))
        self.events.append(Event(max(local.astimezone(UTC), last + timedelta(minutes=1)), who, facts))

    def _order_events(self) -> None:
        self.events.sort(key=lambda event: event.moment)
