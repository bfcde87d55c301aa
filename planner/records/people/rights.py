"""Whether somebody may do something at a site: asked here, before anything is read or written, and never in screens."""

from __future__ import annotations

from sqlalchemy import Connection

from planner.protocol.said import said
from planner.protocol.said_lists import alternatives, enumerated
from planner.records.caller import Caller
from planner.records.errors import RecordsError
from planner.records.people.role_words import ROLE_WORDS
from planner.records.people.roles import EVERYWHERE, GRANTABLE, RIGHTS, Action, Role, action_of
from planner.records.people.settings import Grant, Settings, read_settings

__all__ = [
    "EVERYWHERE",
    "RIGHTS",
    "Action",
    "NotAllowedError",
    "Role",
    "action_of",
    "action_words",
    "allowed_role",
    "allowed_sites",
    "permit",
    "permitted_sites",
    "readable_settings",
]


class NotAllowedError(RecordsError):
    """Somebody may not do this; the message says which role would do, and who gives it."""


def permit(connection: Connection, caller: Caller, action: Action, site: str) -> Role:
    """The least of the caller's roles that allows ``action`` at ``site``; "" or ``*`` stands for the whole installation.

    ``Role.LOCAL`` as long as nobody has been granted anything. Raises NotAllowedError.
    """
    return allowed_role(read_settings(connection), caller.who, action, site)


def permitted_sites(connection: Connection, caller: Caller, action: Action) -> frozenset[str] | None:
    """The sites at which the caller may do this, None for all of them. Raises NotAllowedError where there is none."""
    return allowed_sites(read_settings(connection), caller.who, action)


def readable_settings(connection: Connection, caller: Caller) -> Settings:
    """The settings with the sites that the caller may read: an unknown site and an unreadable one get the same sentence.

    Raises NotAllowedError where there is none.
    """
    settings = read_settings(connection)
    return settings.at(allowed_sites(settings, caller.who, Action.READ))


def allowed_role(settings: Settings, who: str, action: Action, site: str) -> Role:
    """What ``permit`` answers, where the settings are read already."""
    if not settings.grants:
        return Role.LOCAL
    asked = site or EVERYWHERE
    held = {grant.role for grant in settings.grants if grant.person == who and grant.reaches(asked)}
    for role in GRANTABLE:
        if role in held and action in RIGHTS[role]:
            return role
    where = said("for the whole installation") if asked == EVERYWHERE else said("at {asked}", asked=asked)
    raise NotAllowedError(
        said(
            "{shown} may not {words} {where}{held}. {needed}",
            shown=_shown(who),
            words=action_words(action),
            where=where,
            held=_held(settings, who),
            needed=_needed(settings, action),
        )
    )


def allowed_sites(settings: Settings, who: str, action: Action) -> frozenset[str] | None:
    """What ``permitted_sites`` answers, where the settings are read already."""
    if not settings.grants:
        return None
    sites = {grant.site for grant in settings.grants if grant.person == who and action in RIGHTS[grant.role]}
    if not sites:
        raise NotAllowedError(
            said(
                "{shown} may not {words} at any site{held}. {needed}",
                shown=_shown(who),
                words=action_words(action),
                held=_held(settings, who),
                needed=_needed(settings, action),
            )
        )
    return None if EVERYWHERE in sites else frozenset(sites)


def _held(settings: Settings, who: str) -> str:
    held = sorted((grant for grant in settings.grants if grant.person == who), key=lambda grant: (GRANTABLE.index(grant.role), grant.site))
    if not held:
        return said(": nobody has granted this account a role")
    return said(", being {roles}", roles=enumerated(_role_held(grant) for grant in held))


def _role_held(grant: Grant) -> str:
    return (
        said("{role} everywhere", role=ROLE_WORDS[grant.role])
        if grant.site == EVERYWHERE
        else said("{role} at {site}", role=ROLE_WORDS[grant.role], site=grant.site)
    )


def _needed(settings: Settings, action: Action) -> str:
    roles = [ROLE_WORDS[role] for role in GRANTABLE if action in RIGHTS[role]]
    return said(
        "It takes the role {roles}; ask {administrators} to grant it.",
        roles=alternatives(roles),
        administrators=alternatives(sorted(settings.administrators())) or said("an administrator"),
    )


def action_words(action: Action) -> str:
    """What an action is called behind ``may``: ``record visits``."""
    return _IN_WORDS.get(action, action.value.replace("_", " "))


_IN_WORDS = {
    Action.READ: said("read"),
    Action.RECORD_VISIT: said("record visits"),
    Action.BOOK: said("book visits"),
    Action.NOTE: said("write notes"),
    Action.FEED: said("have feeds"),
    Action.CORRECT: said("correct or take back"),
    Action.ENROL: said("enrol or move starts"),
    Action.SET_PARAMETER: said("set parameters"),
    Action.TRANSFER: said("transfer subjects"),
    Action.CLASS_DEVIATION: said("class deviations"),
    Action.IMPORT: said("import"),
    Action.EXPORT: said("export"),
    Action.DECIDE: said("record decisions"),
    Action.HOLD: said("hold or resume treatment"),
    Action.STOP: said("stop treatment"),
    Action.END: said("end a subject's study"),
    Action.AMEND: said("amend the protocol of subjects"),
    Action.REFRESH_CALENDAR: said("refresh calendars"),
    Action.BACKUP: said("back up"),
    Action.ANONYMISE: said("export without identities"),
    Action.AUDIT: said("audit"),
    Action.ADMINISTER: said("administer"),
}


def _shown(who: str) -> str:
    return who if 0 < len(who) <= 64 and who.isprintable() else said("This account")
