"""Cohort files: CSV with one subject per row, read into facts, with the line and column of every cell that is wrong.

The columns are those of planner.exchange.fact_texts; docs/command-line.md lists them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from planner.exchange.column_names import header_faults
from planner.exchange.csv_table import CsvRow, CsvTable, csv_table
from planner.exchange.fact_texts import PLAIN_COLUMNS, FactTextError, FactTexts, follows_from
from planner.protocol.plan import Plan
from planner.protocol.said import said
from planner.records.imports.rows import CellFault
from planner.schedule.fact_faults import faults_of
from planner.schedule.facts import SubjectFacts

REQUIRED_COLUMNS = ("subject", "start")

_STANDS_IN = date(2026, 1, 1)
"""A start for rows whose own cannot be read, so that their other cells can be checked; such a row is bad whatever they hold."""


class CohortError(ValueError):
    """A cohort file whose header cannot be used; ``faults`` lists what is wrong in it."""

    def __init__(self, faults: list[CellFault]) -> None:
        """Keep all faults, by place."""
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(f"{fault.line}:{fault.column}: {fault.message}" for fault in self.faults))


@dataclass(slots=True)
class CohortRow:
    """One subject: its cells as written, and the facts in those that can be read; None where the row has not its cells."""

    line: int
    cells: tuple[str, ...]
    facts: SubjectFacts | None = None
    faults: list[CellFault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CohortFile:
    """All rows of a cohort file, good and bad, in file order."""

    table: CsvTable
    columns: tuple[str, ...]
    rows: tuple[CohortRow, ...]

    @property
    def faults(self) -> list[CellFault]:
        """Every fault of every row, by place."""
        return sorted(fault for row in self.rows for fault in row.faults)

    @property
    def good_rows(self) -> list[CohortRow]:
        """The rows without a fault."""
        return [row for row in self.rows if not row.faults]

    @property
    def bad_rows(self) -> list[CohortRow]:
        """The rows with a fault."""
        return [row for row in self.rows if row.faults]

    def column_of(self, fact: str) -> int:
        """The column (from 1) that gives a fact, that of the subject where none does."""
        return self.columns.index(fact if fact in self.columns else "subject") + 1

    def add_fault(self, row: CohortRow, fact: str, message: str) -> None:
        """Note a fault of a row at the column of a fact."""
        row.faults.append(CellFault(row.line, self.column_of(fact), said("{column}: {message}", column=fact, message=message)))


def read_cohort(content: bytes, plan: Plan) -> CohortFile:
    """The subjects in a cohort file, each fact read but not yet checked against the protocol (``check_cohort`` does that).

    Raises CsvError if it is no CSV, CohortError if its header cannot be used.
    """
    table = csv_table(content)
    columns = tuple(cell.strip() for cell in table.header.cells)
    faults = list(header_faults(table.header.line, columns, plan, PLAIN_COLUMNS, REQUIRED_COLUMNS))
    if faults:
        raise CohortError(faults)
    rows = tuple(_row(row, columns, plan) for row in table.rows)
    if not rows:
        raise CohortError([CellFault(table.header.line, 1, said("there is no subject below the header; give each subject a row"))])
    cohort = CohortFile(table, columns, rows)
    _note_repeated_subjects(cohort)
    return cohort


def check_cohort(cohort: CohortFile, plan: Plan, as_of: Callable[[SubjectFacts], date]) -> None:
    """Add to each row what the protocol refuses of its facts (R18), as of the subject's day."""
    for row in cohort.rows:
        if row.facts is None:
            continue
        unread = {cohort.columns[fault.column - 1] for fault in row.faults}
        for fault in faults_of(plan, row.facts, as_of(row.facts)):
            if not follows_from(fault.fact, unread):
                cohort.add_fault(row, fault.fact, fault.message)


def bad_rows_csv(cohort: CohortFile) -> Iterator[str]:
    """The bad rows as they were written, with a column ``error`` that says what is wrong; delimiter and byte order mark as in the file."""
    width = len(cohort.columns)

    def lines() -> Iterator[tuple[str, ...]]:
        yield (*cohort.table.header.cells, "error")
        for row in cohort.bad_rows:
            padded = (*row.cells, *[""] * (width - len(row.cells)))
            yield (*padded, " | ".join(fault.message for fault in sorted(row.faults)))

    yield from cohort.table.written_alike(lines())


def _row(row: CsvRow, columns: tuple[str, ...], plan: Plan) -> CohortRow:
    found = CohortRow(row.line, row.cells)
    if len(row.cells) != len(columns):
        where = min(len(row.cells), len(columns)) + 1
        found.faults.append(
            CellFault(
                row.line,
                where,
                said("the row has {count} cells, the header has {width}; make them alike", count=len(row.cells), width=len(columns)),
            )
        )
        return found
    texts = FactTexts(lambda visit: any(plan.slots[index].redo for index in plan.slots_by_id.get(visit, ())))
    for number, (column, cell) in enumerate(zip(columns, row.cells, strict=True), start=1):
        text = cell.strip()
        if not text and column not in REQUIRED_COLUMNS:
            continue
        try:
            if not text and column == "start":
                raise FactTextError(said("the start date is missing; give the day of cycle 1 day 1 as YYYY-MM-DD"))
            texts.add(column, text)
        except FactTextError as error:
            found.faults.append(CellFault(row.line, number, said("{column}: {message}", column=column, message=str(error))))
    found.facts = texts.facts(_STANDS_IN)
    return found


def _note_repeated_subjects(cohort: CohortFile) -> None:
    """Rows of one subject contradict each other, so each of them is bad."""
    at = cohort.columns.index("subject")
    rows_of: dict[str, list[CohortRow]] = defaultdict(list)
    for row in cohort.rows:
        if len(row.cells) > at and row.cells[at].strip():
            rows_of[row.cells[at].strip()].append(row)
    for rows in rows_of.values():
        for row in rows if len(rows) > 1 else ():
            others = tuple(str(other.line) for other in rows[:6] if other is not row)
            cohort.add_fault(row, "subject", said("this subject stands on line {others} too; give each subject one row", others=others))
