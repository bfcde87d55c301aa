"""On the calendar, conditional, cancelled or missed (R8, R9, R11)."""

from __future__ import annotations

from datetime import date

from planner.protocol.model import Condition, Requirement
from tests.oracle.answers import once
from tests.oracle.slots import Slot


class States:
    """What parameters, decisions and interruptions make of a visit."""

    @once
    def cancelled_if_open(self, slot: Slot) -> str | None:
        """Why the visit is cancelled as long as it is not done, or None."""
        recorded_missed = self.recorded_missed(slot)
        effective = self.effective(slot)
        nominal = self.nominal(slot)
        hung = not slot.shape.start and slot.shape.is_milestone is None
        if hung and nominal.day is None and not nominal.found.milestone_missing:
            return "no_anchor"
        if slot.accompanied is not None and self.missed(slot.accompanied):
            return "companion_missed"
        if any(self._decided(key) is False for key in slot.shape.when if key.about == "decision"):
            return "not_chosen"
        if self._ended_by_decision(slot, effective):
            return "ended_by_decision"
        if self.stopped_doses(slot)[1]:
            return "stopped"
        if not recorded_missed and effective is not None and self._has_ended(slot, effective):
            return "ended"
        giver = nominal.found.slot
        if giver is not None and not self.missed(giver) and self.cancelled(giver):
            return "anchor_cancelled"
        return None

    def cancelled_outside(self, slot: Slot) -> bool:
        """Whether a done visit has a reason to be cancelled, other than what an end after it took from its anchor (R10)."""
        reason, effective = self.cancelled_if_open(slot), self.effective(slot)
        ends = self.end_days(slot)
        if reason == "anchor_cancelled" and ends and effective is not None and effective <= min(ends):
            return False
        return reason is not None

    def _decided(self, key: Requirement) -> bool | None:
        made = self.facts.decisions.get(key.name)
        return None if made is None else made.choice in key.allowed

    def _all_decided(self, condition: Condition) -> bool:
        keys = [key for key in condition if key.about == "decision"]
        return bool(keys) and self.parameters.all_hold(condition) and all(self._decided(key) for key in keys)

    def _ended_by_decision(self, slot: Slot, effective: date | None) -> bool:
        if self._all_decided(slot.shape.unless):
            return True
        if not self._all_decided(slot.shape.ends_when) or effective is None:
            return False
        days = [self.decision_day(key.name) for key in slot.shape.ends_when if key.about == "decision"]
        return all(day is not None for day in days) and effective > max(day for day in days if day is not None)

    @once
    def conditional_if_open(self, slot: Slot) -> bool:
        """Whether the visit waits for a decision, its own or its anchor's."""
        return not self.cancelled_if_open(slot) and self.waits(slot)

    def waits(self, slot: Slot) -> bool:
        """Whether a decision is open that the visit or its anchor hangs on, cancelled or not."""
        if any(self._decided(key) is None for key in slot.shape.when if key.about == "decision"):
            return True
        giver = self.nominal(slot).found.slot
        return giver is not None and not self.missed(giver) and self.conditional(giver)

    def cancelled(self, slot: Slot) -> str | None:
        """Why the visit is cancelled, or None; a done visit never is (R10)."""
        return None if self.done(slot) else self.cancelled_if_open(slot)

    def conditional(self, slot: Slot) -> bool:
        """Whether the visit is conditional; a done visit never is."""
        return not self.done(slot) and self.conditional_if_open(slot)

    @once
    def missed_by_hold(self, slot: Slot) -> bool:
        """R12 skip: a visit that would be on the calendar."""
        if self.done(slot) or not self.open_plan(slot).skipped or not self.exists(slot):
            return False
        return not self.cancelled_if_open(slot) and not self.conditional_if_open(slot)

    def missed(self, slot: Slot) -> bool:
        """Recorded missed, or by a skip hold."""
        return self.recorded_missed(slot) or self.missed_by_hold(slot)

    def on_calendar(self, slot: Slot) -> bool:
        """Done, or there and neither cancelled nor conditional."""
        return self.done(slot) or (self.exists(slot) and not self.cancelled(slot) and not self.conditional(slot))

    @once
    def member(self, slot: Slot) -> bool:
        """Whether the visit counts for ``.first``, ``.last`` and checks (R8), its date apart."""
        return self.on_calendar(slot) and not self.missed(slot)
