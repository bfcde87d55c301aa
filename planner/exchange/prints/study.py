"""A study's schedule of activities as a print: the matrix in parts that fit a page, and the timing of each visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from planner.exchange.activity_matrix import ALWAYS, ActivityMatrix, VisitColumn, activity_matrix
from planner.exchange.prints.day_names import PrintLanguage
from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.exchange.prints.words import PrintWords, print_words
from planner.protocol.model import Protocol

MOST_COLUMNS = 10
"""Visits side by side on one page."""


@dataclass(frozen=True, slots=True)
class EpochHeading:
    """An epoch above ``span`` columns."""

    name: str
    span: int


@dataclass(frozen=True, slots=True)
class ColumnHeading:
    """A visit above its column."""

    visit: str
    name: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """An activity; ``marks`` has one text for each column: "", ``X``, or ``X`` and the number of a condition."""

    label: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatrixPart:
    """Columns that fit on one page, with the activities that any of them has."""

    epochs: tuple[EpochHeading, ...]
    columns: tuple[ColumnHeading, ...]
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True)
class TimedVisit:
    """One line of the table of visits."""

    visit: str
    name: str
    epoch: str
    timing: str
    window: str
    when: str


@dataclass(frozen=True, slots=True)
class StudyPrint:
    """The schedule of activities, ready to be set."""

    language: PrintLanguage
    document_title: str
    study: str
    study_title: str
    version: str
    registry: str
    footer: str
    parts: tuple[MatrixPart, ...]
    conditions: tuple[str, ...]
    visits: tuple[TimedVisit, ...]
    words: Mapping[str, str]


def study_print(protocol: Protocol, language: PrintLanguage) -> StudyPrint:
    """The schedule of activities of a protocol; labels in the print's language, timing and conditions in the file's notation."""
    builder = _Builder(protocol, language)
    words = builder.words
    study = protocol.id.upper()
    return StudyPrint(
        language=language,
        document_title=words.said("study_document", study=study, version=protocol.version),
        study=study,
        study_title=builder.texts.title(),
        version=protocol.version,
        registry=protocol.registry or "",
        footer=f"{study} · {words.said('version')} {protocol.version}",
        parts=tuple(map(builder.part, builder.pages())),
        conditions=tuple(builder.notes),
        visits=tuple(map(builder.timed, builder.matrix.columns)),
        words=words.texts,
    )


class _Builder:
    def __init__(self, protocol: Protocol, language: PrintLanguage) -> None:
        self.words: PrintWords = print_words(language)
        self.texts = ProtocolTexts(protocol, language)
        self.matrix: ActivityMatrix = activity_matrix(protocol)
        self.epochs = {shape.epoch for visit in protocol.visits for shape in (visit.first, visit.then)}
        self.notes: dict[str, int] = {}
        """A condition to its number, in the order of the pages."""

    def pages(self) -> list[list[VisitColumn]]:
        """The columns of each page: whole epochs where they fit."""
        pages: list[list[VisitColumn]] = []
        for _, group in groupby(self.matrix.columns, key=lambda column: column.epoch):
            epoch = list(group)
            if pages and len(pages[-1]) + len(epoch) <= MOST_COLUMNS:
                pages[-1].extend(epoch)
            else:
                pages.extend(epoch[start : start + MOST_COLUMNS] for start in range(0, len(epoch), MOST_COLUMNS))
        return pages

    def part(self, columns: Sequence[VisitColumn]) -> MatrixPart:
        """The page of these columns."""
        rows = []
        for place, (activity, _) in enumerate(self.matrix.activities):
            marks = tuple(self._mark(column.marks[place]) for column in columns)
            if any(marks):
                rows.append(MatrixRow(self.texts.activity(activity), marks))
        epochs = tuple(EpochHeading(self._epoch(name), len(list(group))) for name, group in groupby(column.epoch for column in columns))
        return MatrixPart(epochs, tuple(ColumnHeading(self._visit(column), self._name(column)) for column in columns), tuple(rows))

    def timed(self, column: VisitColumn) -> TimedVisit:
        """A visit's line."""
        return TimedVisit(self._visit(column), self._name(column), self._epoch(column.epoch), column.timing, column.window, column.when)

    def _visit(self, column: VisitColumn) -> str:
        """A visit's id; of a series whose members differ, the first or the later ones."""
        visit, mark, which = column.visit.partition(" ")
        return f"{visit} {self.words.said(f'series_{which}')}" if mark else visit

    def _mark(self, mark: str) -> str:
        if mark in ("", ALWAYS):
            return mark
        return f"{ALWAYS} {self.notes.setdefault(mark, len(self.notes) + 1)}"

    def _epoch(self, epoch: str) -> str:
        return self.texts.epoch(epoch) if epoch in self.epochs else self.words.said("companion")

    def _name(self, column: VisitColumn) -> str:
        definition = column.visit.partition(" ")[0]
        return self.texts.visit_name(definition, column.name)
