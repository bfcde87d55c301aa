"""From a table's texts to the typed rows of an import, each fault with the line and column of its cell (docs/records.md, Importing)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from planner.exchange.column_names import header_faults
from planner.exchange.fact_texts import PLAIN_COLUMNS, FactTextError, FactTexts, iso_date, missed_reason, subject_id
from planner.exchange.table import Table, TableRow
from planner.protocol.errors import nearest
from planner.protocol.plan import Plan
from planner.protocol.said import said
from planner.records.facts.reasons import ReasonError, require_reason
from planner.records.imports.rows import CellFault, DateFile, DateRow, SubjectFile, SubjectRow

SUBJECT_COLUMNS = tuple("site" if column == "calendar" else column for column in PLAIN_COLUMNS)
"""Those of a cohort file, but the calendar is the site's."""
DATE_COLUMNS = ("subject", "visit", "date", "study", "status", "reason")
STATUSES = ("done", "missed")

_MISSING = {
    "subject": said("the subject number is missing; of merged cells only the first has a value: split them and fill each"),
    "visit": said("the visit is missing; give its id, such as C3D1. Of merged cells only the first has a value"),
    "start": said("the start date is missing; give the day of cycle 1 day 1 as YYYY-MM-DD"),
    "date": said("the date is missing; give it as YYYY-MM-DD, or write missed in a column status"),
}


class ImportFileError(ValueError):
    """A file whose header cannot be used; ``faults`` lists what is wrong in it, by place."""

    def __init__(self, faults: Sequence[CellFault]) -> None:
        """Keep all faults."""
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(f"{fault.line}:{fault.column}: {fault.message}" for fault in self.faults))


def read_subjects(table: Table, plan: Plan) -> SubjectFile:
    """The subjects of a file, one per row, each with its facts; whether the protocol takes these is asked later.

    Raises ImportFileError.
    """
    columns = _columns(table, list(header_faults(table.header.line, table.header.cells, plan, SUBJECT_COLUMNS, ("subject", "start"))))
    redo = frozenset(visit for visit, slots in plan.slots_by_id.items() if any(plan.slots[index].redo for index in slots))
    read = _Faults(table)
    rows = tuple(found for row in table.rows if (found := _subject_row(row, columns, redo, read)) is not None)
    return SubjectFile(columns, rows, read.sorted())


def read_dates(table: Table) -> DateFile:
    """What happened to visits, one visit of one subject per row. Raises ImportFileError."""
    columns = _columns(table, _date_header_faults(table.header))
    read = _Faults(table)
    rows = tuple(found for row in table.rows if (found := _date_row(row, columns, read)) is not None)
    return DateFile(columns, rows, read.sorted())


class _Faults:
    """Collects faults, beginning with those of the table itself; a cell has one."""

    def __init__(self, table: Table) -> None:
        self._of_cell = {(fault.line, fault.column): fault for fault in table.faults}
        self._of_line: dict[int, set[int]] = defaultdict(set)
        for line, column in self._of_cell:
            self._of_line[line].add(column)

    def add(self, line: int, column: int, message: str) -> None:
        self._of_cell.setdefault((line, column), CellFault(line, column, message))
        self._of_line[line].add(column)

    def columns_of(self, line: int) -> set[int]:
        return self._of_line.get(line, set())

    def sorted(self) -> tuple[CellFault, ...]:
        return tuple(sorted(self._of_cell.values()))


def _columns(table: Table, faults: list[CellFault]) -> Mapping[str, int]:
    """Where each column stands. Raises ImportFileError for any fault of the header, and for a table without rows."""
    faults += [fault for fault in table.faults if fault.line == table.header.line]
    if not faults and not table.rows:
        faults.append(CellFault(table.header.line, 1, said("there is no row below the header; nothing is to be imported")))
    if faults:
        raise ImportFileError(faults)
    return {column: number for number, column in enumerate(table.header.cells, start=1)}


def _fits_header(row: TableRow, width: int, read: _Faults) -> bool:
    if len(row.cells) == width:
        return True
    where = min(len(row.cells), width) + 1
    read.add(row.line, where, said("the row has {count} cells, the header has {width}; make them alike", count=len(row.cells), width=width))
    return False


# --- subjects -------------------------------------------------------------------------------------------------


def _subject_row(row: TableRow, columns: Mapping[str, int], redo: frozenset[str], read: _Faults) -> SubjectRow | None:
    """The row's facts; None where it has no subject or start, without which nothing else can be judged."""
    if not _fits_header(row, len(columns), read):
        return None
    texts = FactTexts(redo.__contains__)
    site = ""
    for column, number in columns.items():
        text = row.cells[number - 1]
        if number in read.columns_of(row.line):
            continue
        if not text:
            if column in ("subject", "start"):
                read.add(row.line, number, said("{column}: {message}", column=column, message=_MISSING[column]))
        elif column == "site":
            site = text
        else:
            try:
                if column.startswith("missed.") and missed_reason(text):
                    require_reason(text)
                texts.add(column, text)
            except (FactTextError, ReasonError) as error:
                read.add(row.line, number, said("{column}: {message}", column=column, message=str(error)))
    bad = read.columns_of(row.line)
    unread = frozenset(column for column, number in columns.items() if number in bad)
    if any(number > len(columns) for number in bad) or unread & {"subject", "start", "site"}:
        return None
    return SubjectRow(row.line, site, texts.facts(), unread)


# --- dates ----------------------------------------------------------------------------------------------------


def _date_header_faults(header: TableRow) -> list[CellFault]:
    faults = []
    for number, column in enumerate(header.cells, start=1):
        if not column:
            faults.append(CellFault(header.line, number, said("this column has no name; name it, or delete it")))
        elif column in header.cells[: number - 1]:
            faults.append(CellFault(header.line, number, said("the column {column} is there already; keep one", column=column[:40])))
        elif column not in DATE_COLUMNS:
            near = nearest(column, DATE_COLUMNS)
            hint = (
                said("did you mean {near}?", near=near)
                if near
                else said("the columns are {date_columns}", date_columns=tuple(DATE_COLUMNS))
            )
            faults.append(CellFault(header.line, number, said("there is no such column; {hint}", hint=hint)))
    near_ones = [nearest(column, DATE_COLUMNS) for column in header.cells if column not in DATE_COLUMNS]
    for column in ("subject", "visit", "date"):
        if column not in header.cells and column not in near_ones:
            faults.append(CellFault(header.line, 1, said("there is no column {column}; it must be there", column=column)))
    return faults


def _date_row(row: TableRow, columns: Mapping[str, int], read: _Faults) -> DateRow | None:
    if not _fits_header(row, len(columns), read):
        return None
    texts = {column: row.cells[number - 1] for column, number in columns.items()}
    status = texts.get("status") or "done"
    found = _DateCells(row.line, columns, read)
    study, subject = found.subject(texts["subject"], texts.get("study", ""))
    found.require("visit", texts["visit"])
    if len(texts["visit"]) > 60 or not texts["visit"].isprintable():
        found.fault("visit", said("this is no visit; give its id, such as C3D1"))
    if status not in STATUSES:
        found.fault("status", said("a visit is done or missed; write one of these, or leave the cell empty for done"))
    day = None
    if status == "missed" and texts["date"]:
        found.fault("date", said("a missed visit has no date; empty this cell, or write done"))
    elif status == "done":
        day = found.day(texts["date"])
    found.reason(texts.get("reason", ""))
    if read.columns_of(row.line):
        return None
    return DateRow(row.line, study, subject, texts["visit"], day, texts.get("reason", ""))


class _DateCells:
    """Reads the cells of one row, and notes the faults."""

    def __init__(self, line: int, columns: Mapping[str, int], read: _Faults) -> None:
        self._line, self._columns, self._read = line, columns, read

    def fault(self, column: str, message: str) -> None:
        self._read.add(self._line, self._columns[column], said("{column}: {message}", column=column, message=message))

    def require(self, column: str, text: str) -> None:
        if not text:
            self.fault(column, _MISSING[column])

    def subject(self, text: str, study: str) -> tuple[str, str]:
        """Study and number; the number may be written as STUDY/NUMBER."""
        self.require("subject", text)
        named, mark, number = text.rpartition("/")
        if mark and study and named != study:
            self.fault("subject", said("this names another study than the column study; keep one of them"))
        if text:
            try:
                subject_id(number)
            except FactTextError as error:
                self.fault("subject", str(error))
        return (study or named), number

    def day(self, text: str) -> date | None:
        self.require("date", text)
        try:
            return iso_date(text) if text else None
        except FactTextError as error:
            self.fault("date", str(error))
            return None

    def reason(self, text: str) -> None:
        try:
            if text:
                require_reason(text)
        except ReasonError as error:
            self.fault("reason", str(error))
