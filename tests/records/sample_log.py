"""A small log that uses every column, of three subjects and the administration; and ways to change it behind the planner's back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from planner.protocol.compile import compile_plan
from planner.protocol.read import read_protocol
from planner.records.facts.fact import ADMINISTRATION, Act, Author, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.pinned.contents import plan_hash, put_calendar, put_protocol
from planner.records.proof.audit import AuditResult, verify
from planner.records.store.append import append
from planner.records.store.database import Database
from planner.records.store.log import head
from planner.records.store.triggers import APPEND_ONLY
from planner.schedule.calendar_sources import calendar_named

FIRST, SECOND, THIRD = (SubjectKey("ulrrc", f"PEK-00{number}") for number in (1, 2, 3))
AT = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
PROTOCOL = (Path(__file__).parents[2] / "protocols" / "ulrrc.yaml").read_text(encoding="utf-8")

FULL = 8
"""The position of the fact that uses every column but ``refers``; its subject is FIRST and its number 4."""

NURSE = Author("nurse.two", "nurse")
"""Somebody who may write notes once the log is there."""


def fill(database: Database) -> str:
    """Write the log, 16 facts in several acts; gives its head."""
    investigator, root = Author("coordinator.one@site", "investigator"), Author("root.admin", "administrator")
    with database.writing() as connection:
        protocol = put_protocol(connection, PROTOCOL)
        calendar = put_calendar(connection, calendar_named("CN", 2024, 2028))
        details = {"plan": plan_hash(compile_plan(read_protocol(PROTOCOL))), "calendar": calendar}
        enrolled = NewFact(Kind.ENROLLED, "PEK", date(2026, 3, 2), value=protocol, details=details)
        again = NewFact(Kind.ENROLLED, "PEK", date(2026, 3, 9), value=protocol, details={**details, "rescreen_of": FIRST.number})
        people = (
            NewFact(Kind.PERSON_GRANTED, root.who, value=root.role, details={"site": "*"}),
            NewFact(Kind.PERSON_GRANTED, NURSE.who, value=NURSE.role, details={"site": "*"}),
            NewFact(Kind.PERSON_GRANTED, investigator.who, value=investigator.role, details={"site": "*"}),
        )
        site = (
            NewFact(Kind.SITE_SET, "PEK", details={"subject_pattern": r"PEK-\d{3}"}),
            NewFact(Kind.SITE_CALENDAR_SET, "PEK", value=calendar),
        )
        held = NewFact(Kind.HOLD_STARTED, "", date(2026, 3, 20), date(2026, 4, 3), "shift")
        full = NewFact(
            Kind.HOLD_STARTED,
            "pd1",
            date(2026, 3, 21),
            date(2026, 4, 4),
            "skip",
            replaces=2,
            reason="toxicity",
            note="spät, 延迟 and a café",
        )
        booked = NewFact(
            Kind.BOOKED, "C2D1", date(2026, 3, 23), value="09:30", details={"minutes": 90, "resource": "LINAC-SECRET", "place": "ward 9"}
        )
        append(connection, [Act(ADMINISTRATION, 0, people)], Author(root.who, "local"), AT)
        append(connection, [Act(FIRST, 0, (enrolled, held)), Act(SECOND, 0, (enrolled,))], investigator, AT)
        append(connection, [Act(FIRST, 2, (booked, full))], investigator, AT)
        append(
            connection,
            [Act(SECOND, 1, (NewFact(Kind.NOTE, note="first remark"),)), Act(FIRST, 4, (NewFact(Kind.NOTE, note="further remark"),))],
            NURSE,
            AT,
        )
        done = NewFact(Kind.VISIT_DONE, "C1D1", date(2026, 3, 2))
        append(connection, [Act(THIRD, 0, (again,)), Act(SECOND, 2, (done,))], investigator, AT)
        append(connection, [Act(FIRST, 5, (NewFact(Kind.UNDONE, replaces=4),)), Act(SECOND, 3, (NewFact(Kind.NOTE),))], investigator, AT)
        append(connection, [Act(ADMINISTRATION, 3, site)], root, AT)
        return head(connection)


def audited(database: Database, kept: str | None = None) -> AuditResult:
    """What the audit says."""
    with database.reading() as connection:
        return verify(connection, kept)


def audited_file(file: Path, kept: str | None = None) -> AuditResult:
    """What the audit says of an SQLite file, however damaged."""
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(file, isolation_level=None), poolclass=NullPool)
    with engine.connect() as connection:
        return verify(connection, kept)


def names(result: AuditResult, position: int, subject: SubjectKey, number: int) -> bool:
    """Whether a fault names this fact, by its position or by its subject and number."""
    return any(fault.position == position or (fault.subject, fault.number) == (str(subject), number) for fault in result.faults)


@contextmanager
def unguarded(database: Database) -> Iterator[Connection]:
    """A transaction in which the tables can be changed; their triggers are there again afterwards. Foreign keys are not watched."""
    if database.path is not None:
        engine = create_engine(f"sqlite:///{database.path}", poolclass=NullPool)
        with engine.begin() as connection:
            triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
            for name, _ in triggers:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
            yield connection
            for _, sql in triggers:
                connection.exec_driver_sql(sql)
        return
    with database.writing() as connection:
        for table in APPEND_ONLY:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        yield connection
        for table in APPEND_ONLY:
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER ALL"))


@contextmanager
def unguarded_file(file: Path) -> Iterator[sqlite3.Connection]:
    """The same for an SQLite file, with the driver alone and without foreign keys."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, sql in triggers:
            connection.execute(sql)
        connection.execute("COMMIT")


def whole_file(database: Database) -> bytes:
    """The bytes of an SQLite database with its write-ahead log worked in; the database is closed."""
    assert database.path is not None
    file = database.path
    database.close()
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")
    return file.read_bytes()
