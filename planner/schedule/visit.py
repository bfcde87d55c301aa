"""One slot while it is being walked, and what is kept of it for the visits that are counted from it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from planner.protocol.plan import Slot
from planner.schedule.codes import Flag
from planner.schedule.days import NO_DAY, Days
from planner.schedule.hold_effects import Doses, HeldVisit
from planner.schedule.masks import Mask, both, but_not
from planner.schedule.planned_day import PlannedDay
from planner.schedule.reference_value import ReferenceValue

_NOTHING: Days = np.zeros(0, dtype=np.int32)


def _nothing() -> Days:
    return _NOTHING


@dataclass(slots=True)
class SlotState:
    """What one walked visit hands on to those counted from it."""

    effective: Days
    present: Mask
    """It exists for the subject, or was done all the same."""
    exists: Mask
    done: Mask
    """It has an actual date that counts."""
    on_calendar: Mask
    """Done, or it exists and is neither cancelled nor conditional (missed ones included)."""
    member: Mask
    """R8: on the calendar, not missed, and with a date."""
    conditional: Mask
    cancelled: Mask
    missed: Mask
    settled: Mask
    stale_making: Mask
    lacks_milestone: Mask
    no_member: Mask
    """It has no date because there was nothing to count from."""
    on_hold: Mask
    doses: Doses
    """Bit mask of the doses it gives."""

    def gives_any(self, doses: int) -> Mask:
        """Where it gives one of these doses."""
        if isinstance(self.doses, int):
            return bool(self.doses & doses)
        gives: NDArray[np.bool_] = (self.doses & np.uint32(doses)) != 0
        return gives


def absent(count: int) -> SlotState:
    """What a slot hands on that is no visit of any of ``count`` subjects."""
    return SlotState(
        effective=np.full(count, NO_DAY, dtype=np.int32),
        present=False,
        exists=False,
        done=False,
        on_calendar=False,
        member=False,
        conditional=False,
        cancelled=False,
        missed=False,
        settled=False,
        stale_making=False,
        lacks_milestone=False,
        no_member=True,
        on_hold=False,
        doses=0,
    )


@dataclass(slots=True)
class Visit:
    """A slot in the making: each step of the walk fills its part, in the order of the fields."""

    slot: Slot
    # the anchor and the window
    anchor: ReferenceValue = field(default_factory=lambda: ReferenceValue(_NOTHING))
    nominal: Days = field(default_factory=_nothing)
    earliest: Days = field(default_factory=_nothing)
    latest: Days = field(default_factory=_nothing)
    anchor_term: NDArray[np.uint8] | None = None
    # the facts about it
    exists: Mask = True
    actual: Days | None = None
    booked: Days | None = None
    is_booked: Mask = False
    done: Mask = False
    expired: Mask = False
    recorded_missed: Mask = False
    # what it gives
    doses: Doses = 0
    omitted: int | NDArray[np.uint64] = 0
    # the planned and effective dates
    bound: Days | None = None
    bounds_stale: Mask = False
    bounds_settled: Mask = True
    ridden_stale: Mask = False
    ridden_settled: Mask = True
    planned: PlannedDay = field(default_factory=lambda: PlannedDay(_NOTHING))
    held: HeldVisit = field(default_factory=HeldVisit)
    effective: Days = field(default_factory=_nothing)
    dated: Mask = True
    # whether it is on the calendar
    reasons: list[tuple[Flag, Mask]] = field(default_factory=list)
    cancelled: Mask = False
    conditional: Mask = False
    outside_plan: Mask = False
    skipped: Mask = False
    missed: Mask = False
    on_calendar: Mask = True
    # how sure it is
    settled: Mask = False
    on_hold: Mask = False
    stale: Mask = False
    overdue: Mask = False
    stale_making: Mask = False
    anchors_settled: Mask = False
    shown_done: Mask = False

    def state(self, present: Mask) -> SlotState:
        """What the finished visit hands on."""
        return SlotState(
            effective=self.effective,
            present=present,
            exists=self.exists,
            done=self.done,
            on_calendar=self.on_calendar,
            member=both(but_not(self.on_calendar, self.missed), self.dated),
            conditional=self.conditional,
            cancelled=self.cancelled,
            missed=self.missed,
            settled=self.settled,
            stale_making=self.stale_making,
            lacks_milestone=but_not(self.anchor.lacks_milestone, self.dated),
            no_member=but_not(self.anchor.no_member, self.dated),
            on_hold=self.on_hold,
            doses=self.doses,
        )
