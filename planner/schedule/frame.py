"""A schedule as a pandas DataFrame, with the columns of the CSV (docs/command-line.md), in seconds for millions of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from planner.schedule.codes import CERTAINTY_NAMES, STATUS_NAMES, Flag
from planner.schedule.days import NO_DAY, Days, day_date
from planner.schedule.schedule import Schedule
from planner.schedule.table import VisitTable, visit_table
from planner.schedule.visit_rows import RowWriter, anchor_text

if TYPE_CHECKING:
    import pandas as pd

_DATES = ("nominal", "earliest", "latest", "planned", "effective")
_TOLD_APART = int(Flag.OMITTED | Flag.MILESTONE_MISSING | Flag.FRACTION_GAP | Flag.FRACTION_SPAN | Flag.OUTSIDE_WINDOW)
"""Flags with a value; these rows are few and are written one by one."""


def to_frame(schedule: Schedule, *, all_visits: bool = False) -> pd.DataFrame:
    """One row per visit on the calendar (``all_visits``: all), by subject, then effective date, then protocol order.

    Texts are categoricals, dates ``datetime64[s]``, counts nullable integers.
    """
    import pandas as pd

    table = visit_table(schedule, all_visits=all_visits)
    numbers = _Numbers(table)
    columns: dict[str, object] = {
        "subject": _categorical(_small(table.subject, len(schedule.cohort)), _unique_subjects(schedule)),
        "visit": numbers.categorical(lambda slot, number: _with_number(slot.id_pattern, number)),
        "name": numbers.categorical(lambda slot, number: _with_number(slot.name, number)),
        "epoch": numbers.categorical(lambda slot, _: slot.epoch),
        "kind": numbers.categorical(lambda slot, _: slot.kind),
        "n": numbers.integers(),
        "study_day": _integers(table.study_days()),
        "anchor": _anchors(table),
    }
    for name in _DATES:
        columns[name] = _dates(table.days(name))
    columns["status"] = _categorical(table.of(schedule.status).astype(np.int8), list(STATUS_NAMES))
    columns["certainty"] = _categorical(table.of(schedule.certainty).astype(np.int8), list(CERTAINTY_NAMES))
    columns["days_off"] = _integers(table.days_off())
    columns["flags"] = _flags(table)
    return pd.DataFrame(columns, copy=False)


def _categorical(codes: NDArray[np.integer[Any]], categories: Sequence[object]) -> object:
    """A categorical from codes known to be right; pandas' stubs do not know ``validate``."""
    import pandas as pd

    make: Callable[..., object] = pd.Categorical.from_codes
    return make(codes, categories, validate=False)


def _unique_subjects(schedule: Schedule) -> list[str]:
    """The subjects' names; a cohort that holds one twice is shown with its place, as categories must differ."""
    names = schedule.cohort.subjects
    if len(set(names)) == len(names):
        return list(names)
    return [f"{name}#{place}" for place, name in enumerate(names)]


def _with_number(text: str, number: int | None) -> str:
    return text if number is None else text.replace("{n}", str(number))


def _small(codes: NDArray[np.int32], count: int) -> NDArray[np.integer[Any]]:
    return codes.astype(np.int16 if count < 2**15 else np.int32)


def _dates(days: Days) -> NDArray[np.datetime64]:
    seconds = days.astype(np.int64) * 86400
    seconds[days == NO_DAY] = np.iinfo(np.int64).min
    return seconds.view("datetime64[s]")


def _integers(values: Days) -> object:
    import pandas as pd

    return pd.arrays.IntegerArray(values, values == NO_DAY)


class _Numbers:
    """Texts that depend on the slot and its number only: one category for each pair, found by a table and no search."""

    def __init__(self, table: VisitTable) -> None:
        schedule = table.schedule
        self.slots = schedule.plan.slots
        count = len(schedule.cohort)
        added = np.zeros((len(self.slots), count), dtype=np.int16) if any(slot.number_after for slot in self.slots) else None
        if added is not None:
            for slot in self.slots:
                for parameter in slot.number_after:
                    values = schedule.plan.protocol.parameters[schedule.plan.parameters[parameter]].values
                    added[slot.index] += np.array([int(value) for value in values], dtype=np.int16)[schedule.cohort.parameters[parameter]]
        self.widest = 1 if added is None else int(added.max(initial=0)) + 1
        extra = np.zeros(len(table), dtype=np.int16) if added is None else added[table.slot, table.subject]
        self.codes = table.slot * self.widest + extra

    def _per_code(self, text: Callable[..., object]) -> list[object]:
        found = []
        for slot in self.slots:
            for extra in range(self.widest):
                number = None if slot.number is None else slot.number + (extra if slot.number_after else 0)
                found.append(text(slot, number))
        return found

    def categorical(self, text: Callable[..., object]) -> object:
        """The text of each row's slot and number."""
        texts = self._per_code(text)
        categories = list(dict.fromkeys(texts))
        place = {value: index for index, value in enumerate(categories)}
        codes = np.array([place[value] for value in texts], dtype=np.int16)[self.codes]
        return _categorical(codes, categories)

    def integers(self) -> object:
        """The number of each row, missing for single visits."""
        numbers = np.array([NO_DAY if number is None else number for number in self._per_code(lambda _, number: number)], dtype=np.int32)
        return _integers(numbers[self.codes])


def _anchors(table: VisitTable) -> object:
    """``SBRT.last 2026-03-20``: one category for each reference and day that occur."""
    schedule, plan = table.schedule, table.schedule.plan
    slots = plan.slots
    texts: dict[str, int] = {}
    per_slot = np.zeros((len(slots), max(1, *(len(slot.anchor) for slot in slots))), dtype=np.int32)
    depends = [slot.index for slot in slots if _id_depends_on_parameters(schedule, slot.index)]
    codes = schedule.cohort.parameters[:, 0].tolist() if len(schedule.cohort) else []
    for slot in slots:
        for term in range(max(1, len(slot.anchor))):
            text = anchor_text(plan, slot, term, codes) if codes or not plan.parameters else ""
            per_slot[slot.index, term] = texts.setdefault(text, len(texts))
    reference = per_slot[table.slot, table.of(schedule.anchor_term)]
    _own_anchor_ids(table, depends, texts, reference)
    days = table.days("anchor_day")
    dated = days != NO_DAY
    first = int(days.min(where=dated, initial=2**20))
    span = max(int(days.max(where=dated, initial=first)) - first + 2, 1)
    key = reference * span + np.where(dated, days - first + 1, 0)
    used = np.zeros(len(texts) * span, dtype=np.bool_)
    used[key] = True
    names = list(texts)
    present = np.flatnonzero(used)
    place = np.cumsum(used, dtype=np.int32) - 1
    categories = [names[at // span] + ("" if at % span == 0 else f" {day_date(at % span - 1 + first)}") for at in present.tolist()]
    return _categorical(place[key], categories)


def _id_depends_on_parameters(schedule: Schedule, slot: int) -> bool:
    """Whether a slot's anchor is a visit whose id differs between subjects."""
    plan = schedule.plan
    rules = [plan.references[term.reference] for term in plan.slots[slot].anchor]
    return any(rule.kind in ("previous", "accompanied") and plan.slots[rule.members[0]].number_after for rule in rules)


def _own_anchor_ids(table: VisitTable, slots: list[int], texts: dict[str, int], reference: NDArray[np.int32]) -> None:
    """Anchors whose ids differ between subjects: one text for each combination of parameters that occurs."""
    schedule = table.schedule
    for index in slots:
        slot = schedule.plan.slots[index]
        rows = np.flatnonzero(table.slot == index)
        combinations, which = np.unique(schedule.cohort.parameters[:, table.subject[rows]], axis=1, return_inverse=True)
        own = [texts.setdefault(anchor_text(schedule.plan, slot, 0, column.tolist()), len(texts)) for column in combinations.T]
        reference[rows] = np.array(own, dtype=np.int32)[which.ravel()]


def _flags(table: VisitTable) -> object:
    """Flag texts: one category for each combination of bits and days outside the window that occurs."""
    schedule = table.schedule
    flags = table.of(schedule.flags)
    writer = RowWriter(schedule)
    writer.note_fractions(table)
    slots = schedule.plan.slots
    categories: dict[str, int] = {"": 0}

    used = np.zeros(1 << len(Flag), dtype=np.bool_)
    used[flags] = True
    combinations = np.flatnonzero(used)
    codes_of = np.zeros(1 << len(Flag), dtype=np.int32)
    texts = (";".join(writer.flag_texts(slots[0], int(bits & ~_TOLD_APART), 0, 0)) for bits in combinations)
    codes_of[combinations] = [categories.setdefault(text, len(categories)) for text in texts]
    codes = codes_of.take(flags)

    told_apart = np.flatnonzero(flags & np.uint32(_TOLD_APART))
    few = table.some(told_apart)
    columns = (few.slot, few.subject, flags[told_apart], few.outside_window(), few.of(schedule.omitted))
    known: dict[tuple[int, int], int] = {}
    found = np.empty(len(told_apart), dtype=np.int32)
    for row, (slot, subject, bits, outside, omitted) in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        code = known.get((bits, outside))
        if code is None:
            writer.turn_to(subject)
            text = ";".join(writer.flag_texts(slots[slot], bits, outside, omitted))
            code = categories.setdefault(text, len(categories))
            if bits & _TOLD_APART == Flag.OUTSIDE_WINDOW:
                known[bits, outside] = code
        found[row] = code
    codes[told_apart] = found
    return _categorical(codes, list(categories))
