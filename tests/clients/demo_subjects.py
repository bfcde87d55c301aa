"""The subjects of the demonstration, and the files that `expand` would write for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from planner.exchange.ics import calendar_bytes
from planner.exchange.ics_settings import CalendarSettings, texts_to_bring, texts_to_prepare
from planner.exchange.time_zones import zone_info
from planner.exchange.uids import EventKind, event_uid
from planner.protocol.model import Protocol
from planner.records.caller import Caller
from planner.records.changes.view import subject_view
from planner.records.facts.fact import SubjectKey
from planner.records.store.database import Database
from planner.records.store.log import subject_keys
from planner.schedule.rows import VisitRow
from tests.records.databases import DEMO_DAY

ON = DEMO_DAY
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
KEY = b"k" * 32
LINK = "https://planner.example.org/visits?a=1,2;3"


@dataclass(frozen=True)
class DemoSubject:
    """A subject and all its visits on the day of the demonstration."""

    key: SubjectKey
    zone: str
    rows: tuple[VisitRow, ...]
    protocol: Protocol

    def settings(self, events: EventKind = "visit", language: str = "en") -> CalendarSettings:
        """What its calendar file is written with."""
        return CalendarSettings(
            study=self.protocol.id.upper(),
            zone=self.zone,
            as_of=ON,
            install_key=KEY,
            language=language,
            events=events,
            link=LINK,
            bring=texts_to_bring(self.protocol, language),
            prepare=texts_to_prepare(self.protocol, language),
        )

    def file(self, events: EventKind = "visit", language: str = "en") -> bytes:
        """The subject's calendar file with all visits, conditional and cancelled ones too."""
        return calendar_bytes(self.rows, self.settings(events, language))

    def times(self, events: EventKind = "visit") -> dict[str, tuple[date | datetime, date | datetime]]:
        """By UID, first moment and end of each event, as the rows and ``zoneinfo`` have them."""
        settings, found = self.settings(events), {}
        for row in self.rows:
            times = _times_of_visit(row, self.zone) if events == "visit" else _times_of_window(row)
            if times is not None:
                found[event_uid(KEY, settings.study, row.subject, row.visit, events, settings.host)] = times
        return found


def demo_subjects(database: Database) -> list[DemoSubject]:
    """All subjects of a demonstration, by key."""
    with database.reading() as connection:
        keys = sorted(key for key in subject_keys(connection) if key.number)
        views = [(key, subject_view(connection, Caller("nurse", NOW), key)) for key in keys]
    return [DemoSubject(key, view.state.calendar.zone, view.rows, view.state.plan.protocol) for key, view in views]


def _times_of_visit(row: VisitRow, zone: str) -> tuple[date | datetime, date | datetime] | None:
    if row.effective is None:
        return None
    if row.booked_at is None:
        return row.effective, row.effective + timedelta(days=1)
    start = datetime.combine(row.effective, row.booked_at, zone_info(zone)).astimezone(UTC)
    return start, start + timedelta(minutes=row.minutes or 60)


def _times_of_window(row: VisitRow) -> tuple[date, date] | None:
    if row.earliest is None or row.latest is None:
        return None
    return row.earliest, row.latest + timedelta(days=1)
