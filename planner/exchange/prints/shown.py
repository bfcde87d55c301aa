"""What a print says of each visit, before any words: the same is compared with what an earlier print said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from planner.exchange.prints.outlook import Outlook, outlooks
from planner.exchange.prints.possible_days import Span, allowed_days, days_left_of, first_allowed
from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.exchange.prints.states import BEHIND, DATELESS, is_booked, is_on_print, state_of
from planner.exchange.prints.words import State
from planner.records.changes.view import SubjectView
from planner.schedule.rows import VisitRow

_WITH_TIME: tuple[State, ...] = ("booked", "depends", "held_booked", "passed")
OPEN_WINDOW: tuple[State, ...] = ("planned", "moving", "passed")
"""States in which the days on which a visit may take place are worth saying: of a booked one they would only raise doubts."""


@dataclass(frozen=True, slots=True)
class ShownActivity:
    """What is done at a visit, how to prepare and what to bring ("" for nothing)."""

    activity: str
    label: str
    prepare: str
    bring: str


@dataclass(frozen=True, slots=True)
class ShownVisit:
    """A visit as it stands on the print; what is None is not printed."""

    visit: str
    name: str
    kind: str
    state: State
    day: date | None
    at: time | None
    window: Span | None
    """The possible days that are left: never of a booked visit, nor beside a date that lies outside them."""
    allowed: Span | None
    """The same with the days that are past: what is compared with an earlier print, as time alone changes no window."""
    is_booked: bool
    activities: tuple[ShownActivity, ...]

    @property
    def is_behind(self) -> bool:
        """Whether it is done or did not take place."""
        return self.state in BEHIND


def shown_visits(view: SubjectView, texts: ProtocolTexts) -> tuple[ShownVisit, ...]:
    """The visits of a subject's print: by day, then by time (those without one last), then in protocol order; undated ones at the end."""
    (outlook,) = outlooks(view.schedule)
    bounds = first_allowed(view.schedule)
    shown = [_shown(row, outlook, bounds, texts) for row in view.rows if is_on_print(row)]
    return tuple(sorted(shown, key=lambda visit: (visit.day or date.max, visit.at or time.max)))


def _shown(row: VisitRow, outlook: Outlook, bounds: Mapping[str, date], texts: ProtocolTexts) -> ShownVisit:
    state = state_of(row, outlook)
    has_window = state in OPEN_WINDOW and not is_booked(row) and row.kind != "reminder"
    allowed = allowed_days(row, bounds) if has_window else None
    return ShownVisit(
        visit=row.visit,
        name=texts.visit(row),
        kind=row.kind,
        state=state,
        day=None if state in DATELESS else row.effective,
        at=row.booked_at if state in _WITH_TIME else None,
        window=days_left_of(allowed, outlook.as_of),
        allowed=allowed,
        is_booked=is_booked(row) and state in _WITH_TIME,
        activities=tuple(
            ShownActivity(id_, texts.activity(id_), texts.prepare.get(id_, ""), texts.bring.get(id_, "")) for id_ in row.activities
        ),
    )
