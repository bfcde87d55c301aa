"""The databases that the records are measured on: 10,000 subjects with facts, appended as the product appends them."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path

import numpy as np
import psycopg
from psycopg import sql
from sqlalchemy import Connection

from benchmarks.facts_of_subjects import facts_of
from benchmarks.records_day import AS_OF, CALLER
from benchmarks.study import PROTOCOL, calendar, plan
from planner.records.facts.fact import Act, Author, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.imports.rows import SubjectRow
from planner.records.imports.said import in_log_order, said_of_subject
from planner.records.pinned.contents import put_calendar, put_protocol
from planner.records.pinned.plan_hash import plan_hash
from planner.records.store.append import append
from planner.records.store.database import Database, open_database
from planner.schedule.cohort import Cohort
from planner.schedule.facts import SubjectFacts

PROTOCOLS = Path(__file__).parents[1] / "protocols"
PROTOCOL_FILE = PROTOCOLS / f"{PROTOCOL}.yaml"
AUTHOR = Author(CALLER.who, "local")
SITES = tuple(f"SITE-{number:02d}" for number in range(1, 21))
TABLES = ("contents", "subjects", "facts")

_AT_ENROLMENT = (Kind.ENROLLED, Kind.PARAMETER_SET, Kind.MILESTONE_SET)


@dataclass(frozen=True)
class Pins:
    """The study of the subjects, and what all of them are pinned to, by hash."""

    study: str
    protocol: str
    plan: str
    calendar: str


def latest_started(cohort: Cohort, count: int) -> Cohort:
    """The ``count`` subjects who started last, in the cohort's order."""
    return cohort.taken(np.sort(np.argsort(cohort.start, kind="stable")[-count:]))


def subjects_of(cohort: Cohort, study: str = PROTOCOL) -> list[SubjectFacts]:
    """What the arrays say, subject by subject, with a reason of the product's list for what was missed."""
    found = (facts_of(plan(study), cohort, subject) for subject in range(len(cohort)))
    return [replace(facts, missed=dict.fromkeys(facts.missed, "illness")) for facts in found]


def key_of(facts: SubjectFacts, study: str = PROTOCOL) -> SubjectKey:
    """The subject's key in the records."""
    return SubjectKey(study, facts.subject)


def site_of(subject: str) -> str:
    """The site of a subject by its number: all have alike many."""
    return SITES[int(subject[1:].partition("-")[0]) % len(SITES)]


def pinned(connection: Connection, study: str) -> Pins:
    """Keep the protocol and the calendar."""
    protocol = put_protocol(connection, (PROTOCOLS / f"{study}.yaml").read_text(encoding="utf-8"))
    return Pins(study, protocol, plan_hash(plan(study)), put_calendar(connection, calendar()))


def fill(database: Database, subjects: Sequence[SubjectFacts], study: str = PROTOCOL) -> int:
    """Append all facts in one transaction, in the order in which they would have come; gives how many."""
    with database.writing() as connection:
        pins = pinned(connection, study)
        acts = [act for facts in subjects for act in _acts(facts, pins)]
        # The logs of all subjects grow side by side, as at a site, so that one subject's facts lie far apart.
        acts.sort(key=lambda dated: dated[0])
        return len(append(connection, [act for _, act in acts], AUTHOR, CALLER.now))


def said_by(facts: SubjectFacts, pins: Pins) -> list[NewFact]:
    """All that is known of a subject, as facts of the log."""
    details = {"plan": pins.plan, "calendar": pins.calendar}
    enrolled = NewFact(Kind.ENROLLED, site_of(facts.subject), facts.start, value=pins.protocol, details=details)
    said = in_log_order(said_of_subject(SubjectRow(0, "", facts), {"subject": 1}), plan(pins.study))
    return [enrolled, *(one.new for one in said)]


def _acts(facts: SubjectFacts, pins: Pins) -> Iterator[tuple[date, Act]]:
    """The enrolment with all that was known then, then an act for each day."""

    def day(fact: NewFact) -> date:
        return facts.start if fact.kind in _AT_ENROLMENT else max(facts.start, min(fact.day or AS_OF, AS_OF))

    number, come = 0, facts.start
    for _, together in groupby(said_by(facts, pins), key=lambda fact: (fact.kind in _AT_ENROLMENT, day(fact))):
        new = tuple(together)
        come = max(come, day(new[0]))
        yield come, Act(key_of(facts, pins.study), number, new)
        number += len(new)


# --- copies that no append made -------------------------------------------------------------------------------


def multiplied(source: Path, target: Path, times: int) -> None:
    """A copy of an SQLite database with each subject ``times`` times, made by SQL with the triggers gone: its hashes prove nothing."""
    shutil.copyfile(source, target)
    connection = sqlite3.connect(target)
    connection.execute("PRAGMA synchronous=OFF")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    (subjects,) = connection.execute("SELECT max(id) FROM subjects").fetchone()
    (facts,) = connection.execute("SELECT max(position) FROM facts").fetchone()
    columns = [row[1] for row in connection.execute("PRAGMA table_info(facts)")]
    moved = {"position": "position + :facts", "subject_id": "subject_id + :subjects"}
    copied = f"INSERT INTO facts SELECT {', '.join(moved.get(name, name) for name in columns)} FROM facts WHERE position <= :last"
    for copy in range(1, times):
        shift = {"subjects": copy * subjects, "facts": copy * facts, "last": facts, "copy": f"-{copy}", "known": subjects}
        connection.execute(
            "INSERT INTO subjects SELECT id + :subjects, study, number || :copy FROM subjects WHERE id BETWEEN 1 AND :known", shift
        )
        connection.execute(copied, shift)
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def copied_to_postgresql(source: Path, url: str) -> Database:
    """The same log on PostgreSQL, its rows copied as they are while the triggers are off."""
    database = open_database(url)
    rows = sqlite3.connect(source)
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for table in TABLES:
            _copy(rows, connection, table)
        connection.execute("ANALYZE")
    rows.close()
    return database


def _copy(rows: sqlite3.Connection, connection: psycopg.Connection, table: str) -> None:
    found = rows.execute(f"SELECT * FROM {table}" + (" WHERE id > 0" if table == "subjects" else ""))
    names = sql.SQL(", ").join(sql.Identifier(column[0]) for column in found.description)
    name = sql.Identifier(table)
    connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))
    with connection.cursor().copy(sql.SQL("COPY {} ({}) FROM STDIN").format(name, names)) as copy:
        for row in found:
            copy.write_row(row)
    connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(name))


def url_of(path: Path) -> str:
    """The address of an SQLite file."""
    return f"sqlite:///{path}"
