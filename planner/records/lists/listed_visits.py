"""Visits as the lists have them that leave the planner: a line each, with the site, the study and what is booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from planner.records.lists.site_schedules import SiteSchedule
from planner.schedule.days import EARLIEST_REAL_DAY, day_date
from planner.schedule.rows import Certainty, Status, VisitRow


@dataclass(frozen=True, slots=True)
class ListedVisit:
    """One visit: what ``VISIT_COLUMNS`` and ``CLINIC_VISIT_COLUMNS`` name."""

    site: str
    """Where the subject now is."""
    study: str
    subject: str
    visit: str
    name: str
    epoch: str
    kind: str
    resource: str
    """What it takes place at, in the list of a clinic."""
    planned: date | None
    earliest: date | None
    latest: date | None
    effective: date | None
    booked: date | None
    """Of what is neither done nor missed."""
    booked_at: time | None
    status: Status
    certainty: Certainty
    days_off: int | None
    days_left: int | None
    flags: tuple[str, ...]


def listed_visit(entry: SiteSchedule, slot: int, column: int, row: VisitRow, *, resource: str = "") -> ListedVisit:
    """The line of the visit in ``slot`` of the subject in ``column``, whose row this is."""
    return ListedVisit(
        site=entry.site_of(column),
        study=entry.study,
        subject=row.subject,
        visit=row.visit,
        name=row.name,
        epoch=row.epoch,
        kind=row.kind,
        resource=resource,
        planned=row.planned,
        earliest=row.earliest,
        latest=row.latest,
        effective=row.effective,
        booked=_booked(entry, slot, column, row),
        booked_at=row.booked_at,
        status=row.status,
        certainty=row.certainty,
        days_off=row.days_off,
        days_left=row.days_left,
        flags=row.flags,
    )


def _booked(entry: SiteSchedule, slot: int, column: int, row: VisitRow) -> date | None:
    booked = entry.schedule.cohort.booked
    if booked is None or row.status in ("done", "missed"):
        return None
    day = int(booked[slot, column])
    return None if day < EARLIEST_REAL_DAY else day_date(day)
