"""A subject's schedule as it was known on a past day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection

from planner.protocol.said import said
from planner.records.caller import Caller
from planner.records.errors import RecordsError
from planner.records.facts.fact import SubjectKey
from planner.records.fold.fact_table import chosen_prefixes
from planner.records.fold.fold import fold
from planner.records.history.recording_days import known_before, recording_zones
from planner.records.history.row_schedules import row_schedules
from planner.records.people.readable import read_subject
from planner.records.pinned.contents import PinnedContents
from planner.schedule.days import day_number
from planner.schedule.rows import VisitRow
from planner.schedule.schedule import Schedule
from planner.schedule.visit_rows import subject_rows

_LAST_DAY = date(2200, 1, 1)
"""Later than any fact; a day at the very end of the calendar has none after it."""


class NotKnownYetError(RecordsError, LookupError):
    """On that day nothing was known of the subject; the message says since when it is."""


@dataclass(frozen=True, eq=False)
class KnownSchedule:
    """What was known of a subject at the end of a day."""

    subject: SubjectKey
    day: date
    revision: int
    """The number of the last fact that was known."""
    schedule: Schedule
    """Of this one subject, by index 0, as of that day."""
    rows: tuple[VisitRow, ...]
    """All visits in order, cancelled and conditional ones too."""


def known_on(connection: Connection, caller: Caller, subject: SubjectKey, day: date) -> KnownSchedule:
    """The schedule as it was known at the end of ``day``, at the site where the subject was by what was known then, and as of that day.

    Only facts recorded by then count, whatever their effective dates. Raises NotKnownYetError, UnknownSubjectError and NotAllowedError.
    """
    opened = read_subject(connection, caller, subject)
    facts, table = opened.facts, opened.table
    pinned = PinnedContents(connection)
    recorded = recording_zones(table, pinned)
    revision = int(known_before(table, recorded, min(day, _LAST_DAY) + timedelta(days=1))[0])
    folded = fold(chosen_prefixes(table, [0], [revision]), pinned)
    place = row_schedules(folded, np.array([day_number(day)], dtype=np.int32)).of_row(0)
    if place is None:
        first = facts[0].recorded_at.astimezone(ZoneInfo(recorded.names[recorded.code[0]])).date()
        when = said("then no enrolment was in force") if revision else said("its first fact was recorded on {first}", first=first)
        raise NotKnownYetError(
            said("On {day} the planner knew no schedule of {subject}: {when}.", day=day, subject=str(subject), when=when)
        )
    schedule, _ = place
    return KnownSchedule(subject, day, revision, schedule, tuple(subject_rows(schedule, 0, all_visits=True)))
