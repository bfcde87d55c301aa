"""Whether somebody may do something at a site: asked here, before anything is read or written, and never in screens."""

from __future__ import annotations

from sqlalchemy import Connection

from planner.records.caller import Caller
from planner.records.errors import RecordsError
from planner.records.people.roles import EVERYWHERE, GRANTABLE, RIGHTS, Action, Role, action_of
from planner.records.people.settings import Settings, read_settings

__all__ = [
    "EVERYWHERE",
    "RIGHTS",
    "Action",
    "NotAllowedError",
    "Role",
    "action_of",
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
    where = "for the whole installation" if asked == EVERYWHERE else f"at {asked}"
    raise NotAllowedError(f"{_shown(who)} may not {_words(action)} {where}{_held(settings, who)}. {_needed(settings, action)}")


def allowed_sites(settings: Settings, who: str, action: Action) -> frozenset[str] | None:
    """What ``permitted_sites`` answers, where the settings are read already."""
    if not settings.grants:
        return None
    sites = {grant.site for grant in settings.grants if grant.person == who and action in RIGHTS[grant.role]}
    if not sites:
        raise NotAllowedError(f"{_shown(who)} may not {_words(action)} at any site{_held(settings, who)}. {_needed(settings, action)}")
    return None if EVERYWHERE in sites else frozenset(sites)


def _held(settings: Settings, who: str) -> str:
    held = sorted((grant for grant in settings.grants if grant.person == who), key=lambda grant: (GRANTABLE.index(grant.role), grant.site))
    if not held:
        return ": nobody has granted this account a role"
    return ", being " + ", ".join(f"{grant.role} {'everywhere' if grant.site == EVERYWHERE else f'at {grant.site}'}" for grant in held)


def _needed(settings: Settings, action: Action) -> str:
    roles = [str(role) for role in GRANTABLE if action in RIGHTS[role]]
    return (
        f"It takes the role {' or '.join(roles)}; ask {' or '.join(sorted(settings.administrators())) or 'an administrator'} to grant it."
    )


def _words(action: Action) -> str:
    return _IN_WORDS.get(action, action.value.replace("_", " "))


_IN_WORDS = {
    Action.RECORD_VISIT: "record visits",
    Action.BOOK: "book visits",
    Action.NOTE: "write notes",
    Action.FEED: "have feeds",
    Action.CORRECT: "correct or take back",
    Action.ENROL: "enrol or move starts",
    Action.SET_PARAMETER: "set parameters",
    Action.TRANSFER: "transfer subjects",
    Action.CLASS_DEVIATION: "class deviations",
    Action.DECIDE: "record decisions",
    Action.HOLD: "hold or resume treatment",
    Action.STOP: "stop treatment",
    Action.END: "end a subject's study",
    Action.AMEND: "amend the protocol of subjects",
    Action.REFRESH_CALENDAR: "refresh calendars",
    Action.BACKUP: "back up",
    Action.ANONYMISE: "export without identities",
}


def _shown(who: str) -> str:
    return who if 0 < len(who) <= 64 and who.isprintable() else "This account"
