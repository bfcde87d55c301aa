"""Past states of a subject's schedule as lines of tables."""

from __future__ import annotations

from collections.abc import Iterable

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.records.history.changes import VisitChange
from planner.schedule.rows import VisitRow
from planner.ui.language import t
from planner.ui.visit_past import state_words
from planner.ui.visit_standing import standing_sign, standing_words, window_span
from planner.ui.words import days_counted, short_date


def known_lines(rows: Iterable[VisitRow], texts: ProtocolTexts) -> list[tuple[str, ...]]:
    """The visits on the calendar, in their order."""
    return [
        (
            f"{row.visit}: {texts.visit(row)}",
            short_date(row.effective),
            window_span(row.earliest, row.latest) or "–",
            f"{standing_sign(row)} {standing_words(row)}",
        )
        for row in rows
        if row.is_on_calendar
    ]


def changed_lines(changes: Iterable[VisitChange], texts: ProtocolTexts) -> list[tuple[str, ...]]:
    """Each visit before and now."""
    return [
        (
            f"{change.visit}: {texts.visit_name(change.visit, change.name)}",
            state_words(change.before),
            state_words(change.after),
            _moved(change.days_moved),
        )
        for change in changes
    ]


def _moved(days: int | None) -> str:
    if not days:
        return "–"
    count = days_counted(abs(days))
    return t("{days} later", days=count) if days > 0 else t("{days} earlier", days=count)
