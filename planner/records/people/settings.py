"""Sites and people, folded from the administration log."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from planner.protocol.errors import nearest
from planner.protocol.said import said
from planner.records.errors import RecordsError
from planner.records.facts.fact import ADMINISTRATION, NewFact
from planner.records.facts.kinds import FEED_KINDS, Kind
from planner.records.feeds.feed import Feed, feed_after
from planner.records.people.roles import EVERYWHERE, Role
from planner.records.store.log import read_facts


class UnknownSiteError(RecordsError, ValueError):
    """There is no site of this code; the message names the nearest, or how to make one."""


@dataclass(frozen=True, slots=True)
class Site:
    """A site: its code, what its subjects' numbers look like, and its present calendar."""

    code: str
    subject_pattern: str
    """A regular expression of the form that ``planner.records.people.subject_pattern`` allows; it matches the whole number."""
    calendar_hash: str = ""
    """"" until the site is given a calendar."""


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """A role of a person (an account) at a site, or at all of them (``*``)."""

    person: str
    role: Role
    site: str

    def reaches(self, site: str) -> bool:
        """Whether the grant counts at this site."""
        return self.site in (EVERYWHERE, site)


@dataclass(frozen=True, slots=True)
class Settings:
    """The sites and grants in force."""

    sites: Mapping[str, Site] = field(default_factory=dict)
    """By code, in the order in which they were made."""
    grants: frozenset[Grant] = frozenset()
    contacts: Mapping[str, str] = field(default_factory=dict)
    """Site code to whom its subjects call."""
    capacities: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Site code and resource to how many attendances it takes on one day; those that are not known are not among them."""
    feeds: Mapping[str, Feed] = field(default_factory=dict)
    """By code; those that were revoked are not among them."""
    feeds_made: int = 0
    """How many feeds were ever made: the codes go on from there."""
    revision: int = 0
    """The number of the last fact of the administration log; 0 where there is none."""

    def site(self, code: str) -> Site:
        """The site of this code. Raises UnknownSiteError."""
        if code in self.sites:
            return self.sites[code]
        near = nearest(code, self.sites)
        there = (
            said("Did you mean {near}?", near=near)
            if near
            else said("There is {sites}.", sites=tuple(self.sites))
            if self.sites
            else said("Set one up first.")
        )
        raise UnknownSiteError(said("There is no site {code!r}. {there}", code=code[:24], there=there))

    def at(self, sites: Collection[str] | None) -> Settings:
        """The same with these sites only (None: with all), so that a hint names no other."""
        if sites is None:
            return self
        return replace(self, sites={code: site for code, site in self.sites.items() if code in sites})

    def administrators(self) -> frozenset[str]:
        """The people who may administer the whole installation."""
        return frozenset(grant.person for grant in self.grants if grant.role is Role.ADMINISTRATOR and grant.site == EVERYWHERE)


def read_settings(connection: Connection) -> Settings:
    """The sites and grants in force now."""
    return folded_settings((fact.number, fact.said) for fact in read_facts(connection, ADMINISTRATION))


def folded_settings(log: Iterable[tuple[int, NewFact]]) -> Settings:
    """The settings after these facts, each with its number, in order; facts that a fact in force replaces do not count."""
    facts = list(log)
    sites: dict[str, Site] = {}
    calendars: dict[str, str] = {}
    contacts: dict[str, str] = {}
    capacities: dict[tuple[str, str], int] = {}
    grants: set[Grant] = set()
    feeds: dict[str, Feed] = {}
    for _, fact in facts_of_log_in_force(facts):
        if fact.kind is Kind.SITE_SET:
            sites[fact.item] = Site(fact.item, str(fact.details["subject_pattern"]))
        elif fact.kind is Kind.SITE_CALENDAR_SET:
            calendars[fact.item] = fact.value
        elif fact.kind is Kind.SITE_CONTACT_SET:
            contacts[fact.item] = fact.value
        elif fact.kind is Kind.SITE_CAPACITY_SET:
            capacities[fact.item, fact.value] = int(fact.details.get("places", 0))
        elif fact.kind in FEED_KINDS:
            feeds = feed_after(feeds, fact)
        elif fact.kind is Kind.PERSON_GRANTED:
            grants.add(granted(fact))
        elif fact.kind is Kind.PERSON_REVOKED:
            grants.discard(granted(fact))
    return Settings(
        sites={code: Site(code, site.subject_pattern, calendars.get(code, "")) for code, site in sites.items()},
        grants=frozenset(grants),
        contacts={code: contact for code, contact in contacts.items() if contact},
        capacities={resource: places for resource, places in capacities.items() if places},
        feeds=feeds,
        feeds_made=sum(fact.kind is Kind.FEED_MADE for _, fact in facts),
        revision=facts[-1][0] if facts else 0,
    )


def facts_of_log_in_force(log: Iterable[tuple[int, NewFact]]) -> list[tuple[int, NewFact]]:
    """The facts of one log that none replaces but such as were taken back (docs/records.md), in order."""
    taken_back: set[int] = set()
    replaced: set[int] = set()
    kept = []
    # From the end: whoever may replace a fact comes after it, and is decided first.
    for number, fact in reversed(list(log)):
        acts = number not in taken_back
        if acts and number not in replaced:
            kept.append((number, fact))
        if acts and fact.replaces is not None:
            replaced.add(fact.replaces)
            if fact.kind is Kind.UNDONE:
                taken_back.add(fact.replaces)
    return kept[::-1]


def granted(fact: NewFact) -> Grant:
    """The grant that a ``person_granted`` or ``person_revoked`` fact is about."""
    return Grant(fact.item, Role(fact.value), str(fact.details["site"]))
