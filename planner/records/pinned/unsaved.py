"""Protocol files and calendars that are only proposed, beside those that are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from planner.protocol.compile import compile_plan
from planner.protocol.plan import Plan
from planner.protocol.read import read_protocol
from planner.records.facts.chain import content_hash
from planner.records.pinned.contents import PinnedContents, UnknownContentError
from planner.records.pinned.pinned import Pinned
from planner.schedule.calendar import SiteCalendar


@dataclass(frozen=True, eq=False)
class WithUnsaved:
    """What is kept, and before it what is only proposed, both by hash (``planner.records.pinned.pinned.Pinned``)."""

    kept: Pinned
    plans: Mapping[str, Plan] = field(default_factory=dict)
    calendars: Mapping[str, SiteCalendar] = field(default_factory=dict)

    def plan(self, protocol_hash: str) -> Plan:
        """The plan of this hash. Raises UnknownContentError."""
        return self.plans[protocol_hash] if protocol_hash in self.plans else self.kept.plan(protocol_hash)

    def calendar(self, calendar_hash: str) -> SiteCalendar:
        """The calendar of this hash. Raises UnknownContentError."""
        return self.calendars[calendar_hash] if calendar_hash in self.calendars else self.kept.calendar(calendar_hash)


def with_protocol(connection: Connection, protocol_text: str, file_name: str) -> tuple[str, Plan, Pinned]:
    """The hash and the plan of a protocol file, and what is kept together with it; a file that is kept is not compiled again.

    ``file_name`` stands in what is wrong with the file. Raises ProtocolErrors.
    """
    kept, protocol_hash = PinnedContents(connection), content_hash(protocol_text)
    try:
        plan = kept.plan(protocol_hash)
    except UnknownContentError:
        plan = compile_plan(read_protocol(protocol_text, file_name))
    return protocol_hash, plan, WithUnsaved(kept, plans={protocol_hash: plan})
