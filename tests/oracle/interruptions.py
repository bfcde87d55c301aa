"""Holds, stops and ends (R11 to R13)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from planner.schedule.facts import Hold
from tests.oracle.answers import OpenPlan, Placed, in_hold, once, reaches
from tests.oracle.slots import Slot


class Interruptions:
    """What keeps a visit, or a dose of it, from its day."""

    @once
    def applicable(self, slot: Slot) -> tuple[str, ...]:
        """The activities of the visit for this subject, done or not."""
        uses = slot.shape.activities
        return tuple(use.activity for use in uses if self.parameters.all_hold(use.condition) and slot.position % use.every == 0)

    def _not_omitted(self, slot: Slot) -> list[str]:
        owned = self._owns_its_id(slot)
        return [a for a in self.applicable(slot) if not (owned and (slot.id, a) in self.facts.omitted)]

    def _doses(self, activities: Iterable[str]) -> frozenset[str]:
        doses = (self.protocol.activities[activity].dose for activity in activities)
        return frozenset(dose for dose in doses if dose is not None)

    @once
    def doses_planned(self, slot: Slot) -> frozenset[str]:
        """The doses of the activities that no fact omits."""
        return self._doses(self._not_omitted(slot))

    def _holds(self, slot: Slot, whole: bool) -> list[Hold]:
        """The holds that name every dose of the visit (``whole``), or some but not all."""
        doses = self.doses_planned(slot)
        holds = sorted(self.facts.holds, key=lambda hold: hold.first_day)
        named = [(hold, [dose for dose in doses if reaches(hold.stream, dose)]) for hold in holds]
        return [hold for hold, reached in named if reached and (len(reached) == len(doses)) == whole]

    @once
    def open_plan(self, slot: Slot) -> OpenPlan:
        """Where the visit stands if it is not done."""
        bounds = [day for day, _ in self._not_before(slot, as_done=False)]
        placed = self._place(slot, bounds)
        recorded_missed = slot.id in self.facts.missed and self._owns_its_id(slot)
        booked = self.booked(slot)
        movable = not slot.shape.start and slot.shape.is_milestone is None
        held: list[Hold] = []
        booked_in_hold = skipped = False
        for hold in [] if recorded_missed else self._holds(slot, whole=True):
            planned_inside = placed.day is not None and in_hold(hold, placed.day)
            if booked is not None and in_hold(hold, booked):
                held.append(hold)
                booked_in_hold = True
            if not planned_inside:
                continue
            if booked is None:
                held.append(hold)
            if hold.mode == "skip" and hold.resume is not None:
                skipped = skipped or (movable and booked is None)
            elif hold.resume is not None and movable:
                bounds.append(hold.resume)
                placed = self._place(slot, bounds)
        return OpenPlan(placed, tuple(bounds), tuple(held), booked_in_hold, skipped)

    @once
    def placed(self, slot: Slot) -> Placed:
        """The planned date, as it is shown."""
        if not self.done(slot):
            return self.open_plan(slot).placed
        return self._place(slot, [day for day, _ in self._not_before(slot, as_done=True)])

    def effective_if_open(self, slot: Slot) -> date | None:
        """The effective date as long as the visit is not done: booked, else planned."""
        if slot.id in self.facts.missed and self._owns_its_id(slot):
            return self.open_plan(slot).placed.day
        return self.booked(slot) or self.open_plan(slot).placed.day

    @once
    def effective(self, slot: Slot) -> date | None:
        """What later visits count from."""
        return self.actual(slot) or self.effective_if_open(slot)

    def held_by(self, slot: Slot) -> tuple[Hold, ...]:
        """The holds that a not-done visit lies in."""
        return () if self.done(slot) else self.open_plan(slot).held_by

    def held_without_end(self, slot: Slot) -> bool:
        """Whether a hold without resume day holds the visit."""
        return any(hold.resume is None for hold in self.held_by(slot))

    def decision_day(self, name: str) -> date | None:
        """The date of a recorded decision: given, else its visit's effective date."""
        made = self.facts.decisions[name]
        if made.day is not None:
            return made.day
        visit = self.by_id.get(self.protocol.decisions[name].visit)
        return self.effective(visit) if visit else None

    def _endings(self, what: str) -> list[str]:
        """The recorded decisions whose choice ``ends`` treatment or everything."""
        recorded = [(self.protocol.decisions[name], made.choice) for name, made in self.facts.decisions.items()]
        return [d.name for d, chosen in recorded if any(choice.name == chosen and choice.ends == what for choice in d.choices)]

    def is_stopped(self, dose: str) -> bool:
        """Whether the stream of ``dose`` has been stopped, on whatever day."""
        if self.facts.end is not None or any(self._is_on_record(name) for name in self._endings("everything")):
            return True
        if any(reaches(stop.stream, dose) for stop in self.facts.stops):
            return True
        return reaches(None, dose) and any(self._is_on_record(name) for name in self._endings("treatment"))

    def _is_on_record(self, name: str) -> bool:
        """Whether a decision's date is given, or its visit has an actual date (R8)."""
        visit = self.by_id.get(self.protocol.decisions[name].visit)
        return self.facts.decisions[name].day is not None or (visit is not None and self.recorded_day(visit) is not None)

    def _decided_on(self, name: str, slot: Slot) -> date | None:
        """The day on which an ending decision takes effect for ``slot``: None for what its own date is counted from (R11)."""
        if self.facts.decisions[name].day is None:
            visit = self.by_id.get(self.protocol.decisions[name].visit)
            if visit is None or slot is visit or slot.order in self.reached_from(visit):
                return None
        return self.decision_day(name)

    def _stop_day(self, dose: str, slot: Slot) -> date | None:
        days = [stop.day for stop in self.facts.stops if reaches(stop.stream, dose)]
        if reaches(None, dose):
            decided = (self._decided_on(name, slot) for name in self._endings("treatment"))
            days += [day for day in decided if day is not None]
        return min(days, default=None)

    def end_days(self, slot: Slot) -> list[date]:
        """The days on which the subject's study ends, as ``slot`` sees them."""
        ends = [self.facts.end.day] if self.facts.end else []
        decided = (self._decided_on(name, slot) for name in self._endings("everything"))
        return ends + [day for day in decided if day is not None]

    def _has_ended(self, slot: Slot, effective: date) -> bool:
        ends = [(self.facts.end.reason, self.facts.end.day)] if self.facts.end else []
        decided = (self._decided_on(name, slot) for name in self._endings("everything"))
        ends += [("withdrawn", day) for day in decided if day is not None]
        return any(effective > day and not (reason == "withdrawn" and slot.shape.kind == "reminder") for reason, day in ends)

    @once
    def stopped_doses(self, slot: Slot) -> tuple[frozenset[str], bool]:
        """The doses that a stop cancels while the visit is not done, and whether these are all it gives."""
        if self.recorded_missed(slot):
            return frozenset(), False
        doses = self.doses_planned(slot) - self._part_held(slot)
        stopped = set()
        effective, latest = self.effective(slot), None if self.done(slot) else self.latest(slot)
        for dose in doses:
            day = self._stop_day(dose, slot)
            if day is not None and any(other is not None and other >= day for other in (effective, latest)):
                stopped.add(dose)
        return frozenset(stopped), bool(doses) and stopped == doses

    @once
    def _part_held(self, slot: Slot) -> frozenset[str]:
        doses = self.doses_planned(slot)
        effective = self.effective(slot)
        holds = [hold for hold in self._holds(slot, whole=False) if effective is not None and in_hold(hold, effective)]
        return frozenset(dose for dose in doses if any(reaches(hold.stream, dose) for hold in holds))

    @once
    def activities(self, slot: Slot) -> tuple[str, ...]:
        """The activities to do or done."""
        if self.done(slot):
            return tuple(self._not_omitted(slot))
        stopped, all_stopped = self.stopped_doses(slot)
        left_out = self._part_held(slot) | (frozenset() if all_stopped else stopped)
        return tuple(a for a in self._not_omitted(slot) if self.protocol.activities[a].dose not in left_out)

    @once
    def doses_given(self, slot: Slot) -> frozenset[str]:
        """The doses of the activities to do or done."""
        return self._doses(self.activities(slot))
