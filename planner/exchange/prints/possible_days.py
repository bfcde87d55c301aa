"""The days on which a visit may still take place: its window from the bound of R6 on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from planner.schedule.days import EARLIEST_REAL_DAY, day_date
from planner.schedule.rows import VisitRow
from planner.schedule.schedule import Schedule
from planner.schedule.visit_ids import visit_id
from planner.schedule.walks import walk_of

Span = tuple[date, date]


def first_allowed(schedule: Schedule) -> dict[str, date]:
    """Visit id to the day before which it may not be (``not_before`` and holds), of the first subject's visits that have such a day."""
    bounds = walk_of(schedule, 0).bounds
    codes = schedule.cohort.parameters[:, 0].tolist()
    found: dict[str, date] = {}
    for slot in schedule.plan.slots:
        bound = bounds[slot.index]
        if bound is not None and bound[0] > EARLIEST_REAL_DAY and schedule.is_visit[slot.index, 0]:
            found[visit_id(schedule.plan, slot, codes)] = day_date(int(bound[0]))
    return found


def allowed_days(row: VisitRow, bounds: Mapping[str, date]) -> Span | None:
    """The window of the protocol from the visit's bound on; None where there is none, or the visit's date lies outside it."""
    if row.effective is None or row.earliest is None or row.latest is None or not row.earliest <= row.effective <= row.latest:
        return None
    return _from(bounds.get(row.visit), (row.earliest, row.latest))


def days_left_of(allowed: Span | None, as_of: date) -> Span | None:
    """Those that are not past on ``as_of``; None where none is left."""
    return None if allowed is None else _from(as_of, allowed)


def _from(first: date | None, days: Span) -> Span | None:
    earliest = days[0] if first is None else max(first, days[0])
    return (earliest, days[1]) if earliest <= days[1] else None
