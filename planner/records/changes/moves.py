"""What a change does to visits: each visit before and after, where its dates, its status or what is done at it differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from planner.schedule.rows import VisitRow


@dataclass(frozen=True, slots=True)
class Move:
    """A visit that a change moves, opens, closes or alters; ``before`` is None where it appears, ``after`` where it vanishes."""

    visit: str
    before: VisitRow | None
    after: VisitRow | None

    @property
    def row(self) -> VisitRow:
        """The visit as it will be, or as it was where it vanishes."""
        row = self.after or self.before
        assert row is not None
        return row

    @property
    def days(self) -> int | None:
        """By how many days the visit's date moves, later ones positive; None where it has no date before or after."""
        before, after = _effective(self.before), _effective(self.after)
        return None if before is None or after is None else (after - before).days

    @property
    def left_out(self) -> tuple[str, ...]:
        """The activities done at the visit before and no longer; none where it appears or vanishes."""
        return _activities_only_of(self.before, self.after)

    @property
    def added(self) -> tuple[str, ...]:
        """The activities that come to the visit; none where it appears or vanishes."""
        return _activities_only_of(self.after, self.before)

    @property
    def new_flags(self) -> tuple[str, ...]:
        """The flags that come to the visit, omitted activities apart; all of them where it appears, none where it vanishes."""
        known = self.before.flags if self.before is not None else ()
        flags = self.after.flags if self.after is not None else ()
        return tuple(flag for flag in flags if flag not in known and not flag.startswith("omitted:"))

    @property
    def is_on_calendar(self) -> bool:
        """Whether the visit is on the default calendar before or after: neither cancelled nor conditional."""
        return on_calendar(self.before) or on_calendar(self.after)


def on_calendar(row: VisitRow | None) -> bool:
    """Whether this is a visit of the default calendar."""
    return row is not None and row.is_on_calendar


def moves_between(before: Iterable[VisitRow], after: Iterable[VisitRow]) -> tuple[Move, ...]:
    """The visits whose dates, window, status, activities or flags differ, appear or vanish; in the order of the rows after.

    Both lists are of one subject, as of the same day.
    """
    old, new = {row.visit: row for row in before}, {row.visit: row for row in after}
    changed = [Move(visit, old.get(visit), row) for visit, row in new.items() if visit not in old or _seen(old[visit]) != _seen(row)]
    return (*changed, *(Move(visit, row, None) for visit, row in old.items() if visit not in new))


def _seen(row: VisitRow) -> tuple[object, ...]:
    return row.planned, row.effective, row.earliest, row.latest, row.status, row.booked_at, row.activities, row.flags


def _activities_only_of(row: VisitRow | None, other: VisitRow | None) -> tuple[str, ...]:
    if row is None or other is None:
        return ()
    return tuple(activity for activity in row.activities if activity not in other.activities)


def _effective(row: VisitRow | None) -> date | None:
    return None if row is None else row.effective
