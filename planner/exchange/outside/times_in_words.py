"""Times as a person reads them: ``Wed 2026-04-01 09:30 (60 min)``, by the clock of a visit's site."""

from __future__ import annotations

from datetime import date, datetime, time

from planner.exchange.outside.shown_time import shown_time
from planner.exchange.time_zones import zone_info
from planner.protocol.said import said
from planner.records.revisions.visit_revisions import VisitRevision


def time_in_words(day: date, at: time | None, minutes: int | None) -> str:
    """A day, with the time and the length where there are any."""
    if at is None:
        return said("{day:%a %Y-%m-%d}", day=day)
    if minutes is None:
        return said("{day:%a %Y-%m-%d} {clock}", day=day, clock=f"{at:%H:%M}")
    return said("{day:%a %Y-%m-%d} {clock} ({minutes} min)", day=day, clock=f"{at:%H:%M}", minutes=minutes)


def revision_in_words(revision: VisitRevision) -> str:
    """When a visit is, or last was."""
    shown = shown_time(revision.row, revision.zone)
    if shown is None:
        return said("no day")
    if not isinstance(shown.start, datetime):
        return time_in_words(shown.start, None, None)
    local = shown.start.astimezone(zone_info(revision.zone))
    return time_in_words(local.date(), local.time(), shown.minutes)


def visit_in_words(revision: VisitRevision) -> str:
    """``ulrrc/PEK-001 C3D1``."""
    return f"{revision.subject} {revision.row.visit}"
