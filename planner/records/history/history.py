"""Every date a visit has had, and the schedule as it was known on a past day: beginnings of one subject's log as one cohort."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import numpy as np
from sqlalchemy import Connection

from planner.protocol.said import said
from planner.records.caller import Caller
from planner.records.errors import RecordsError
from planner.records.facts.fact import Fact, SubjectKey
from planner.records.facts.wording import in_words
from planner.records.fold.fact_table import chosen_prefixes
from planner.records.fold.fold import fold
from planner.records.history.known_on import KnownSchedule, NotKnownYetError, known_on
from planner.records.history.row_schedules import RowSchedules, row_schedules, todays
from planner.records.history.visit_names import VisitNames
from planner.records.history.visit_states import VisitState, visit_state
from planner.records.people.readable import read_subject
from planner.records.pinned.contents import PinnedContents
from planner.schedule.fact_faults import suggestion
from planner.schedule.schedule import Schedule
from planner.schedule.visit_ids import ids_of_subject, slot_of

__all__ = [
    "HistoryStep",
    "KnownSchedule",
    "NotKnownYetError",
    "UnknownVisitError",
    "VisitHistory",
    "VisitState",
    "known_on",
    "visit_history",
]


class UnknownVisitError(RecordsError, LookupError):
    """A visit that the subject has never had; the message names near ones."""


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """Facts written together that changed a visit."""

    revision: int
    """The number of the last of these facts."""
    recorded_at: datetime
    who: str
    role: str
    facts: tuple[str, ...]
    """What they say, in words."""
    reasons: tuple[str, ...]
    """The codes given with them, each once."""
    notes: tuple[str, ...]
    """Free text given with them: no part of an export meant for others."""
    before: VisitState | None
    """None where the visit was not there."""
    after: VisitState | None
    changed: tuple[str, ...]
    """The fields of ``VisitState`` that differ."""


@dataclass(frozen=True, slots=True)
class VisitHistory:
    """All steps in which a visit changed, the oldest first."""

    subject: SubjectKey
    visit: str
    name: str
    steps: tuple[HistoryStep, ...]


def visit_history(connection: Connection, caller: Caller, subject: SubjectKey, visit: str) -> VisitHistory:
    """Every date and standing that a visit of a subject has had, who changed it, when and why.

    Facts written together are one step; facts that left the visit as it was are left out. All states are looked at as of today, so that
    only facts make a difference and never the passing of time. Raises UnknownSubjectError, UnknownVisitError and NotAllowedError.
    """
    opened = read_subject(connection, caller, subject)
    facts, table = opened.facts, opened.table
    acts = [tuple(act) for _, act in groupby(facts, key=lambda fact: fact.act)]
    folded = fold(chosen_prefixes(table, [0] * len(acts), [act[-1].number for act in acts]), PinnedContents(connection))
    today = max(todays(folded, caller).tolist())
    known = row_schedules(folded, np.full(len(acts), today, dtype=np.int32))
    states, name = _states(known, len(acts), visit)
    if name is None:
        raise UnknownVisitError(
            said(
                "{subject} has never had a visit {visit}{near}.",
                subject=str(subject),
                visit=visit[:40],
                near=_near(known, len(acts), visit),
            )
        )
    return VisitHistory(subject, visit, name, tuple(_steps(acts, states)))


def _states(known: RowSchedules, count: int, visit: str) -> tuple[list[VisitState | None], str | None]:
    """The visit's state in each row, and its name where any row has it."""
    states: list[VisitState | None] = []
    name = None
    slots: dict[tuple[int, bytes], tuple[int, str] | None] = {}
    for row in range(count):
        place = known.of_row(row)
        if place is None:
            states.append(None)
            continue
        schedule, column = place
        key = int(known.place[row]), schedule.cohort.parameters[:, column].tobytes()
        if key not in slots:
            slots[key] = _slot(schedule, column, visit)
        found = slots[key]
        state = None if found is None else visit_state(schedule, found[0], column)
        states.append(state)
        if found is not None and state is not None:
            name = found[1]
    return states, name


def _slot(schedule: Schedule, column: int, visit: str) -> tuple[int, str] | None:
    """The index and name of the slot that bears an id for a subject."""
    slot = slot_of(schedule.plan, visit, schedule.cohort.parameters[:, column].tolist())
    return None if slot is None else (slot.index, VisitNames(schedule).named(slot.index, column)[1])


def _near(known: RowSchedules, count: int, visit: str) -> str:
    """What may have been meant: the visits of the newest state in which the subject is enrolled."""
    place = next(filter(None, (known.of_row(row) for row in reversed(range(count)))), None)
    if place is None:
        return said(": no enrolment of this subject is in force")
    schedule, column = place
    return suggestion(visit, ids_of_subject(schedule.plan, schedule.cohort.parameters[:, column].tolist()), said("the visits are"))


def _steps(acts: Sequence[tuple[Fact, ...]], states: Sequence[VisitState | None]) -> Iterator[HistoryStep]:
    before: VisitState | None = None
    for act, after in zip(acts, states, strict=True):
        if after != before:
            last = act[-1]
            present = after or before
            assert present is not None
            yield HistoryStep(
                revision=last.number,
                recorded_at=last.recorded_at,
                who=last.who,
                role=last.role,
                facts=tuple(in_words(fact.said) for fact in act),
                reasons=tuple(dict.fromkeys(fact.said.reason for fact in act if fact.said.reason)),
                notes=tuple(fact.said.note for fact in act if fact.said.note),
                before=before,
                after=after,
                changed=present.differences(before if after is not None else None),
            )
        before = after
