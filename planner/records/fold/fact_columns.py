"""The log as columns: every question about many subjects is a numpy step over these, never a loop over facts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.protocol.said import said
from planner.records.errors import RecordsError
from planner.records.facts.chain import details_text
from planner.records.facts.fact import ADMINISTRATION, Fact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.facts.moments import microseconds
from planner.schedule.days import NO_DAY, Days, day_number

Codes = NDArray[np.int32]

KINDS: tuple[Kind, ...] = tuple(Kind)
"""What the codes of ``FactTable.kind`` stand for."""
KIND_CODES: Mapping[str, int] = {kind.value: code for code, kind in enumerate(KINDS)}
"""A kind to its code in ``FactTable.kind``."""


class FactTableError(RecordsError, RuntimeError):
    """The log is not as it must stand in the database; the message says what is wrong."""


@dataclass(frozen=True, eq=False)
class FactTable:
    """Facts of many subjects, one entry per fact in every array; facts of one row stand in the order of their numbers.

    A subject may have several rows (``prefixes``), so a row is asked for by its index, not by its subject.
    """

    subjects: tuple[SubjectKey, ...]
    """The subject of each row."""
    words: tuple[str, ...]
    """What ``item``, ``value``, ``details`` and ``reason`` stand for; the first is ""."""
    row: Codes
    """Index into ``subjects``."""
    number: Codes
    kind: Codes
    """Index into ``KINDS``."""
    item: Codes
    day: Days
    """``NO_DAY`` for none, as in ``until_day``."""
    until_day: Days
    value: Codes
    replaces: Codes
    """The number of the fact that this one replaces, 0 for none."""
    refers: Codes
    """The number of the fact that this one is about, 0 for none."""
    details: Codes
    """The text of ``planner.records.facts.chain.details_text``, as a word."""
    reason: Codes
    recorded_at: NDArray[np.int64]
    """Microseconds since 1970-01-01 UTC."""

    def __len__(self) -> int:
        """How many facts."""
        return len(self.row)

    def taken(self, which: NDArray[np.intp] | NDArray[np.bool_]) -> FactTable:
        """These facts, by index or mask, with the same rows and words."""
        return replace(self, **{name: getattr(self, name)[which] for name in COLUMNS})

    def of_row(self, row: int) -> FactTable:
        """The facts of one row, as a table with this one row."""
        facts = self.taken(np.flatnonzero(self.row == row))
        return replace(facts, subjects=(self.subjects[row],), row=np.zeros(len(facts), dtype=np.int32))

    def details_of(self, word: int) -> dict[str, Any]:
        """The details that a code of ``details`` stands for. Raises FactTableError for a text that is none."""
        text = self.words[word]
        try:
            return dict(json.loads(text)) if text else {}
        except (ValueError, TypeError, RecursionError):
            raise FactTableError(said("The log holds a fact whose details cannot be read. Run `audit verify`, which names it.")) from None


COLUMNS = tuple(entry.name for entry in fields(FactTable) if entry.name not in ("subjects", "words"))
"""The names of the arrays."""


class _Codes(dict[str, int]):
    """A text that is not there yet is given the next number when it is asked for."""

    def __missing__(self, text: str) -> int:
        code = self[text] = len(self)
        return code


class WordCodes:
    """Gives each distinct text a code, in the order in which they come; "" is 0."""

    def __init__(self) -> None:
        """Begin with "" alone."""
        self._codes = _Codes({"": 0})

    def coded(self, texts: Sequence[str]) -> Codes:
        """The codes of these texts; texts not seen before get new ones."""
        return np.fromiter(map(self._codes.__getitem__, texts), dtype=np.int32, count=len(texts))

    @property
    def words(self) -> tuple[str, ...]:
        """All texts, by code."""
        return tuple(self._codes)


def fact_table(facts: Iterable[Fact]) -> FactTable:
    """The table of these facts (few: a subject's page, a test); those of the administration log are left out.

    Rows are the subjects in the order in which they first appear.
    """
    own = sorted((fact for fact in facts if fact.subject != ADMINISTRATION), key=lambda fact: fact.position)
    rows = {subject: row for row, subject in enumerate(dict.fromkeys(fact.subject for fact in own))}
    words = WordCodes()
    said = [fact.said for fact in own]
    return FactTable(
        subjects=tuple(rows),
        row=_numbers(rows[fact.subject] for fact in own),
        number=_numbers(fact.number for fact in own),
        kind=_numbers(KIND_CODES[new.kind] for new in said),
        item=words.coded([new.item for new in said]),
        day=_numbers(NO_DAY if new.day is None else day_number(new.day) for new in said),
        until_day=_numbers(NO_DAY if new.until_day is None else day_number(new.until_day) for new in said),
        value=words.coded([new.value for new in said]),
        replaces=_numbers(new.replaces or 0 for new in said),
        refers=_numbers(new.refers or 0 for new in said),
        details=words.coded([details_text(new.details) for new in said]),
        reason=words.coded([new.reason for new in said]),
        recorded_at=np.array([microseconds(fact.recorded_at) for fact in own], dtype=np.int64),
        words=words.words,
    )


def _numbers(values: Iterable[int | np.int32]) -> Codes:
    return np.fromiter(values, dtype=np.int32)
