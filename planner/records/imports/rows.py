"""What an import brings: the rows of a file, read and typed, each with the place it came from. planner.exchange.import_file makes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from planner.schedule.facts import SubjectFacts


@dataclass(frozen=True, slots=True, order=True)
class CellFault:
    """What is wrong in one cell; ``line`` counts lines of the file, ``column`` cells of the row, both from 1."""

    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """One subject with all facts that its row gives; ``facts.subject`` is the number, ``site`` is "" where the file names none."""

    line: int
    site: str
    facts: SubjectFacts
    unread: frozenset[str] = frozenset()
    """Columns whose cell could not be read, so that the fact is not among ``facts``."""


@dataclass(frozen=True, slots=True)
class SubjectFile:
    """The subjects of a file, all of one protocol."""

    columns: Mapping[str, int]
    """Where a column (``actual.C3D1``) stands, from 1."""
    rows: tuple[SubjectRow, ...]
    """By line; a row whose subject or start cannot be read is among ``faults`` alone."""
    faults: tuple[CellFault, ...] = ()
    """Cells that could not be read."""


@dataclass(frozen=True, slots=True)
class DateRow:
    """What happened to one visit of one subject: done on ``day``, or missed where that is None."""

    line: int
    study: str
    """A study code, or "" where the row names none."""
    subject: str
    visit: str
    day: date | None
    reason: str = ""
    """A code of ``planner.records.facts.reasons.REASONS``, or ""."""


@dataclass(frozen=True, slots=True)
class DateFile:
    """The visits of a file."""

    columns: Mapping[str, int]
    """Where ``subject``, ``visit`` and so on stand, from 1."""
    rows: tuple[DateRow, ...]
    """By line; rows with a cell that could not be read are left out."""
    faults: tuple[CellFault, ...] = ()
    """Cells that could not be read."""
