"""A cohort's arrays turned back into facts, subject by subject: for what reads facts, the test oracle and the fact checks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planner.protocol.plan import Plan
from planner.schedule.codes import END_REASONS
from planner.schedule.cohort import Cohort
from planner.schedule.days import EARLIEST_REAL_DAY, day_date
from planner.schedule.facts import Booking, DecisionMade, End, Hold, Stop, SubjectFacts, UnscheduledDose
from planner.schedule.visit_ids import visit_id


def facts_of(plan: Plan, cohort: Cohort, subject: int) -> SubjectFacts:
    """What the arrays say about one subject, by index."""
    codes = cohort.parameters[:, subject].tolist()
    ids = [visit_id(plan, slot, codes) for slot in plan.slots]
    names = zip(plan.parameters, codes, strict=True)
    dated = {row: day_date(int(day)) for row, day in enumerate(_column(cohort.actual, subject)) if day > EARLIEST_REAL_DAY}
    return SubjectFacts(
        subject=cohort.subjects[subject],
        start=day_date(int(cohort.start[subject])),
        parameters={name: plan.protocol.parameters[name].values[code] for name, code in names if code >= 0},
        milestones={
            name: day_date(int(day))
            for name, day in zip(plan.milestones, cohort.milestones[:, subject], strict=True)
            if day > EARLIEST_REAL_DAY
        },
        decisions=_decisions(plan, cohort, subject),
        actual={ids[row]: day for row, day in dated.items()},
        missed={ids[row]: "unwell" for row in np.flatnonzero(_column(cohort.missed, subject)).tolist()},
        omitted=_omitted(plan, ids, _column(cohort.omitted, subject)),
        booked={
            ids[row]: Booking(day_date(int(day))) for row, day in enumerate(_column(cohort.booked, subject)) if day > EARLIEST_REAL_DAY
        },
        routine_care=frozenset(ids[row] for row in np.flatnonzero(_column(cohort.routine_care, subject)).tolist()),
        holds=_holds(plan, cohort, subject),
        stops=tuple(
            Stop(day_date(int(day)), plan.doses[row]) for row, day in enumerate(_column(cohort.stops, subject)) if day > EARLIEST_REAL_DAY
        ),
        end=_end(cohort, subject),
        unscheduled=_unscheduled(plan, cohort, subject),
    )


def _column(values: NDArray[np.generic] | None, subject: int) -> NDArray[np.generic]:
    return np.empty(0, dtype=np.int32) if values is None else values[:, subject]


def _decisions(plan: Plan, cohort: Cohort, subject: int) -> dict[str, DecisionMade]:
    made = {}
    for row, name in enumerate(plan.decisions):
        code, day = int(cohort.decisions[row, subject]), int(cohort.decision_days[row, subject])
        if code >= 0:
            choice = plan.protocol.decisions[name].choices[code].name
            made[name] = DecisionMade(choice, day_date(day) if day > EARLIEST_REAL_DAY else None)
    return made


def _omitted(plan: Plan, ids: list[str], masks: NDArray[np.generic]) -> frozenset[tuple[str, str]]:
    return frozenset(
        (ids[row], activity) for row, mask in enumerate(masks.tolist()) for bit, activity in enumerate(plan.activities) if mask >> bit & 1
    )


def _holds(plan: Plan, cohort: Cohort, subject: int) -> tuple[Hold, ...]:
    if cohort.holds is None:
        return ()
    holds = cohort.holds
    found = []
    for row in range(len(holds.first_day)):
        first, mask = int(holds.first_day[row, subject]), int(holds.doses[row, subject])
        if first > EARLIEST_REAL_DAY:
            resume = None if holds.without_end[row, subject] else day_date(int(holds.resume[row, subject]))
            stream = None if mask == plan.drugs else plan.doses[mask.bit_length() - 1]
            found.append(Hold(day_date(first), resume, stream, "skip" if holds.skip[row, subject] else "shift"))
    return tuple(found)


def _end(cohort: Cohort, subject: int) -> End | None:
    if cohort.end_day is None or cohort.end_reason is None or cohort.end_day[subject] <= EARLIEST_REAL_DAY:
        return None
    return End(END_REASONS[int(cohort.end_reason[subject])], day_date(int(cohort.end_day[subject])))  # type: ignore[arg-type]


def _unscheduled(plan: Plan, cohort: Cohort, subject: int) -> tuple[UnscheduledDose, ...]:
    if cohort.unscheduled_days is None or cohort.unscheduled_doses is None:
        return ()
    doses = zip(cohort.unscheduled_days[:, subject].tolist(), cohort.unscheduled_doses[:, subject].tolist(), strict=True)
    return tuple(UnscheduledDose(day_date(day), plan.doses[mask.bit_length() - 1]) for day, mask in doses if day > EARLIEST_REAL_DAY)
