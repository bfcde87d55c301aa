"""What is recorded about a visit, and when its actual date counts (R9, R10)."""

from __future__ import annotations

from datetime import date

from tests.oracle.answers import once
from tests.oracle.slots import Slot


class Recorded:
    """The facts, visit by visit."""

    def _owns_its_id(self, slot: Slot) -> bool:
        return self.by_id[slot.id] is slot

    def decisions_at(self, slot: Slot) -> list[str]:
        """The decisions taken at this visit."""
        return [name for name, decision in self.protocol.decisions.items() if decision.visit == slot.id and self._owns_its_id(slot)]

    @once
    def recorded_day(self, slot: Slot) -> date | None:
        """The actual date, also one that has expired; a decision's given date is one too (R11)."""
        if not self._owns_its_id(slot):
            return None
        if slot.id in self.facts.actual:
            return self.facts.actual[slot.id]
        made = [self.facts.decisions[name].day for name in self.decisions_at(slot) if name in self.facts.decisions]
        return max((day for day in made if day is not None), default=None)

    def booked(self, slot: Slot) -> date | None:
        """The booked day."""
        booking = self.facts.booked.get(slot.id)
        return booking.day if booking and self._owns_its_id(slot) else None

    def recorded_missed(self, slot: Slot) -> bool:
        """Recorded as missed, and not done."""
        return slot.id in self.facts.missed and self._owns_its_id(slot) and not self.done(slot)

    @once
    def expired(self, slot: Slot) -> bool:
        """R9 ``redo``: the actual date fell before the window."""
        day, earliest = self.recorded_day(slot), self.earliest(slot) if slot.shape.redo else None
        return day is not None and earliest is not None and day < earliest

    @once
    def done(self, slot: Slot) -> bool:
        """A counting actual date."""
        return self.recorded_day(slot) is not None and not self.expired(slot)

    def actual(self, slot: Slot) -> date | None:
        """The counting actual date."""
        return self.recorded_day(slot) if self.done(slot) else None
