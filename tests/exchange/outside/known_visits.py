"""Visits as calendars of ours show them, without a log behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from planner.exchange.outside.earlier_times import Earlier
from planner.exchange.outside.findings import Findings
from planner.exchange.outside.ics_reader import read_outside
from planner.exchange.outside.matching import outside_findings, site_zones, visits_by_uid
from planner.exchange.revision_events import EventForm, calendar_file, revision_events
from planner.records.facts.fact import SubjectKey
from planner.records.revisions.visit_revisions import VisitRevision
from tests.exchange.calendar_reading import visit_row
from tests.schedule.studies import study

KEY = b"k" * 32
RECORDED = datetime(2026, 3, 1, 8, tzinfo=UTC)


@dataclass
class NothingBefore:
    """A log in which each visit has had its present time only, so that any other time counts as moved."""

    asked: int = 0

    def of(self, _: VisitRevision) -> Earlier:
        self.asked += 1
        return Earlier(frozenset(), frozenset())


def revision(visit: str, day: date, at: time | None, zone: str, minutes: int | None = 240) -> VisitRevision:
    row = visit_row(visit=visit, effective=day, certainty="booked", booked_at=at, minutes=minutes)
    return VisitRevision(SubjectKey("ulrrc", "0042"), "BER", zone, row, False, 1, RECORDED, study("ulrrc"))


def file_of(revisions: Iterable[VisitRevision]) -> bytes:
    """The file that a feed of these visits is."""
    events = revision_events(revisions, EventForm(KEY))
    return calendar_file(events)


def found_in(content: bytes, revisions: Iterable[VisitRevision]) -> Findings:
    visits = visits_by_uid(revisions, KEY)
    return outside_findings(read_outside(content, site_zones(visits)), visits, NothingBefore())  # type: ignore[arg-type]
