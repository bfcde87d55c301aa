"""All subjects in a line each: where they are, since when, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from planner.records.lists.site_schedules import SiteSchedule
from planner.schedule.codes import END_REASONS, StatusCode
from planner.schedule.days import EARLIEST_REAL_DAY, NO_DAY, day_date
from planner.schedule.schedule import Schedule
from planner.schedule.visit_ids import visit_id

IN_STUDY = "in_study"
NO_NEXT = np.int32(2**30)
"""Stands for no next visit."""
_TO_COME = (StatusCode.ON_HOLD, StatusCode.OVERDUE, StatusCode.DUE, StatusCode.UPCOMING)


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """One subject."""

    study: str
    site: str
    """Where the subject now is."""
    subject: str
    state: str
    """``in_study``, or why the subject left: withdrawn, died, lost, screen_failure."""
    start: date
    version: str
    """Of the protocol that the subject follows."""
    revision: int
    next_visit: str
    """The earliest visit that is neither done nor missed nor off the calendar, reminders aside; "" for none."""
    next_date: date | None
    next_status: str
    overdue: int
    """How many visits are overdue."""


def subject_lines(found: Sequence[SiteSchedule]) -> list[SubjectLine]:
    """A line for each subject, by study, site and number."""
    lines = [line for entry in found for line in _lines(entry)]
    lines.sort(key=lambda line: (line.study, line.site, line.subject))
    return lines


def _lines(entry: SiteSchedule) -> Iterator[SubjectLine]:
    schedule = entry.schedule
    plan, cohort = schedule.plan, schedule.cohort
    slot, day = next_visits(schedule)
    overdue = (schedule.status == StatusCode.OVERDUE).sum(axis=0).tolist()
    starts = schedule.effective[plan.start_slot].tolist()
    revisions = entry.group.revision.tolist()
    for column, subject in enumerate(cohort.subjects):
        place, next_day = int(slot[column]), int(day[column])
        is_next = next_day != NO_NEXT
        yield SubjectLine(
            study=entry.study,
            site=entry.site_of(column),
            subject=subject,
            state=_state(schedule, column),
            start=day_date(starts[column]),
            version=plan.protocol.version,
            revision=revisions[column],
            next_visit=visit_id(plan, plan.slots[place], cohort.parameters[:, column].tolist()) if is_next else "",
            next_date=day_date(next_day) if is_next else None,
            next_status=StatusCode(int(schedule.status[place, column])).name.lower() if is_next else "",
            overdue=overdue[column],
        )


def next_visits(schedule: Schedule) -> tuple[np.ndarray[tuple[int], np.dtype[np.intp]], np.ndarray[tuple[int], np.dtype[np.int32]]]:
    """For each subject the slot and the day of the next visit; the day is ``NO_NEXT`` where there is none.

    It is the earliest that is neither done nor missed nor off the calendar, reminders aside.
    """
    attended = np.array([slot.kind != "reminder" for slot in schedule.plan.slots])[:, np.newaxis]
    to_come = np.isin(schedule.status, _TO_COME) & attended & (schedule.effective > EARLIEST_REAL_DAY)
    days = np.where(to_come, schedule.effective, NO_NEXT).astype(np.int32)
    slot = days.argmin(axis=0)
    return slot, days[slot, np.arange(days.shape[1])]


def _state(schedule: Schedule, column: int) -> str:
    cohort = schedule.cohort
    if cohort.end_day is None or cohort.end_reason is None or cohort.end_day[column] == NO_DAY:
        return IN_STUDY
    return str(END_REASONS[int(cohort.end_reason[column])])
