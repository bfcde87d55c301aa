"""What one person's mail holds: the worklist as that person may read it, on today's date at each site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from planner.exchange.digest.mail_day import days_at, mail_day
from planner.exchange.revision_events import EventForm, calendar_file, revision_events
from planner.records.caller import Caller
from planner.records.facts.fact import SubjectKey
from planner.records.lists.worklist import Worklist, WorklistRow, worklist
from planner.records.people.rights import Action, allowed_sites
from planner.records.people.settings import Settings
from planner.records.pinned.contents import PinnedContents
from planner.records.revisions.scope import Scope
from planner.records.revisions.visit_revisions import visit_revisions

MOST_ROWS = 200
"""Rows of a kind that a mail holds; the counts are whole."""


@dataclass(frozen=True, slots=True)
class Digest:
    """A person's worklist on a day."""

    account: str
    day: date
    """Of the mail; the rows are as of today at their own sites."""
    worklist: Worklist
    days_at: tuple[tuple[date, tuple[str, ...]], ...] = ()
    """Which day it is at which sites; a single one where it is the same everywhere."""
    calendar: bytes | None = None
    """The rows' visits as a calendar file, where it was asked for and there are any."""
    counts_only: bool = False
    """Without rows, and so without any subject's number."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to see to."""
        return not any(self.worklist.counts.values())


def digest_day(connection: Connection, settings: Settings, account: str, now: datetime) -> date:
    """The day of a person's mail (``mail_day``), by all sites that the person may read and that have a calendar.

    Raises NotAllowedError where the person may read nothing.
    """
    return mail_day((zone for _, zone in _zones(connection, settings, account)), now)


def digest_of(connection: Connection, settings: Settings, account: str, now: datetime) -> Digest:
    """A person's worklist now, at most ``MOST_ROWS`` rows of a kind. Raises NotAllowedError where the person may read nothing."""
    zones = _zones(connection, settings, account)
    found = worklist(connection, Caller(account, now), most=MOST_ROWS)
    return Digest(account, mail_day((zone for _, zone in zones), now), found, days_at(zones, now))


def _zones(connection: Connection, settings: Settings, account: str) -> list[tuple[str, str]]:
    """The sites that a person may read and that have a calendar, each with its IANA zone. Raises NotAllowedError."""
    readable = settings.at(allowed_sites(settings, account, Action.READ))
    pinned = PinnedContents(connection)
    return [(code, pinned.calendar(site.calendar_hash).zone) for code, site in readable.sites.items() if site.calendar_hash]


def without_rows(digest: Digest) -> Digest:
    """The counts alone."""
    return replace(digest, worklist=replace(digest.worklist, rows=()), calendar=None, counts_only=True)


def visits_file(
    connection: Connection, settings: Settings, account: str, rows: Sequence[WorklistRow], language: str, install_key: bytes
) -> bytes | None:
    """The visits of these rows as a calendar file, each once and by day; None if there is none with a date.

    Titles, UIDs and revisions are those of the person's feeds.
    """
    listed = {(SubjectKey(row.study, row.subject), row.visit) for row in rows}
    scope = Scope(
        sites=allowed_sites(settings, account, Action.READ), subjects=frozenset(subject for subject, _ in listed), conditional=True
    )
    revisions = [
        revision
        for revision in visit_revisions(connection, scope)
        if not revision.is_off and (revision.subject, revision.row.visit) in listed
    ]
    events = revision_events(revisions, EventForm(install_key, language=language))
    if not events:
        return None
    events.sort(key=lambda event: (event.day, event.revision.subject, event.revision.row.visit))
    return calendar_file(events)
