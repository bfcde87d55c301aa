"""Where the fold of a log and the plain replay of it first differ, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from operator import attrgetter

import numpy as np

from planner.protocol.plan import Plan
from planner.records.fold.folded import Folded, FoldedGroup
from planner.schedule.calendar import SiteCalendar
from planner.schedule.cohort import Cohort
from planner.schedule.cohort_facts import cohort_of
from planner.schedule.days import NO_DAY
from planner.schedule.fact_faults import parameter_codes
from planner.schedule.facts import SubjectFacts
from tests.records.replay import Replayed

_NOTHING: Mapping[str, int] = {"actual": int(NO_DAY), "booked": int(NO_DAY), "stops": int(NO_DAY), "end_day": int(NO_DAY), "end_reason": -1}
"""What stands in an array where there is no fact; 0 in the others."""
_PER_ROW = ("subjects", "calendar", "holds", "unscheduled_days", "unscheduled_doses", "booked_at")


def fold_differences(folded: Folded, expected: Sequence[Replayed | None]) -> list[str]:
    """Every difference between a fold and what the replay says of each of its rows (None: no enrolment, so in no group)."""
    found = []
    columns = {int(row): (group, column) for group in folded.groups for column, row in enumerate(group.rows)}
    if len(columns) != sum(len(group.rows) for group in folded.groups):
        found.append("a row is in several groups")
    unfit: dict[int, list[int]] = {}
    for fact in folded.unfit:
        unfit.setdefault(fact.row, []).append(fact.number)
        if fact.subject != folded.subjects[fact.row] or not fact.why:
            found.append(f"unfit fact {fact}: another subject, or no reason")
    for row, replayed in enumerate(expected):
        if (row in columns) != (replayed is not None):
            found.append(
                f"row {row}: {'not ' if replayed else ''}enrolled by the replay, and {'in no group' if replayed else 'in a group'}"
            )
        elif replayed is not None:
            group, column = columns[row]
            found += [f"row {row}: {text}" for text in _row_differences(group, column, replayed)]
            if sorted(unfit.get(row, [])) != sorted(replayed.unfit):
                found.append(f"row {row}: unfit expected {replayed.unfit}, got {unfit.get(row, [])}")
    return found


def _row_differences(group: FoldedGroup, column: int, replayed: Replayed) -> list[str]:
    one = group.cohort.taken(np.array([column], dtype=np.intp))
    found = cohort_differences(cohort_of(group.plan, [replayed.facts]), one)
    times = {slot: at for (slot, subject), at in group.cohort.booked_at.items() if subject == column}
    wanted = {slot: at for (slot, _), at in cohort_of(group.plan, [replayed.facts]).booked_at.items()}
    index = 0 if group.cohort.calendar is None else int(group.cohort.calendar[column])
    said = {
        "protocol_hash": (replayed.protocol_hash, group.protocol_hash),
        "site": (replayed.site, group.sites[int(group.site[column])]),
        "revision": (replayed.revision, int(group.revision[column])),
        "booked_at": (wanted, times),
    }
    found += [f"{name} expected {due}, got {given}" for name, (due, given) in said.items() if due != given]
    return found + calendar_differences(replayed.calendar, group.calendars[index])


def cohort_differences(expected: Cohort, given: Cohort) -> list[str]:
    """The arrays of two cohorts of one subject that differ; no array is the same as an array without facts."""
    found = [] if expected.subjects == given.subjects else [f"subjects {expected.subjects} != {given.subjects}"]
    for name in (entry.name for entry in fields(Cohort) if entry.name not in _PER_ROW):
        due, got = getattr(expected, name), getattr(given, name)
        if due is None and got is None:
            continue
        nothing = np.full_like(got if due is None else due, _NOTHING.get(name, 0))
        due, got = nothing if due is None else due, nothing if got is None else got
        if due.shape != got.shape or due.dtype != got.dtype or not (due == got).all():
            where = np.argwhere(due != got)[:4].tolist() if due.shape == got.shape else [due.shape, got.shape]
            found.append(f"{name} differs at {where}: expected {due[due != got][:4] if due.shape == got.shape else due.dtype}")
    if hold_rows(expected) != hold_rows(given):
        found.append(f"holds expected {hold_rows(expected)}, got {hold_rows(given)}")
    if _unscheduled_rows(expected) != _unscheduled_rows(given):
        found.append(f"unscheduled doses expected {_unscheduled_rows(expected)}, got {_unscheduled_rows(given)}")
    return found


def hold_rows(cohort: Cohort) -> list[tuple[int, ...]]:
    """The holds of a cohort of one, in order, without the rows that only fill up."""
    if cohort.holds is None:
        return []
    columns = [getattr(cohort.holds, name)[:, 0].tolist() for name in ("first_day", "resume", "doses", "skip", "without_end")]
    return [row for row in zip(*columns, strict=True) if row[0] != int(NO_DAY)]


def _unscheduled_rows(cohort: Cohort) -> list[tuple[int, int]]:
    if cohort.unscheduled_days is None or cohort.unscheduled_doses is None:
        return []
    pairs = zip(cohort.unscheduled_days[:, 0].tolist(), cohort.unscheduled_doses[:, 0].tolist(), strict=True)
    return sorted(pair for pair in pairs if pair[0] != int(NO_DAY))


def calendar_differences(expected: SiteCalendar, given: SiteCalendar) -> list[str]:
    """What differs between two calendars: zone, covered days, open days of any resource, provisional days, notes."""
    if expected is given:
        return []
    found = [f"calendar {name}" for name in ("name", "zone", "first_day", "last_day") if getattr(expected, name) != getattr(given, name)]
    if not found and not (expected.provisional == given.provisional).all():
        found.append("calendar provisional")
    resources = {*expected.open_days, *given.open_days}
    if not found:
        found += [f"calendar {name}" for name in sorted(resources) if not (expected.open_table(name) == given.open_table(name)).all()]
    return found + (["calendar notes"] if dict(expected.notes) != dict(given.notes) else [])


def facts_differences(plan: Plan, expected: SubjectFacts, given: SubjectFacts) -> list[str]:
    """The fields of two subjects' facts that differ; parameters as their codes, facts that all count in any order."""
    found = []
    if parameter_codes(plan, expected) != parameter_codes(plan, given):
        found.append(f"parameters expected {expected.parameters}, got {given.parameters}")
    for entry in fields(SubjectFacts):
        due, got = getattr(expected, entry.name), getattr(given, entry.name)
        if entry.name in ("parameters", "calendar"):
            continue
        if isinstance(due, Mapping):
            due, got = dict(due), dict(got)
        if entry.name == "holds":
            due, got = sorted(due, key=attrgetter("first_day")), sorted(got, key=attrgetter("first_day"))
        elif isinstance(due, tuple):
            due, got = sorted(due, key=repr), sorted(got, key=repr)
        if due != got:
            found.append(f"{entry.name} expected {due}, got {got}")
    return found
