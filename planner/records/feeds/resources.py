"""The resources of a site: machines, chairs and rooms that its calendar, a protocol followed there or a booking there names."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from sqlalchemy import Connection

from planner.records.caller import Caller
from planner.records.lists.site_schedules import SiteSchedule, schedules
from planner.records.people.settings import Settings
from planner.records.pinned.contents import PinnedContents
from planner.schedule.calendar import ANY_DAY


def resources_at(connection: Connection, settings: Settings, caller: Caller, site: str) -> frozenset[str]:
    """Their names. Raises UnknownSiteError, and NotAllowedError where the caller may read nothing."""
    return resources_named(connection, settings, site, schedules(connection, caller, caller.now.date(), sites=[site]))


def resources_named(connection: Connection, settings: Settings, site: str, found: Iterable[SiteSchedule]) -> frozenset[str]:
    """The same where the schedules of everybody, or of those at the site, are read already. Raises UnknownSiteError."""
    named = set[str]()
    if calendar_hash := settings.site(site).calendar_hash:
        named |= PinnedContents(connection).calendar(calendar_hash).open_days.keys()
    for entry in found:
        here = set(np.flatnonzero(np.array([code == site for code in entry.group.sites], dtype=np.bool_)[entry.group.site]).tolist())
        if here:
            named |= {slot.resource for slot in entry.schedule.plan.slots}
            named |= {details.resource for (_, column), details in entry.group.booking_details.items() if column in here}
    return frozenset(named - {"", ANY_DAY})
