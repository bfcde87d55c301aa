"""The resources of a site: machines, chairs and rooms that its calendar, a protocol followed there or a booking there names."""

from __future__ import annotations

from sqlalchemy import Connection

from planner.records.caller import Caller
from planner.records.lists.site_schedules import schedules
from planner.records.people.settings import Settings
from planner.records.pinned.contents import PinnedContents
from planner.schedule.calendar import ANY_DAY


def resources_at(connection: Connection, settings: Settings, caller: Caller, site: str) -> frozenset[str]:
    """Their names. Raises UnknownSiteError, and NotAllowedError where the caller may read nothing."""
    named = set[str]()
    if calendar_hash := settings.site(site).calendar_hash:
        named |= PinnedContents(connection).calendar(calendar_hash).open_days.keys()
    for found in schedules(connection, caller, caller.now.date(), sites=[site]):
        named |= {slot.resource for slot in found.schedule.plan.slots}
        named |= {details.resource for details in found.group.booking_details.values()}
    return frozenset(named - {"", ANY_DAY})
