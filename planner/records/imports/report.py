"""From what was found about each subject to the report of the file, line by line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Connection

from planner.protocol.said import said
from planner.records.facts.fact import SubjectKey
from planner.records.facts.wording import in_words
from planner.records.imports.check import CheckedSubject
from planner.records.imports.plan import ImportPlan, PlannedRow, RowState, SiteAct
from planner.records.imports.rows import CellFault
from planner.records.store.log import read_facts


def contradictions(connection: Connection, found: CheckedSubject) -> Iterator[CellFault]:
    """The sentences about what the log says otherwise: which fact, by whom and when."""
    if not found.otherwise:
        return
    facts = {fact.number: fact for fact in read_facts(connection, found.key)}
    for one, number in found.otherwise:
        fact = facts[number]
        told = said(
            "{in_words} is recorded (fact {number}, by {who} on {recorded_at:%Y-%m-%d})",
            in_words=in_words(fact.said),
            number=number,
            who=fact.who,
            recorded_at=fact.recorded_at,
        )
        yield one.fault(said("{told}; if the file is right, correct that fact, else mend this row", told=told))


def report(
    subjects: Mapping[int, SubjectKey], what: Mapping[int, str], written: Iterable[int], faults: Iterable[CellFault]
) -> tuple[PlannedRow, ...]:
    """One row per line of the file: ``subjects`` and ``what`` by line, the lines of which something is ``written``, and all faults."""
    of_line: dict[int, list[CellFault]] = defaultdict(list)
    for fault in faults:
        of_line[fault.line].append(fault)
    new = set(written)
    return tuple(
        PlannedRow(
            line,
            str(subjects[line]) if line in subjects else "",
            what.get(line, ""),
            RowState.REFUSED if line in of_line else RowState.NEW if line in new else RowState.RECORDED,
            tuple(sorted(set(of_line.get(line, ())))),
        )
        for line in sorted({*what, *of_line})
    )


def planned(rows: tuple[PlannedRow, ...], acts: Sequence[SiteAct], protocol_text: str = "") -> ImportPlan:
    """The plan with these rows; where one is refused, nothing is to be written."""
    refused = any(row.state is RowState.REFUSED for row in rows)
    return ImportPlan(rows, () if refused else tuple(acts), "" if refused or not acts else protocol_text)
