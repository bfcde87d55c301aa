"""One subject's schedule: each question about a visit is answered once, by recursion, in the words of docs/date-rules.md."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date

from planner.protocol.model import Protocol, Reference
from planner.schedule.facts import Booking, SubjectFacts
from tests.oracle.answers import Found
from tests.oracle.calendars import PlainCalendar
from tests.oracle.dates import Dates
from tests.oracle.interruptions import Interruptions
from tests.oracle.recorded import Recorded
from tests.oracle.references import References
from tests.oracle.slots import Parameters, Slot, slot_by_id, slots_of
from tests.oracle.states import States
from tests.oracle.status import Status


class Schedule(Recorded, References, Dates, Interruptions, States, Status):
    """All that can be asked about one subject on the day ``as_of``."""

    def __init__(self, protocol: Protocol, facts: SubjectFacts, calendar: PlainCalendar, as_of: date, like: Schedule | None = None) -> None:
        """``like``: a schedule of the same protocol and parameters, whose slots are the same."""
        self.protocol = protocol
        self.facts = facts
        self.calendar = calendar
        self.as_of = as_of
        self.parameters = Parameters(protocol, facts.parameters)
        self.slots = like.slots if like else slots_of(protocol, self.parameters)
        self.by_id = like.by_id if like else slot_by_id(self.slots)
        self.members_by_series: dict[str, list[Slot]] = like.members_by_series if like else _by_series(self.slots)
        self.slots_by_doses: dict[tuple[str, ...], list[Slot]] = like.slots_by_doses if like else {}
        self.answers: defaultdict[str, dict[int, object]] = defaultdict(dict)
        self.found: dict[Reference, Found] = {}
        """What ``first`` and ``last`` of a series or of doses give, once it is known."""
        self._reached_from: dict[int, frozenset[int]] = {}

    def with_booking(self, slot: Slot, day: date) -> Schedule:
        """The same subject with ``slot`` booked on ``day``."""
        facts = replace(self.facts, booked={**self.facts.booked, slot.id: Booking(day)})
        return Schedule(self.protocol, facts, self.calendar, self.as_of, like=self)


def _by_series(slots: list[Slot]) -> dict[str, list[Slot]]:
    found: dict[str, list[Slot]] = {}
    for slot in slots:
        if slot.series is not None:
            found.setdefault(slot.series, []).append(slot)
    return found
