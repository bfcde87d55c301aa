"""What a reference gives (R8), and what it could give."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from planner.protocol.model import (
    AccompaniedReference,
    DoseReference,
    FirstMemberReference,
    MilestoneReference,
    PreviousReference,
    Reference,
    RepeatUntil,
    SeriesReference,
    VisitReference,
)
from tests.oracle.answers import NO_MEMBER, Found
from tests.oracle.slots import Slot


class References:
    """Dates looked up for visits and checks."""

    def look_up(self, reference: Reference, slot: Slot | None) -> Found:
        """The date that a reference gives to ``slot`` (None: to a check)."""
        if isinstance(reference, MilestoneReference):
            return self._milestone(reference.milestone, slot)
        if isinstance(reference, DoseReference) and reference.which == "previous":
            assert slot is not None
            return self._previous_dose(reference.doses, slot, self.done(slot))
        if isinstance(reference, SeriesReference | DoseReference):
            if reference not in self.found:
                self.found[reference] = self._first_or_last(reference)
            return self.found[reference]
        assert slot is not None or isinstance(reference, VisitReference)
        if isinstance(reference, PreviousReference):
            before = self.slot_before(slot)
            return self._from(before) if before else NO_MEMBER
        if isinstance(reference, VisitReference):
            target = self.by_id.get(reference.visit)
        elif isinstance(reference, AccompaniedReference):
            target = slot.accompanied
        else:
            assert isinstance(reference, FirstMemberReference)
            target = self._first_member(slot)
        if target is None or not (self.exists(target) or self.done(target)):
            return NO_MEMBER
        return self._from(target)

    def _first_or_last(self, reference: SeriesReference | DoseReference) -> Found:
        """The same for every visit that asks."""
        if isinstance(reference, SeriesReference):
            return self._extreme(self.in_series(reference.series), [], reference.which)
        found = self._extreme(self.dose_candidates(reference.doses), self.unscheduled(reference.doses), reference.which)
        return replace(found, last_of=reference.doses) if reference.which == "last" else found

    def _from(self, target: Slot) -> Found:
        day = self.effective(target)
        return Found(day, target, milestone_missing=day is None and self.nominal(target).found.milestone_missing)

    def _milestone(self, name: str, slot: Slot | None) -> Found:
        named = self.protocol.milestones[name].reference
        if named is not None:
            return self.look_up(named, slot)
        day = self.facts.milestones.get(name)
        return Found(day, milestone_missing=day is None, milestone=name if day is None else None)

    def in_series(self, series: str) -> list[Slot]:
        return self.members_by_series.get(series, [])

    def slot_before(self, slot: Slot) -> Slot | None:
        return self.slots[slot.order - 1] if slot.position > 1 else None

    def _first_member(self, slot: Slot) -> Slot:
        return self.slots[slot.order - slot.position + 1]

    def dose_candidates(self, doses: Iterable[str]) -> list[Slot]:
        """The visits that give one of the doses; only done ones once every one of the doses is stopped."""
        doses = tuple(doses)
        stopped = all(self.is_stopped(dose) for dose in doses)
        there = [slot for slot in self.could_give(doses) if self.done(slot) or not stopped]
        return [slot for slot in there if not self.doses_given(slot).isdisjoint(doses)]

    def could_give(self, doses: tuple[str, ...]) -> list[Slot]:
        """The visits with an activity that gives one of the doses, under whatever condition."""
        if doses not in self.slots_by_doses:
            activities = {name for name, activity in self.protocol.activities.items() if activity.dose in doses}
            giving = [slot for slot in self.slots if any(use.activity in activities for use in slot.shape.activities)]
            self.slots_by_doses[doses] = giving
        return self.slots_by_doses[doses]

    def unscheduled(self, doses: Iterable[str]) -> list[date]:
        """The days of unscheduled doses."""
        doses = tuple(doses)
        return [dose.day for dose in self.facts.unscheduled if dose.stream in doses]

    def _extreme(self, candidates: list[Slot], unscheduled: list[date], which: str) -> Found:
        members = [slot for slot in candidates if self.member(slot)]
        dated: list[tuple[date, Slot | None]] = [(self.effective(slot), slot) for slot in members if self.effective(slot)]
        dated += [(day, None) for day in unscheduled]
        if not dated:
            return Found(None, milestone_missing=any(self.nominal(slot).found.milestone_missing for slot in members))
        best = (min if which == "first" else max)(day for day, _ in dated)
        return next(Found(day, slot) for day, slot in dated if day == best)

    def may_still_come(self, doses: tuple[str, ...]) -> bool:
        """Whether a visit that gives one of the doses hangs on an open decision."""
        giving = (slot for slot in self.could_give(doses) if not self.doses_given(slot).isdisjoint(doses))
        return any(self.exists(slot) and self.conditional(slot) and not self.missed(slot) for slot in giving)

    def _previous_dose(self, doses: tuple[str, ...], slot: Slot, as_done: bool) -> Found:
        earlier = [
            other
            for other in self.could_give(doses)
            if other.definition_order < slot.definition_order or (other.definition is slot.definition and other.position < slot.position)
        ]
        stopped = all(self.is_stopped(dose) for dose in doses)
        limit = self.recorded_day(slot) if as_done else self.nominal(slot).day
        to_come = not as_done and not (slot.id in self.facts.missed and self._owns_its_id(slot) and not self.done(slot))
        dated: list[tuple[date, Slot | None]] = []
        for other in earlier:
            if self.doses_given(other).isdisjoint(doses) or not self.member(other):
                continue
            day = self.effective(other)
            if day is None or (stopped and not self.done(other)):
                continue
            if (limit is not None and day < limit) or (to_come and self.done(other)):
                dated.append((day, other))
        for day in self.unscheduled(doses):
            if to_come or (limit is not None and day < limit):
                dated.append((day, None))
        if not dated:
            return NO_MEMBER
        latest = max(day for day, _ in dated)
        return next(Found(day, other) for day, other in dated if day == latest)

    def reached_from(self, visit: Slot) -> frozenset[int]:
        """Every slot that the date of ``visit`` may be counted from, through references of all kinds and ``ends_when``."""
        if visit.order not in self._reached_from:
            seen: set[int] = set()
            waiting = [visit]
            while waiting:
                for other in self._steps_back(waiting.pop()):
                    if other.order not in seen:
                        seen.add(other.order)
                        waiting.append(other)
            self._reached_from[visit.order] = frozenset(seen)
        return self._reached_from[visit.order]

    def _steps_back(self, slot: Slot) -> list[Slot]:
        shape = slot.shape
        references = [term.reference for term in (*shape.anchor, *shape.not_before)]
        if isinstance(slot.definition.repeat, RepeatUntil):
            references.append(slot.definition.repeat.until.reference)
            references.append(PreviousReference())
        back = [other for reference in references for other in self._could_mean(reference, slot)]
        if shape.with_series is not None:
            back += self.in_series(shape.with_series)
        if slot.accompanied is not None:
            back.append(slot.accompanied)
        decided_at = [self.by_id.get(self.protocol.decisions[key.name].visit) for key in shape.ends_when if key.about == "decision"]
        return back + [other for other in decided_at if other is not None]

    def _could_mean(self, reference: Reference, slot: Slot) -> list[Slot]:
        if isinstance(reference, MilestoneReference):
            named = self.protocol.milestones[reference.milestone].reference
            return self._could_mean(named, slot) if named is not None else []
        if isinstance(reference, SeriesReference):
            return self.in_series(reference.series)
        if isinstance(reference, DoseReference):
            giving = self.could_give(reference.doses)
            if reference.which != "previous":
                return giving
            earlier = slot.definition_order
            return [o for o in giving if o.definition_order < earlier or (o.definition is slot.definition and o.position < slot.position)]
        if isinstance(reference, PreviousReference):
            target = self.slot_before(slot)
        elif isinstance(reference, VisitReference):
            target = self.by_id.get(reference.visit)
        elif isinstance(reference, AccompaniedReference):
            target = slot.accompanied
        else:
            target = self._first_member(slot)
        return [target] if target is not None else []
