"""The deviation ledger: proposed by the facts, classed and explained by a person (docs/records.md, The deviation ledger)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Literal

from sqlalchemy import Connection

from planner.protocol.said import said
from planner.records.caller import Caller
from planner.records.errors import RecordsError
from planner.records.facts.fact import NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.lists.deviation_classes import Classing, classings
from planner.records.lists.deviation_keys import OF_CHECKS, DeviationKind, read_key
from planner.records.lists.deviation_rows import (
    CLASSES,
    DEVIATION_STATUSES,
    FREE_TEXT_FIELDS,
    Deviation,
    DeviationStatus,
    ProposedDeviation,
)
from planner.records.lists.proposed_deviations import kind_of_check, proposed
from planner.records.lists.site_schedules import SiteSchedule, schedules

__all__ = [
    "CLASSES",
    "DEVIATION_STATUSES",
    "FREE_TEXT_FIELDS",
    "Deviation",
    "DeviationKind",
    "DeviationStatus",
    "UnknownDeviationError",
    "classing",
    "deviations",
    "deviations_of",
]


_WITHDRAWN_AS = "Classed {value}, and no longer a deviation by the facts as they now stand."
_WITHDRAWN = {
    "important": "Classed important, and no longer a deviation by the facts as they now stand.",
    "not_important": "Classed not important, and no longer a deviation by the facts as they now stand.",
}


class UnknownDeviationError(RecordsError, LookupError):
    """A key that no deviation of the subject has; the message names what there is."""


def deviations(
    connection: Connection,
    caller: Caller,
    *,
    studies: Collection[str] | None = None,
    sites: Collection[str] | None = None,
    subjects: Collection[SubjectKey] | None = None,
    kinds: Collection[DeviationKind] | None = None,
    statuses: Collection[DeviationStatus] | None = None,
    as_of: date | None = None,
) -> tuple[Deviation, ...]:
    """The ledger of all that the caller may read, by study, site, subject, date and key.

    A missing ``as_of`` is today at each subject's site; it decides only about intervals that break by waiting. Raises NotAllowedError
    where the caller may read nothing.
    """
    found = schedules(connection, caller, as_of, studies=studies, sites=sites, subjects=subjects)
    lines = [
        line
        for line in deviations_of(connection, found)
        if (kinds is None or line.kind in kinds) and (statuses is None or line.status in statuses)
    ]
    return tuple(lines)


def deviations_of(connection: Connection, found: Sequence[SiteSchedule]) -> list[Deviation]:
    """The ledger of schedules that have been made already."""
    lines: list[Deviation] = []
    for site_schedule in found:
        classed = classings(connection, site_schedule)
        for entry in proposed(site_schedule):
            lines.append(_line(site_schedule, entry, classed.pop((entry.column, entry.key), None)))
        lines.extend(_withdrawn(site_schedule, column, key, judged) for (column, key), judged in classed.items())
    lines.sort(key=lambda line: (line.study, line.site, line.subject, line.date or date.max, line.key))
    return lines


def classing(
    ledger: Sequence[Deviation], key: str, value: Literal["important", "not_important"], explanation: str = "", reason: str = ""
) -> NewFact:
    """The fact that classes one of a subject's deviations, or classes it anew. ``ledger`` is the subject's own.

    Raises UnknownDeviationError for a key that is not in the ledger, or of a deviation that has been withdrawn.
    """
    line = next((line for line in ledger if line.key == key), None)
    if line is None:
        keys = [line.key for line in ledger if line.status != "withdrawn"]
        near = get_close_matches(key, keys, n=1)
        text = "No deviation of this subject has the key {key}. There are {keys}."
        if near:
            text = "No deviation of this subject has the key {key}. Did you mean {near}?"
        elif not keys:
            text = "No deviation of this subject has the key {key}. This subject has no deviation."
        raise UnknownDeviationError(said(text, key=key[:80], near=near[0] if near else "", keys=tuple(keys)))
    if line.status == "withdrawn":
        text = "The deviation {key} is withdrawn: the facts no longer propose it, so there is nothing to class."
        raise UnknownDeviationError(said(text, key=key))
    return NewFact(Kind.DEVIATION_CLASSED, item=key, value=value, reason=reason, note=explanation)


def _line(site_schedule: SiteSchedule, entry: ProposedDeviation, judged: Classing | None) -> Deviation:
    return Deviation(
        key=entry.key,
        kind=entry.kind,
        study=site_schedule.study,
        site=site_schedule.site_of(entry.column),
        subject=site_schedule.keys[entry.column].number,
        visit=entry.visit,
        date=entry.date,
        days=entry.days,
        side=entry.side,
        what=entry.what,
        status="proposed" if judged is None else judged.value,
        classed="" if judged is None else judged.value,
        reason="" if judged is None else judged.reason,
        classed_by="" if judged is None else judged.who,
        classed_at=None if judged is None else judged.recorded_at,
        explanation="" if judged is None else judged.note,
    )


def _withdrawn(site_schedule: SiteSchedule, column: int, key: str, judged: Classing) -> Deviation:
    """A classing whose deviation the facts no longer propose: shown, never dropped."""
    taken_apart = read_key(key)
    kind = None
    if taken_apart is not None:
        of_check = taken_apart.of == OF_CHECKS
        kind = kind_of_check(site_schedule.schedule.plan, taken_apart.names[0]) if of_check else DeviationKind(taken_apart.of)
    return Deviation(
        key=key,
        kind=kind,
        study=site_schedule.study,
        site=site_schedule.site_of(column),
        subject=site_schedule.keys[column].number,
        visit="" if taken_apart is None else taken_apart.visit,
        date=None,
        days=None,
        side="",
        what=said(_WITHDRAWN.get(judged.value, _WITHDRAWN_AS), value=judged.value.replace("_", " ")),
        status="withdrawn",
        classed=judged.value,
        reason=judged.reason,
        classed_by=judged.who,
        classed_at=judged.recorded_at,
        explanation=judged.note,
    )
