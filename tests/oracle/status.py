"""Status and certainty on the day asked about (R14, R15)."""

from __future__ import annotations

from tests.oracle.answers import Found, once
from tests.oracle.slots import Slot


class Status:
    """The only part that knows the as-of day."""

    def decided_at(self, slot: Slot) -> bool:
        """A decision visit all of whose decisions are recorded and whose effective date has come."""
        decisions = self.decisions_at(slot)
        effective = self.effective(slot)
        recorded = bool(decisions) and all(name in self.facts.decisions for name in decisions)
        return recorded and effective is not None and effective <= self.as_of

    @once
    def settled(self, slot: Slot) -> bool:
        """An actual date, a milestone given, or done by its decisions."""
        given = slot.shape.is_milestone is not None and self.nominal(slot).day is not None
        return self.done(slot) or given or self.decided_at(slot)

    @once
    def anchors(self, slot: Slot) -> tuple[Found, ...]:
        """The term that gives the nominal date, the bounds with a date, and the visit it rides on (R15)."""
        nominal = self.nominal(slot)
        found = [nominal.found] if nominal.term is not None else []
        found += [bound for _, bound in self._not_before(slot, self.done(slot))]
        rides_on = self.placed(slot).rides_on
        if rides_on is not None:
            found.append(Found(self.effective(rides_on), rides_on))
        return tuple(found)

    @once
    def certainty(self, slot: Slot) -> str:
        """R15, the first that applies."""
        if self.settled(slot):
            return "fixed"
        if self.booked(slot) is not None and not self.missed(slot):
            return "booked"
        if self._hangs_on_stale(slot) or self.held_without_end(slot):
            return "stale"
        if slot.shape.start or self.effective(slot) is None:
            return "projected"
        return "fixed" if self.anchors_settled(slot) else "projected"

    def anchors_settled(self, slot: Slot) -> bool:
        """Whether all that the date is counted from has happened for good."""
        return all(self.is_settled(found) for found in self.anchors(slot))

    def is_settled(self, found: Found) -> bool:
        """An actual date or a given milestone, and no later dose that hangs on an open decision."""
        return (found.slot is None or self.settled(found.slot)) and not (found.last_of and self.may_still_come(found.last_of))

    def _hangs_on_stale(self, slot: Slot) -> bool:
        return any(found.slot is not None and self.stale_making(found.slot) for found in self.anchors(slot))

    @once
    def stale_making(self, slot: Slot) -> bool:
        """Whether what hangs on this visit can only be later than it says."""
        if self.settled(slot):
            return False
        if self.missed(slot) or not self.on_calendar(slot):
            return self._hangs_on_stale(slot)
        return self.status(slot) == "overdue" or self.held_without_end(slot) or self.certainty(slot) == "stale"

    @once
    def status(self, slot: Slot) -> str:
        """R14, the first that applies."""
        if self._is_done_today(slot):
            return "done"
        if self.missed(slot):
            return "missed"
        if self.cancelled(slot):
            return "cancelled"
        if self.conditional(slot):
            return "conditional"
        if self._is_on_hold(slot):
            return "on_hold"
        earliest, latest, effective = self.earliest(slot), self.latest(slot), self.effective(slot)
        if slot.shape.kind == "reminder" or earliest is None or latest is None or effective is None:
            return "upcoming"
        if self.as_of > latest and self.as_of > effective and self.certainty(slot) != "stale":
            return "overdue"
        return "due" if self.as_of >= earliest else "upcoming"

    def _is_done_today(self, slot: Slot) -> bool:
        if self.done(slot) or self.decided_at(slot):
            return True
        effective = self.effective(slot)
        if effective is None or effective > self.as_of:
            return False
        if slot.shape.is_milestone is not None:
            return True
        return slot.shape.kind == "reminder" and self.member(slot) and self.anchors_settled(slot)

    def _is_on_hold(self, slot: Slot) -> bool:
        if any(hold.resume is None or (hold.mode == "shift" and self.as_of < hold.resume) for hold in self.held_by(slot)):
            return True
        return slot.accompanied is not None and self.status(slot.accompanied) == "on_hold"
