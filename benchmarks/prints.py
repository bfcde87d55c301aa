"""Prints: from the records to the bytes of a PDF, each of another subject, in a process that has printed before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.measure import Figure, timed
from benchmarks.records_store import url_of
from planner.exchange.prints.day_names import PrintLanguage
from planner.exchange.prints.render import render_patient
from planner.exchange.prints.subject_print import subject_print
from planner.records.caller import Caller
from planner.records.demo.demo import fill_with_demo
from planner.records.store.database import Database, open_database
from planner.records.store.log import subject_keys

SECTION = "Prints"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
_MILLI = 1e3
_LANGUAGES: tuple[PrintLanguage, ...] = ("en", "zh-CN")
_PRINTS = 40


def print_figures() -> Iterator[Figure]:
    """The median of many prints; the same data twice would be answered from a cache, so every print is of another subject."""
    with TemporaryDirectory(prefix="planner-bench-") as folder:
        database = open_database(url_of(Path(folder) / "prints.sqlite"))
        with database.writing() as connection:
            fill_with_demo(connection, 1, NOW.date())
        with database.reading() as connection:
            subjects = [str(key) for key in list(subject_keys(connection))[: _PRINTS + 1]]
        languages = cycle(_LANGUAGES)
        seconds = [timed(lambda subject=subject: _print(database, subject, next(languages))) for subject in subjects]  # type: ignore[misc]
        database.close()
    yield Figure(SECTION, "a patient's calendar, the first of a process", seconds[0] * _MILLI, "ms")
    yield Figure(SECTION, f"a patient's calendar, warm, {_PRINTS} subjects", median(seconds[1:]) * _MILLI, "ms", aim="under 0.3 s")


def _print(database: Database, subject: str, language: PrintLanguage) -> None:
    with database.reading() as connection:
        found = subject_print(connection, Caller("bench", NOW), subject, language, as_of=NOW.date())
    render_patient(found.data, found.moment)
