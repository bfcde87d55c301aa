"""Roles that an identity provider gives to whoever signs in: facts of the administration log, so that rights and audit know one source."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection

from planner.protocol.said import said
from planner.records.caller import Caller
from planner.records.facts.fact import ADMINISTRATION, Act, Author, Fact, NewFact
from planner.records.facts.kinds import Kind
from planner.records.people.administration import require_administrator
from planner.records.people.rights import NotAllowedError
from planner.records.people.roles import EVERYWHERE, GRANTABLE, Role
from planner.records.people.settings import Grant, Settings, facts_of_log_in_force, folded_settings, granted, read_settings
from planner.records.store.append import append
from planner.records.store.log import read_facts

_ROLES = {str(role): role for role in GRANTABLE}
_AT = "@"


def claimed_grants(person: str, roles: Iterable[str], sites: Collection[str], settings: Settings) -> frozenset[Grant]:
    """The grants that a provider's claims mean here: ``nurse`` at each of ``sites``, ``nurse@BEI`` at that site, ``*`` for all sites.

    Roles and sites that this installation does not know are left out: a provider serves other programs too.
    """
    known = {EVERYWHERE, *settings.sites}
    grants = set()
    for claimed in roles:
        name, mark, site = claimed.strip().partition(_AT)
        role = _ROLES.get(name.lower())
        if role is not None:
            grants |= {Grant(person, role, place) for place in ([site] if mark else sites) if place in known}
    return frozenset(grants)


def grants_said(connection: Connection, person: str, roles: Iterable[str] | None, sites: Collection[str]) -> frozenset[Grant] | None:
    """The grants that a provider says at a sign-in; None where it says nothing of roles (``roles`` is None), so that they are granted here.

    Many providers leave out a claim that would be empty: to somebody who has a role from claims, nothing said means no role any more.
    """
    if roles is not None:
        return claimed_grants(person, roles, sites, read_settings(connection))
    return frozenset() if _grants_of_provider(connection, person) else None


def _grants_of_provider(connection: Connection, person: str) -> frozenset[Grant]:
    """The grants in force of a person that were written at a sign-in."""
    log = read_facts(connection, ADMINISTRATION)
    roles = {fact.number: fact.role for fact in log}
    written_by: dict[Grant, str] = {}
    for number, fact in facts_of_log_in_force((fact.number, fact.said) for fact in log):
        if fact.kind is Kind.PERSON_GRANTED and fact.item == person:
            written_by.setdefault(granted(fact), roles[number])
        elif fact.kind is Kind.PERSON_REVOKED and fact.item == person:
            written_by.pop(granted(fact), None)
    return frozenset(grant for grant, role in written_by.items() if role == Role.PROVIDER)


def adopt_claims(connection: Connection, caller: Caller, claimed: frozenset[Grant]) -> list[Fact]:
    """Write what the provider says now, where the log says otherwise; ``connection`` is that of a ``writing()``.

    Afterwards the caller has these grants and no others. Raises AdministrationError where nobody could administer any more, or never could.
    """
    log = [(fact.number, fact.said) for fact in read_facts(connection, ADMINISTRATION)]
    before = folded_settings(log)
    held = frozenset(grant for grant in before.grants if grant.person == caller.who)
    new = [*_facts(Kind.PERSON_GRANTED, claimed - held), *_facts(Kind.PERSON_REVOKED, held - claimed)]
    if not new:
        return []
    after = folded_settings([*log, *((before.revision + 1, fact) for fact in new)])
    require_administrator(before, after)
    act = Act(ADMINISTRATION, before.revision, tuple(new))
    return append(connection, [act], Author(caller.who, str(Role.PROVIDER)), caller.now)


def differ_from_log(settings: Settings, person: str, claimed: frozenset[Grant]) -> bool:
    """Whether ``adopt_claims`` would write anything."""
    return claimed != frozenset(grant for grant in settings.grants if grant.person == person)


def require_role(connection: Connection, caller: Caller) -> None:
    """Refuse an account that signed in and has no role: where nobody has one, everybody at the machine itself may do all, and nobody else.

    Raises NotAllowedError.
    """
    settings = read_settings(connection)
    if any(grant.person == caller.who for grant in settings.grants):
        return
    whom = " or ".join(sorted(settings.administrators()))
    raise NotAllowedError(
        said("{account} is signed in and has no role here. Ask {whom} for one.", account=caller.who, whom=whom)
        if whom
        else said(
            "{account} is signed in, and nobody has a role here yet. The first must be an administrator for all sites: let the identity "
            "provider say so, or run `person grant ACCOUNT --role administrator`.",
            account=caller.who,
        )
    )


def _facts(kind: Kind, grants: Iterable[Grant]) -> list[NewFact]:
    return [NewFact(kind, item=grant.person, value=str(grant.role), details={"site": grant.site}) for grant in sorted(grants)]
