"""What is in store for many subjects as a table: a line for each, with a button that shows all its visits before and after."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from planner.records.changes.impact import SubjectImpact
from planner.ui.language import t
from planner.ui.words import days_counted

SHOW = "show"
"""What the buttons choose; the value is the subject."""


def impact_table(caption: str, lines: Sequence[SubjectImpact]) -> str:
    """The table; ``caption`` says what would do it."""
    heads = (
        t("Subject"),
        t("Visits that move"),
        t("Furthest move"),
        t("Other changes"),
        t("Bookings that no longer fit"),
        t("Recorded facts that no longer fit"),
        t("Gets worse"),
        t("To do"),
    )
    head = "".join(f'<th role="columnheader" scope="col">{escape(text)}</th>' for text in heads)
    body = "".join(_line(line, heads) for line in lines)
    return (
        f'<table class="list" role="table"><caption class="unseen">{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _line(line: SubjectImpact, heads: Sequence[str]) -> str:
    cells = (
        _number(line.moved),
        _furthest(line.furthest),
        _number(line.changed - line.moved),
        _number(line.bookings, alarming=True),
        _number(line.unfit, alarming=True),
        _number(line.worse, alarming=True),
        _button(line),
    )
    columns = "".join(
        f'<td role="cell" data-head="{escape(name, quote=True)}">{cell}</td>' for name, cell in zip(heads[1:], cells, strict=True)
    )
    subject = f'{escape(line.subject.number)}<span class="small">{escape(line.site)}</span>'
    return f'<tr role="row"><th role="rowheader" scope="row">{subject}</th>{columns}</tr>'


def _number(number: int, *, alarming: bool = False) -> str:
    if not number:
        return "–"
    return f'<b class="state overdue">{number}</b>' if alarming else str(number)


def _furthest(days: int) -> str:
    if not days:
        return "–"
    count = days_counted(abs(days))
    return escape(t("{days} later", days=count) if days > 0 else t("{days} earlier", days=count))


def _button(line: SubjectImpact) -> str:
    value = escape(str(line.subject), quote=True)
    return (
        f'<div class="acts"><button type="button" class="act" data-choose="{SHOW}" '
        f'data-value="{value}" data-focus="{SHOW} {value}">{escape(t("Before and after"))}'
        f'<span class="unseen"> {escape(line.subject.number)}</span></button></div>'
    )
