"""The list of subjects as an HTML table, each number a link to the subject's page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from planner.records.facts.fact import SubjectKey
from planner.records.lists.subject_list import IN_STUDY, SubjectLine
from planner.ui.language import t
from planner.ui.places import subject_address
from planner.ui.subjects.wanted import WITH_OVERDUE
from planner.ui.words import short_date, status_word

_NONE = "–"


def state_word(state: str) -> str:
    """Where a subject stands, in the language of the page."""
    return {
        IN_STUDY: t("in the study"),
        "withdrawn": t("withdrawn"),
        "died": t("died"),
        "lost": t("lost to follow-up"),
        "screen_failure": t("screen failure"),
        WITH_OVERDUE: t("with overdue visits"),
    }[state]


def listing_html(lines: Iterable[SubjectLine]) -> str:
    """The table; cards where there is little room (``list_table.css``)."""
    heads = (t("Subject"), t("Next visit"), t("Date"), t("Status"), t("Overdue visits"), t("State"), t("Start"), t("Version"))
    head = "".join(f'<th role="columnheader" scope="col">{escape(text)}</th>' for text in heads)
    body = "".join(_row(line, heads) for line in lines)
    return (
        f'<table class="list" role="table"><caption class="unseen">{escape(t("Subjects"))}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _row(line: SubjectLine, heads: Sequence[str]) -> str:
    cells = (
        f"<b>{escape(line.next_visit)}</b>" if line.next_visit else _NONE,
        escape(short_date(line.next_date)) if line.next_date else _NONE,
        f'<b class="state {line.next_status}">{escape(status_word(line.next_status))}</b>' if line.next_status else _NONE,
        f'<b class="state overdue">{line.overdue}</b>' if line.overdue else _NONE,
        escape(state_word(line.state)),
        escape(short_date(line.start)),
        escape(line.version),
    )
    columns = "".join(
        f'<td role="cell" data-head="{escape(head, quote=True)}">{cell}</td>' for head, cell in zip(heads[1:], cells, strict=True)
    )
    return f'<tr role="row"><th role="rowheader" scope="row">{_link(line)}</th>{columns}</tr>'


def _link(line: SubjectLine) -> str:
    subject = SubjectKey(line.study, line.subject)
    address, followed = escape(subject_address(subject), quote=True), escape(str(subject), quote=True)
    where = f"{line.site} · {line.study}"
    return f'<a href="{address}" data-follow="{followed}">{escape(line.subject)}</a><span class="small">{escape(where)}</span>'
