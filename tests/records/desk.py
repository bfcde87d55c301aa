"""A site at work: a database with a site and its calendar, and short ways to enrol, propose, record and look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import pytest

from planner.records.caller import Caller
from planner.records.changes import acts
from planner.records.changes.change import propose, save
from planner.records.changes.enrolment import propose_enrolment
from planner.records.changes.proposal import Proposal, RefusedError
from planner.records.changes.view import SubjectView, subject_view
from planner.records.facts.fact import Fact, NewFact, SubjectKey
from planner.records.people.administration import append_administration, grant_role, read_settings, set_site, set_site_calendar
from planner.records.pinned.contents import put_calendar
from planner.records.store.database import Database
from planner.records.store.log import read_facts
from planner.schedule.calendar import SiteCalendar
from planner.schedule.rows import VisitRow
from tests.records.amendments import TEXTS
from tests.schedule.studies import CONSENT, START, china

SUBJECT = SubjectKey("ulrrc", "PEK-001")
LATE = date(2026, 4, 21)
FIRST_VECTOR = {
    "C1D1": "2026-03-02",
    "SIM": "2026-03-09",
    "F1": "2026-03-16",
    "F2": "2026-03-17",
    "F3": "2026-03-18",
    "F4": "2026-03-19",
    "F5": "2026-03-20",
    "C2D1": "2026-03-27",
}
"""The first worked vector of the ulrrc study, up to its second cycle: every visit done on its planned day."""


def someone(on: date = LATE, who: str = "nurse") -> Caller:
    """An account at the site at noon in China."""
    return Caller(who, datetime.combine(on, time(4), UTC))


@dataclass(frozen=True)
class Desk:
    """The database of a site in China."""

    database: Database

    @classmethod
    def opened(cls, database: Database, *sites: str, calendar: SiteCalendar | None = None) -> Desk:
        """A database with these sites (PEK if none is named), all by one calendar."""
        desk = cls(database)
        for site in sites or ("PEK",):
            desk.add_site(site, calendar or china())
        return desk

    def add_site(self, site: str, calendar: SiteCalendar) -> None:
        """A further site."""
        with self.database.writing() as connection:
            administrator = someone(who="administrator")
            hashed = put_calendar(connection, calendar)
            append_administration(connection, administrator, [set_site(read_settings(connection), site, rf"{site}-\d{{3}}")])
            append_administration(connection, administrator, [set_site_calendar(read_settings(connection), site, hashed)])

    def reset_pattern(self, site: str, pattern: str) -> None:
        """What a site's subject numbers look like from now on."""
        with self.database.writing() as connection:
            append_administration(connection, someone(who="administrator"), [set_site(read_settings(connection), site, pattern)])

    def grant(self, *roles: tuple[str, str, str]) -> None:
        """Give (account, role, site) each; an administrator comes first."""
        self.grant_more(("administrator", "administrator", "*"), *roles)

    def grant_more(self, *roles: tuple[str, str, str]) -> None:
        """Give (account, role, site) each, once there is an administrator."""
        with self.database.writing() as connection:
            for person, role, site in roles:
                append_administration(connection, someone(who="administrator"), [grant_role(read_settings(connection), person, role, site)])

    def enrolment(self, number: str = "PEK-001", study: str = "ulrrc", *, who: str = "nurse", **given: object) -> Proposal:
        """The proposal of an enrolment as in the worked vectors."""
        site = str(given.pop("site", "PEK"))
        start = given.pop("start", START)
        assert isinstance(start, date)
        given.setdefault("milestones", {"CONSENT": CONSENT})
        caller = someone(date(2026, 2, 25), who)
        with self.database.reading() as connection:
            return propose_enrolment(
                connection,
                caller,
                str(given.pop("text", TEXTS[study])),
                f"{study}.yaml",
                number,
                site,
                start,
                **given,  # type: ignore[arg-type]
            )

    def enrol(self, number: str = "PEK-001", study: str = "ulrrc", **given: object) -> SubjectKey:
        """Enrol a subject."""
        proposal = self.enrolment(number, study, **given)
        self.save(proposal, date(2026, 2, 25))
        return proposal.subject

    def propose(
        self, facts: Sequence[NewFact], subject: SubjectKey = SUBJECT, on: date = LATE, who: str = "nurse", last_seen: int | None = None
    ) -> Proposal:
        """What the facts would do, said on that day."""
        with self.database.reading() as connection:
            return propose(connection, someone(on, who), subject, facts, last_seen)

    def save(self, proposal: Proposal, on: date = LATE, who: str = "nurse") -> list[Fact]:
        """Write a proposal."""
        with self.database.writing() as connection:
            return save(connection, someone(on, who), proposal)

    def record(self, facts: Sequence[NewFact], subject: SubjectKey = SUBJECT, on: date = LATE, who: str = "nurse") -> Proposal:
        """Propose and save."""
        proposal = self.propose(facts, subject, on, who)
        self.save(proposal, on, who)
        return proposal

    def record_done(self, days: Mapping[str, str], subject: SubjectKey = SUBJECT, on: date = LATE) -> None:
        """Visits done on these days, in one act."""
        self.record([fact for visit, day in days.items() for fact in acts.visit_done(visit, date.fromisoformat(day))], subject, on)

    def refused(self, facts: Sequence[NewFact], subject: SubjectKey = SUBJECT, on: date = LATE) -> tuple[str, ...]:
        """Why the facts are refused; the log must stay as it was."""
        before = self.facts(subject)
        with pytest.raises(RefusedError) as caught:
            self.propose(facts, subject, on)
        assert self.facts(subject) == before
        return caught.value.messages

    def facts(self, subject: SubjectKey = SUBJECT) -> list[Fact]:
        """The subject's log."""
        with self.database.reading() as connection:
            return read_facts(connection, subject)

    def view(self, subject: SubjectKey = SUBJECT, on: date = LATE, as_of: date | None = None, who: str = "nurse") -> SubjectView:
        """The subject's view on that day."""
        with self.database.reading() as connection:
            return subject_view(connection, someone(on, who), subject, as_of)

    def rows(self, subject: SubjectKey = SUBJECT, on: date = LATE) -> dict[str, VisitRow]:
        """All visits by id."""
        return {row.visit: row for row in self.view(subject, on).rows}


def dates(proposal: Proposal) -> dict[str, tuple[str, str]]:
    """The dates before and after of the visits on the calendar that move, as month and day."""
    return {
        move.visit: (str(move.before.effective)[5:], str(move.after.effective)[5:])
        for move in proposal.moves
        if move.is_on_calendar and move.before is not None and move.after is not None and move.days
    }


def texts(proposal: Proposal) -> list[str]:
    """What a proposal warns of."""
    return [warning.text for warning in proposal.warnings]
