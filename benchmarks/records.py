"""The records: a fact written durably, the worklist from cold, one subject's page, an import, the proof, and the usual design beside."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import Figure
from benchmarks.records_appointments import appointment_figures
from benchmarks.records_import import audit_figures, can_be_imported, import_figures
from benchmarks.records_recount import recount
from benchmarks.records_store import copied_to_postgresql, fill, latest_started, multiplied, subjects_of, url_of
from benchmarks.records_worklist import worklist_figures
from benchmarks.records_writing import page_figures, writing_figures
from benchmarks.study import plan
from planner.records.store.database import open_database
from planner.schedule.cohort import Cohort
from planner.schedule.cohort_facts import cohort_of
from planner.schedule.facts import SubjectFacts
from tests.records.postgresql import NoPostgreSQLError, private_server, programs

DRAWN = 60_000
"""Of so many subjects the 10,000 who started last are taken: two months of starts, with some 20 facts each."""
SUBJECTS = 10_000
TIMES = 10
IMPORTED = 5_000


def records_figures(cohort: Cohort) -> Iterator[Figure]:
    """All figures of the records, from at least ``DRAWN`` subjects with facts; those on PostgreSQL where its programs are."""
    subjects = subjects_of(latest_started(cohort.part(0, DRAWN), SUBJECTS))
    with TemporaryDirectory(prefix="planner-bench-") as name:
        folder = Path(name)
        database = open_database(url_of(folder / "records.sqlite"))
        facts = fill(database, subjects)
        database.close()  # the write-ahead log goes into the file
        counts = recount(cohort_of(plan(), subjects), subjects)
        yield from _worklists(folder, counts, facts)
        yield from audit_figures(database)
        yield from page_figures(database, subjects)
        yield from _on_postgresql(folder, subjects, counts, facts)
        yield from writing_figures(database, subjects, folder)
        database.close()
        yield from import_figures(_to_import(cohort), folder)


def _worklists(folder: Path, counts: Mapping[str, int], facts: int) -> Iterator[Figure]:
    source, large = folder / "records.sqlite", folder / "large.sqlite"
    section = f"Records: worklist from cold, {SUBJECTS:,} subjects, SQLite"
    yield from worklist_figures(section, url_of(source), counts, rounds=5, aim="under 1 s", facts=facts)
    multiplied(source, large, TIMES)
    many = {kind: count * TIMES for kind, count in counts.items()}
    section = f"Records: worklist from cold, {SUBJECTS * TIMES:,} subjects, SQLite"
    yield from worklist_figures(section, url_of(large), many, rounds=2, aim="under 6 s", facts=facts * TIMES)
    large.unlink()


def _to_import(cohort: Cohort) -> list[SubjectFacts]:
    """Subjects with enough dates, of those who started first."""
    early = cohort.part(0, IMPORTED * 4)
    return [facts for facts in subjects_of(early) if can_be_imported(facts)][:IMPORTED]


def _on_postgresql(folder: Path, subjects: list[SubjectFacts], counts: Mapping[str, int], facts: int) -> Iterator[Figure]:
    try:
        programs()
    except NoPostgreSQLError as error:
        print(f"what is measured on PostgreSQL is left out: {error}", file=sys.stderr, flush=True)
        return
    with private_server() as server:
        server.administer("CREATE DATABASE records")
        database = copied_to_postgresql(folder / "records.sqlite", server.url("records"))
        section = f"Records: worklist from cold, {SUBJECTS:,} subjects, PostgreSQL"
        yield from worklist_figures(section, server.url("records"), counts, rounds=3, aim="under 1 s", facts=facts)
        yield from appointment_figures(database, subjects)
        yield from writing_figures(database, subjects, folder)
        database.close()
