"""The lines of the deviation ledger as HTML: a table, which becomes cards where there is little room."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from urllib.parse import parse_qsl, urlencode

from planner.protocol.model import Protocol
from planner.records.facts.fact import SubjectKey
from planner.records.lists.deviations import Deviation
from planner.ui.check_sentences import what_words
from planner.ui.deviation_words import (
    days_words,
    deviation_kind_word,
    deviation_name,
    deviation_status_word,
    judged_words,
    kind_of,
)
from planner.ui.language import t
from planner.ui.places import subject_address
from planner.ui.words import listed, short_date


def deviation_html(lines: Sequence[Deviation], protocols: Mapping[SubjectKey, Protocol], may_class: Callable[[str], bool]) -> str:
    """The table; ``protocols`` are the subjects' own, ``may_class`` says at which sites the person may class."""
    heads = (t("Subject"), t("Day"), t("Visit"), t("Deviation"), t("Judgement"), t("To do"))
    head = "".join(f'<th role="columnheader" scope="col">{escape(text)}</th>' for text in heads)
    allowed = {site: may_class(site) for site in {line.site for line in lines}}
    body = "".join(_line_html(line, protocols[subject_of(line)], heads, may_class=allowed[line.site]) for line in lines)
    return (
        f'<table class="list deviations" role="table"><caption class="unseen">{escape(t("Deviations"))}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def pressed(value: str) -> tuple[SubjectKey, str, str]:
    """The subject, the visit and the deviation's key that a button named."""
    said = dict(parse_qsl(value))
    return SubjectKey(said.get("study", ""), said.get("subject", "")), said.get("visit", ""), said.get("key", "")


def subject_of(line: Deviation) -> SubjectKey:
    """Whose deviation it is."""
    return SubjectKey(line.study, line.subject)


def _line_html(line: Deviation, protocol: Protocol, heads: Sequence[str], *, may_class: bool) -> str:
    cells = (
        escape(short_date(line.date)),
        f"<b>{escape(line.visit)}</b>" if line.visit else "–",
        f"<b>{escape(_kind_and_days(line))}</b><p>{escape(what_words(line, protocol))}</p>",
        f'<b class="state {line.status}">{escape(deviation_status_word(line.status))}</b>{_small(judged_words(line))}',
        f'<div class="acts">{_acts(line, may_class=may_class)}</div>',
    )
    columns = "".join(
        f'<td role="cell" data-head="{escape(head, quote=True)}">{cell}</td>' for head, cell in zip(heads[1:], cells, strict=True)
    )
    return f'<tr role="row"><th role="rowheader" scope="row">{_subject_html(line)}</th>{columns}</tr>'


def _kind_and_days(line: Deviation) -> str:
    return listed(text for text in (deviation_kind_word(kind_of(line)), days_words(line)) if text)


def _subject_html(line: Deviation) -> str:
    to = escape(subject_address(subject_of(line), visit=line.visit), quote=True)
    where = f"{line.site} · {line.study}"
    return f'<a href="{to}" target="_self">{escape(line.subject)}</a><span class="small">{escape(where)}</span>'


def _acts(line: Deviation, *, may_class: bool) -> str:
    acts = [("open", t("Open"))]
    if may_class and line.status != "withdrawn":
        acts.insert(0, ("classify", t("Class anew") if line.classed else t("Class")))
    value = escape(urlencode({"study": line.study, "subject": line.subject, "visit": line.visit, "key": line.key}), quote=True)
    about = escape(deviation_name(line))
    return "".join(
        f'<button type="button" class="act {act}" data-choose="{act}" data-value="{value}" '
        f'data-focus="{escape(f"{act} {subject_of(line)} {line.key}", quote=True)}">'
        f'{escape(label)}<span class="unseen"> {about}</span></button>'
        for act, label in acts
    )


def _small(texts: Iterable[str]) -> str:
    return "".join(f'<span class="small">{escape(text)}</span>' for text in texts if text)
