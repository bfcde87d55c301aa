"""A visit as a patient reads it: in the list, in the box of the next visit, and in a calendar's cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planner.exchange.prints.day_names import DayNames
from planner.exchange.prints.shown import ShownVisit
from planner.exchange.prints.words import SIGNS, PrintWords, State


@dataclass(frozen=True, slots=True)
class ListedActivity:
    """An activity of a visit; ``number`` leads to its preparation, None where it needs none."""

    label: str
    number: int | None


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit in the list; texts are "" where there is nothing to say."""

    visit: str
    name: str
    kind: str
    day: str
    time: str
    window: str
    state: State
    sign: str
    state_words: str
    change: str
    activities: tuple[ListedActivity, ...]


@dataclass(frozen=True, slots=True)
class CellVisit:
    """The same in a cell of a month."""

    visit: str
    name: str
    time: str
    window: str
    state: State
    sign: str
    state_words: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class VisitWriter:
    """Writes the visits of one subject; ``changes`` are the texts of ``change_text`` by visit."""

    words: PrintWords
    days: DayNames
    changes: Mapping[str, str]
    numbers: Mapping[str, int]
    """Activity id to the number of its preparation."""

    def line(self, shown: ShownVisit) -> VisitLine:
        """The visit in the list."""
        return VisitLine(
            visit=shown.visit,
            name=shown.name,
            kind=self.words.texts.get(f"kind_{shown.kind}", ""),
            day=self.words.said("date_open") if shown.day is None else self.days.short_day(shown.day),
            time=self._time(shown),
            window="" if shown.window is None else self.days.days(*shown.window),
            state=shown.state,
            sign=SIGNS[shown.state],
            state_words=self.words.said(f"state_{shown.state}"),
            change=self.changes.get(shown.visit, ""),
            activities=tuple(ListedActivity(done.label, self.numbers.get(done.activity)) for done in shown.activities),
        )

    def cell(self, shown: ShownVisit) -> CellVisit:
        """The visit in a month; a window of one day says nothing there."""
        has_window = shown.window is not None and shown.window[0] != shown.window[1]
        return CellVisit(
            visit=shown.visit,
            name=shown.name,
            time=self._time(shown),
            window=self.days.days_of_year(*shown.window) if shown.window is not None and has_window else "",
            state=shown.state,
            sign=SIGNS[shown.state],
            state_words=self.words.said(f"short_{shown.state}"),
            is_changed=shown.visit in self.changes,
        )

    def _time(self, shown: ShownVisit) -> str:
        return "" if shown.at is None else self.days.time(shown.at)
