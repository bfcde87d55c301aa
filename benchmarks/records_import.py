"""100,000 actual dates from a CSV file, and the proof of a whole log."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.measure import Figure, median_seconds, timed
from benchmarks.records_day import CALLER
from benchmarks.records_store import fill, url_of
from planner.exchange.import_file import read_dates
from planner.exchange.table_file import read_table
from planner.records.imports.dates import plan_dates
from planner.records.imports.plan import ImportPlan, RowState, carry_out
from planner.records.proof.audit import verify
from planner.records.store.database import Database, open_database
from planner.schedule.facts import SubjectFacts

IMPORT = "Records: 100,000 dates imported"
AUDIT = "Records: the log proven"
DATES_EACH = 20
_KILO = 1e3


class ImportFailsError(Exception):
    """The file was not imported as it should have been."""


def can_be_imported(facts: SubjectFacts) -> bool:
    """Whether a subject has as many dates as the file is to hold of each."""
    return len(facts.actual) >= DATES_EACH


def import_figures(subjects: Sequence[SubjectFacts], folder: Path) -> Iterator[Figure]:
    """Seconds of one import into a database that holds all else of these subjects; once, since it takes long."""
    dates = {facts.subject: sorted(facts.actual.items(), key=lambda item: item[1])[:DATES_EACH] for facts in subjects}
    lines = [f"{subject},{visit},{day.isoformat()}" for subject, happened in dates.items() for visit, day in happened]
    content = ("subject,visit,date\n" + "\n".join(lines) + "\n").encode()
    database = open_database(url_of(folder / "import.sqlite"))
    fill(database, [_before(facts) for facts in subjects])
    seconds: dict[str, float] = {}
    plans: list[ImportPlan] = []

    def read() -> None:
        with database.reading() as connection:
            plans.append(plan_dates(connection, CALLER, read_dates(read_table(content))))

    def write() -> None:
        with database.writing() as connection:
            carry_out(connection, CALLER, plans[0])

    seconds["plan"] = timed(read)
    counts = plans[0].counts
    if counts[RowState.NEW] != len(lines):
        raise ImportFailsError(f"of {len(lines)} rows {dict(counts)}; {[str(fault) for fault in plans[0].faults[:3]]}")
    seconds["write"] = timed(write)
    database.close()
    floor = timed(lambda: _bare(folder / "rows.sqlite", lines))
    beside = "these rows into a bare table"
    yield Figure(IMPORT, "read, checked and written", seconds["plan"] + seconds["write"], "seconds", beside, floor, "under 60 s")
    yield Figure(IMPORT, "of it reading and checking", seconds["plan"], "seconds")
    yield Figure(IMPORT, "of it writing", seconds["write"], "seconds")


def _before(facts: SubjectFacts) -> SubjectFacts:
    """What is known of the subject before the file: neither visits nor decisions, nor what hangs on them."""
    nothing: dict[str, str] = {}
    return replace(
        facts, actual={}, missed=nothing, decisions={}, booked={}, omitted=frozenset(), routine_care=frozenset(), end=None, unscheduled=()
    )


def _bare(path: Path, lines: Sequence[str]) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE bare (subject TEXT, visit TEXT, day TEXT, PRIMARY KEY (subject, visit))")
    connection.executemany("INSERT INTO bare VALUES (?, ?, ?)", (line.split(",") for line in lines))
    connection.commit()
    connection.close()


# --- the proof ------------------------------------------------------------------------------------------------


def audit_figures(database: Database) -> Iterator[Figure]:
    """Thousand facts proven per second, beside fetching them and hashing each twice."""
    with database.reading() as connection:
        found = []
        taken = timed(lambda: found.append(verify(connection)))
    if found[0].faults:
        raise ImportFailsError(f"the log of the measurements is not proven: {found[0].faults[0]}")
    beside = median_seconds(lambda: _hashed(str(database.path)), rounds=1)
    facts = found[0].facts / _KILO
    yield Figure(AUDIT, "audit verify", facts / taken, "thousand facts/s", "fetching the rows and two SHA-256 each", facts / beside)
    yield Figure(AUDIT, f"{found[0].facts:,} facts", taken, "seconds")


def _hashed(path: str) -> None:
    connection = sqlite3.connect(path)
    for row in connection.execute("SELECT * FROM facts ORDER BY position"):
        text = repr(row).encode()
        hashlib.sha256(text).hexdigest()
        hashlib.sha256(text[:128]).hexdigest()
    connection.close()
