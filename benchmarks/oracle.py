"""The engine beside the tests' oracle: the same rules read once more, one subject and one visit at a time."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.cohort import expanded
from benchmarks.facts_of_subjects import facts_of
from benchmarks.measure import Figure, side_by_side
from benchmarks.study import AS_OF, calendar, plan
from planner.schedule.cohort import Cohort
from planner.schedule.table import visit_table
from planner.schedule.visit_rows import subject_rows, table_rows
from tests.oracle import PlainCalendar, difference, expected_rows

SECTION = "A plain reading of the rules (the tests' oracle)"
_SUBJECTS = 60
_KILO = 1e3


class RowsDifferError(Exception):
    """The engine and the oracle disagree about a subject."""


def oracle_figures(cohort: Cohort) -> Iterator[Figure]:
    """Visits per second with every field of a row; raises RowsDifferError before anything is timed."""
    part = cohort.part(0, _SUBJECTS)
    plain, protocol = PlainCalendar.of(calendar()), plan().protocol
    subjects = [facts_of(plan(), part, index) for index in range(_SUBJECTS)]
    schedule = expanded(part)
    for index, facts in enumerate(subjects):
        told = difference(expected_rows(protocol, facts, plain, AS_OF), subject_rows(schedule, index, all_visits=True))
        if told is not None:
            raise RowsDifferError(f"{facts.subject}: {told}")
    rows = len(visit_table(schedule, all_visits=True))
    seconds = side_by_side(
        {
            "arrays": lambda: expanded(part),
            "rows": lambda: list(table_rows(visit_table(expanded(part), all_visits=True))),
            "oracle": lambda: [expected_rows(protocol, facts, plain, AS_OF) for facts in subjects],
        },
        rounds=3,
    )
    speed = {name: rows / taken / _KILO for name, taken in seconds.items()}
    for name, label in (("arrays", "to arrays"), ("rows", "to rows")):
        yield Figure(SECTION, f"engine, {_SUBJECTS} subjects, {label}", speed[name], "thousand visits/s", "oracle", speed["oracle"])
