"""The sites that new facts name, as they were when somebody looked: nobody is pinned to a calendar that was replaced meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from planner.protocol.said import said
from planner.protocol.said_lists import clauses
from planner.records.facts.fact import ADMINISTRATION, Fact, NewFact
from planner.records.facts.kinds import Kind
from planner.records.people.settings import Settings, Site
from planner.records.store.append import ConflictError
from planner.records.store.log import read_facts

_WHAT = {
    Kind.SITE_SET: said("its subject numbers"),
    Kind.SITE_CALENDAR_SET: said("its calendar"),
    Kind.UNDONE: said("something taken back"),
}


class SiteChangedError(ConflictError):
    """A site has another calendar or pattern than when a change was worked out; ``since`` holds who changed it and when."""

    def __init__(self, site: str, since: tuple[Fact, ...]) -> None:
        """Say who changed what, and when."""
        super().__init__(ADMINISTRATION, since)
        self.site = site
        changes = clauses(
            said("{what} by {who} at {recorded_at:%Y-%m-%d %H:%M} UTC", what=_WHAT[fact.kind], who=fact.who, recorded_at=fact.recorded_at)
            for fact in since
        )
        self.args = (
            said(
                "Site {site} was changed meanwhile ({changes}). Nothing was written: look at it again, then repeat.",
                site=site,
                changes=changes,
            ),
        )


@dataclass(frozen=True, slots=True)
class NamedSites:
    """Sites by code, None for what was no site, and the revision of the settings that they were read from."""

    sites: tuple[tuple[str, Site | None], ...] = ()
    revision: int = 0


def named_sites(settings: Settings, facts: Iterable[NewFact]) -> NamedSites:
    """The sites at which ``facts`` enrol or to which they transfer."""
    return seen_sites(settings, (said.item for said in facts if said.kind in (Kind.ENROLLED, Kind.SITE_TRANSFERRED)))


def seen_sites(settings: Settings, codes: Iterable[str]) -> NamedSites:
    """The sites of these codes as they are now."""
    return NamedSites(tuple((code, settings.sites.get(code)) for code in dict.fromkeys(codes)), settings.revision)


def require_unchanged(connection: Connection, settings: Settings, seen: NamedSites) -> None:
    """Raises SiteChangedError where a site is not in the present ``settings`` what it was when it was seen."""
    for code, site in seen.sites:
        if settings.sites.get(code) != site:
            log = read_facts(connection, ADMINISTRATION)
            raise SiteChangedError(code, tuple(fact for fact in log if fact.number > seen.revision and _is_about(fact, log, code)))


def _is_about(fact: Fact, log: list[Fact], site: str) -> bool:
    said = fact.said
    while said.kind is Kind.UNDONE and said.replaces is not None:
        said = log[said.replaces - 1].said
    return said.kind in (Kind.SITE_SET, Kind.SITE_CALENDAR_SET) and said.item == site
