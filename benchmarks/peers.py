"""The engine beside three other ways to compute planned dates, on the same subjects without facts; equal dates are required first.

Compared are C1D1, SIM, F1 to F5, the cycles after SBRT, ASSESS, MDT and the follow-ups: the chains and windows of the study
without its branches, companions and second drug clock. The engine computes all visits of each subject, with windows, status and
flags; for its speed, too, only the compared visits are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from benchmarks.cohort import expanded
from benchmarks.measure import Figure, side_by_side
from benchmarks.peers_in_columns import BusinessDays, DateColumn, busday_dates
from benchmarks.peers_one_by_one import CustomBusinessDays, DateutilDays, DayDates, dates_of
from benchmarks.plain_study import COMPARED, plain_columns, plain_subjects
from benchmarks.study import calendar, plan
from benchmarks.subjects import subjects_without_facts
from planner.schedule.cohort import Cohort
from planner.schedule.schedule import Schedule
from planner.schedule.visit_ids import visit_id

SECTION = "Other ways to the same planned dates"
_FEW, _MANY = 300, 100_000
_KILO = 1e3
_LABELS = {
    "dateutil": "dateutil, a loop over subjects",
    "CustomBusinessDay": "CustomBusinessDay, a loop over subjects",
    "busday_offset": "numpy busday_offset, all subjects at once",
}

Dates = dict[str, str]
"""Visit id to planned date of one subject, as YYYY-MM-DD."""


class DatesDifferError(Exception):
    """A peer and the engine disagree; the comparison of their speeds would mean nothing."""


def peer_figures() -> Iterator[Figure]:
    """Visits per second of each peer and of the engine; raises DatesDifferError before anything is timed."""
    yield from _compared(_FEW, tuple(_LABELS))
    yield from _compared(_MANY, ("busday_offset",))


def _compared(count: int, peers: tuple[str, ...]) -> Iterator[Figure]:
    cohort = subjects_without_facts(plan(), count, np.random.default_rng(5))
    calls = {name: call for name, call in _calls(cohort).items() if name in peers}
    expected = _engine_dates(expanded(cohort))
    for name in peers:
        require_equal_dates(expected, _PLAIN[name](calls[name]()), name)
    seconds = side_by_side({"engine": lambda: expanded(cohort), **calls}, rounds=3)
    visits = sum(map(len, expected))
    for name in peers:
        engine, peer = (visits / seconds[each] / _KILO for each in ("engine", name))
        yield Figure(SECTION, f"engine, {count:,} subjects", engine, "thousand visits/s", _LABELS[name], peer)


def _calls(cohort: Cohort) -> dict[str, Callable[[], object]]:
    subjects, columns = plain_subjects(plan(), cohort), plain_columns(plan(), cohort)
    with_dateutil, with_pandas, with_numpy = DateutilDays(calendar()), CustomBusinessDays(calendar()), BusinessDays.of(calendar())
    return {
        "dateutil": lambda: [dates_of(subject, with_dateutil) for subject in subjects],
        "CustomBusinessDay": lambda: [dates_of(subject, with_pandas) for subject in subjects],
        "busday_offset": lambda: busday_dates(columns, with_numpy),
    }


def require_equal_dates(expected: list[Dates], given: list[Dates], peer: str) -> None:
    """Raises DatesDifferError with the first subject whose visits or dates differ."""
    for number, (engine, other) in enumerate(zip(expected, given, strict=True)):
        if engine != other:
            visits = [visit for visit in engine | other if engine.get(visit) != other.get(visit)]
            told = "; ".join(f"{visit}: engine {engine.get(visit)}, {peer} {other.get(visit)}" for visit in visits[:3])
            raise DatesDifferError(f"subject {number} without facts: {told}")


def _engine_dates(schedule: Schedule) -> list[Dates]:
    slots = [slot for slot in schedule.plan.slots if slot.id_pattern in COMPARED]
    texts = {}
    for slot in slots:
        shown, planned = schedule.is_visit[slot.index], schedule.planned[slot.index]
        dates = np.datetime_as_string(planned.astype("datetime64[D]"))
        texts[visit_id(schedule.plan, slot, [])] = np.where(shown, dates, "").tolist()
    return _by_subject(texts)


def _dates_of_columns(columns: object) -> list[Dates]:
    assert isinstance(columns, dict)
    dated: Mapping[str, DateColumn] = columns
    return _by_subject({visit: np.where(np.isnat(days), "", np.datetime_as_string(days)).tolist() for visit, days in dated.items()})


def _by_subject(texts: Mapping[str, list[str]]) -> list[Dates]:
    rows = zip(*texts.values(), strict=True)
    return [{visit: day for visit, day in zip(texts, row, strict=True) if day} for row in rows]


def _dates_of_subjects(subjects: object) -> list[Dates]:
    assert isinstance(subjects, list)
    found: list[DayDates] = subjects
    return [{visit: day.strftime("%Y-%m-%d") for visit, day in dates.items()} for dates in found]


_PLAIN: dict[str, Callable[[object], list[Dates]]] = {
    "dateutil": _dates_of_subjects,
    "CustomBusinessDay": _dates_of_subjects,
    "busday_offset": _dates_of_columns,
}
"""Each peer's answer in one common form."""
