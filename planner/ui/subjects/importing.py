"""A file from elsewhere: read, and worked out row by row before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from planner.exchange.import_file import ImportFileError, read_dates, read_subjects
from planner.exchange.schedule_csv import table_csv, with_byte_order_mark
from planner.exchange.table import TableError
from planner.exchange.table_file import read_table
from planner.protocol.compile import compile_plan
from planner.protocol.library import protocol_path, protocol_text
from planner.protocol.read import read_protocol
from planner.records.caller import Caller
from planner.records.errors import RecordsError
from planner.records.facts.chain import content_hash
from planner.records.imports.dates import plan_dates
from planner.records.imports.plan import ImportPlan, PlannedRow, RowState
from planner.records.imports.rows import CellFault
from planner.records.imports.subjects import plan_subjects
from planner.ui.language import in_language, t
from planner.ui.words import listed

Holds = Literal["subjects", "dates"]
MOST_SHOWN = 100
"""Rows of a report that are shown at once; its file has all."""


class FileRefusedError(RecordsError):
    """A file that cannot be read as such a table; ``faults`` lists what is wrong, by place."""

    def __init__(self, faults: Sequence[CellFault]) -> None:
        """Keep all faults."""
        super().__init__(faults[0].message)
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a file holds, and how it is to be read."""

    holds: Holds
    protocol: str = ""
    """Of subjects: the name of the protocol that they follow."""
    study: str = ""
    """Of dates: the study of rows that name none."""
    sheet: str = ""
    """Of a workbook: this sheet instead of the first."""


def planned_import(connection: Connection, caller: Caller, content: bytes, asked: Asked) -> ImportPlan:
    """What importing the file would do; nothing is written. Raises FileRefusedError, NotAllowedError, ProtocolErrors."""
    try:
        table = read_table(content, asked.sheet)
        if asked.holds == "dates":
            return plan_dates(connection, caller, read_dates(table), asked.study)
        path = protocol_path(asked.protocol)
        text = protocol_text(path)
        return plan_subjects(connection, caller, read_subjects(table, compile_plan(read_protocol(text, str(path)))), text)
    except TableError as error:
        raise FileRefusedError([error.fault]) from None
    except ImportFileError as error:
        raise FileRefusedError(error.faults) from None


def protocol_hash(asked: Asked) -> str:
    """The hash of the text of the protocol that the subjects follow, as its file now is; "" for dates. Raises ProtocolErrors."""
    return content_hash(protocol_text(protocol_path(asked.protocol))) if asked.holds == "subjects" else ""


def fault_words(fault: CellFault) -> str:
    """Where and what: ``line 3, column 2: the date is missing``."""
    return t("line {line}, column {column}: {what}", line=fault.line, column=fault.column, what=in_language(fault.message))


def state_words(state: RowState) -> str:
    """What becomes of a row, with a sign."""
    return {
        RowState.NEW: t("+ new"),
        RowState.RECORDED: t("= already recorded"),
        RowState.REFUSED: t("✗ refused"),
    }[state]


def counts_words(plan: ImportPlan) -> str:
    """How many rows become what: ``3 + new, 1 = already recorded``."""
    said = {
        RowState.NEW: t("{number} new", number=plan.counts[RowState.NEW]),
        RowState.RECORDED: t("{number} already recorded", number=plan.counts[RowState.RECORDED]),
        RowState.REFUSED: t("{number} refused", number=plan.counts[RowState.REFUSED]),
    }
    return listed(said.values())


def report_columns() -> tuple[str, ...]:
    """The headings of the report."""
    return (t("Line"), t("Subject"), t("What"), t("What becomes of it"), t("Why it is refused"))


def shown_rows(plan: ImportPlan) -> list[PlannedRow]:
    """The rows to look at first: refused ones before the others, at most ``MOST_SHOWN``."""
    return sorted(plan.rows, key=lambda row: row.state is not RowState.REFUSED)[:MOST_SHOWN]


def report_line(row: PlannedRow) -> tuple[str, ...]:
    """A row of the file in the columns of the report."""
    why = "; ".join(fault_words(fault) for fault in row.faults)
    return (str(row.line), row.subject or "–", in_language(row.what) or "–", state_words(row.state), why or "–")


def report_csv(plan: ImportPlan) -> bytes:
    """The whole report as CSV, in the language of the page."""

    def lines() -> Iterator[tuple[str, ...]]:
        yield from map(report_line, plan.rows)

    return "".join(with_byte_order_mark(table_csv(report_columns(), lines()))).encode("utf-8")
