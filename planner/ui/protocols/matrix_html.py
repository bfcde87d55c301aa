"""The schedule of activities as tables that fit the screen, one for each part of the print, with the origin of each visit's rules."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import islice

from planner.exchange.activity_matrix import VisitColumn, activity_matrix
from planner.exchange.prints.study import MatrixPart, StudyPrint
from planner.protocol.model import Protocol
from planner.ui.language import t
from planner.ui.protocols.rule_words import when_words
from planner.ui.protocols.source_marks import SIGNS, SourcedRow, origin_word, origins, rows_of
from planner.ui.words import listed

_ALWAYS = "X"


def matrix_html(study: StudyPrint, protocol: Protocol) -> str:
    """The parts of a protocol's print beneath one another, and what the numbers stand for."""
    columns, rows = activity_matrix(protocol).columns, rows_of(protocol)
    sourced = iter([_rows_of(column, rows) for column in columns])
    parts = "".join(
        _part(part, number, len(study.parts), [_head(protocol, each) for each in islice(sourced, len(part.columns))])
        for number, part in enumerate(study.parts, start=1)
    )
    return parts + _conditions(study)


def _rows_of(column: VisitColumn, rows: Sequence[SourcedRow]) -> list[SourcedRow]:
    """The rows that a column stands for: one, or both of a series whose members look alike in the matrix."""
    visit, _, which = column.visit.partition(" ")
    return [row for row in rows if row.visit.id == visit and (not which or row.which == which)]


def _part(part: MatrixPart, number: int, of: int, heads_below: Sequence[str]) -> str:
    name = t("Schedule of activities, part {number} of {of}", number=number, of=of) if of > 1 else t("Schedule of activities")
    epochs = "".join(f'<th scope="colgroup" colspan="{epoch.span}">{escape(epoch.name)}</th>' for epoch in part.epochs)
    heads = "".join(
        f'<th scope="col">{escape(column.visit)}<span class="name">{escape(column.name)}</span>{below}</th>'
        for column, below in zip(part.columns, heads_below, strict=True)
    )
    body = "".join(
        f'<tr><th scope="row">{escape(row.label)}</th>{"".join(f"<td>{_mark(mark)}</td>" for mark in row.marks)}</tr>' for row in part.rows
    )
    label, activity = escape(name, quote=True), escape(t("Activity"))
    return (
        f'<div class="text-table matrix" role="region" tabindex="0" aria-label="{label}"><table><caption>{label}</caption>'
        f'<thead><tr><td></td>{epochs}</tr><tr><th scope="col">{activity}</th>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _mark(mark: str) -> str:
    if not mark:
        return ""
    shown, _, number = mark.partition(" ")
    sign = "✕" if shown == _ALWAYS else escape(shown)
    note = f"<sup>{escape(number)}</sup>" if number else ""
    return f'<span aria-hidden="true">{sign}</span><span class="unseen">{escape(t("done"))}</span>{note}'


def _head(protocol: Protocol, rows: Sequence[SourcedRow]) -> str:
    """What stands in a column's head below its name: on what it hangs, and where its rules come from."""
    conditions = dict.fromkeys(when_words(protocol, row.shape) for row in rows)
    hangs = "".join(f'<span class="name">{escape(text)}</span>' for text in conditions if text)
    return hangs + _origin(rows)


def _origin(rows: Sequence[SourcedRow]) -> str:
    """The weakest origin of a column's rules, by its sign and word."""
    found = {origin for row in rows for origin in origins(row).values()}
    weakest = next((origin for origin in ("assumed", "", "registry", "stated") if origin in found), "")
    said = origin_word(weakest)
    return f'<span class="origin">{escape(said if found == {weakest} else t("partly {origin}", origin=said))}</span>'


def _conditions(study: StudyPrint) -> str:
    if not study.conditions:
        return ""
    lines = "".join(f"<li>{escape(condition)}</li>" for condition in study.conditions)
    about = escape(t("A number: only under this condition (in the notation of the file)"))
    return f'<p class="matrix-notes">{about}</p><ol class="matrix-notes">{lines}</ol>'


def legend() -> str:
    """What the signs of origin mean, in one line."""
    return listed(origin_word(origin) for origin in SIGNS)
