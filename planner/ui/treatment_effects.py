"""Possibilities beside one another, before one is chosen: what each would do to the visits, in words and as dates (R11, R12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.protocol.model import Choice, Protocol
from planner.records.changes.moves import Move, moves_between, on_calendar
from planner.records.changes.view import SubjectView
from planner.schedule.cohort_facts import cohort_of
from planner.schedule.days import day_number
from planner.schedule.expand import expand
from planner.schedule.facts import SubjectFacts
from planner.schedule.rows import VisitRow
from planner.schedule.visit_rows import subject_rows
from planner.ui.language import language, t, tn
from planner.ui.treatment_texts import choice_label, grouped, some
from planner.ui.words import days_counted, listed, short_date, status_word

_SAID_WITH_DATE = ("missed", "on_hold")
_TO_COME = ("on_hold", "overdue", "due", "upcoming")


@dataclass(frozen=True, slots=True)
class Possibility:
    """One way on, and every visit as it would be."""

    label: str
    rows: tuple[VisitRow, ...]


@dataclass(frozen=True, slots=True)
class DatesTable:
    """Texts: the headings, then a line for each visit that is not the same everywhere."""

    columns: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


def possible_rows(view: SubjectView, facts: Sequence[SubjectFacts]) -> tuple[tuple[VisitRow, ...], ...]:
    """Every visit under each of these facts, as of the same day as the view: one call to the engine. Raises NoOpenDayError."""
    state = view.state
    schedule = expand(state.plan, cohort_of(state.plan, facts), [state.calendar], day_number(view.as_of))
    return tuple(tuple(subject_rows(schedule, index, all_visits=True)) for index in range(len(facts)))


def dates_table(possibilities: Sequence[Possibility], as_is: Sequence[VisitRow], texts: ProtocolTexts) -> DatesTable:
    """The visits that differ between the possibilities, in the order of their dates; ``as_is`` are all visits as they are."""
    now = {row.visit: row for row in as_is}
    by_visit = [{row.visit: row for row in possibility.rows if on_calendar(row)} for possibility in possibilities]
    first: dict[str, VisitRow] = {}
    for rows in by_visit:
        for visit, row in rows.items():
            if visit not in first or _sorted_by(row) < _sorted_by(first[visit]):
                first[visit] = row
    lines = []
    for visit, row in sorted(first.items(), key=lambda item: _sorted_by(item[1])):
        cells = tuple(_cell(rows.get(visit), now.get(visit), texts) for rows in by_visit)
        if len(set(cells)) > 1:
            lines.append((f"{visit}: {texts.visit(row)}", *cells))
    return DatesTable((t("Visit"), *(possibility.label for possibility in possibilities)), tuple(lines))


def hold_sentences(view: SubjectView, rows: Sequence[VisitRow], doses: frozenset[str], first_held: date) -> tuple[str, ...]:
    """What a hold of these doses would do, for a person who plans the next weeks; ``rows`` are all visits under it."""
    moves = [move for move in moves_between(view.rows, rows) if move.is_on_calendar]
    texts = ProtocolTexts(view.state.plan.protocol, language())
    said = [*_moved(moves), *_stilled(moves), *_without(moves, texts), *_booked(rows), *_leaving(moves)] or [t("No visit changes.")]
    return (*said, *_doses(view, rows, doses, first_held))


def choice_sentences(view: SubjectView, decision: str, choice: Choice, rows: Sequence[VisitRow], texts: ProtocolTexts) -> tuple[str, ...]:
    """What a choice opens, closes and ends, and what comes next with it; ``rows`` are all visits under it."""
    moves = moves_between(view.rows, rows)
    opened = [move.after for move in moves if move.after is not None and on_calendar(move.after) and not on_calendar(move.before)]
    closed = [move.row for move in moves if on_calendar(move.before) and not on_calendar(move.after)]
    said: list[str] = []
    if opened:
        said.append(tn("Opens {number} visit: {visits}.", "Opens {number} visits: {visits}.", len(opened), visits=grouped(opened, texts)))
    if closed:
        said.append(
            tn("Cancels {number} visit: {visits}.", "Cancels {number} visits: {visits}.", len(closed), visits=grouped(closed, texts))
        )
    stays = [move for move in moves if on_calendar(move.before) and on_calendar(move.after)]
    said += (*_moved(stays), *_to_rebook(stays))
    if choice.ends == "treatment":
        said.append(t("Ends treatment. Follow-up goes on."))
    if choice.ends == "everything":
        said.append(t("Ends the study for this subject."))
    said += allowed_next(view.state.plan.protocol, decision, choice)
    upcoming = _next(row for row in rows if row.kind not in ("decision", "reminder"))
    if upcoming is not None:
        said.append(t("Next visit: {visit}, {day}.", visit=texts.visit(upcoming), day=short_date(upcoming.effective)))
    return tuple(said)


def allowed_next(protocol: Protocol, decision: str, choice: Choice) -> list[str]:
    """What a choice makes possible: the outcomes of other decisions that require it."""
    possible = [
        choice_label(protocol, other.name, outcome)
        for other in protocol.decisions.values()
        for outcome in other.choices
        if choice.name in outcome.requires.get(decision, ())
    ]
    return [t("Makes possible: {choices}.", choices=listed(possible))] if possible else []


def _moved(moves: Sequence[Move]) -> Iterator[str]:
    moved = [move for move in moves if move.days and move.after is not None and move.after.status != "missed"]
    if not moved:
        return
    farthest = max(moved, key=lambda move: abs(move.days or 0))
    days = days_counted(abs(farthest.days or 0))
    if (farthest.days or 0) > 0:
        yield tn("{number} visit moves, {days} later.", "{number} visits move, by up to {days} later.", len(moved), days=days)
    else:
        yield tn("{number} visit moves, {days} earlier.", "{number} visits move, by up to {days} earlier.", len(moved), days=days)


def _stilled(moves: Sequence[Move]) -> Iterator[str]:
    missed = [move.visit for move in moves if _becomes(move, "missed")]
    # A booked visit does not wait: it keeps its day, and is told of below.
    waiting = [move.visit for move in moves if _becomes(move, "on_hold") and not move.days and not _is_booked_inside(move.row)]
    cancelled = [move.visit for move in moves if on_calendar(move.before) and not on_calendar(move.after)]
    if missed:
        yield tn("{number} visit is missed: {visits}.", "{number} visits are missed: {visits}.", len(missed), visits=some(missed))
    if waiting:
        yield tn("{number} visit waits: {visits}.", "{number} visits wait: {visits}.", len(waiting), visits=some(waiting))
    if cancelled:
        yield tn(
            "{number} visit is cancelled: {visits}.", "{number} visits are cancelled: {visits}.", len(cancelled), visits=some(cancelled)
        )


def _becomes(move: Move, status: str) -> bool:
    return move.after is not None and move.after.status == status and (move.before is None or move.before.status != status)


def _without(moves: Sequence[Move], texts: ProtocolTexts) -> Iterator[str]:
    without: dict[str, list[str]] = {}
    for move in moves:
        if move.left_out and on_calendar(move.after):
            without.setdefault(listed(map(texts.activity, move.left_out)), []).append(move.visit)
    for activities, visits in without.items():
        yield tn(
            "{number} visit takes place without {activities}: {visits}.",
            "{number} visits take place without {activities}: {visits}.",
            len(visits),
            activities=activities,
            visits=some(visits),
        )


def _booked(rows: Sequence[VisitRow]) -> Iterator[str]:
    booked = [row.visit for row in rows if _is_booked_inside(row)]
    if booked:
        yield tn(
            "{number} visit is booked inside the hold and must be rebooked or released; tell the clinic: {visits}.",
            "{number} visits are booked inside the hold and must be rebooked or released; tell the clinic: {visits}.",
            len(booked),
            visits=some(booked),
        )


def _is_booked_inside(row: VisitRow) -> bool:
    return "booked_in_hold" in row.flags


def _leaving(moves: Sequence[Move]) -> Iterator[str]:
    outside = [
        move.visit for move in moves if any(flag.startswith("outside_window") for flag in move.new_flags) and _is_newly_outside(move)
    ]
    if outside:
        yield tn(
            "{number} visit leaves its window: {visits}.",
            "{number} visits leave their windows: {visits}.",
            len(outside),
            visits=some(outside),
        )


def _is_newly_outside(move: Move) -> bool:
    return move.before is None or not _is_outside(move.before)


def _to_rebook(moves: Sequence[Move]) -> Iterator[str]:
    """Bookings that no longer make sense: they keep their day while the window goes elsewhere."""
    for move in moves:
        if _is_booked_outside(move.row) and _is_newly_outside(move):
            yield t(
                "{visit} is booked on {day}, then outside its window ({first} to {last}): rebook it.",
                visit=move.visit,
                day=short_date(move.row.effective),
                first=short_date(move.row.earliest),
                last=short_date(move.row.latest),
            )


def _is_booked_outside(row: VisitRow) -> bool:
    return row.certainty == "booked" and row.status in _TO_COME and _is_outside(row)


def _is_outside(row: VisitRow) -> bool:
    return any(flag.startswith("outside_window") for flag in row.flags)


def _doses(view: SubjectView, rows: Sequence[VisitRow], doses: frozenset[str], first_held: date) -> Iterator[str]:
    activities = view.state.plan.protocol.activities
    given = [row for row in rows if any(activities[id_].dose in doses for id_ in row.activities)]
    outside = [row for row in given if not _is_booked_inside(row)]
    upcoming = _next(row for row in outside if row.effective is not None and row.effective >= first_held)
    # Inside a hold that moves visits, the planned day is the first one after it: what the visit goes to once its booking is given back.
    inside = [row for row in given if _is_booked_inside(row) and row.status == "on_hold" and row.planned is not None]
    waiting = min(inside, key=lambda row: row.planned or date.max, default=None)
    if waiting is not None and (upcoming is None or _sorted_by(upcoming) > (waiting.planned or date.max)):
        yield t("Next dose: {day} ({visit}, once its booking is released).", day=short_date(waiting.planned), visit=waiting.visit)
    elif upcoming is None:
        yield t("No further dose is planned.")
    elif upcoming.status == "on_hold" and upcoming.certainty == "stale":
        yield t("Next dose: {visit}, once treatment resumes.", visit=upcoming.visit)
    else:
        yield t("Next dose: {day} ({visit}).", day=short_date(upcoming.effective), visit=upcoming.visit)
    last = max((row for row in outside if row.status in _TO_COME and row.effective is not None), key=_sorted_by, default=None)
    if last is not None and upcoming is not None and last.visit != upcoming.visit:
        yield t("Last dose planned: {day} ({visit}).", day=short_date(last.effective), visit=last.visit)


def _next(rows: Iterator[VisitRow]) -> VisitRow | None:
    """The first visit still to come."""
    return min((row for row in rows if row.status in _TO_COME and row.effective is not None), key=_sorted_by, default=None)


def _sorted_by(row: VisitRow) -> date:
    return row.effective or date.max


def _cell(row: VisitRow | None, now: VisitRow | None, texts: ProtocolTexts) -> str:
    if row is None:
        return "–"
    parts = [t("no date") if row.effective is None else short_date(row.effective)]
    if _is_booked_inside(row):
        parts.append(t("booked inside the hold"))
    elif _is_booked_outside(row):
        parts.append(t("booked, then outside its window"))
    elif row.status in _SAID_WITH_DATE:
        parts.append(status_word(row.status))
    left_out = [id_ for id_ in now.activities if id_ not in row.activities] if now is not None and on_calendar(now) else []
    if left_out:
        parts.append(t("without {activities}", activities=listed(map(texts.activity, left_out))))
    return listed(parts)
