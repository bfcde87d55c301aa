"""The lines of the worklist as HTML: a table with the acts as real buttons in each line, which becomes cards where there is little room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import parse_qsl, urlencode

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.records.facts.fact import SubjectKey
from planner.ui.language import language, t
from planner.ui.places import subject_address
from planner.ui.words import KIND_SIGNS, kind_word, status_words
from planner.ui.worklist_lines import Act, Line
from planner.ui.worklist_words import act_label, date_words, flag_words, waiting_words, why_words, window_of

OPEN = Act("open", "")
"""What every line offers: the visit on the subject's page."""


def worklist_html(lines: Sequence[Line]) -> str:
    """The table."""
    heads = (t("Subject"), t("Visit"), t("Day"), t("Window"), t("Status"), t("Behind it"), t("To do"))
    head = "".join(f'<th role="columnheader" scope="col">{escape(text)}</th>' for text in heads)
    texts = {id(line.protocol): ProtocolTexts(line.protocol, language()) for line in lines}
    body = "".join(_line_html(line, texts[id(line.protocol)], heads) for line in lines)
    return (
        f'<table class="list worklist" role="table"><caption class="unseen">{escape(t("Worklist"))}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def act_value(line: Line, act: Act) -> str:
    """What a pressed button says of itself."""
    return urlencode({"study": line.subject.study, "subject": line.subject.number, "visit": line.row.visit, "entry": act.entry})


def pressed(value: str) -> tuple[SubjectKey, str, str]:
    """The subject, the visit and the entry that a button named."""
    said = dict(parse_qsl(value))
    return SubjectKey(said.get("study", ""), said.get("subject", "")), said.get("visit", ""), said.get("entry", "")


def _line_html(line: Line, texts: ProtocolTexts, heads: Sequence[str]) -> str:
    row = line.row
    cells = (
        _visit_html(line, texts),
        _stacked(date_words(line)),
        escape(window_of(line)),
        f'<b class="state {row.status}">{escape(status_words(row))}</b>{_small([*why_words(line), *flag_words(line)])}',
        escape(waiting_words(line)) or f'<span aria-hidden="true">–</span><span class="unseen">{escape(t("no visit waits"))}</span>',
        f'<div class="acts">{"".join(_button(line, act) for act in (*line.acts, OPEN))}</div>',
    )
    columns = "".join(
        f'<td role="cell" data-head="{escape(head, quote=True)}">{cell}</td>' for head, cell in zip(heads[1:], cells, strict=True)
    )
    return f'<tr role="row" class="urgent-{row.status}"><th role="rowheader" scope="row">{_subject_html(line)}</th>{columns}</tr>'


def _subject_html(line: Line) -> str:
    to = escape(subject_address(line.subject, visit=line.row.visit), quote=True)
    where = f"{line.site} · {line.subject.study}"
    return f'<a href="{to}" target="_self">{escape(line.subject.number)}</a><span class="small">{escape(where)}</span>'


def _visit_html(line: Line, texts: ProtocolTexts) -> str:
    row = line.row
    sign = f'<span aria-hidden="true">{KIND_SIGNS[row.kind]}</span><span class="unseen">{escape(kind_word(row.kind))}</span>'
    return f'{sign} <b>{escape(row.visit)}</b> <span class="name">{escape(texts.visit(row))}</span>'


def _button(line: Line, act: Act) -> str:
    label, about = act_label(act.name), f"{line.subject.number} {line.row.visit}"
    focus = f"{act.name} {line.subject} {line.row.visit}"
    return (
        f'<button type="button" class="act {act.name}" data-choose="{act.name}" data-value="{escape(act_value(line, act), quote=True)}" '
        f'data-focus="{escape(focus, quote=True)}">{escape(label)}<span class="unseen"> {escape(about)}</span></button>'
    )


def _stacked(texts: Iterable[str]) -> str:
    return "".join(f"<div>{escape(text)}</div>" for text in texts)


def _small(texts: Iterable[str]) -> str:
    return "".join(f'<span class="small">{escape(text)}</span>' for text in texts)
