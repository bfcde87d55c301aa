"""Before a visit is put on a day: what each day of its window and around it would do, and which one does best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from planner.capacity.load import Load
from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.protocol.plan import Slot
from planner.records.changes.view import SubjectView
from planner.schedule.calendar import ANY_DAY
from planner.schedule.days import day_number
from planner.schedule.held_days import HeldDay
from planner.schedule.rows import VisitRow
from planner.schedule.what_if import CandidateDay, candidate_days
from planner.ui.language import language

AROUND = 7
"""Days shown before and after a window."""
AROUND_A_START = 14
MOST_DAYS = 35


@dataclass(frozen=True, slots=True)
class Room:
    """How busy a resource of the subject's site is on one day, this subject left aside."""

    others: int
    """How many other subjects come."""
    places: int
    """How many it takes; 0 where that is not known."""

    @property
    def is_full(self) -> bool:
        """Whether there is no place left; never where it is not known how many there are."""
        return 0 < self.places <= self.others

    @property
    def left(self) -> int:
        """How many places are left."""
        return max(0, self.places - self.others)


@dataclass(frozen=True, slots=True)
class ForeseenDay:
    """One day that a visit could be put on."""

    what: CandidateDay
    room: Room | None
    """None for a visit that takes no place anywhere."""
    note: str
    """What the calendar calls the day; "" for a day without a name."""
    is_past: bool
    broken: tuple[str, ...]
    """The checks that it would break, by what the protocol calls them."""

    @property
    def day(self) -> date:
        """The day itself."""
        return self.what.day

    @property
    def is_well(self) -> bool:
        """Whether nothing speaks against it."""
        what = self.what
        fits = not self.breaks_a_rule and not what.later_out_of_window and not what.dropped and not what.added
        return fits and not self.is_past and not (self.room is not None and self.room.is_full)

    @property
    def breaks_a_rule(self) -> bool:
        """Whether the protocol, the calendar of the site or a hold speaks against it."""
        what = self.what
        return what.held is not None or not (what.is_open and what.in_window and what.keeps_bounds and what.intervals_kept)


@dataclass(frozen=True, slots=True)
class Foresight:
    """The days that are shown for a visit, in order."""

    row: VisitRow
    days: tuple[ForeseenDay, ...]

    @property
    def best(self) -> ForeseenDay | None:
        """The day with the least against it, nearest to the planned one; None where all are past or on hold."""
        return min((day for day in self.days if not day.is_past and day.what.held is None), key=self._against, default=None)

    @property
    def hold(self) -> HeldDay | None:
        """The hold that leaves no best day: of the last day shown; None where there is a best day, or all are past."""
        return None if self.best is not None else next((day.what.held for day in reversed(self.days) if not day.is_past), None)

    def on(self, day: date) -> ForeseenDay | None:
        """What is foreseen of a day; None for one that is not shown."""
        return next((known for known in self.days if known.day == day), None)

    def _against(self, day: ForeseenDay) -> tuple[int, ...]:
        what = day.what
        is_full = day.room is not None and day.room.is_full
        away = 0 if self.row.planned is None else (day.day - self.row.planned).days
        # As the planned date is found: never before a minimum gap and on an open day, then without a breach, then inside the window.
        against = (not what.keeps_bounds, not what.is_open, not what.intervals_kept, not what.in_window)
        return (*map(int, against), len(what.dropped), len(what.added), what.later_out_of_window, int(is_full), abs(away), -away)


def days_to_show(row: VisitRow, slot: Slot, today: date) -> tuple[date, ...]:
    """The days of a visit's window and some around it; around its date where it has no window; none where it has no date.

    Of a window that has closed nothing can be chosen any more: then the days from today on.
    """
    middle = row.effective or row.planned
    if middle is None:
        return ()
    around = timedelta(days=AROUND_A_START if slot.start else AROUND)
    first, last = (middle, middle) if slot.start else (row.earliest or middle, row.latest or middle)
    # A hold or a minimum gap may have moved the planned day out of the window: it is where the visit can be.
    last = max(last, row.planned or last)
    if last < today:
        return _span(today, today + 3 * timedelta(days=AROUND) - timedelta(days=1))
    width = (last - first).days + 1
    if width <= MOST_DAYS:
        around = min(around, timedelta(days=(MOST_DAYS - width) // 2))
        return _span(first - around, last + around)
    half = timedelta(days=MOST_DAYS // 2)
    begin = max(first, min(max(middle, today) - half, last - 2 * half))
    return _span(begin, begin + 2 * half)


def foresight(
    view: SubjectView, row: VisitRow, days: Sequence[date], resource: str, load: Load | None, places: Mapping[str, int]
) -> Foresight:
    """What each of ``days`` would do.

    ``resource`` is the one whose room is looked at, ``load`` that of the subject's site without the subject, ``places`` what each resource
    there takes on one day.
    """
    state, plan = view.state, view.state.plan
    found = candidate_days(plan, state.facts, [state.calendar], view.today, row.visit, days)
    texts = ProtocolTexts(plan.protocol, language())
    return Foresight(
        row,
        tuple(
            ForeseenDay(
                what=what,
                room=_room(what.day, resource, load, places),
                note=state.calendar.notes.get(day_number(what.day), ""),
                is_past=what.day < view.today,
                broken=tuple(map(texts.check, what.broken_checks)),
            )
            for what in found
        ),
    )


def _room(day: date, resource: str, load: Load | None, places: Mapping[str, int]) -> Room | None:
    if load is None or resource == ANY_DAY:
        return None
    return Room(load.on(day, resource), places.get(resource, 0))


def _span(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + timedelta(days=count) for count in range((last - first).days + 1))
