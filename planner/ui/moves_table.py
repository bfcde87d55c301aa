"""What a change does to visits, before and after, as lines of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.records.changes.moves import Move
from planner.schedule.rows import VisitRow
from planner.ui.language import t
from planner.ui.words import days_counted, listed, short_date, span, status_words


@dataclass(frozen=True, slots=True)
class MovesTable:
    """Texts: the headings, then a line for each visit that changes."""

    columns: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


def moves_table(moves: Sequence[Move], texts: ProtocolTexts) -> MovesTable:
    """The visits of the calendar that a change moves, opens, closes or alters, in order."""
    shown = [move for move in moves if move.is_on_calendar]
    columns = (t("Visit"), t("Before"), t("After"), t("Moves by"), t("Window after"), t("Status"), t("Also"))
    return MovesTable(columns, tuple(_line(move, texts) for move in shown))


def _line(move: Move, texts: ProtocolTexts) -> tuple[str, ...]:
    return (
        f"{move.visit}: {texts.visit(move.row)}",
        _day(move.before),
        _day(move.after),
        _moved(move.days),
        _window(move.after),
        _status(move),
        _also(move, texts),
    )


def _day(row: VisitRow | None) -> str:
    if row is None or row.effective is None:
        return "–"
    return short_date(row.effective) + (f" {row.booked_at:%H:%M}" if row.booked_at else "")


def _moved(days: int | None) -> str:
    if not days:
        return "–"
    count = days_counted(abs(days))
    return t("{days} later", days=count) if days > 0 else t("{days} earlier", days=count)


def _window(row: VisitRow | None) -> str:
    if row is None or row.earliest is None or row.latest is None:
        return "–"
    return t("that day only") if row.earliest == row.latest else span(row.earliest, row.latest)


def _status(move: Move) -> str:
    before = t("not planned") if move.before is None else _standing(move.before)
    after = t("no longer planned") if move.after is None else _standing(move.after)
    return after if before == after else f"{before} → {after}"


def _standing(row: VisitRow) -> str:
    """Its status, and whether it is booked where the status alone does not say so."""
    is_unsaid = row.certainty == "booked" and row.status in ("due", "overdue", "on_hold")
    return listed((t("booked"), status_words(row))) if is_unsaid else status_words(row)


def _also(move: Move, texts: ProtocolTexts) -> str:
    parts = []
    if move.left_out:
        parts.append(t("not done: {activities}", activities=listed(map(texts.activity, move.left_out))))
    if move.added:
        parts.append(t("also done: {activities}", activities=listed(map(texts.activity, move.added))))
    return "; ".join(parts)
