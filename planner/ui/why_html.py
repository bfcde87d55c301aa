"""Everything about one visit as HTML: its dates, why they are what they are, what to prepare and bring, and the source of each part."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from planner.exchange.ics_settings import texts_to_bring, texts_to_prepare
from planner.schedule.rows import VisitRow
from planner.ui.preview import Preview
from planner.ui.words import condition_words, flag_sentences, long_date, parts_to_confirm, short_date, status_words


def why_html(preview: Preview, row: VisitRow) -> str:
    """The explanation of one visit of the preview."""
    protocol = preview.plan.protocol
    steps = "".join(
        f'<li>{escape(step.text)} <span class="rule">{escape(step.rule)}</span></li>'
        for step in preview.why(row.visit)
        if step.rule != "source"
    )
    prepare, bring = texts_to_prepare(protocol, "en"), texts_to_bring(protocol, "en")
    labels = [protocol.activities[activity].label for activity in row.activities]
    texts = (
        _list("What is done", labels)
        + _list("To prepare", [prepare[activity] for activity in row.activities if activity in prepare])
        + _list("To bring", [bring[activity] for activity in row.activities if activity in bring])
    )
    name = escape(row.visit, quote=True)
    return (
        f'<section class="why" aria-label="{name}: why this date"><div class="dates">{_dates(preview, row)}{_warnings(row)}</div>'
        f'<div class="steps"><p class="title">Why this date</p><ol>{steps}</ol>{_source(preview, row)}</div>'
        f'<div class="texts">{texts}</div></section>'
    )


def _dates(preview: Preview, row: VisitRow) -> str:
    condition = condition_words(preview.plan.protocol, preview.shape(row)) if row.status == "conditional" else ""
    entries = [
        ("Planned" if row.status != "done" else "Date", "no date" if row.effective is None else long_date(row.effective)),
        ("Window", _window(row)),
        ("Exact day by protocol", short_date(row.nominal)),
        ("Study day", "–" if row.study_day is None else str(row.study_day)),
        ("Status", f"{status_words(row)}{', ' + condition if condition else ''}"),
        ("Certainty", row.certainty),
        ("Same day", ", ".join(f"{other.visit} {other.name}" for other in _same_day(preview, row))),
    ]
    lines = "".join(f"<div><dt>{label}</dt><dd>{escape(text)}</dd></div>" for label, text in entries if text)
    return f'<p class="title">{escape(row.visit)}: {escape(row.name)}</p><dl>{lines}</dl>'


def _same_day(preview: Preview, row: VisitRow) -> list[VisitRow]:
    return [other for other in preview.rows if other.effective == row.effective and other.visit != row.visit and row.effective is not None]


def _window(row: VisitRow) -> str:
    if row.earliest is None or row.latest is None:
        return ""
    return "that day only" if row.earliest == row.latest else f"{short_date(row.earliest)} to {short_date(row.latest)}"


def _warnings(row: VisitRow) -> str:
    return "".join(f'<p class="warning"><span aria-hidden="true">⚠</span> {escape(text)}</p>' for text in flag_sentences(row))


def _source(preview: Preview, row: VisitRow) -> str:
    shape = preview.shape(row)
    stated = [part for part, source in shape.source.items() if source == "stated"]
    lines = []
    if stated:
        lines.append(f"Stated in the study's public record: {', '.join(stated)}.")
    if parts_to_confirm(shape):
        lines.append(f"Confirm against the approved protocol: {', '.join(parts_to_confirm(shape))}.")
    if shape.rationale:
        lines.append(shape.rationale)
    return f'<p class="title">Where it comes from</p>{"".join(f"<p>{escape(line)}</p>" for line in lines)}'


def _list(title: str, texts: Iterable[str]) -> str:
    lines = "".join(f"<li>{escape(text)}</li>" for text in dict.fromkeys(texts))
    return f'<p class="title">{title}</p><ul>{lines}</ul>' if lines else ""
