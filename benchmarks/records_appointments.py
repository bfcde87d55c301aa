"""The usual design beside the records, on the same PostgreSQL: one stored row per appointment, with its dates and status, and indexes.

The dates of its rows are the engine's, given to it for nothing: what working them out and keeping them up to date costs is not counted
against it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import cycle
from typing import Any

import pandas as pd
import psycopg

from benchmarks.measure import Figure, side_by_side
from benchmarks.records_day import AS_OF, CALLER
from benchmarks.records_recount import visits_frame
from benchmarks.records_store import AUTHOR, key_of, site_of
from benchmarks.study import PROTOCOL, plan
from planner.records.changes.change import propose
from planner.records.changes.proposal import RefusedError
from planner.records.changes.view import subject_view
from planner.records.facts.fact import Act, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.lists.worklist import STANDARD_LIMITS, Worklist, WorklistKind, worklist
from planner.records.store.append import append
from planner.records.store.database import Database
from planner.records.store.log import last_number
from planner.schedule.cohort_facts import cohort_of
from planner.schedule.facts import SubjectFacts
from planner.schedule.rows import VisitRow

SECTION = "Records beside a stored row per appointment, PostgreSQL"
_ROUNDS = 7
_MOVES = 20
_MOVED = 40
"""About how many visits are to move."""
_TABLE = """
CREATE TABLE appointments (
    id bigserial PRIMARY KEY, study text NOT NULL, subject text NOT NULL, site text NOT NULL, visit text NOT NULL, name text NOT NULL,
    epoch text NOT NULL, kind text NOT NULL, milestone boolean NOT NULL, status text NOT NULL, certainty text NOT NULL,
    planned date, earliest date, latest date, effective date, booked date, flags text NOT NULL,
    UNIQUE (study, subject, visit))
"""
_INDEXES = ("(status, latest)", "(site, status)", "(effective)", "(planned)")
_COLUMNS = (
    "study, subject, site, visit, name, epoch, kind, milestone, status, certainty, planned, earliest, latest, effective, booked, flags"
)
_KINDS = (WorklistKind.OVERDUE, WorklistKind.CLOSING, WorklistKind.DUE, WorklistKind.UNBOOKED)
"""Those that a stored row answers by itself."""
_LISTED = "study, site, subject, visit, name, epoch, kind, status, certainty, planned, earliest, latest, effective, booked, flags"
_PART = f"SELECT %(kind_{{kind}})s AS why, {{day}} - %(today)s::date AS days, {_LISTED} FROM appointments WHERE "
_LAST = "greatest(latest, effective)"
_QUERY = (
    " UNION ALL ".join(
        (
            _PART.format(kind="overdue", day=_LAST) + "status = 'overdue'",
            _PART.format(kind="closing", day=_LAST)
            + f"status = 'due' AND certainty <> 'stale' AND {_LAST} <= %(today)s::date + %(closing)s",
            _PART.format(kind="due", day=_LAST) + "status = 'due' AND certainty <> 'stale'",
            _PART.format(kind="unbooked", day="planned")
            + "status IN ('due', 'upcoming') AND certainty <> 'stale' AND kind IN ('clinic', 'treatment', 'imaging') AND NOT milestone "
            "AND booked IS NULL AND planned <= %(today)s::date + %(unbooked)s",
        )
    )
    + " ORDER BY why, days, site, subject, effective"
)
_ASKED = {
    **{f"kind_{kind}": str(kind) for kind in _KINDS},
    "today": AS_OF,
    "closing": STANDARD_LIMITS.closing,
    "unbooked": STANDARD_LIMITS.unbooked,
}
_UPDATE = (
    "UPDATE appointments SET planned = %s, earliest = %s, latest = %s, effective = %s, status = %s, certainty = %s "
    "WHERE study = %s AND subject = %s AND visit = %s"
)
_OF_SUBJECT = (
    f"SELECT visit, planned, earliest, latest, effective, status, certainty, {_LISTED} FROM appointments WHERE study = %s AND subject = %s"
)


class AnswersDifferError(Exception):
    """The two designs do not say the same."""


def appointment_figures(database: Database, subjects: Sequence[SubjectFacts]) -> Iterator[Figure]:
    """The worklist, and one subject's later visits moved. Raises AnswersDifferError."""
    with psycopg.connect(database.url.set(drivername="postgresql").render_as_string(hide_password=False)) as stored:
        rows = _store(stored, subjects)
        _require_same_worklist(_ours(database), stored.execute(_QUERY, _ASKED).fetchall())
        calls: dict[str, Callable[[], object]] = {
            "ours": lambda: _ours(database),
            "stored": lambda: stored.execute(_QUERY, _ASKED).fetchall(),
        }
        seconds = side_by_side(calls, _ROUNDS)
        stored.commit()
        yield Figure(SECTION, "rows stored by the usual design", rows / 1e3, "thousand")
        what = "worklist (overdue, closing, due, unbooked)"
        yield Figure(SECTION, what, seconds["ours"], "seconds", "query of the stored rows", seconds["stored"])
        yield from _move_figures(database, stored, subjects)


# --- the worklist ---------------------------------------------------------------------------------------------


def _store(stored: psycopg.Connection, subjects: Sequence[SubjectFacts]) -> int:
    _, frame = visits_frame(cohort_of(plan(), list(subjects)))
    booked = {(facts.subject, visit): booking.day for facts in subjects for visit, booking in facts.booked.items()}
    milestones = {slot.id_pattern for slot in plan().slots if slot.milestone is not None}
    stored.execute("DROP TABLE IF EXISTS appointments")
    stored.execute(_TABLE)
    dates = [_dates(frame[name]) for name in ("planned", "earliest", "latest", "effective")]
    texts = [frame[name].astype(str).tolist() for name in ("subject", "visit", "name", "epoch", "kind", "status", "certainty", "flags")]
    with stored.cursor().copy(f"COPY appointments ({_COLUMNS}) FROM STDIN") as copy:
        for (subject, visit, name, epoch, kind, status, certainty, flags), days in zip(
            zip(*texts, strict=True), zip(*dates, strict=True), strict=True
        ):
            place = (PROTOCOL, subject, site_of(subject), visit, name, epoch, kind, visit in milestones, status, certainty)
            copy.write_row((*place, *days, booked.get((subject, visit)), flags))
    for columns in _INDEXES:
        stored.execute(f"CREATE INDEX ON appointments {columns}")
    stored.execute("ANALYZE appointments")
    stored.commit()
    return len(frame)


def _dates(column: pd.Series) -> list[date | None]:
    known = {day: None if pd.isna(day) else day.date() for day in column.unique()}
    return [known.get(day) if not pd.isna(day) else None for day in column]


def _ours(database: Database) -> Worklist:
    with database.reading() as connection:
        return worklist(connection, CALLER, _KINDS, as_of=AS_OF)


def _require_same_worklist(ours: Worklist, stored: Sequence[tuple[Any, ...]]) -> None:
    expected = {
        (
            str(row.kind),
            row.days,
            row.study,
            row.site,
            row.subject,
            row.visit,
            row.planned,
            row.earliest,
            row.latest,
            row.effective,
            row.booked,
        )
        for row in ours.rows
    }
    found = {(*row[:6], *row[11:16]) for row in stored}
    if expected != found or len(stored) != len(ours.rows):
        differ = sorted(map(str, expected ^ found))[:4]
        raise AnswersDifferError(f"the worklists differ: {len(ours.rows)} entries and {len(stored)}; {differ}")


# --- one subject's later visits -------------------------------------------------------------------------------


def _move_figures(database: Database, stored: psycopg.Connection, subjects: Sequence[SubjectFacts]) -> Iterator[Figure]:
    """Both designs move the visits there and back, and read the subject's schedule after each move."""
    key, start, changes = _movable(database, subjects)
    days = [start + timedelta(days=7), start]
    ours, theirs = cycle(days), cycle(changes)

    def fact() -> tuple[VisitRow, ...]:
        with database.writing() as connection:
            said = NewFact(Kind.START_MOVED, day=next(ours), reason="patient_request")
            append(connection, [Act(key, last_number(connection, key), (said,))], AUTHOR, CALLER.now)
        with database.reading() as connection:
            return subject_view(connection, CALLER, key, AS_OF).rows

    def updates() -> list[tuple[Any, ...]]:
        stored.cursor().executemany(_UPDATE, [(*_state(row), key.study, key.number, row.visit) for row in next(theirs)])
        stored.commit()
        found = stored.execute(_OF_SUBJECT, [key.study, key.number]).fetchall()
        stored.commit()
        return found

    for _ in days:
        expected = {row.visit: _state(row) for row in fact()}
        found = {row[0]: row[1:7] for row in updates()}
        if expected != found:
            wrong = [(visit, state, found.get(visit)) for visit, state in expected.items() if found.get(visit) != state]
            raise AnswersDifferError(f"the schedules of {key} differ: {wrong[:3]}")
    seconds = side_by_side({"fact": fact, "updates": updates}, _MOVES)
    what = f"{len(changes[0])} later visits moved: one fact, then the page"
    beside = "as many UPDATEs, then the subject's rows"
    yield Figure(SECTION, what, seconds["fact"] * 1e3, "ms", beside, seconds["updates"] * 1e3)


def _state(row: VisitRow) -> tuple[object, ...]:
    return row.planned, row.earliest, row.latest, row.effective, row.status, row.certainty


def _movable(database: Database, subjects: Sequence[SubjectFacts]) -> tuple[SubjectKey, date, list[list[VisitRow]]]:
    """A subject whose start can be moved so that about as many visits move as wished; and what changes there and back."""
    waiting = [facts for facts in subjects if "C1D1" not in {*facts.actual, *facts.booked, *facts.missed} and facts.end is None][:60]
    found = []
    with database.reading() as connection:
        for facts in waiting:
            said = NewFact(Kind.START_MOVED, day=facts.start + timedelta(days=7), reason="patient_request")
            try:
                proposal = propose(connection, CALLER, key_of(facts), [said])
            except RefusedError:
                continue
            pairs = [(old, new) for old, new in zip(proposal.before, proposal.after, strict=False) if _state(old) != _state(new)]
            if {old.visit for old, _ in pairs} == {new.visit for _, new in pairs}:
                found.append((abs(len(pairs) - _MOVED), facts, pairs))
    if not found:
        raise AnswersDifferError("no subject's start can be moved")
    _, facts, pairs = min(found, key=lambda one: one[0])
    return key_of(facts), facts.start, [[new for _, new in pairs], [old for old, _ in pairs]]
