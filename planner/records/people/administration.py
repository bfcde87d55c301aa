"""Setting up sites and people: the facts of the administration log, what is refused, and the writing of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import Connection, select

from planner.protocol.errors import nearest
from planner.protocol.said import said
from planner.protocol.said_lists import enumerated
from planner.records.caller import Caller
from planner.records.errors import RecordsError
from planner.records.facts import account
from planner.records.facts.fact import ADMINISTRATION, Act, Author, Fact, NewFact
from planner.records.facts.form import MOST_PLACES
from planner.records.facts.kinds import ADMINISTRATION_KINDS, FEED_KINDS, Kind
from planner.records.facts.privacy import require_no_identity
from planner.records.facts.reasons import require_reason
from planner.records.people.rights import allowed_role
from planner.records.people.role_words import ROLE_WORDS
from planner.records.people.roles import EVERYWHERE, GRANTABLE, Action, Role
from planner.records.people.settings import (
    Grant,
    Settings,
    Site,
    UnknownSiteError,
    facts_of_log_in_force,
    folded_settings,
    granted,
    read_settings,
)
from planner.records.people.subject_pattern import require_subject_pattern
from planner.records.pinned.contents import require_content
from planner.records.store.append import append
from planner.records.store.log import read_facts
from planner.records.store.schema import facts
from planner.schedule.calendar import ANY_DAY

__all__ = [
    "AdministrationError",
    "Grant",
    "Settings",
    "Site",
    "UnknownSiteError",
    "append_administration",
    "grant_role",
    "read_settings",
    "require_account",
    "require_administrator",
    "revoke_role",
    "set_site",
    "set_site_calendar",
    "set_site_capacity",
    "set_site_contact",
    "settings_to_change",
]

_SITE = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{0,10}[A-Z0-9])?", re.ASCII)
LONGEST_CONTACT = 200
"""Characters of what stands on a print under whom to call."""
LONGEST_RESOURCE = 60
"""Characters of the name of a machine, chair or room."""
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


class AdministrationError(RecordsError, ValueError):
    """An act of administration that is refused; the message says what would be right."""


# --- the acts -------------------------------------------------------------------------------------------------


def set_site(settings: Settings, code: str, subject_pattern: str) -> NewFact:
    """Make a site, or change what its subject numbers look like.

    Raises AdministrationError for a code of another form, SubjectPatternError for a pattern that is not allowed.
    """
    return _checked(settings, NewFact(Kind.SITE_SET, item=code, details={"subject_pattern": subject_pattern}))


def set_site_calendar(settings: Settings, code: str, calendar_hash: str) -> NewFact:
    """Give a site the calendar kept under this hash: for subjects enrolled or refreshed from now on.

    Raises UnknownSiteError, or AdministrationError for what is no hash.
    """
    return _checked(settings, NewFact(Kind.SITE_CALENDAR_SET, item=code, value=calendar_hash))


def set_site_contact(settings: Settings, code: str, contact: str) -> NewFact:
    """Say whom a site's subjects call: an office and a number; "" for nobody.

    Raises UnknownSiteError, or AdministrationError for a text that is too long or has control characters.
    """
    return _checked(settings, NewFact(Kind.SITE_CONTACT_SET, item=code, value=contact))


def set_site_capacity(settings: Settings, code: str, resource: str, places: int) -> NewFact:
    """Say how many attendances a resource of a site takes on one day; 0 where that is not known any more.

    Raises UnknownSiteError, or AdministrationError for a resource without a name and for a number out of range.
    """
    return _checked(settings, NewFact(Kind.SITE_CAPACITY_SET, item=code, value=resource, details={"places": places}))


def grant_role(settings: Settings, person: str, role: str, site: str) -> NewFact:
    """Give an account a role at a site, or at all of them (``*``).

    Raises AdministrationError, also where the first grant of all is not that of an administrator for all sites; UnknownSiteError.
    """
    return _checked(settings, NewFact(Kind.PERSON_GRANTED, item=person, value=role, details={"site": site}))


def revoke_role(settings: Settings, person: str, role: str, site: str) -> NewFact:
    """Take a role back. Raises AdministrationError for one that was never granted, or the last administrator's."""
    return _checked(settings, NewFact(Kind.PERSON_REVOKED, item=person, value=role, details={"site": site}))


def settings_to_change(connection: Connection, caller: Caller) -> Settings:
    """The settings for the acts above, whose refusals tell who has which role. Raises NotAllowedError."""
    settings = read_settings(connection)
    allowed_role(settings, caller.who, Action.ADMINISTER, EVERYWHERE)
    return settings


def append_administration(connection: Connection, caller: Caller, new: Sequence[NewFact]) -> list[Fact]:
    """Write these facts to the administration log, all or none, and give them as written.

    Raises NotAllowedError, and whatever the acts above raise: every fact is checked against what is in force before it.
    """
    log = [(known.number, known.said) for known in read_facts(connection, ADMINISTRATION)]
    settings = before = folded_settings(log)
    role = allowed_role(before, caller.who, Action.ADMINISTER, EVERYWHERE)
    for fact in new:
        _checked(settings, fact)
        _require_replaceable(log, fact)
        if fact.kind is Kind.SITE_CALENDAR_SET:
            require_content(connection, fact.value, "calendar")
        log.append((settings.revision + 1, fact))
        after = folded_settings(log)
        require_administrator(settings, after)
        _require_sites_in_use(connection, before=settings, after=after)
        settings = after
    act = Act(ADMINISTRATION, before.revision, tuple(new))
    return append(connection, [act], Author(caller.who, str(role)), caller.now)


# --- what is refused ------------------------------------------------------------------------------------------


def require_account(person: str) -> str:
    """``person`` itself, if it is an account's name. Raises AdministrationError."""
    try:
        return account.require_account(person)
    except account.AccountError as error:
        raise AdministrationError(str(error)) from None


def _checked(settings: Settings, fact: NewFact) -> NewFact:
    """``fact`` itself, if its fields are right and it fits what is in force."""
    if fact.kind not in ADMINISTRATION_KINDS | {Kind.UNDONE, Kind.NOTE}:
        raise AdministrationError(said("A fact of kind {kind} is about a subject. Write it to the subject's own log.", kind=fact.kind))
    require_no_identity(fact.note, said("the note"))
    if fact.reason:
        require_reason(fact.reason, fact.note)
    if fact.kind is Kind.SITE_SET:
        _require_site_code(fact.item)
        require_subject_pattern(str(fact.details.get("subject_pattern", "")))
    elif fact.kind is Kind.SITE_CALENDAR_SET:
        settings.site(fact.item)
        if _HASH.fullmatch(fact.value) is None:
            raise AdministrationError(
                said("A calendar is named by its hash, 64 hexadecimal digits. Keep the calendar first, then give its hash.")
            )
    elif fact.kind is Kind.SITE_CONTACT_SET:
        settings.site(fact.item)
        if len(fact.value) > LONGEST_CONTACT or not fact.value.isprintable():
            raise AdministrationError(
                said(
                    "A contact is one line of at most {longest_contact} characters: an office and a number, no name.",
                    longest_contact=LONGEST_CONTACT,
                )
            )
    elif fact.kind is Kind.SITE_CAPACITY_SET:
        settings.site(fact.item)
        _require_capacity(fact)
    elif fact.kind in FEED_KINDS:
        raise AdministrationError(said("Feeds are made, rotated and revoked by `feed`, which asks for the rights of their person."))
    elif fact.kind is Kind.PERSON_GRANTED:
        _require_grant(settings, _grant(fact))
    elif fact.kind is Kind.PERSON_REVOKED:
        _require_revocable(settings, _grant(fact))
    return fact


def _require_capacity(fact: NewFact) -> None:
    resource, places = fact.value, fact.details.get("places", 0)
    is_name = 0 < len(resource) <= LONGEST_RESOURCE and resource.isprintable() and resource == resource.strip()
    if not is_name or resource == ANY_DAY:
        raise AdministrationError(
            said(
                "A resource is named by a short word of at most {longest} characters, as calendars and bookings name it: infusion.",
                longest=LONGEST_RESOURCE,
            )
        )
    if type(places) is not int or not 0 <= places <= MOST_PLACES:
        raise AdministrationError(
            said("The places of {resource} are a whole number from 0 (not known) to {most}.", resource=resource, most=MOST_PLACES)
        )


def _require_site_code(code: str) -> None:
    if _SITE.fullmatch(code) is None:
        raise AdministrationError(
            said("A site's code is 1 to 12 capital letters, digits and -, such as PEK or SITE-02; it begins and ends without -.")
        )


def _grant(fact: NewFact) -> Grant:
    require_account(fact.item)
    if fact.value not in GRANTABLE:
        near = nearest(fact.value, GRANTABLE)
        right = said("Did you mean {near}?", near=near) if near else said("Give one of {grantable}.", grantable=tuple(GRANTABLE))
        raise AdministrationError(said("There is no such role. {right}", right=right))
    if not fact.details.get("site"):
        raise AdministrationError(said("The site is missing. Give a site's code, or {everywhere} for all sites.", everywhere=EVERYWHERE))
    return granted(fact)


def _require_grant(settings: Settings, grant: Grant) -> None:
    if grant.site != EVERYWHERE:
        settings.site(grant.site)
    if grant in settings.grants:
        raise AdministrationError(
            said("{person} is {in_words} already. Nothing needs to be written.", person=grant.person, in_words=_in_words(grant))
        )
    if not settings.grants and (grant.role is not Role.ADMINISTRATOR or grant.site != EVERYWHERE):
        raise AdministrationError(
            said(
                "The first grant must be an administrator for all sites ({everywhere}), or nobody could grant anything "
                "afterwards. Grant that first.",
                everywhere=EVERYWHERE,
            )
        )


def _require_revocable(settings: Settings, grant: Grant) -> None:
    if grant not in settings.grants:
        held = enumerated(_in_words(other) for other in sorted(settings.grants) if other.person == grant.person)
        raise AdministrationError(
            said(
                "{person} is not {in_words}, but {held}. Check the role and the site.",
                person=grant.person,
                in_words=_in_words(grant),
                held=held or said("has no role at all"),
            )
        )
    if settings.administrators() == {grant.person} and grant.role is Role.ADMINISTRATOR and grant.site == EVERYWHERE:
        raise _last_administrator()


def require_administrator(before: Settings, after: Settings) -> None:
    """Refuse roles without anybody who may administer. Raises AdministrationError."""
    if before.grants and not after.administrators():
        raise _last_administrator()
    if after.grants and not after.administrators():
        raise AdministrationError(
            said("Then people would have roles, and nobody could administer. Grant an administrator for all sites first.")
        )


def _require_sites_in_use(connection: Connection, before: Settings, after: Settings) -> None:
    """Taking back the making of a site is for a slip of the pen: a subject's log that names a site needs it for ever."""
    for code in before.sites.keys() - after.sites.keys():
        of_subjects = facts.c.kind.in_([Kind.ENROLLED, Kind.SITE_TRANSFERRED])
        if connection.execute(select(facts.c.position).where(of_subjects, facts.c.item == code).limit(1)).first() is not None:
            raise AdministrationError(
                said("Subjects were enrolled at or transferred to {code}, so the site stays. Change its pattern or calendar.", code=code)
            )
        if any(grant.site == code for grant in after.grants):
            raise AdministrationError(said("People have roles at {code}. Revoke these first, then take the site back.", code=code))


def _last_administrator() -> AdministrationError:
    return AdministrationError(said("Then nobody could administer any more. Grant another administrator for all sites first."))


def _require_replaceable(log: Sequence[tuple[int, NewFact]], fact: NewFact) -> None:
    if fact.kind is not Kind.UNDONE:
        if fact.replaces is not None:
            raise AdministrationError(said("Sites and people are not corrected but set anew. Leave out what the fact replaces."))
        return
    if fact.replaces not in {number for number, _ in log}:
        raise AdministrationError(
            said(
                "The administration log has no fact {replaces}; it has 1 to {count}. Give one of these.",
                replaces=fact.replaces,
                count=len(log),
            )
        )
    if fact.replaces not in {number for number, _ in facts_of_log_in_force(log)}:
        raise AdministrationError(
            said("Fact {replaces} of the administration log is taken back already. Nothing needs to be written.", replaces=fact.replaces)
        )
    kinds = {number: known.kind for number, known in log}
    if kinds[fact.replaces] in FEED_KINDS:
        # An address that was taken away, because somebody else had it, must never be worth anything again.
        raise AdministrationError(said("What was written about a feed is not taken back. Make, rotate or revoke the feed."))


def _in_words(grant: Grant) -> str:
    if grant.site == EVERYWHERE:
        return said("{role} for all sites", role=ROLE_WORDS[grant.role])
    return said("{role} at {site}", role=ROLE_WORDS[grant.role], site=grant.site)
