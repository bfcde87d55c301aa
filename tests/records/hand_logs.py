"""Logs written by hand, fact by fact, and what they are folded with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from random import Random

from planner.records.facts.fact import Fact, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.fold.fact_table import fact_table
from planner.records.fold.subject_facts import SubjectState, subject_state
from tests.records.random_facts import written
from tests.records.worlds import World, random_calendars, study_world

START = date(2026, 3, 2)
FIRST = datetime(2026, 3, 2, 9, tzinfo=UTC)
KEY = SubjectKey("ulrrc", "PEK-001")


@cache
def ulrrc() -> World:
    """ULRRC with its amended versions, and three calendars."""
    return study_world("ulrrc", random_calendars(Random(7)))


def protocol_hash(version: int = 0) -> str:
    """The hash of a version of ULRRC; version 2 has no FOLFOXIRI and cycles from 4 to 8, version 3 follow-up of 36 instead of 60 months."""
    return list(ulrrc().plans)[version]


def enrolled(day: date = START, site: str = "PEK", calendar: str = "calendar-0", version: int = 0, **details: str) -> NewFact:
    """An enrolment."""
    return NewFact(Kind.ENROLLED, site, day, value=protocol_hash(version), details={"plan": "plan", "calendar": calendar, **details})


def log_of(*said: NewFact, key: SubjectKey = KEY) -> list[Fact]:
    """The log of one subject who is told of in these facts, each an act of its own."""
    log: list[Fact] = []
    for new in said:
        log = written(log, [new], key, FIRST.replace(minute=len(log)))
    return log


def state_of(*said: NewFact, world: World | None = None) -> SubjectState:
    """The state of a subject enrolled on ``START`` (fact 1), of whom these facts are told (from fact 2 on)."""
    return subject_state(fact_table(log_of(enrolled(), *said)), world or ulrrc())


def mixed(random: Random, logs: Sequence[Sequence[Fact]]) -> list[Fact]:
    """Several subjects' facts in one log, mixed, each subject's in its own order."""
    turns = [index for index, log in enumerate(logs) for _ in log]
    random.shuffle(turns)
    left = [iter(log) for log in logs]
    return [replace(next(left[turn]), position=position) for position, turn in enumerate(turns, start=1)]
