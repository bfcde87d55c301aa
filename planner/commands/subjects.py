"""The subjects whose calendars a command works out: one from options, or many from a cohort file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from planner.commands.fact_options import FactOptions
from planner.commands.failures import CallWrong, InputWrong, say, say_all
from planner.commands.inputs import DEFAULT_CALENDAR, day_asked_about, read_bytes, read_calendar
from planner.protocol.plan import Plan
from planner.schedule.calendar import CalendarError, SiteCalendar
from planner.schedule.fact_faults import LATEST_DATE
from planner.schedule.facts import SubjectFacts
from planner.schedule.schedule import Schedule

if TYPE_CHECKING:
    from planner.exchange.cohort_csv import CohortFile

MANY = 2000
"""From so many subjects on, a progress bar is worth showing."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """Checked facts, the calendars that they name, and the day asked about at each calendar's site."""

    plan: Plan
    facts: Sequence[SubjectFacts]
    calendar_names: tuple[str, ...]
    calendars: tuple[SiteCalendar, ...]
    days: tuple[date, ...]
    """The day asked about, for each calendar."""

    def schedule(self, progress: Callable[[int], None] | None = None) -> Schedule:
        """The schedule of all of them, in one call to the engine."""
        import numpy as np

        from planner.schedule.cohort_facts import cohort_of
        from planner.schedule.days import day_number
        from planner.schedule.expand import expand

        cohort = cohort_of(self.plan, self.facts, self.calendar_names)
        days = np.array([day_number(day) for day in self.days], dtype=np.int32)
        as_of = int(days[0]) if cohort.calendar is None else days[cohort.calendar]
        return expand(self.plan, cohort, self.calendars, as_of, progress)

    def branches(self) -> Subjects:
        """A subject ``ID/decision=choice`` for each branch still open; those without one stay as they are."""
        from planner.schedule.branches import branch_facts

        found: list[SubjectFacts] = []
        for subject in self.facts:
            found.extend(branch_facts(self.plan, subject) or (subject,))
        return Subjects(self.plan, found, self.calendar_names, self.calendars, self.days)


def one_subject(plan: Plan, options: FactOptions, calendar: str | None, on: str | None, default_start: date | None = None) -> Subjects:
    """The subject that the options tell of; raises CallWrong or InputWrong with every fault. ``default_start`` is what ``--from`` gave."""
    read = options.read(plan, default_start)
    name = calendar or DEFAULT_CALENDAR
    wrong: list[str] = []
    site: SiteCalendar | None = None
    as_of: date | None = None
    try:
        site = read_calendar(name)
    except CalendarError as error:
        wrong += str(error).splitlines()
    try:
        if on is not None or site is not None:
            as_of = day_asked_about(on, site)
    except InputWrong as error:
        wrong += error.messages
    wrong += read.faults(plan, as_of or LATEST_DATE, "--start" if default_start is None else "--from")
    if read.wrong or wrong or site is None or as_of is None:
        raise read.failure(wrong)
    return Subjects(plan, [read.facts], (name,), (site,), (as_of,))


def cohort_subjects(plan: Plan, path: Path, calendar: str | None, on: str | None, *, skip_bad: bool) -> Subjects:
    """The subjects of a cohort file; raises InputWrong with every fault as ``file:line:column: message``.

    With ``skip_bad`` the good ones, and the bad rows are written to a file beside it.
    """
    from planner.exchange.cohort_csv import CohortError, check_cohort, read_cohort
    from planner.exchange.csv_table import MOST_BYTES, CsvError

    try:
        cohort = read_cohort(read_bytes(path, MOST_BYTES), plan)
    except CsvError as error:
        raise InputWrong([f"{path}:{error.line}:1: {error}"]) from None
    except CohortError as error:
        raise InputWrong(f"{path}:{fault.line}:{fault.column}: {fault.message}" for fault in error.faults) from None
    default = calendar or DEFAULT_CALENDAR
    sites = _calendars(cohort, default)
    days = {name: day_asked_about(on, site) for name, site in sites.items()}
    check_cohort(cohort, plan, lambda facts: days[facts.calendar or default])
    if cohort.bad_rows:
        _tell_of_bad_rows(cohort, path, skip_bad=skip_bad)
    facts = [replace(row.facts, calendar=row.facts.calendar or default) for row in cohort.good_rows if row.facts is not None]
    names = tuple(dict.fromkeys(subject.calendar or default for subject in facts))
    return Subjects(plan, facts, names, tuple(sites[name] for name in names), tuple(days[name] for name in names))


def _calendars(cohort: CohortFile, default: str) -> dict[str, SiteCalendar]:
    """The calendars that the rows name; one that cannot be read is noted as a fault of its rows, and no longer named by their facts."""
    sites: dict[str, SiteCalendar] = {}
    refused: dict[str, str] = {}
    for row in cohort.rows:
        if row.facts is None:
            continue
        name = row.facts.calendar
        if name is not None and name not in sites and name not in refused:
            try:
                sites[name] = read_calendar(name)
            except CalendarError as error:
                refused[name] = " ".join(str(error).splitlines())
        if name in refused:
            cohort.add_fault(row, "calendar", refused[name])
            row.facts = replace(row.facts, calendar=None)
    if any(row.facts is not None and row.facts.calendar is None for row in cohort.rows):
        sites[default] = sites.get(default) or read_calendar(default)
    return sites


def _tell_of_bad_rows(cohort: CohortFile, path: Path, *, skip_bad: bool) -> None:
    """Say what is wrong; with ``skip_bad`` write the bad rows beside the file, else (or if none is good) raise InputWrong."""
    faults = [f"{path}:{fault.line}:{fault.column}: {fault.message}" for fault in cohort.faults]
    count = f"{len(cohort.bad_rows)} of {len(cohort.rows)} rows wrong"
    if not skip_bad:
        raise InputWrong(faults, f"{count}, so nothing was written. --skip-bad writes the others.")
    from planner.exchange.cohort_csv import bad_rows_csv
    from planner.exchange.write_file import write_file

    bad_file = bad_rows_file(path)
    write_file(bad_file, "".join(bad_rows_csv(cohort)).encode("utf-8"))
    left_out = f"{count} and left out; {bad_file} holds them with what is wrong."
    if not cohort.good_rows:
        raise InputWrong(faults, left_out)
    say_all(faults)
    say(left_out)


def bad_rows_file(cohort: Path) -> Path:
    """Where the bad rows of a cohort file go: ``cohort.bad.csv`` beside ``cohort.csv``."""
    return cohort.with_name(f"{cohort.stem}.bad.csv") if cohort.name else cohort


def refuse_facts_beside_cohort(options: FactOptions) -> None:
    """Raise CallWrong if facts about one subject are given beside a cohort file."""
    if options.given:
        raise CallWrong([f"{', '.join(options.given)} cannot stand beside --cohort; give these facts in the file, a column each"])


@contextmanager
def progress_bar(what: str, total: int) -> Iterator[Callable[[int], None] | None]:
    """Something to tell how many more are done; a bar on standard error if that is a terminal and there is much to do."""
    if total < MANY or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.advance(task, done)
