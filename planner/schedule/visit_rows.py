"""Visits of a schedule as ``VisitRow`` values, for everything that shows or sends single visits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from planner.protocol.plan import Plan, Slot
from planner.schedule.codes import CERTAINTY_NAMES, STATUS_NAMES, Flag, StatusCode
from planner.schedule.days import NO_DAY, day_date
from planner.schedule.fractions import better_first_fractions
from planner.schedule.rows import VisitRow
from planner.schedule.schedule import Schedule
from planner.schedule.table import VisitTable, visit_table
from planner.schedule.visit_ids import all_hold, slot_number, visit_id


def subject_rows(schedule: Schedule, subject: int, *, all_visits: bool = False) -> list[VisitRow]:
    """The visits of one subject, by index, in order."""
    return list(table_rows(visit_table(schedule, [subject], all_visits=all_visits)))


def table_rows(table: VisitTable) -> Iterator[VisitRow]:
    """The rows of a table, one by one."""
    schedule = table.schedule
    names = ("nominal", "earliest", "latest", "planned", "effective", "anchor_day")
    columns = [table.slot.tolist(), table.subject.tolist(), *(table.days(name).tolist() for name in names)]
    columns += [table.of(getattr(schedule, name)).tolist() for name in ("anchor_term", "flags", "status", "certainty", "omitted")]
    columns += [table.days_off().tolist(), table.study_days().tolist(), table.outside_window().tolist()]
    writer = RowWriter(schedule)
    writer.note_fractions(table)
    for values in zip(*columns, strict=True):
        yield writer.row(*values)


_FLAG_CODES = tuple((int(flag), flag.code) for flag in Flag)
_OUTSIDE_WINDOW, _OMITTED, _MILESTONE_MISSING = int(Flag.OUTSIDE_WINDOW), int(Flag.OMITTED), int(Flag.MILESTONE_MISSING)
_FRACTIONS = int(Flag.FRACTION_GAP | Flag.FRACTION_SPAN)


class RowWriter:
    """Turns codes into values; what is the same for all rows of a subject is kept."""

    def __init__(self, schedule: Schedule) -> None:
        """Write rows of ``schedule``."""
        self.schedule = schedule
        self.plan: Plan = schedule.plan
        self._subject = -1
        self._codes: list[int] = []
        self._decisions: list[int] = []
        self._as_of = 0
        self._better_first: dict[tuple[int, int], int] = {}

    def note_fractions(self, table: VisitTable) -> None:
        """Find the first-fraction days that ``fraction_gap`` and ``fraction_span`` name (R7), for the rows of a table."""
        flagged = np.unique(table.subject[(table.of(self.schedule.flags) & np.uint32(_FRACTIONS)) != 0])
        if len(flagged):
            self._better_first = better_first_fractions(self.schedule, flagged.astype(np.intp))

    def turn_to(self, subject: int) -> None:
        """Write for this subject, by index, from now on."""
        if subject != self._subject:
            self._subject = subject
            self._codes = self.schedule.cohort.parameters[:, subject].tolist()
            self._decisions = self.schedule.cohort.decisions[:, subject].tolist()
            self._as_of = self.schedule.as_of_day(subject)

    def row(
        self,
        slot_index: int,
        subject: int,
        nominal: int,
        earliest: int,
        latest: int,
        planned: int,
        effective: int,
        anchor_day: int,
        anchor_term: int,
        flags: int,
        status: int,
        certainty: int,
        omitted: int,
        days_off: int,
        study_day: int,
        outside: int,
    ) -> VisitRow:
        """The row of these codes, in the order of ``table_rows``."""
        self.turn_to(subject)
        slot = self.plan.slots[slot_index]
        number = slot_number(self.plan, slot, self._codes)
        settled = status in (StatusCode.DONE, StatusCode.MISSED)
        return VisitRow(
            subject=self.schedule.cohort.subjects[subject],
            visit=visit_id(self.plan, slot, self._codes),
            definition=slot.id_pattern,
            name=slot.name if number is None else slot.name.replace("{n}", str(number)),
            epoch=slot.epoch,
            kind=slot.kind,
            number=number,
            study_day=None if study_day == NO_DAY else study_day,
            anchor=self._anchor(slot, anchor_day, anchor_term),
            nominal=_date(nominal),
            earliest=_date(earliest),
            latest=_date(latest),
            planned=_date(planned),
            effective=_date(effective),
            status=STATUS_NAMES[status],  # type: ignore[arg-type]
            certainty=CERTAINTY_NAMES[certainty],  # type: ignore[arg-type]
            days_off=None if days_off == NO_DAY else days_off,
            flags=tuple(self.flag_texts(slot, flags, outside, omitted)),
            activities=tuple(self._activities(slot, omitted)),
            booked_at=None if settled else self.schedule.cohort.booked_at.get((slot_index, subject)),
            minutes=slot.minutes,
            decision_pending=any(self._decisions[decision] < 0 for decision in slot.decisions),
            days_left=latest - self._as_of if status == StatusCode.DUE and latest >= self._as_of else None,
        )

    def _anchor(self, slot: Slot, day: int, term: int) -> str:
        text = anchor_text(self.plan, slot, term, self._codes)
        return text if day == NO_DAY else f"{text} {day_date(day)}"

    def flag_texts(self, slot: Slot, flags: int, outside: int, omitted: int) -> Iterator[str]:
        """A row's flags as they are written."""
        for bit, code in _FLAG_CODES:
            if not flags & bit:
                continue
            if bit == _OUTSIDE_WINDOW:
                yield f"{code}:{outside:+d}"
            elif bit == _OMITTED:
                left_out = (rule.activity for rule in slot.activities if omitted >> rule.activity & 1)
                yield from (f"{code}:{self.plan.activities[activity]}" for activity in left_out)
            elif bit == _MILESTONE_MISSING:
                missing = missing_milestone(self.schedule, slot, self._subject)
                yield code if missing is None else f"{code}:{missing}"
            elif bit & _FRACTIONS:
                day = self._better_first.get((slot.series or 0, self._subject))
                yield code if day is None else f"{code}:{day_date(day)}"
            else:
                yield code

    def _activities(self, slot: Slot, omitted: int) -> Iterator[str]:
        for rule in slot.activities:
            held = all_hold(rule.condition.parameters, self._codes) and all_hold(rule.condition.decisions, self._decisions)
            if held and not omitted >> rule.activity & 1:
                yield self.plan.activities[rule.activity]


def anchor_text(plan: Plan, slot: Slot, term: int, codes: Sequence[int]) -> str:
    """The reference a visit is counted from, as written; the concrete id for ``previous`` and an accompanied visit."""
    if slot.start:
        return "start"
    if slot.milestone is not None:
        return plan.milestones[slot.milestone]
    rule = plan.references[slot.anchor[term].reference]
    if rule.kind in ("previous", "accompanied"):
        return visit_id(plan, plan.slots[rule.members[0]], codes)
    return slot.anchor[term].text


def missing_milestone(schedule: Schedule, slot: Slot, subject: int) -> str | None:
    """The milestone among a visit's own anchor terms that has not been given."""
    plan = schedule.plan
    own = [slot.milestone] if slot.milestone is not None else [plan.references[term.reference].milestone for term in slot.anchor]
    for milestone in own:
        if milestone is not None and schedule.cohort.milestones[milestone, subject] == NO_DAY:
            return plan.milestones[milestone]
    return None


def _date(day: int) -> date | None:
    return None if day == NO_DAY else day_date(day)
