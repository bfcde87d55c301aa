"""A walk by itself, for those who ask about more than the dates: checks, explanations, fractions."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from planner.protocol.plan import Plan
from planner.schedule.block import Block
from planner.schedule.calendar import SiteCalendar
from planner.schedule.cohort import Cohort
from planner.schedule.days import Days
from planner.schedule.schedule import Schedule
from planner.schedule.walk import BlockResult, Walk


def empty_result(slots: int, count: int) -> BlockResult:
    """Arrays for the result of walking ``slots`` slots of ``count`` subjects."""
    days = {
        name: np.empty((slots, count), dtype=np.int32) for name in ("nominal", "earliest", "latest", "planned", "effective", "anchor_day")
    }
    return BlockResult(
        **days,
        anchor_term=np.zeros((slots, count), dtype=np.uint8),
        flags=np.zeros((slots, count), dtype=np.uint32),
        status=np.empty((slots, count), dtype=np.uint8),
        certainty=np.empty((slots, count), dtype=np.uint8),
        omitted=np.zeros((slots, count), dtype=np.uint64),
    )


def part_of(result: BlockResult, first: int, beyond: int) -> BlockResult:
    """Views on the columns ``first`` to ``beyond - 1``."""
    return BlockResult(**{entry.name: getattr(result, entry.name)[:, first:beyond] for entry in fields(BlockResult)})


def walked(plan: Plan, cohort: Cohort, calendars: tuple[SiteCalendar, ...], as_of: int | Days, out: BlockResult) -> Walk:
    """A finished walk over one block."""
    walk = Walk(Block(plan, cohort, calendars, as_of), out)
    walk.run()
    return walk


def walk_of(schedule: Schedule, subject: int) -> Walk:
    """The walk of one subject of a schedule, by index, once more."""
    cohort = schedule.cohort.part(subject, subject + 1)
    return walked(schedule.plan, cohort, schedule.calendars, schedule.as_of_day(subject), empty_result(len(schedule.plan.slots), 1))
