"""What the calendar shows of each day of a span: as much as there is room for, the rest as counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from planner.capacity.clinic_visits import Wanted, attendances, day_counts
from planner.records.lists.site_schedules import SiteSchedule
from planner.ui.clinic.busy import BusyDays, Clinics, busy_days
from planner.ui.clinic.closed_days import day_note
from planner.ui.clinic.shown import ShownDay, shown
from planner.ui.clinic.span import DAY, MONTH, Span
from planner.ui.components.list_table import ROWS

MOST_OF_A_DAY = 12
"""Attendances of a day in the view of a week: some hundred visits in all."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is looked at."""

    found: tuple[SiteSchedule, ...]
    clinics: Clinics
    wanted: Wanted
    today: date


@dataclass(frozen=True, slots=True)
class ShownDays:
    """The days of a span."""

    days: list[ShownDay]
    busy: BusyDays

    @property
    def has_visits(self) -> bool:
        """Whether there is any."""
        return any(day.visits for day in self.days)


def shown_days(scene: Scene, span: Span, first: int = 0) -> ShownDays:
    """Each day: of a month in numbers only, else with some of its attendances, of a day alone from index ``first`` on."""
    busy = busy_days(scene.found, scene.clinics, span.first, span.count, scene.wanted.resource)
    if span.view == MONTH:
        return ShownDays(_counted(scene, span, busy), busy)
    most = ROWS if span.view == DAY else MOST_OF_A_DAY
    by_day = attendances(scene.found, scene.wanted, span.first, span.count, first, most)
    made = iter(shown([one for some in by_day.values() for one in some.some]))
    days = []
    for place, (day, some) in enumerate(by_day.items()):
        lines = tuple(next(made) for _ in some.some)
        days.append(replace(_day(scene, day, busy, place, some.coming, some.visits), shown=lines, total=some.total))
    return ShownDays(days, busy)


def _counted(scene: Scene, span: Span, busy: BusyDays) -> list[ShownDay]:
    counts = day_counts(scene.found, scene.wanted, span.first, span.count)
    numbers = zip(span.days(), counts.subjects.tolist(), counts.visits.tolist(), strict=True)
    return [_day(scene, day, busy, place, coming, visits) for place, (day, coming, visits) in enumerate(numbers)]


def _day(scene: Scene, day: date, busy: BusyDays, place: int, coming: int, visits: int) -> ShownDay:
    note = day_note(scene.clinics.calendars, day, scene.wanted.resource)
    return ShownDay(day, day == scene.today, note, busy.days[place], coming, visits)
