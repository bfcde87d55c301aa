"""Writers that are stopped in the middle of it, and what must hold of the log afterwards.

A writer tells of each write once it is committed. Whatever it told of must be in the log; what it did not tell of may be there, but at
most the one write it was at, and whole.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.connection import Connection as Pipe

from planner.records.facts.fact import Act, Fact
from planner.records.proof.audit import verify
from planner.records.store.append import append
from planner.records.store.database import DatabaseError, open_database
from planner.records.store.log import last_number, read_facts
from tests.records.writing import NOON, NURSE, assert_proven, notes, subject

SUBJECTS = 20
IMPORTED = 2000
"""Facts that one import writes in one transaction."""

READY, WRITTEN = "ready", "written"
"""What a writer says besides: before its first write, and before it commits an import."""


def write_singly(url: str, name: str, told: Pipe) -> None:
    """Write one fact after the other, each in a transaction of its own, until stopped; tell of each (``name/7``) after its commit."""
    database = open_database(url)
    told.send(READY)
    with suppress(DatabaseError):  # what it writes to is gone
        for number in count():
            with database.writing() as connection:
                key = subject(number % SUBJECTS)
                append(connection, [Act(key, last_number(connection, key), notes(f"{name}/{number}"))], NURSE, NOON)
            told.send(f"{name}/{number}")


def import_many(url: str, name: str, told: Pipe) -> None:
    """Write thousands of facts in one transaction and tell of it (``name``) after its commit."""
    database = open_database(url)
    told.send(READY)
    with suppress(DatabaseError):
        with database.writing() as connection:
            acts = []
            for first in range(SUBJECTS):
                said = notes(*(f"{name}/{number}" for number in range(first, IMPORTED, SUBJECTS)))
                acts.append(Act(subject(first), last_number(connection, subject(first)), said))
            append(connection, acts, NURSE, NOON)
            told.send(WRITTEN)
        told.send(name)


def heard(pipe: Pipe) -> Iterator[str]:
    """What a writer still told before it ended."""
    try:
        while True:
            yield pipe.recv()
    except (EOFError, OSError):
        return


@dataclass
class Expectation:
    """What writers told about one database, to be held against it."""

    singles: dict[str, set[str]] = field(default_factory=dict)
    """What each writer of single facts told of, by its name."""
    imports: dict[str, bool] = field(default_factory=dict)
    """Whether the import of each name was told of."""

    def lost(self, log: list[Fact]) -> set[str]:
        """Facts that were told of and are not there."""
        return set().union(*self.singles.values()) - {fact.said.note for fact in log} if self.singles else set()

    def check(self, url: str) -> Counter[str]:
        """Fails unless the database opens, is whole and holds what it must. Returns how many facts it has of each name."""
        database = open_database(url)
        with database.reading() as connection:
            assert verify(connection).faults == ()
            log = read_facts(connection)
        database.close()
        assert_proven(log)
        assert len({fact.said.note for fact in log}) == len(log), "a fact was written twice"
        assert self.lost(log) == set()
        there = Counter(fact.said.note.rpartition("/")[0] for fact in log)
        assert set(there) <= self.singles.keys() | self.imports.keys()
        for name, told in self.singles.items():
            assert len(told) <= there[name] <= len(told) + 1, f"{name}: {there[name]} facts, told of {len(told)}"
        for name, told_of in self.imports.items():
            assert there[name] in ((IMPORTED,) if told_of else (0, IMPORTED)), f"{name} is there in part: {there[name]} facts"
        return there


def moments(seed: int, rounds: int) -> list[float]:
    """Shares of a duration, evenly spread and in random order, the same each time."""
    shares = [(number + 0.5) / rounds for number in range(rounds)]
    random.Random(seed).shuffle(shares)
    return shares
