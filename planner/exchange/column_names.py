"""The header of a file of subjects: which columns there can be for a protocol, and what is wrong with one that is not among them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from planner.exchange.fact_texts import NAMED_COLUMNS
from planner.protocol.errors import nearest
from planner.protocol.plan import Plan
from planner.protocol.said import said
from planner.records.imports.rows import CellFault


def header_faults(line: int, columns: Sequence[str], plan: Plan, plain: Sequence[str], required: Collection[str]) -> Iterator[CellFault]:
    """Every fault of a header with these columns: unknown ones, repeated ones, and missing ones of those ``required``.

    ``plain`` are the columns whose name is the whole fact; beside them stand those of ``NAMED_COLUMNS`` with the plan's names.
    """
    seen: dict[str, int] = {}
    for number, column in enumerate(columns, start=1):
        message = _column_fault(column, plan, plain)
        if column in seen:
            message = said("the column {column} stands in column {seen} already; keep one", column=column, seen=seen[column])
        seen.setdefault(column, number)
        if message is not None:
            yield CellFault(line, number, message)
    for column in required:
        if column not in columns and not any(nearest(other, [column]) for other in columns if _column_fault(other, plan, plain)):
            yield CellFault(line, 1, said("there is no column {column}; it must be there", column=column))


def cut(text: str) -> str:
    """A text of a file as messages show it: printable, at most 40 characters."""
    shown = "".join(character if character.isprintable() else "?" for character in text)
    return f"{shown[:37]}..." if len(shown) > 40 else shown


def _column_fault(column: str, plan: Plan, plain: Sequence[str]) -> str | None:
    """Why a header's cell names no column, or None."""
    if not column:
        return said("this column has no name; name it, or delete it")
    kind, mark, name = column.partition(".")
    if column in plain:
        return None
    if not mark or kind not in NAMED_COLUMNS:
        forms = [*plain, *(f"{known}.{name or '<name>'}" for known in NAMED_COLUMNS)]
        near = nearest(column, forms)
        there = said(
            "the columns are {plain} and {named_columns}",
            plain=tuple(plain),
            named_columns=tuple(f"{known}.<name>" for known in NAMED_COLUMNS),
        )
        hint = said("did you mean {near}?", near=near) if near else there
        return said("there is no column {cut}; {hint}", cut=cut(column), hint=hint)
    known = _names(kind, plan)
    if name in known:
        return None
    near = nearest(name, known)
    what = NAMED_COLUMNS[kind].removeprefix("a ")
    hint = (
        said("did you mean {kind}.{near}?", kind=kind, near=near)
        if near
        else said("there is {known}, ...", known=tuple(known[:12]))
        if len(known) > 12
        else said("there is {known}", known=tuple(known))
        if known
        else ""
    )
    return said("the protocol has no {what} {cut}; {hint}", what=what, cut=cut(name), hint=hint or said("delete the column"))


def _names(kind: str, plan: Plan) -> list[str]:
    if kind == "set":
        return list(plan.parameters)
    if kind == "milestone":
        return list(plan.milestones)
    if kind == "decide":
        return list(plan.decisions)
    return list(plan.slots_by_id)
