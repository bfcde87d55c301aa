"""The two studies, compiled, and short ways to expand and look at a few subjects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from planner.protocol.compile import compile_plan
from planner.protocol.model import Protocol
from planner.protocol.plan import Plan
from planner.protocol.read import read_protocol
from planner.schedule.calendar import SiteCalendar
from planner.schedule.calendar_sources import country_calendar, every_day_calendar
from planner.schedule.cohort_facts import cohort_of
from planner.schedule.days import day_number
from planner.schedule.expand import expand
from planner.schedule.facts import SubjectFacts
from planner.schedule.rows import VisitRow
from planner.schedule.schedule import Schedule
from planner.schedule.visit_rows import subject_rows

STUDIES = ("ulrrc", "crlm")
START = date(2026, 3, 2)
CONSENT = date(2026, 2, 20)
AS_OF = date(2026, 2, 25)
PROTOCOLS = Path(__file__).parents[2] / "protocols"


@cache
def study(name: str) -> Protocol:
    """A study as its file in ``protocols/`` has it."""
    return read_protocol((PROTOCOLS / f"{name}.yaml").read_text(encoding="utf-8"), name)


@cache
def plan_of(name: str) -> Plan:
    """A study, compiled."""
    return compile_plan(study(name))


_last_compiled: list[tuple[Protocol, Plan]] = []


def compiled(protocol: Protocol) -> Plan:
    """The plan of a protocol; that of a study is compiled once, and that of another not again while it is the last that was asked for."""
    if found := next((plan_of(name) for name in STUDIES if study(name) is protocol), None):
        return found
    if not _last_compiled or _last_compiled[0][0] is not protocol:
        _last_compiled[:] = [(protocol, compile_plan(protocol))]
    return _last_compiled[0][1]


@cache
def china() -> SiteCalendar:
    """China's working days, make-up weekends included."""
    return country_calendar("CN")


@cache
def every_day() -> SiteCalendar:
    """A site that never closes."""
    return every_day_calendar()


def enrolled(start: date = START, **known: object) -> SubjectFacts:
    """A subject who consented on 2026-02-20, unless told otherwise."""
    known.setdefault("milestones", {"CONSENT": CONSENT})
    return SubjectFacts(str(known.pop("subject", "S1")), start, **known)


def expanded(
    plan: Plan | str, subjects: SubjectFacts | Sequence[SubjectFacts], as_of: date = AS_OF, calendar: SiteCalendar | None = None
) -> Schedule:
    """The schedule of one subject or some, by China's calendar unless told otherwise."""
    plan = plan_of(plan) if isinstance(plan, str) else plan
    everyone = [subjects] if isinstance(subjects, SubjectFacts) else list(subjects)
    return expand(plan, cohort_of(plan, everyone), [calendar or china()], day_number(as_of))


def by_visit(schedule: Schedule, subject: int = 0) -> Mapping[str, VisitRow]:
    """All visits of a subject, cancelled and conditional ones too."""
    return {row.visit: row for row in subject_rows(schedule, subject, all_visits=True)}


def planned(rows: Mapping[str, VisitRow], visits: str) -> list[str]:
    """The planned dates of some visits, as month and day."""
    return [str(rows[visit].planned)[5:] for visit in visits.split()]
