"""Random subjects with plausible facts as of a day: what was due has mostly happened near its day, and now and then something else.

The dates come from the engine itself: expand the subjects as they stand, take what should have happened by then as done a
few days early or late, and once more, since each late visit moves those that hang on it. Nothing here is refused by R18.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.study import AS_OF_DAY, calendar
from benchmarks.subjects import subjects_without_facts
from planner.protocol.plan import Plan
from planner.schedule.calendar import CLINIC
from planner.schedule.codes import END_REASONS, StatusCode
from planner.schedule.cohort import Cohort, Holds
from planner.schedule.cohort_facts import OPEN_RESUME
from planner.schedule.day_tables import open_days
from planner.schedule.days import EARLIEST_REAL_DAY, NO_DAY, Days
from planner.schedule.expand import expand
from planner.schedule.schedule import Schedule

_TIMES = 2
"""How often the dates that happened are taken from a schedule that knows those of the time before."""

_DELAYS = np.array([0] * 12 + [1, 1, 2, 3, 5, -1], dtype=np.int32)

_CHUNK = 10_000
"""Subjects made at once, so that making many needs little memory."""


def subjects_with_facts(plan: Plan, count: int, seed: int) -> Cohort:
    """``count`` random subjects with actual dates, missed and booked visits, decisions, holds, stops, ends and doses outside the plan."""
    parts = [_chunk(plan, min(_CHUNK, count - first), np.random.default_rng([seed, first])) for first in range(0, count, _CHUNK)]
    return joined(parts)


def joined(parts: list[Cohort]) -> Cohort:
    """Cohorts made here, side by side, with their subjects numbered anew."""
    changes: dict[str, object] = {}
    for name, value in vars(parts[0]).items():
        if isinstance(value, np.ndarray):
            changes[name] = np.concatenate([getattr(part, name) for part in parts], axis=-1)
        elif isinstance(value, Holds):
            changes[name] = Holds(*(np.concatenate([getattr(part.holds, row) for part in parts], axis=-1) for row in Holds.__annotations__))
    total = sum(len(part) for part in parts)
    return replace(parts[0], subjects=tuple(f"S{number:07d}" for number in range(1, total + 1)), **changes)  # type: ignore[arg-type]


def _chunk(plan: Plan, count: int, random: Generator) -> Cohort:
    cohort = _interrupted(plan, subjects_without_facts(plan, count, random), random)
    shape = (len(plan.slots), count)
    delays = random.choice(_DELAYS, shape)
    fate = random.random(shape, dtype=np.float32)
    missed = (fate > 0.97) & _can_be_missed(plan)
    cohort = replace(cohort, missed=missed)
    cohort = _decided(plan, cohort, expand(plan, cohort, [calendar()], AS_OF_DAY), delays, random)
    for _ in range(_TIMES):
        schedule = expand(plan, replace(cohort, missed=None), [calendar()], AS_OF_DAY)
        cohort = replace(cohort, actual=_actual(plan, cohort, schedule, delays, (fate < 0.93) & ~missed))
    schedule = expand(plan, cohort, [calendar()], AS_OF_DAY)
    undone = schedule.on_calendar & (cohort.actual == NO_DAY)
    to_come = (schedule.planned > AS_OF_DAY - 7) & (schedule.planned < AS_OF_DAY + 35)
    booked = undone & to_come & (random.random(shape, dtype=np.float32) < 0.6) & _can_be_booked(plan)
    return replace(
        cohort,
        missed=missed & (schedule.status == StatusCode.MISSED) & (schedule.planned <= AS_OF_DAY),
        booked=np.where(booked, schedule.planned + np.maximum(delays, 0), NO_DAY).astype(np.int32),
        omitted=np.where(schedule.on_calendar, _omitted(plan, shape, random), np.uint64(0)),
        routine_care=(cohort.actual != NO_DAY) & (random.random(shape, dtype=np.float32) < 0.01),
    )


def _rows(chosen: list[bool]) -> NDArray[np.bool_]:
    return np.array(chosen, dtype=np.bool_)[:, np.newaxis]


def _happens(plan: Plan) -> NDArray[np.bool_]:
    """Slots at which something can happen on a day of its own: neither a reminder nor a milestone nor a decision."""
    return _rows([slot.kind not in ("reminder", "decision") and slot.milestone is None for slot in plan.slots])


def _can_be_missed(plan: Plan) -> NDArray[np.bool_]:
    return _happens(plan) & ~_rows([slot.start for slot in plan.slots])


def _can_be_booked(plan: Plan) -> NDArray[np.bool_]:
    return _rows([slot.kind != "reminder" and slot.milestone is None for slot in plan.slots])


def _actual(plan: Plan, cohort: Cohort, schedule: Schedule, delays: Days, recorded: NDArray[np.bool_]) -> Days:
    """The days on which visits happened, in order within each series (R18); decision visits keep the day they have."""
    day = open_days(calendar(), CLINIC).on_or_after.take(schedule.planned + delays, mode="clip")
    happened = recorded & schedule.on_calendar & _happens(plan) & (schedule.planned > EARLIEST_REAL_DAY) & (day <= AS_OF_DAY)
    days = np.where(happened, day, NO_DAY).astype(np.int32)
    for slots in plan.series_slots:
        latest = np.full(len(cohort), NO_DAY, dtype=np.int32)
        for index in slots:
            row = days[index]
            row[row <= latest] = NO_DAY
            np.maximum(latest, row, out=latest)
    if cohort.actual is not None:
        for index in plan.decision_slot:
            days[index] = cohort.actual[index]
    return days


def _decided(plan: Plan, cohort: Cohort, schedule: Schedule, delays: Days, random: Generator) -> Cohort:
    """Most boards that should have met have decided; half of the decisions bear a date, which is then the visit's too (R11)."""
    count = len(cohort)
    actual = np.full((len(plan.slots), count), NO_DAY, dtype=np.int32)
    decisions, days = cohort.decisions.copy(), cohort.decision_days.copy()
    for row, index in enumerate(plan.decision_slot):
        day = schedule.planned[index] + delays[index]
        made = schedule.on_calendar[index] & (day <= AS_OF_DAY) & (random.random(count) < 0.85)
        choices = len(plan.protocol.decisions[plan.decisions[row]].choices)
        share = np.array([0.9 / (choices - 1)] * (choices - 1) + [0.1])
        decisions[row] = np.where(made, random.choice(choices, count, p=share), -1)
        days[row] = np.where(made & (random.random(count) < 0.5), day, NO_DAY)
        actual[index] = np.where(made, day, NO_DAY)
    return replace(cohort, decisions=decisions, decision_days=days, actual=actual)


def _interrupted(plan: Plan, cohort: Cohort, random: Generator) -> Cohort:
    """Holds (two for some), stops, ends and doses outside the plan, on days since the start."""
    count = len(cohort)
    unscheduled = _some_day(cohort, 0.02, random)
    dose = np.array([plan.dose_mask(name) for name in ("chemotherapy", "pd1")], dtype=np.uint32)
    ends = random.random(count)
    return replace(
        cohort,
        holds=_holds(plan, cohort, random),
        stops=np.stack([_some_day(cohort, 0.02 if plan.drugs >> row & 1 else 0.0, random) for row in range(len(plan.doses))]),
        end_day=(end_day := np.where(ends < 0.05, _some_day(cohort, 1.0, random), NO_DAY).astype(np.int32)),
        end_reason=np.where(end_day == NO_DAY, -1, random.integers(0, len(END_REASONS), count)).astype(np.int16),
        unscheduled_days=unscheduled[np.newaxis],
        unscheduled_doses=np.where(unscheduled == NO_DAY, 0, random.choice(dose, count)).astype(np.uint32)[np.newaxis],
    )


def _some_day(cohort: Cohort, share: float, random: Generator) -> Days:
    """For a share of the subjects, a day between the start and the as-of day."""
    passed = AS_OF_DAY - cohort.start
    day = cohort.start + (random.random(len(cohort)) * passed).astype(np.int32)
    return np.where((random.random(len(cohort)) < share) & (passed > 0), day, NO_DAY).astype(np.int32)


def _holds(plan: Plan, cohort: Cohort, random: Generator) -> Holds:
    count = len(cohort)
    first = _some_day(cohort, 0.10, random)
    resume = first + random.integers(7, 29, count).astype(np.int32)
    second = np.where((first != NO_DAY) & (random.random(count) < 0.15), resume + random.integers(5, 60, count), NO_DAY)
    first_day = np.stack([first, second]).astype(np.int32)
    resume_day = np.stack([resume, second + random.integers(7, 29, count)]).astype(np.int32)
    held = first_day != NO_DAY
    without_end = held & (random.random((2, count)) < 0.1)
    masks = np.array([plan.drugs, plan.drugs, plan.dose_mask("pd1"), plan.dose_mask("chemotherapy")], dtype=np.uint32)
    return Holds(
        first_day,
        np.where(without_end, OPEN_RESUME, np.where(held, resume_day, NO_DAY)).astype(np.int32),
        np.where(held, random.choice(masks, (2, count)), 0).astype(np.uint32),
        held & (random.random((2, count)) < 0.3),
        without_end,
    )


def _omitted(plan: Plan, shape: tuple[int, int], random: Generator) -> NDArray[np.uint64]:
    """At half a percent of the visits their last activity was, or will be, left out."""
    last = [1 << slot.activities[-1].activity if slot.activities else 0 for slot in plan.slots]
    return np.where(random.random(shape, dtype=np.float32) < 0.005, np.array(last, dtype=np.uint64)[:, np.newaxis], np.uint64(0))
