"""Giving a site a new calendar, and its subjects with it: what moves is seen first (R17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from planner.protocol.said import said
from planner.records.caller import Caller
from planner.records.changes.change import save_all
from planner.records.changes.many_changes import Comparison, compared, proposal_of
from planner.records.changes.proposal import Proposal, RefusedError
from planner.records.facts.chain import content_hash
from planner.records.facts.fact import Fact, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.fold.fact_table import FactTable, read_fact_table
from planner.records.fold.fold import fold
from planner.records.people.administration import append_administration, set_site_calendar
from planner.records.people.named_sites import NamedSites, require_unchanged, seen_sites
from planner.records.people.rights import EVERYWHERE, Action, allowed_role
from planner.records.people.settings import Settings, read_settings
from planner.records.pinned.calendar_content import calendar_text
from planner.records.pinned.contents import PinnedContents, put_calendar
from planner.records.pinned.pinned import Pinned
from planner.records.pinned.unsaved import WithUnsaved
from planner.records.store.append import ConflictError
from planner.records.store.log import read_facts, subject_keys
from planner.schedule.calendar import SiteCalendar, require_open_days

_SETTLED = ("done", "missed", "cancelled")


@dataclass(frozen=True, eq=False)
class CalendarRefresh:
    """What a new calendar would do at a site; ``save_refresh`` writes it."""

    site: str
    calendar: SiteCalendar
    is_new_to_site: bool
    """Whether the site has another calendar until now."""
    proposals: tuple[Proposal, ...]
    """Of each subject at the site with a visit still open whose days change, moved or not: later changes must see the new days too."""
    seen: Mapping[SubjectKey, int]
    """The last fact of every subject at the site when this was worked out."""
    sites: NamedSites
    """The site as it was then."""

    @property
    def moved(self) -> tuple[Proposal, ...]:
        """The subjects whose visits move."""
        return tuple(proposal for proposal in self.proposals if proposal.moves)


def propose_refresh(connection: Connection, caller: Caller, site: str, calendar: SiteCalendar) -> CalendarRefresh:
    """What giving ``site`` this calendar would do to every subject there: done never moves, booked is flagged, planned moves.

    Raises UnknownSiteError, CalendarError, NotAllowedError, and RefusedError where nothing would change or days are missing.
    """
    settings = read_settings(connection)
    _require_rights(settings, caller, site)
    code = settings.site(site).code
    hashed = content_hash(calendar_text(require_open_days(calendar)))
    pinned = WithUnsaved(PinnedContents(connection), calendars={hashed: calendar})
    table = read_fact_table(connection)
    here = _subjects_at(table, code, pinned)
    facts = _refreshed(code, hashed)
    changed = [each for each in compared(table, list(here), facts, pinned, caller) if _is_concerned(each)]
    is_new = settings.site(code).calendar_hash != hashed
    if not is_new and not changed:
        raise RefusedError((said("Site {site} and its subjects have this calendar already. Nothing needs to be written.", site=code),))
    proposals = tuple(proposal_of(each, facts, [Action.REFRESH_CALENDAR]) for each in changed)
    seen = {table.subjects[row]: revision for row, revision in here.items()}
    return CalendarRefresh(code, calendar, is_new, proposals, seen, seen_sites(settings, [code]))


def refresh_of_subject(connection: Connection, caller: Caller, refresh: CalendarRefresh, subject: SubjectKey) -> Proposal:
    """What the same calendar would do to one subject as it now is, with all visits. Raises NotAllowedError, and RefusedError as above."""
    _require_rights(read_settings(connection), caller, refresh.site)
    hashed = content_hash(calendar_text(refresh.calendar))
    pinned = WithUnsaved(PinnedContents(connection), calendars={hashed: refresh.calendar})
    facts = _refreshed(refresh.site, hashed)
    table = read_fact_table(connection, [subject_keys(connection)[subject]])
    found = [proposal_of(each, facts, [Action.REFRESH_CALENDAR]) for each in compared(table, [0], facts, pinned, caller)]
    if not found:
        raise RefusedError((said("{subject} is not enrolled any more, so nothing would move.", subject=str(subject)),))
    return found[0]


def save_refresh(connection: Connection, caller: Caller, refresh: CalendarRefresh) -> list[Fact]:
    """Write the site's calendar and a fact to each subject concerned, all or none; ``connection`` is that of a ``writing()``.

    Raises NotAllowedError, and ConflictError where somebody wrote about a subject of the site since, or changed the site itself.
    """
    settings = read_settings(connection)
    _require_rights(settings, caller, refresh.site)
    require_unchanged(connection, settings, refresh.sites)
    table = read_fact_table(connection)
    now = {table.subjects[row]: revision for row, revision in _subjects_at(table, refresh.site, PinnedContents(connection)).items()}
    for subject, revision in now.items():
        seen = refresh.seen.get(subject, 0)
        if revision != seen:
            raise ConflictError(subject, tuple(fact for fact in read_facts(connection, subject) if fact.number > seen))
    hashed = put_calendar(connection, refresh.calendar)
    written: list[Fact] = []
    if refresh.is_new_to_site:
        written += append_administration(connection, caller, [set_site_calendar(settings, refresh.site, hashed)])
    return written + save_all(connection, caller, refresh.proposals)


def _refreshed(site: str, hashed: str) -> tuple[NewFact, ...]:
    return (NewFact(Kind.CALENDAR_REFRESHED, item=site, value=hashed, reason="calendar_changed"),)


def _require_rights(settings: Settings, caller: Caller, site: str) -> None:
    allowed_role(settings, caller.who, Action.ADMINISTER, EVERYWHERE)
    allowed_role(settings, caller.who, Action.REFRESH_CALENDAR, site)


def _subjects_at(table: FactTable, site: str, pinned: Pinned) -> dict[int, int]:
    """The rows of the subjects who are now at a site, and the number of each one's last fact."""
    found: dict[int, int] = {}
    for group in fold(table, pinned).groups:
        if site in group.sites:
            columns = np.flatnonzero(group.site == group.sites.index(site))
            found |= dict(zip(group.rows[columns].tolist(), group.revision[columns].tolist(), strict=True))
    return dict(sorted(found.items()))


def _is_concerned(comparison: Comparison) -> bool:
    before, after = comparison.before, comparison.after
    is_open = any(row.status not in _SETTLED for row in before.rows)
    return bool(comparison.moves) or (is_open and not _same_days(before.calendar, after.calendar))


def _same_days(one: SiteCalendar, other: SiteCalendar) -> bool:
    """Whether two calendars have the same days, notes and names apart."""
    if (one.zone, one.first_day, set(one.open_days)) != (other.zone, other.first_day, set(other.open_days)):
        return False
    tables = [(one.provisional, other.provisional), *((one.open_days[name], other.open_days[name]) for name in one.open_days)]
    return all(np.array_equal(first, second) for first, second in tables)
