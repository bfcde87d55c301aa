"""Visits and checks as JSON: one object with the subjects in order, each with its visits and what its checks found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from planner.schedule.checks import Finding
from planner.schedule.rows import VisitRow

_SEPARATORS = (",", ":")


@dataclass(frozen=True, slots=True)
class SubjectSchedule:
    """What is written of one subject."""

    subject: str
    calendar: str
    as_of: date
    visits: Iterable[VisitRow]
    findings: Iterable[Finding]


def schedule_json(protocol: str, version: str, subjects: Iterable[SubjectSchedule]) -> Iterator[str]:
    """The JSON text, in pieces: one line per subject, so that a long file can be read line by line. Dates are ISO texts, None is null."""
    head = {"protocol": protocol, "version": version}
    yield _text(head)[:-1] + ',"subjects":['
    between = "\n"
    for subject in subjects:
        yield between + _text(_subject(subject))
        between = ",\n"
    yield "\n]}\n"


def _subject(subject: SubjectSchedule) -> dict[str, object]:
    return {
        "subject": subject.subject,
        "calendar": subject.calendar,
        "as_of": subject.as_of.isoformat(),
        "visits": [_visit(row) for row in subject.visits],
        "checks": [_finding(finding) for finding in subject.findings],
    }


def _visit(row: VisitRow) -> dict[str, object]:
    return {
        "visit": row.visit,
        "name": row.name,
        "epoch": row.epoch,
        "kind": row.kind,
        "n": row.number,
        "study_day": row.study_day,
        "anchor": row.anchor,
        "nominal": _day(row.nominal),
        "earliest": _day(row.earliest),
        "latest": _day(row.latest),
        "planned": _day(row.planned),
        "effective": _day(row.effective),
        "status": row.status,
        "certainty": row.certainty,
        "days_off": row.days_off,
        "flags": row.flags,
        "activities": row.activities,
        "booked_at": None if row.booked_at is None else row.booked_at.isoformat(timespec="minutes"),
        "minutes": row.minutes,
        "decision_pending": row.decision_pending,
        "days_left": row.days_left,
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "check": finding.check,
        "label": finding.label,
        "result": finding.result,
        "first": finding.first,
        "first_day": _day(finding.first_day),
        "second": finding.second,
        "second_day": _day(finding.second_day),
        "days": finding.days,
        "limit": finding.limit,
        "over_by": finding.over_by,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=_SEPARATORS)
