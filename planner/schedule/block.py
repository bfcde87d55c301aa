"""What the walk needs to know about a block of subjects: their facts, conditions, offsets and calendars, cached per block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.protocol.plan import ConditionTests, OffsetTable, Plan, Slot, Test
from planner.schedule.calendar import SiteCalendar
from planner.schedule.cohort import Cohort
from planner.schedule.day_tables import SIZE, Lookup, OpenDays, open_days, provisional_days, working_days_from
from planner.schedule.days import EARLIEST_REAL_DAY, Days, add_months
from planner.schedule.masks import Mask, both, either, neither, simplified


@dataclass(frozen=True)
class Presence:
    """For each slot, whether any subject of the cohort has such a fact; found once, so that the walk can skip the rest."""

    actual: list[bool]
    missed: list[bool]
    booked: list[bool]
    omitted: list[bool]

    @classmethod
    def of(cls, cohort: Cohort, slots: int) -> Presence:
        """The facts present in ``cohort``."""
        none = [False] * slots
        return cls(
            _any_day(cohort.actual) or none,
            none if cohort.missed is None else [bool(row.any()) for row in cohort.missed],
            _any_day(cohort.booked) or none,
            none if cohort.omitted is None else [bool(row.any()) for row in cohort.omitted],
        )


def _any_day(days: Days | None) -> list[bool]:
    """For each slot, whether any subject has a day; nothing where there is no such fact at all."""
    if days is None or not days.shape[1]:
        return []
    latest = days.max(axis=1)
    present: list[bool] = (latest > EARLIEST_REAL_DAY).tolist()
    return present


class Block:
    """A block of subjects; everything here answers for all of them at once."""

    def __init__(self, plan: Plan, cohort: Cohort, calendars: tuple[SiteCalendar, ...], as_of: int | Days) -> None:
        """``as_of`` is a day number, or one per subject."""
        self.plan = plan
        self.cohort = cohort
        self.count = len(cohort)
        self.as_of: np.int32 | Days = np.int32(as_of) if isinstance(as_of, int | np.integer) else as_of
        self.present = Presence.of(cohort, len(plan.slots))
        used = calendars if cohort.calendar is not None else calendars[:1]
        self._calendar_rows = cohort.calendar if len(used) > 1 else None
        self._calendars = used
        self.has_provisional_days = any(bool(provisional_days(calendar).any()) for calendar in used)
        self._tests: dict[tuple[str, Test], Mask] = {}
        self._lookups: dict[tuple[str, object], Lookup] = {}
        self._working: dict[tuple[str, int], Days] = {}

    # --- conditions (R11) ---

    def parameters_hold(self, tests: tuple[Test, ...]) -> Mask:
        """Where all tests on parameters hold."""
        mask: Mask = True
        for test in tests:
            mask = both(mask, self._test("parameter", test))
        return mask

    def decisions_hold(self, tests: tuple[Test, ...]) -> Mask:
        """Where all tests on decisions hold; an undecided one does not."""
        mask: Mask = True
        for test in tests:
            mask = both(mask, self._test("decision", test))
        return mask

    def holds(self, condition: ConditionTests) -> Mask:
        """Where both halves of a condition hold."""
        return both(self.parameters_hold(condition.parameters), self.decisions_hold(condition.decisions))

    def undecided(self, decision: int) -> Mask:
        """Where a decision has not been recorded."""
        return self._test("decision", Test(decision, ()))

    def _test(self, about: str, test: Test) -> Mask:
        key = (about, test)
        mask = self._tests.get(key)
        if mask is None:
            codes = (self.cohort.parameters if about == "parameter" else self.cohort.decisions)[test.index]
            if self.count == 1:
                code = int(codes[0])
                mask = code < 0 if not test.allowed else code >= 0 and test.allowed[code]
            elif not test.allowed:
                mask = _uniform(codes < 0)
            else:
                mask = _uniform(np.array([*test.allowed, False]).take(codes, mode="wrap"))
            self._tests[key] = mask
        return mask

    # --- offsets (R1) ---

    def added(self, days: Days, offset: OffsetTable, resource: str) -> Days:
        """``days`` plus an offset; working days are those of ``resource``."""
        if offset.working_days is not None:
            return self.working_day(days, resource, offset.working_days[0])
        if offset.parameter is None:
            moved = add_months(days, offset.months[0]) if offset.has_months else days
            return moved + offset.plain_days if offset.has_days else moved
        codes = self.cohort.parameters[offset.parameter]
        moved = days
        if offset.has_months:
            moved = add_months(moved, np.array(offset.months, dtype=np.int32).take(codes))
        if offset.has_days:
            moved = moved + np.array(offset.days, dtype=np.int32).take(codes)
        return moved

    def working_day(self, days: Days, resource: str, count: int) -> Days:
        """The ``count``-th open day after (before) each day."""
        key = (resource, count)
        table = self._working.get(key)
        if table is None:
            tables = [working_days_from(calendar, resource, count) for calendar in self._calendars]
            table = self._working[key] = tables[0] if len(tables) == 1 else np.concatenate(tables)
        if self._calendar_rows is None:
            return table.take(days, mode="clip")
        return table.take(self._calendar_rows * np.int32(SIZE) + np.clip(days, 0, SIZE - 1))

    # --- open days (R5, R17) ---

    def lookup(self, slot: Slot) -> Lookup:
        """The open days that a slot may take place on, ``open_also`` included."""
        return self._lookup(slot.resource, slot.open_also)

    def _lookup(self, resource: str, open_also: tuple[tuple[tuple[Test, ...], int], ...]) -> Lookup:
        key = (resource, open_also)
        lookup = self._lookups.get(key)
        if lookup is None:
            lookup = self._lookups[key] = self._make_lookup(resource, open_also)
        return lookup

    def _make_lookup(self, resource: str, open_also: tuple[tuple[tuple[Test, ...], int], ...]) -> Lookup:
        variants: list[tuple[tuple[int, ...], Mask]] = [((), True)]
        for tests, days in open_also:
            applies = self.parameters_hold(tests)
            variants = [
                entry
                for also, mask in variants
                for entry in ((also, both(mask, neither(applies))), ((*also, days), both(mask, applies)))
                if not isinstance(entry[1], bool) or entry[1]
            ]
        tables: list[OpenDays] = []
        rows: NDArray[np.int32] | None = None
        if len(variants) * len(self._calendars) > 1:
            rows = np.zeros(self.count, dtype=np.int32)
        for also, mask in variants:
            for index, calendar in enumerate(self._calendars):
                if rows is not None:
                    here = mask
                    if self._calendar_rows is not None:
                        here = both(mask, self._calendar_rows == index)
                    rows[here] = len(tables) * SIZE
                tables.append(open_days(calendar, resource, also))
        return Lookup(tables, rows)

    def provisional(self, days: Days) -> Mask:
        """Where a day lies in a provisional year of the subject's calendar (R17)."""
        mask: Mask = False
        for index, calendar in enumerate(self._calendars):
            here: Mask = simplified(provisional_days(calendar).take(days, mode="clip"))
            if self._calendar_rows is not None:
                here = both(here, self._calendar_rows == index)
            mask = either(mask, here)
        return mask

    # --- facts ---

    def actual(self, slot: int) -> Days | None:
        """The recorded actual days of a slot, or None if no subject of the block has one."""
        return self.cohort.actual[slot] if self.present.actual[slot] and self.cohort.actual is not None else None

    def booked(self, slot: int) -> Days | None:
        """The booked days of a slot, or None."""
        return self.cohort.booked[slot] if self.present.booked[slot] and self.cohort.booked is not None else None

    def missed(self, slot: int) -> Mask:
        """Where a slot is recorded as missed."""
        return self.cohort.missed[slot] if self.present.missed[slot] and self.cohort.missed is not None else False


def _uniform(mask: NDArray[np.bool_]) -> Mask:
    """A plain bool where the array is the same for all subjects."""
    if mask.all():
        return True
    return mask if mask.any() else False
