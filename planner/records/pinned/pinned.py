"""What subjects are pinned to: plans and site calendars by the hash of their text."""

from __future__ import annotations

from typing import Protocol

from planner.protocol.plan import Plan
from planner.schedule.calendar import SiteCalendar


class Pinned(Protocol):
    """Answers with compiled plans and calendars; the same object for the same hash, so that the engine's caches hold."""

    def plan(self, protocol_hash: str) -> Plan:
        """The plan compiled from the protocol text of this hash. Raises UnknownContentError."""
        ...

    def calendar(self, calendar_hash: str) -> SiteCalendar:
        """The site calendar of this hash. Raises UnknownContentError."""
        ...
