"""Whether the schedules that an import would give can be worked out: one subject without an open day would spoil every list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from planner.protocol.plan import Plan
from planner.protocol.said import said
from planner.records.imports.check import CheckedSubject, Rules
from planner.records.imports.rows import CellFault
from planner.schedule.calendar import SiteCalendar
from planner.schedule.cohort_facts import cohort_of
from planner.schedule.days import day_number
from planner.schedule.expand import NoOpenDayError, expand

SUBJECTS_AT_ONCE = 1_000
MOST_TOLD = 20
"""Subjects that are named: to find each takes several walks, and nothing is written while there is one."""


@dataclass(frozen=True, eq=False)
class _Group:
    """Subjects of one plan and one calendar."""

    rules: Rules
    calendar: SiteCalendar
    subjects: list[CheckedSubject]


class OpenDayCheck:
    """Collects subjects that would be written, and walks their schedules a thousand at a time."""

    def __init__(self) -> None:
        self.faults: list[CellFault] = []
        self._groups: dict[tuple[int, int], _Group] = {}

    def add(self, found: CheckedSubject, rules: Rules, calendar: SiteCalendar) -> None:
        """Take in a subject without faults; others are passed over, since their facts may be no cohort."""
        if not found.new or found.faults or found.otherwise:
            return
        key = (id(rules.plan), id(calendar))
        group = self._groups.setdefault(key, _Group(rules, calendar, []))
        group.subjects.append(found)
        if len(group.subjects) >= SUBJECTS_AT_ONCE:
            del self._groups[key]
            self._walk(group)

    def finish(self) -> list[CellFault]:
        """The faults of all subjects taken in."""
        groups, self._groups = list(self._groups.values()), {}
        for group in groups:
            self._walk(group)
        return self.faults

    def _walk(self, group: _Group) -> None:
        for fault in _faults(group.rules.plan, group.rules, group.calendar, group.subjects):
            if len(self.faults) >= MOST_TOLD:
                return
            self.faults.append(fault)


def _faults(plan: Plan, rules: Rules, calendar: SiteCalendar, subjects: Sequence[CheckedSubject]) -> Iterator[CellFault]:
    facts = [found.after for found in subjects if found.after is not None]
    try:
        expand(plan, cohort_of(plan, facts), [calendar], day_number(rules.as_of))
    except NoOpenDayError as error:
        if len(subjects) == 1:
            yield subjects[0].new[0].fault(said("with this row the schedule cannot be worked out: {error}", error=str(error)))
            return
        half = len(subjects) // 2
        yield from _faults(plan, rules, calendar, subjects[:half])
        yield from _faults(plan, rules, calendar, subjects[half:])
