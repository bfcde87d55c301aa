"""What the checks say of many subjects at once: one walk for all of them, where ``planner.schedule.checks.findings`` takes one each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from planner.protocol.model import BetweenCheck, IntervalCheck
from planner.protocol.said import said
from planner.schedule.checks import AS_OF, NOT_EVALUATED, RESULTS, Finding, PairColumn, columns, limit_text
from planner.schedule.days import EARLIEST_REAL_DAY, Days, day_date
from planner.schedule.schedule import Schedule
from planner.schedule.visit_ids import visit_id
from planner.schedule.walks import empty_result, walked


def evaluated_findings(schedule: Schedule) -> list[list[Finding]]:
    """For each subject of ``schedule`` the findings that were evaluated, in the file's order."""
    count = len(schedule.cohort)
    found: list[list[Finding]] = [[] for _ in range(count)]
    codes = schedule.cohort.parameters.T.tolist()
    walk = walked(schedule.plan, schedule.cohort, schedule.calendars, schedule.as_of, empty_result(len(schedule.plan.slots), count))
    for pair in columns(walk):
        limit = limit_text(pair.check)
        for subject in np.flatnonzero((pair.second_days > EARLIEST_REAL_DAY) & (pair.results != NOT_EVALUATED)).tolist():
            found[subject].append(_finding(schedule, subject, codes[subject], pair, limit))
    return found


def _finding(schedule: Schedule, subject: int, codes: Sequence[int], pair: PairColumn, limit: str) -> Finding:
    first, second = _day(pair.first_days, subject), _day(pair.second_days, subject)
    return Finding(
        subject=schedule.cohort.subjects[subject],
        check=pair.check.id,
        label=pair.check.label,
        first=_name(schedule, pair.first, subject, codes),
        second=_name(schedule, pair.second, subject, codes),
        first_day=None if first is None else day_date(first),
        second_day=None if second is None else day_date(second),
        days=None if first is None or second is None else second - first,
        limit=limit,
        limit_day=None if (day := _day(pair.limit_days, subject)) is None else day_date(day),
        result=RESULTS[int(pair.results[subject])],
        strict=isinstance(pair.check, IntervalCheck | BetweenCheck) and pair.check.bound in ("more_than", "less_than"),
    )


def _day(days: Days, subject: int) -> int | None:
    return None if days[subject] < EARLIEST_REAL_DAY else int(days[subject])


def _name(schedule: Schedule, giver: str | NDArray[np.int32], subject: int, codes: Sequence[int]) -> str:
    if isinstance(giver, str):
        return giver
    index = int(giver[subject])
    if index < 0:
        return said("as-of day" if index == AS_OF else "unscheduled dose")
    return visit_id(schedule.plan, schedule.plan.slots[index], codes)
