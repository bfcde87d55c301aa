"""Who may do what: roles, actions, and the matrix between them (docs/records.md, People and rights)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from planner.records.facts.kinds import ADMINISTRATION_KINDS, FEED_KINDS, Kind

EVERYWHERE = "*"
"""Stands for all sites in a grant, and for the whole installation where an action asks for a site."""


class Role(StrEnum):
    """What a person is at a site. The text is what the log holds, so a role is never renamed."""

    READER = "reader"
    NURSE = "nurse"
    COORDINATOR = "coordinator"
    INVESTIGATOR = "investigator"
    ADMINISTRATOR = "administrator"
    LOCAL = "local"
    """Everybody, as long as nobody has been granted anything: one person on one computer. It cannot be granted."""
    PROVIDER = "provider"
    """Whoever signs in writes down the roles that the identity provider gives them, and nothing else. It cannot be granted."""


GRANTABLE = tuple(role for role in Role if role not in (Role.LOCAL, Role.PROVIDER))
"""The roles that a person can be given, from the least to the most."""


class Action(StrEnum):
    """What a role allows."""

    READ = "read"
    RECORD_VISIT = "record_visit"
    BOOK = "book"
    NOTE = "note"
    FEED = "feed"
    """To have feeds of one's own, of what one may read; those of others take ``ADMINISTER``."""
    CORRECT = "correct"
    """To correct or take back; what is corrected needs its own action as well."""
    ENROL = "enrol"
    SET_PARAMETER = "set_parameter"
    TRANSFER = "transfer"
    CLASS_DEVIATION = "class_deviation"
    IMPORT = "import"
    EXPORT = "export"
    DECIDE = "decide"
    HOLD = "hold"
    STOP = "stop"
    END = "end"
    AMEND = "amend"
    REFRESH_CALENDAR = "refresh_calendar"
    ANONYMISE = "anonymise"
    BACKUP = "backup"
    AUDIT = "audit"
    ADMINISTER = "administer"


_NURSE = frozenset({Action.READ, Action.FEED, Action.RECORD_VISIT, Action.BOOK, Action.NOTE, Action.CORRECT})
_COORDINATOR = _NURSE | {
    Action.ENROL,
    Action.SET_PARAMETER,
    Action.TRANSFER,
    Action.CLASS_DEVIATION,
    Action.IMPORT,
    Action.EXPORT,
}

RIGHTS: Mapping[Role, frozenset[Action]] = {
    Role.READER: frozenset({Action.READ, Action.FEED}),
    Role.NURSE: _NURSE,
    Role.COORDINATOR: _COORDINATOR,
    Role.INVESTIGATOR: _COORDINATOR | {Action.DECIDE, Action.HOLD, Action.STOP, Action.END, Action.AMEND},
    # No clinical decisions: who runs the installation has no say in a treatment, unless granted a second role.
    Role.ADMINISTRATOR: frozenset(
        {
            Action.READ,
            Action.FEED,
            Action.EXPORT,
            Action.REFRESH_CALENDAR,
            Action.ANONYMISE,
            Action.BACKUP,
            Action.AUDIT,
            Action.ADMINISTER,
        }
    ),
    Role.LOCAL: frozenset(Action),
    Role.PROVIDER: frozenset(),
}
"""What each role allows, at the sites it is granted for."""

_ACTIONS: Mapping[Kind, Action] = {
    Kind.ENROLLED: Action.ENROL,
    Kind.START_MOVED: Action.ENROL,
    Kind.PARAMETER_SET: Action.SET_PARAMETER,
    Kind.MILESTONE_SET: Action.RECORD_VISIT,
    Kind.VISIT_DONE: Action.RECORD_VISIT,
    Kind.VISIT_MISSED: Action.RECORD_VISIT,
    Kind.ACTIVITY_OMITTED: Action.RECORD_VISIT,
    Kind.UNSCHEDULED_VISIT: Action.RECORD_VISIT,
    Kind.BOOKED: Action.BOOK,
    Kind.RELEASED: Action.BOOK,
    Kind.DECISION_MADE: Action.DECIDE,
    Kind.HOLD_STARTED: Action.HOLD,
    Kind.HOLD_ENDED: Action.HOLD,
    Kind.TREATMENT_STOPPED: Action.STOP,
    Kind.LEFT_STUDY: Action.END,
    Kind.SITE_TRANSFERRED: Action.TRANSFER,
    Kind.PROTOCOL_AMENDED: Action.AMEND,
    Kind.CALENDAR_REFRESHED: Action.REFRESH_CALENDAR,
    Kind.DEVIATION_CLASSED: Action.CLASS_DEVIATION,
    Kind.UNDONE: Action.CORRECT,
    Kind.NOTE: Action.NOTE,
    **dict.fromkeys(ADMINISTRATION_KINDS, Action.ADMINISTER),
    **dict.fromkeys(FEED_KINDS, Action.FEED),
}


def action_of(kind: Kind) -> Action:
    """The action that a fact of this kind needs. One that replaces another needs ``CORRECT`` besides, and the other's own action."""
    return _ACTIONS[kind]
