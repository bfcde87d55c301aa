"""The deviation ledger as the screen looks through it: made once for the schedules that are kept, filtered and in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from weakref import WeakKeyDictionary

from sqlalchemy import Connection

from planner.protocol.model import Protocol
from planner.records.facts.fact import SubjectKey
from planner.records.lists.deviations import DEVIATION_STATUSES, Deviation, DeviationKind, deviations_of
from planner.records.lists.site_schedules import SiteSchedule
from planner.records.lists.worked_out_once import WorkedOutOnce
from planner.ui.deviation_words import KIND_UNKNOWN, kind_of

ALL = "all"
VIEWS = (ALL, *DEVIATION_STATUSES)
KINDS = (*(kind.value for kind in DeviationKind), KIND_UNKNOWN)


@dataclass(frozen=True, slots=True)
class WantedDeviations:
    """What of the ledger is looked at; "" for all."""

    view: str = ALL
    site: str = ""
    study: str = ""
    kind: str = ""


_kept: WorkedOutOnce[SiteSchedule, tuple[Deviation, ...]] = WorkedOutOnce(WeakKeyDictionary())


def ledger_of(connection: Connection, found: Sequence[SiteSchedule]) -> list[Deviation]:
    """The whole ledger, the newest first; ``found`` comes from the same state of the log as the connection sees."""
    lines: list[Deviation] = []
    for entry in found:
        lines += _kept.of(entry, partial(_lines, connection, entry))
    lines.sort(key=lambda line: (line.study, line.site, line.subject, line.key))
    # Sorting keeps the order of what happened on one day.
    lines.sort(key=_day, reverse=True)
    return lines


def _lines(connection: Connection, entry: SiteSchedule) -> tuple[Deviation, ...]:
    return tuple(deviations_of(connection, [entry]))


def protocols_of(lines: Sequence[Deviation], found: Sequence[SiteSchedule]) -> Mapping[SubjectKey, Protocol]:
    """The protocol that each subject of these lines follows."""
    wanted = {SubjectKey(line.study, line.subject) for line in lines}
    return {key: entry.schedule.plan.protocol for entry in found for key in entry.keys if key in wanted}


def _day(line: Deviation) -> date:
    """The day it happened; where nobody knows any longer, the day it was classed."""
    if line.date is not None:
        return line.date
    return date.min if line.classed_at is None else line.classed_at.date()


def wanted_lines(ledger: Sequence[Deviation], wanted: WantedDeviations) -> list[Deviation]:
    """The lines of the site, study and kind that are wanted, whatever their status."""
    return [
        line
        for line in ledger
        if wanted.site in ("", line.site) and wanted.study in ("", line.study) and wanted.kind in ("", kind_of(line))
    ]


def in_view(lines: Sequence[Deviation], view: str) -> list[Deviation]:
    """Those of one status."""
    return [line for line in lines if view in (ALL, line.status)]


def counts(lines: Sequence[Deviation]) -> dict[str, int]:
    """How many there are in each view."""
    result = dict.fromkeys(VIEWS, 0)
    for line in lines:
        result[line.status] += 1
    return {**result, ALL: len(lines)}


def kinds_of(ledger: Sequence[Deviation]) -> list[str]:
    """The kinds that there are, in their usual order."""
    there = {kind_of(line) for line in ledger}
    return [kind for kind in KINDS if kind in there]
