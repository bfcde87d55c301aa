"""The engine: walks a plan's slots once, in dependency order, each step for all subjects of a block at once (R1-R16).

Each step lives in a module of its own: anchoring, presence, planning, calendar_state, certainty, flags. The result is
written slot by slot into the arrays of a ``BlockResult``.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.protocol.plan import Slot
from planner.schedule.anchoring import anchor_visit
from planner.schedule.block import Block
from planner.schedule.calendar_state import judge_calendar
from planner.schedule.certainty import certainty_codes, judge_certainty, status_codes
from planner.schedule.codes import CertaintyCode, StatusCode
from planner.schedule.days import EARLIEST_REAL_DAY, NO_DAY, Days
from planner.schedule.endings import Endings
from planner.schedule.flags import mark_flags
from planner.schedule.masks import Mask, as_array, either, neither
from planner.schedule.planning import apply_partial_holds, plan_visit
from planner.schedule.presence import done_from_here, note_doses, note_facts, possible_by_parameters, slots_to_walk
from planner.schedule.reference_value import ReferenceValue
from planner.schedule.references import previous_dose, reference_value
from planner.schedule.visit import SlotState, Visit, absent


@dataclass(slots=True)
class BlockResult:
    """Arrays (slot, subject) that the walk fills; views into the whole schedule's arrays."""

    nominal: Days
    earliest: Days
    latest: Days
    planned: Days
    effective: Days
    anchor_day: Days
    anchor_term: NDArray[np.uint8]
    flags: NDArray[np.uint32]
    status: NDArray[np.uint8]
    certainty: NDArray[np.uint8]
    omitted: NDArray[np.uint64]


class Walk:
    """One pass over the plan for one block of subjects."""

    def __init__(self, block: Block, out: BlockResult) -> None:
        """``out`` receives the result; its flags, omitted and anchor terms start at 0."""
        self.block = block
        self.out = out
        self.states: list[SlotState] = []
        self.bounds: list[Days | None] = []
        """For each slot the greatest of its bounds, holds' included; None where nothing binds it."""
        self.bounds_without_holds: dict[int, Days | None] = {}
        """The same without the holds' own, for slots whose bounds a hold raised."""
        self.bound_values: dict[tuple[int, int], ReferenceValue] = {}
        """What a slot's ``not_before`` references gave it, by (slot, reference)."""
        self.holds_over: dict[int, list[tuple[int, Mask]]] = {}
        """For slots whose planned date lay in whole holds (R12): the rows of these holds, and for whom."""
        self.endings = Endings(block, self.states)
        self.possible = possible_by_parameters(block)
        """For each slot where its parameters let it exist."""
        self._wanted = slots_to_walk(block, self.possible)
        self._done_from = done_from_here(block)
        self._absent = absent(block.count)
        self._passed: list[int] = []
        self._references: dict[int, ReferenceValue] = {}

    def run(self, only: Container[int] | None = None) -> None:
        """Walk all slots (or those given, which must include all that they need), passing by what is no visit of any subject."""
        for slot in self.block.plan.slots:
            if (only is not None and slot.index not in only) or not self._matters(slot):
                self._pass_by(slot)
                continue
            visit = Visit(slot)
            anchor_visit(self, visit)
            note_facts(self, visit)
            note_doses(self, visit)
            plan_visit(self, visit)
            apply_partial_holds(self, visit)
            judge_calendar(self, visit)
            judge_certainty(self, visit)
            present = either(visit.exists, visit.done)
            self._write(visit, present)
            self.states.append(visit.state(present))
            self.bounds.append(visit.bound)
        self._blank_passed()

    def _matters(self, slot: Slot) -> bool:
        """Whether a slot can be a visit, or later members of its series need its date."""
        if not self._wanted[slot.index]:
            return False
        if slot.until is None or slot.previous is None or self._done_from[slot.index]:
            return True
        before = self.states[slot.previous]
        return before.exists is not False or before.done is not False

    def _pass_by(self, slot: Slot) -> None:
        self._passed.append(slot.index)
        self.states.append(self._absent)
        self.bounds.append(None)

    def _blank_passed(self) -> None:
        """Slots that are no visit of anyone: no row, no dates."""
        out, passed = self.out, self._passed
        for days in (out.nominal, out.earliest, out.latest, out.planned, out.effective, out.anchor_day):
            days[passed] = NO_DAY
        out.status[passed] = int(StatusCode.NO_ROW)
        out.certainty[passed] = int(CertaintyCode.PROJECTED)

    def reference(self, index: int) -> ReferenceValue:
        """The value of one of the plan's references; the same for every visit that uses it."""
        value = self._references.get(index)
        if value is None:
            value = self._references[index] = reference_value(self, self.block.plan.references[index])
        return value

    def bound_reference(self, index: int, visit: Visit) -> ReferenceValue:
        """The value of a ``not_before`` reference, which alone may be ``any(doses).previous``."""
        rule = self.block.plan.references[index]
        if rule.kind == "dose_previous":
            return previous_dose(self, rule, visit)
        return self.reference(index)

    def checked_reference(self, index: int) -> ReferenceValue:
        """The value of a reference for a check: a single visit counts only while it is a member (R8, R19)."""
        rule = self.block.plan.references[index]
        value = self.reference(index)
        if rule.kind != "visit":
            return value
        out_of_it = either(either(value.conditional, value.cancelled), value.missed)
        if out_of_it is False:
            return value
        days = np.where(as_array(out_of_it, self.block.count), NO_DAY, value.days)
        return ReferenceValue(days, no_member=either(value.no_member, out_of_it), settled=value.settled)

    def unscheduled(self, doses: int) -> Iterator[tuple[Days, Mask]]:
        """Unscheduled doses (R10) of any of these streams: days, and where there is one."""
        cohort = self.block.cohort
        if not doses or cohort.unscheduled_days is None or cohort.unscheduled_doses is None:
            return
        for days, given in zip(cohort.unscheduled_days, cohort.unscheduled_doses, strict=True):
            yield days, ((given & np.uint32(doses)) != 0) & (days > EARLIEST_REAL_DAY)

    def _write(self, visit: Visit, present: Mask) -> None:
        out, index = self.out, visit.slot.index
        out.nominal[index] = visit.nominal
        out.earliest[index] = visit.earliest
        out.latest[index] = visit.latest
        out.planned[index] = visit.planned.days
        out.effective[index] = visit.effective
        out.anchor_day[index] = visit.anchor.days
        if visit.anchor_term is not None:
            out.anchor_term[index] = visit.anchor_term
        out.status[index] = status_codes(self, visit, present)
        out.certainty[index] = certainty_codes(self, visit)
        if isinstance(visit.omitted, np.ndarray):
            out.omitted[index] = visit.omitted
        mark_flags(self, visit, out.flags[index])
        if visit.anchor.dateless is not False:
            self._blank(visit)

    def _blank(self, visit: Visit) -> None:
        """What has no date says exactly ``NO_DAY``, whatever offsets were added on the way."""
        out, index = self.out, visit.slot.index
        missing = as_array(visit.anchor.dateless, self.block.count)
        for days in (out.nominal, out.earliest, out.latest, out.planned, out.anchor_day):
            days[index][missing] = NO_DAY
        out.effective[index][as_array(neither(visit.dated), self.block.count)] = NO_DAY
