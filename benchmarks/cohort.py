"""100,000 subjects with facts: the engine to arrays, and the arrays to a DataFrame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import numpy as np

from benchmarks.floor import Floor
from benchmarks.measure import Figure, median_seconds, side_by_side
from benchmarks.study import AS_OF_DAY, calendar, plan
from planner.schedule.cohort import Cohort
from planner.schedule.expand import expand
from planner.schedule.frame import to_frame
from planner.schedule.schedule import Schedule
from planner.schedule.walk import BlockResult

SECTION = "100,000 subjects with facts"
MILLION = 1e6


def expanded(cohort: Cohort) -> Schedule:
    """The schedule of these subjects on the day that all measurements ask about."""
    return expand(plan(), cohort, [calendar()], AS_OF_DAY)


def visits_of(schedule: Schedule) -> int:
    """How many visits a schedule holds, cancelled and conditional ones included."""
    return int(schedule.is_visit.sum())


def cohort_figures(cohort: Cohort) -> Iterator[Figure]:
    """Visits per second to arrays beside numpy's floor and beside writing the result alone; seconds to a DataFrame."""
    schedule = expanded(cohort)
    visits = visits_of(schedule)
    floor = Floor.of(visits)
    seconds = side_by_side(
        {
            "engine": lambda: expanded(cohort),
            "write": lambda: _fresh_arrays(schedule),
            "one": floor.in_one_thread,
            "two": floor.in_two_threads,
        },
        rounds=5,
    )
    speed = {name: visits / taken / MILLION for name, taken in seconds.items()}
    yield Figure(SECTION, "visits", visits / MILLION, "million")
    yield Figure(SECTION, "engine to arrays", speed["engine"], "million visits/s", aim="over 10")
    unit = "seconds"
    floors = {"two": "numpy floor, two threads", "one": "numpy floor, one thread", "write": "filling new arrays of the result's size"}
    for name, beside in floors.items():
        aim = "4 times" if name == "two" else ""
        yield Figure(SECTION, "engine to arrays", seconds["engine"], unit, beside, seconds[name], aim)
    yield from _frame_figures(schedule)


def _fresh_arrays(schedule: Schedule) -> None:
    for entry in fields(BlockResult):
        values = getattr(schedule, entry.name)
        np.empty(values.shape, values.dtype).fill(1)


def _frame_figures(schedule: Schedule) -> Iterator[Figure]:
    frame = to_frame(schedule, all_visits=True)
    rows = visits_of(schedule)
    if len(frame) != rows:
        raise RuntimeError(f"the DataFrame has {len(frame)} rows, the schedule {rows} visits")
    taken = median_seconds(lambda: to_frame(schedule, all_visits=True), rounds=3)
    copied = median_seconds(lambda: frame.copy(deep=True), rounds=3)
    yield Figure(SECTION, "arrays to a DataFrame", taken, "seconds", "copying that DataFrame", copied, "under 1.5 s")
