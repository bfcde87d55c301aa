"""What the tests of the log write, and what they hold against what they read."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from planner.records.facts.fact import Act, Author, Fact, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.store.append import append
from planner.records.store.database import Database

NURSE = Author("nurse", "local")
COORDINATOR = Author("coordinator", "local")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def subject(number: int, study: str = "ulrrc") -> SubjectKey:
    """``ulrrc/PEK-001`` and so on."""
    return SubjectKey(study, f"PEK-{number:03}")


def notes(*texts: str) -> tuple[NewFact, ...]:
    """Facts that any subject can have, told apart by their text."""
    return tuple(NewFact(Kind.NOTE, note=text) for text in texts)


def write(database: Database, key: SubjectKey, last_seen: int, *said: NewFact, author: Author = NURSE) -> list[Fact]:
    """One act in a transaction of its own."""
    with database.writing() as connection:
        return append(connection, [Act(key, last_seen, said)], author, NOON)


def assert_proven(log: Sequence[Fact]) -> None:
    """Fails unless this is a whole log as docs/records.md says: no gaps, and both chains right. Written from that page alone."""
    head = ""
    last: dict[SubjectKey, tuple[int, str]] = defaultdict(lambda: (0, ""))
    for position, fact in enumerate(log, start=1):
        said = fact.said
        number, previous_hash = last[fact.subject]
        assert fact.position == position
        assert fact.number == number + 1, f"{fact.subject}: after fact {number} comes {fact.number}"
        assert fact.previous_hash == previous_hash
        fields = [
            fact.position,
            fact.subject.study,
            fact.subject.number,
            fact.number,
            fact.act,
            said.kind.value,
            said.item,
            said.day.isoformat() if said.day else None,
            said.until_day.isoformat() if said.until_day else None,
            said.value,
            said.replaces,
            said.refers,
            json.dumps(dict(said.details), sort_keys=True, separators=(",", ":")),
            said.reason,
            said.note,
            fact.who,
            fact.role,
            round((fact.recorded_at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000),
            fact.previous_hash,
        ]
        assert fact.hash == sha256(json.dumps(fields, separators=(",", ":")))
        head = sha256(head + fact.hash)
        assert fact.head == head
        last[fact.subject] = (fact.number, fact.hash)


def sha256(text: str) -> str:
    """64 hexadecimal digits."""
    return hashlib.sha256(text.encode("ascii")).hexdigest()
