"""The demonstration: an empty database filled with invented subjects in all states, the same ones for the same seed and day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy import Connection

from planner.protocol.library import protocol_path, protocol_text
from planner.protocol.plan import Plan
from planner.protocol.said import said
from planner.records.demo.lives import Event, Life
from planner.records.demo.stories import STORIES
from planner.records.errors import RecordsError
from planner.records.facts.fact import ADMINISTRATION, Act, Author, Fact, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.fold.fact_table import fact_table
from planner.records.fold.fold import fold
from planner.records.pinned.contents import PinnedContents, put_calendar, put_protocol
from planner.records.pinned.plan_hash import plan_hash
from planner.records.store.append import append
from planner.records.store.log import head
from planner.schedule.calendar import SiteCalendar
from planner.schedule.calendar_sources import calendar_named
from planner.schedule.days import day_number
from planner.schedule.expand import expand
from planner.schedule.rows import VisitRow
from planner.schedule.visit_rows import subject_rows

SUBJECTS = 60
SITES = (("BEI", "CN"), ("NYC", "US-NY"))
"""Site code and calendar."""
_STUDIES = ("ulrrc", "crlm", "ulrrc")
_ROLE = "local"
_LONGEST_AGO, _SOONEST = 520, -12
"""Starts lie between so many days before the day asked for."""
_MOST_EVENTS = 120


class NotEmptyError(RecordsError):
    """A demonstration is put into an empty database only, so that it never mixes with real subjects."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What a demonstration wrote."""

    subjects: int
    facts: int
    head: str


@dataclass(frozen=True, slots=True)
class _Study:
    plan: Plan
    protocol_hash: str
    plan_hash: str
    parameters: Sequence[dict[str, str]]


@dataclass
class _Demo:
    """All that the invented subjects share."""

    random: Random
    on: date
    pinned: PinnedContents
    calendars: dict[str, SiteCalendar]
    calendar_hashes: dict[str, str]
    studies: dict[str, _Study]
    lives: list[Life] = field(default_factory=list)


def fill_with_demo(connection: Connection, seed: int, on: date) -> Filled:
    """Write the demonstration as it stands on day ``on``; ``connection`` is that of a ``writing()``. Raises NotEmptyError."""
    if head(connection):
        raise NotEmptyError(
            said("The database holds facts already. Name an empty one for the demonstration: PLANNER_DATABASE_URL=sqlite:///demo.sqlite")
        )
    demo = _prepared(connection, seed, on)
    for index in range(SUBJECTS):
        _enrol(demo, index)
    for _ in range(_MOST_EVENTS):
        if all(life.over for life in demo.lives):
            break
        for life, rows in _present(demo):
            life.live(rows)
    written = 0
    for moment, who, act in sorted((entry for life in demo.lives for entry in life.acts()), key=lambda entry: (entry[0], entry[2].subject)):
        written += len(append(connection, [act], Author(who, _ROLE), moment))
    return Filled(len(demo.lives), written, head(connection))


def _prepared(connection: Connection, seed: int, on: date) -> _Demo:
    """Sites, calendars and protocols, stored before anybody is enrolled."""
    calendars = {site: calendar_named(name) for site, name in SITES}
    hashes = {site: put_calendar(connection, calendar) for site, calendar in calendars.items()}
    earliest = datetime.combine(on - timedelta(days=_LONGEST_AGO + 60), time(8), UTC)
    facts = []
    for site, _ in SITES:
        facts.append(NewFact(Kind.SITE_SET, item=site, details={"subject_pattern": rf"{site}-[0-9]{{3}}"}))
        facts.append(NewFact(Kind.SITE_CALENDAR_SET, item=site, value=hashes[site]))
    append(connection, [Act(ADMINISTRATION, 0, tuple(facts))], Author("administrator", _ROLE), earliest)
    pinned = PinnedContents(connection)
    studies = {}
    for name in dict.fromkeys(_STUDIES):
        protocol_hash = put_protocol(connection, protocol_text(protocol_path(name)))
        plan = pinned.plan(protocol_hash)
        regimens = [{}, {"regimen": "CAPOX"}, {"regimen": "mFOLFOX6"}]
        studies[name] = _Study(plan, protocol_hash, plan_hash(plan), regimens)
    return _Demo(Random(seed), on, pinned, calendars, hashes, studies)


def _enrol(demo: _Demo, index: int) -> None:
    study_name = _STUDIES[index % len(_STUDIES)]
    study = demo.studies[study_name]
    site, other = [code for code, _ in SITES][:: 1 if index % 5 < 3 else -1]
    number = sum(life.site == site for life in demo.lives) + 1
    calendar = demo.calendars[site]
    life = Life(
        key=SubjectKey(study_name, f"{site}-{number:03}"),
        site=site,
        calendar=calendar,
        plan=study.plan,
        story=STORIES[index % len(STORIES)],
        random=Random(demo.random.getrandbits(64)),
        on=demo.on,
        other_site=other,
        other_calendar_hash=demo.calendar_hashes[other],
    )
    life.treated_before = life.random.randint(2, 8)
    ago = _SOONEST + (index * 37) % SUBJECTS * (_LONGEST_AGO - _SOONEST) // SUBJECTS
    start = _open_day(calendar, demo.on - timedelta(days=ago))
    parameters = dict(life.random.choice(study.parameters))
    details: dict[str, str | int] = {"plan": study.plan_hash, "calendar": demo.calendar_hashes[site]}
    again = _screened_before(demo, index, life)
    if again is not None:
        details["rescreen_of"] = again
    if life.story == "moved_start":
        life.enrol(start - timedelta(days=7), details, study.protocol_hash, parameters)
        _move_start(life, start)
    else:
        life.enrol(start, details, study.protocol_hash, parameters)
    if index == _SCREEN_FAILURE:
        _fail_screening(life, start)
    demo.lives.append(life)


_SCREEN_FAILURE, _SCREENED_AGAIN = 20, 23
"""Which subject fails screening, and which is the same person screened again under a new number: same study and site."""


def _screened_before(demo: _Demo, index: int, life: Life) -> str | None:
    """The number under which the subject was screened before, if it is the one screened again."""
    if index != _SCREENED_AGAIN:
        return None
    before = demo.lives[_SCREEN_FAILURE].key
    assert before.study == life.key.study
    return before.number


def _fail_screening(life: Life, start: date) -> None:
    day = min(start - timedelta(days=2), life.on)
    moment = max(datetime.combine(day, time(12), UTC), life.events[-1].moment + timedelta(hours=1))
    failed = NewFact(Kind.LEFT_STUDY, day=day, value="screen_failure", reason="not_eligible")
    life.events.append(Event(moment, "investigator", (failed,)))
    life.over = True


def _move_start(life: Life, start: date) -> None:
    moment = life.events[-1].moment + timedelta(hours=20)
    life.events.append(Event(moment, "coordinator", (NewFact(Kind.START_MOVED, day=start, reason="no_slot"),)))


def _open_day(calendar: SiteCalendar, day: date) -> date:
    while not calendar.is_open("clinic", day):
        day += timedelta(days=1)
    return day


def _present(demo: _Demo) -> Iterator[tuple[Life, list[VisitRow]]]:
    """Every subject that goes on living, with its visits as its facts so far make them: one fold, one expansion per study."""
    lives = {life.key: life for life in demo.lives if not life.over}
    folded = fold(fact_table(_as_facts(lives.values())), demo.pinned)
    for group in folded.groups:
        schedule = expand(group.plan, group.cohort, group.calendars, day_number(demo.on))
        for index, row in enumerate(group.rows.tolist()):
            yield lives[folded.subjects[row]], subject_rows(schedule, index, all_visits=True)


def _as_facts(lives: Iterable[Life]) -> list[Fact]:
    """The facts as the log would hold them; without hashes, which a fold does not look at."""
    found: list[Fact] = []
    for life in lives:
        for moment, who, act in life.acts():
            first = act.last_seen + 1
            for number, fact in enumerate(act.facts, start=first):
                found.append(Fact(len(found) + 1, life.key, number, first, fact, who, _ROLE, moment, "", "", ""))
    return found
