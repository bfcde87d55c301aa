"""Logs written straight into a database, on the days and at the times a test says, and read as somebody at a moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from planner.records.caller import Caller
from planner.records.facts.fact import Act, Author, Fact, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.people.administration import append_administration, grant_role, read_settings, set_site
from planner.records.pinned.contents import put_calendar, put_protocol
from planner.records.store.append import append
from planner.records.store.database import Database
from planner.records.store.log import last_number
from planner.schedule.calendar import SiteCalendar
from planner.schedule.calendar_sources import every_day_calendar
from tests.records.amendments import TEXTS
from tests.schedule.studies import CONSENT, START

SUBJECT = SubjectKey("ulrrc", "PEK-001")

ENROLMENT = datetime(2026, 2, 21, 9, tzinfo=UTC)
FRACTIONS = {"F1": date(2026, 3, 16), "F2": date(2026, 3, 17), "F3": date(2026, 3, 18), "F4": date(2026, 3, 19), "F5": date(2026, 3, 20)}
UNTIL_CYCLE_2 = {"SCR": CONSENT, "LAB": date(2026, 2, 25), "C1D1": START, "SIM": date(2026, 3, 9), **FRACTIONS, "C2D1": date(2026, 3, 27)}
"""ULRRC with every day open: all visits up to cycle 2, each on its planned day or inside its window."""


def at(day: str, hour: int = 9) -> datetime:
    """A time in UTC."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=hour)


def caller(day: str, hour: int = 12, who: str = "nurse") -> Caller:
    """Somebody who asks on that day."""
    return Caller(who, at(day, hour))


def done(visit: str, day: date | str, value: str = "") -> NewFact:
    """A visit that took place."""
    return NewFact(Kind.VISIT_DONE, visit, day if isinstance(day, date) else date.fromisoformat(day), value=value)


def booked(visit: str, day: str, time: str = "") -> NewFact:
    """A booking."""
    return NewFact(Kind.BOOKED, visit, date.fromisoformat(day), value=time)


def held(day: str, until: str | None = None, stream: str = "", mode: str = "shift") -> NewFact:
    """A hold."""
    return NewFact(Kind.HOLD_STARTED, stream, date.fromisoformat(day), date.fromisoformat(until) if until else None, mode)


class Ward:
    """A database with calendars and protocols, and subjects whose logs are written act by act."""

    def __init__(self, database: Database) -> None:
        """Nobody is enrolled yet."""
        self.database = database

    def enrol(
        self,
        key: SubjectKey = SUBJECT,
        *,
        site: str = "PEK",
        start: date = START,
        calendar: SiteCalendar | None = None,
        when: datetime = ENROLMENT,
        **parameters: str,
    ) -> SubjectKey:
        """Enrol with consent and parameters, as one act."""
        with self.database.writing() as connection:
            protocol = put_protocol(connection, TEXTS[key.study])
            details = {"plan": "plan", "calendar": put_calendar(connection, calendar or every_day_calendar())}
        facts = [NewFact(Kind.ENROLLED, site, start, value=protocol, details=details), NewFact(Kind.MILESTONE_SET, "CONSENT", CONSENT)]
        self.write(key, *facts, *(NewFact(Kind.PARAMETER_SET, name, value=value) for name, value in parameters.items()), when=when)
        return key

    def write(self, key: SubjectKey, *facts: NewFact, when: datetime = ENROLMENT, who: str = "nurse") -> list[Fact]:
        """One act."""
        with self.database.writing() as connection:
            return append(connection, [Act(key, last_number(connection, key), facts)], Author(who, "local"), when)

    def grant(self, person: str, role: str, site: str) -> None:
        """Give somebody a role; the first to be given one is an administrator."""
        chief = caller("2026-01-05", who="chief")
        with self.database.writing() as connection:
            if not read_settings(connection).grants:
                append_administration(connection, chief, [grant_role(read_settings(connection), "chief", "administrator", "*")])
            if site != "*" and site not in read_settings(connection).sites:
                append_administration(connection, chief, [set_site(read_settings(connection), site, rf"{site}-[0-9]{{3}}")])
            append_administration(connection, chief, [grant_role(read_settings(connection), person, role, site)])

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection."""
        with self.database.reading() as connection:
            yield connection
