"""The log as a table of numpy columns: from facts, from the database in bulk, and as it was known earlier.

Fetching two million rows as Python tuples takes four seconds; one aggregated text per column, cut apart here, takes one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Function, Row, Select, String, cast, func, select

from planner.protocol.said import said
from planner.records.facts.chain import details_text
from planner.records.facts.fact import SubjectKey
from planner.records.facts.unreadable import unknown_kind, unreadable_fact
from planner.records.fold.fact_columns import KIND_CODES, KINDS, FactTable, FactTableError, WordCodes, fact_table
from planner.records.fold.needed_days import require_days
from planner.records.fold.prefixes import chosen_prefixes, known_at, prefixes
from planner.records.paused_collection import paused_collection
from planner.records.store.schema import facts, subjects
from planner.schedule.days import NO_DAY

__all__ = ["KINDS", "KIND_CODES", "FactTable", "FactTableError", "chosen_prefixes", "fact_table", "known_at", "prefixes", "read_fact_table"]

POSITIONS_AT_ONCE = 50_000
SUBJECTS_AT_ONCE = 1_000
MOST_BY_INDEX = 5_000
"""Of more subjects than this, the whole log is read in order and theirs is kept: quicker than looking each fact up."""
_SEPARATOR = "\x1f"
_NUMBERS = ("position", "subject_id", "number", "day", "recorded_at")
_TEXTS = ("kind", "item", "value")
_RARE: Mapping[str, int | str] = {"until_day": int(NO_DAY), "replaces": 0, "refers": 0, "details": details_text({}), "reason": ""}
"""Columns that few facts say anything in, and what stands for nothing: only what is said is gathered, with the positions it is said at."""
_NO_DAY = 3_000_000
"""Stands for no day in the aggregated texts: shorter than ``NO_DAY``, and after the last day of a calendar (2,932,896)."""
_LONG = ("position", "subject_id", "recorded_at")
"""Columns whose numbers 32 bits do not hold, or need not."""

Columns = dict[str, NDArray[Any]]


def read_fact_table(connection: Connection, subject_ids: Sequence[int] | None = None) -> FactTable:
    """The facts of these subjects (``subjects.id``, each once; None: of all), the administration log left out.

    Rows are the subjects in the order asked for; of all, in the order of their numbers. Raises FactTableError for a number that no
    subject has, for a kind of fact of a newer planner, and where columns of the log have not one entry per fact.
    """
    query = select(subjects.c.id, subjects.c.study, subjects.c.number).where(subjects.c.id > 0)
    few = subject_ids is not None and len(subject_ids) <= MOST_BY_INDEX
    with paused_collection():
        found = connection.execute(query.order_by(subjects.c.id)).all() if subject_ids is None else _found(connection, query, subject_ids)
        ids, studies, numbers = zip(*found, strict=True) if found else ((), (), ())
        keys = tuple(map(SubjectKey, studies, numbers))
        parts, words = _read(connection, _groups(subject_ids or ()) if few else _position_ranges(connection))
        return require_days(_table(parts, words, np.array(ids, dtype=np.int64), keys))


def _found(connection: Connection, query: Select[int, str, str], subject_ids: Sequence[int]) -> list[Row[int, str, str]]:
    """The subjects of these numbers, in their order."""
    by_id: dict[int, Row[int, str, str]] = {}
    for first in range(0, len(subject_ids), SUBJECTS_AT_ONCE):
        some = subject_ids[first : first + SUBJECTS_AT_ONCE]
        by_id.update((row[0], row) for row in connection.execute(query.where(subjects.c.id.in_(some))))
    missing = next((subject_id for subject_id in subject_ids if subject_id not in by_id), None)
    if missing is not None:
        raise FactTableError(said("There is no subject with the number {missing} in the database.", missing=missing))
    return [by_id[subject_id] for subject_id in subject_ids]


def _groups(subject_ids: Sequence[int]) -> Iterator[ColumnElement[bool]]:
    """Conditions that together reach the facts of these subjects."""
    for first in range(0, len(subject_ids), SUBJECTS_AT_ONCE):
        yield facts.c.subject_id.in_(subject_ids[first : first + SUBJECTS_AT_ONCE])


def _position_ranges(connection: Connection) -> Iterator[ColumnElement[bool]]:
    """Conditions that together reach all facts but those of the administration log."""
    last = int(connection.execute(select(func.max(facts.c.position))).scalar() or 0)
    for first in range(1, last + 1, POSITIONS_AT_ONCE):
        yield facts.c.position.between(first, first + POSITIONS_AT_ONCE - 1) & (facts.c.subject_id > 0)


def _read(connection: Connection, wanted: Iterable[ColumnElement[bool]]) -> tuple[list[Columns], WordCodes]:
    """The columns of the facts that meet each condition; while the database gathers one part, the one before it is cut apart."""
    words = WordCodes()
    with ThreadPoolExecutor(max_workers=1) as cutting:
        parts = [cutting.submit(_cut, connection.execute(_aggregated(connection, condition)).one(), words) for condition in wanted]
        return [columns for part in parts if (columns := part.result()) is not None], words


def _aggregated(connection: Connection, condition: ColumnElement[bool]) -> Select[Any]:
    """One row: how many facts, then each column's entries as one text; for rare columns the positions of the entries, then these.

    The database aggregates all columns in one pass, so whatever order it takes is the same in all of them.
    """
    columns: list[ColumnElement[Any]] = [func.count()]
    columns += [_gathered(connection, func.coalesce(facts.c.day, _NO_DAY) if name == "day" else facts.c[name]) for name in _NUMBERS]
    columns += [func.aggregate_strings(facts.c[name], _SEPARATOR) for name in _TEXTS]
    for name, nothing in _RARE.items():
        column = facts.c[name]
        is_text = isinstance(nothing, str)
        said = column != nothing if is_text else column.is_not(None)
        entries: Function[Any] = func.aggregate_strings(column, _SEPARATOR) if is_text else _gathered(connection, column)
        columns += [_gathered(connection, facts.c.position).filter(said), entries.filter(said)]
    return select(*columns).select_from(facts).where(condition)


def _gathered(connection: Connection, numbers: ColumnElement[Any]) -> Function[Any]:
    """The numbers as one text."""
    # SQLite takes a number as it is, and faster so.
    return func.aggregate_strings(numbers if connection.dialect.name == "sqlite" else cast(numbers, String), ",")


def _cut(row: Row[Any], words: WordCodes) -> Columns | None:
    """The columns of an answer to ``_aggregated``, in the order of their positions; None if there are no facts."""
    values: Iterator[Any] = iter(tuple(row))
    count = int(next(values))
    if not count:
        return None
    columns: Columns = {name: _whole_numbers(name, next(values), count) for name in _NUMBERS}
    for name in _TEXTS:
        entries = _texts(name, next(values), count)
        columns[name] = _kind_codes(entries, columns["position"]) if name == "kind" else words.coded(entries)
    columns["day"][columns["day"] == _NO_DAY] = NO_DAY
    position = columns["position"]
    if not (np.diff(position) > 0).all():
        order = np.argsort(position)
        columns = {name: column[order] for name, column in columns.items()}
    for name, nothing in _RARE.items():
        columns[name] = _spread(name, nothing, columns["position"], (next(values), next(values)), words)
    del columns["position"]
    return columns


def _spread(
    name: str, nothing: int | str, position: NDArray[np.int64], said: tuple[str | None, str | None], words: WordCodes
) -> NDArray[np.int32]:
    """A rare column, for facts at these positions (ascending): what is said, given as the texts of its positions and entries."""
    fill = words.coded([nothing])[0] if isinstance(nothing, str) else nothing
    column = np.full(len(position), fill, dtype=np.int32)
    places, entries = said
    if places is not None and entries is not None:
        at = np.searchsorted(position, np.fromstring(places, dtype=np.int64, sep=","))
        is_text = isinstance(nothing, str)
        column[at] = words.coded(_texts(name, entries, len(at))) if is_text else _whole_numbers(name, entries, len(at))
    return column


def _texts(name: str, text: str, count: int) -> list[str]:
    entries = text.split(_SEPARATOR)
    _require_as_many(name, len(entries), count)
    return entries


def _whole_numbers(name: str, text: str, count: int) -> NDArray[Any]:
    try:
        numbers = np.fromstring(text, dtype=np.int64, sep=",")
    except ValueError:
        raise FactTableError(
            said("The log's column {name} holds something that is no whole number. Run `audit verify`.", name=name)
        ) from None
    _require_as_many(name, len(numbers), count)
    return numbers if name in _LONG else numbers.astype(np.int32)


def _require_as_many(name: str, entries: int, count: int) -> None:
    if entries != count:
        raise FactTableError(
            said(
                "The log's column {name} gave {entries} entries for {count} facts. Run `audit verify`.",
                name=name,
                entries=entries,
                count=count,
            )
        )


def _kind_codes(kinds: list[str], position: NDArray[np.int64]) -> NDArray[np.int32]:
    unknown = set(kinds).difference(KIND_CODES)
    if unknown:
        place = next(place for place, kind in enumerate(kinds) if kind in unknown)
        raise FactTableError(unreadable_fact(int(position[place]), unknown_kind(kinds[place])))
    return np.fromiter(map(KIND_CODES.__getitem__, kinds), dtype=np.int32, count=len(kinds))


def _table(parts: list[Columns], words: WordCodes, ids: NDArray[np.int64], keys: tuple[SubjectKey, ...]) -> FactTable:
    columns: Columns = {}
    for name in (*_NUMBERS[1:], *_TEXTS, *_RARE):
        own = [part.pop(name) for part in parts]
        columns[name] = np.concatenate(own) if own else np.zeros(0, dtype=np.int64 if name in _LONG else np.int32)
    subject_ids = columns.pop("subject_id")
    row_of_id = np.full(int(max(ids.max(initial=0), subject_ids.max(initial=0))) + 1, -1, dtype=np.int32)
    row_of_id[ids] = np.arange(len(ids), dtype=np.int32)
    row = row_of_id[subject_ids]
    table = FactTable(subjects=keys, words=words.words, row=row, **columns)
    return table if (row >= 0).all() else table.taken(row >= 0)
