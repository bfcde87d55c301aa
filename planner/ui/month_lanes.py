"""The windows of a week's visits, as bars in as few lines as they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from planner.schedule.rows import VisitRow
from planner.ui.language import t
from planner.ui.words import day_and_month

_SUNDAY = 6
_NO_WINDOW = ("done", "missed", "cancelled")


@dataclass(frozen=True, slots=True)
class Bar:
    """The window of a visit: more than one day, and not settled yet."""

    visit: str
    kind: str
    earliest: date
    latest: date

    def covers(self, day: date) -> bool:
        """Whether the window has this day."""
        return self.earliest <= day <= self.latest


def lanes_of(rows: Iterable[VisitRow], days: Sequence[date]) -> list[list[Bar]]:
    """The windows that touch these days, packed into lines."""
    lanes: list[list[Bar]] = []
    touching = [bar for bar in _bars(rows) if bar.earliest <= days[-1] and bar.latest >= days[0]]
    for bar in sorted(touching, key=lambda bar: (bar.earliest, bar.latest)):
        free = next((lane for lane in lanes if lane[-1].latest < bar.earliest), None)
        if free is None:
            lanes.append([bar])
        else:
            free.append(bar)
    return lanes


def lane_html(lane: Sequence[Bar], day: date) -> str:
    """The part of one line that lies on a day; a bar's text stands where it begins, and again in each week."""
    bar = next((bar for bar in lane if bar.covers(day)), None)
    if bar is None:
        return '<div class="lane"></div>'
    begins, ends = day == bar.earliest, day == bar.latest
    text = f'<span class="window-name">{escape(_named(bar, day))}</span>' if begins or day.weekday() == 0 else ""
    edges = f"{' begins' if begins else ''}{' ends' if ends else ''}"
    return f'<div class="lane window kind-{bar.kind}{edges}" aria-hidden="true">{text}</div>'


def _named(bar: Bar, day: date) -> str:
    if day == bar.latest or day.weekday() == _SUNDAY:
        return t("{visit} window", visit=bar.visit)
    return t("{visit} window to {day}", visit=bar.visit, day=day_and_month(bar.latest))


def _bars(rows: Iterable[VisitRow]) -> Iterator[Bar]:
    for row in rows:
        if row.earliest is not None and row.latest is not None and row.earliest < row.latest and row.status not in _NO_WINDOW:
            yield Bar(row.visit, row.kind, row.earliest, row.latest)
