"""The worklist counted once more, from the cohort that the facts were made of and by plain conditions on its rows."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from benchmarks.study import AS_OF, AS_OF_DAY, calendar, plan
from planner.records.lists.worklist import STANDARD_LIMITS, WorklistKind
from planner.schedule.cohort import Cohort
from planner.schedule.expand import expand
from planner.schedule.facts import Hold, SubjectFacts
from planner.schedule.frame import to_frame
from planner.schedule.schedule import Schedule
from planner.schedule.visit_ids import visit_id


def visits_frame(cohort: Cohort) -> tuple[Schedule, pd.DataFrame]:
    """The schedule straight from the cohort, and all its visits, with ``last``: the last day on which one is not overdue."""
    schedule = expand(plan(), cohort, [calendar()], AS_OF_DAY)
    frame = to_frame(schedule, all_visits=True)
    return schedule, frame.assign(last=frame[["effective", "latest"]].max(axis=1))


def masks(frame: pd.DataFrame, subjects: Sequence[SubjectFacts]) -> dict[WorklistKind, pd.Series]:
    """Which visits are on the worklist, for the kinds that one look at a visit's own row answers."""
    today = pd.Timestamp(AS_OF)
    status, free = frame.status, frame.certainty != "stale"
    due = (status == "due") & free
    booked = {f"{facts.subject} {visit}" for facts in subjects for visit in facts.booked}
    milestones = {slot.id_pattern for slot in plan().slots if slot.milestone is not None}
    coming = status.isin(["due", "upcoming"]) & free & frame.kind.isin(["clinic", "treatment", "imaging"])
    soon = frame.planned <= today + pd.Timedelta(days=STANDARD_LIMITS.unbooked)
    is_booked = (frame.subject.astype(str) + " " + frame.visit.astype(str)).isin(booked)
    return {
        WorklistKind.OVERDUE: status == "overdue",
        WorklistKind.UNCONFIRMED: frame["flags"].astype(str).str.contains("unconfirmed") & ~status.isin(["cancelled", "conditional"]),
        WorklistKind.CLOSING: due & (frame["last"] <= today + pd.Timedelta(days=STANDARD_LIMITS.closing)),
        WorklistKind.DUE: due,
        WorklistKind.UNBOOKED: coming & soon & ~is_booked & ~frame.visit.isin(milestones),
    }


def recount(cohort: Cohort, subjects: Sequence[SubjectFacts]) -> dict[str, int]:
    """How many entries of each kind there are."""
    schedule, frame = visits_frame(cohort)
    counts = {str(kind): int(mask.sum()) for kind, mask in masks(frame, subjects).items()}
    counts[str(WorklistKind.DECISION)] = _decisions(frame, subjects)
    counts[str(WorklistKind.STOPPED_CLOCK)] = _stopped_clocks(schedule, frame, subjects)
    return counts


def _decisions(frame: pd.DataFrame, subjects: Sequence[SubjectFacts]) -> int:
    """Visits of decisions not made yet: overdue, due, or come."""
    names = {slot.id_pattern: [plan().decisions[row] for row in slot.decisions] for slot in plan().slots if slot.decisions}
    made = {facts.subject: set(facts.decisions) for facts in subjects}
    at = frame[frame.visit.isin(names) & (frame.certainty != "stale")]
    come = (at.effective <= pd.Timestamp(AS_OF)) & at.status.isin(["done", "upcoming"]) | at.status.isin(["overdue", "due"])
    columns = at.subject.astype(str).tolist(), at.visit.astype(str).tolist(), come.tolist()
    return sum(has_come and not made[subject].issuperset(names[visit]) for subject, visit, has_come in zip(*columns, strict=True))


def _stopped_clocks(schedule: Schedule, frame: pd.DataFrame, subjects: Sequence[SubjectFacts]) -> int:
    """The first visit that each long hold keeps waiting; one that two holds keep waiting counts once."""
    held = frame[frame.status == "on_hold"]
    rows: dict[str, list[tuple[pd.Timestamp, str]]] = {}
    for subject, day, visit in zip(held.subject.astype(str), held.effective, held.visit.astype(str), strict=True):
        rows.setdefault(subject, []).append((day, visit))
    found = 0
    for column, facts in enumerate(subjects):
        codes = schedule.cohort.parameters[:, column].tolist() if facts.subject in rows else []
        doses = {visit_id(plan(), slot, codes): slot.possible_doses for slot in plan().slots if codes}
        first = set()
        for hold in filter(_is_long, facts.holds):
            mask = plan().drugs if hold.stream is None else plan().dose_mask(hold.stream)
            kept = [(day, place, visit) for place, (day, visit) in enumerate(rows.get(facts.subject, [])) if doses[visit] & mask]
            first.update([min(kept)[2]] if kept else [])
        found += len(first)
    return found


def _is_long(hold: Hold) -> bool:
    return (AS_OF - hold.first_day).days > STANDARD_LIMITS.held and (hold.resume is None or hold.resume > AS_OF)
