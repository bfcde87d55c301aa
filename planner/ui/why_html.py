"""Everything about one visit as HTML: its dates, why they are what they are, what to prepare and bring, and the source of each part."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from planner.exchange.prints.preparations import each_once
from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.schedule.rows import VisitRow
from planner.ui.beside import Beside
from planner.ui.language import in_language, language, t
from planner.ui.preview import Preview
from planner.ui.visit_standing import standing_sign, standing_words, window_span
from planner.ui.words import certainty_word, condition_words, flag_sentences, listed, long_date, short_date, source_word


def why_html(preview: Preview, row: VisitRow, beside: Beside) -> str:
    """The explanation of one visit of the preview, with what the page has beside it."""
    name = escape(t("{visit}: why this date", visit=row.visit), quote=True)
    return (
        f'<section class="why" aria-label="{name}">{beside.acts(row)}'
        f'<div class="dates">{_dates(preview, row)}{_warnings(row)}</div>'
        f'<div class="steps">{_steps(preview, row)}{_source(preview, row)}</div>'
        f'<div class="texts">{_texts(preview, row)}</div>{_past(beside.past(row))}</section>'
    )


def _past(html: str) -> str:
    return f"<div>{html}</div>" if html else ""


def _dates(preview: Preview, row: VisitRow) -> str:
    texts = ProtocolTexts(preview.plan.protocol, language())
    condition = condition_words(preview.plan.protocol, preview.shape(row)) if row.status == "conditional" else ""
    entries = [
        (t("Date") if row.status == "done" else t("Planned"), t("no date") if row.effective is None else long_date(row.effective)),
        (t("Window"), window_span(row.earliest, row.latest)),
        (t("Exact day by protocol"), short_date(row.nominal)),
        (t("Study day"), "–" if row.study_day is None else str(row.study_day)),
        (t("Status"), f"{standing_sign(row)} {listed(part for part in (standing_words(row), condition) if part)}"),
        (t("Certainty"), certainty_word(row.certainty)),
        (t("Same day"), listed(f"{other.visit} {texts.visit(other)}" for other in _same_day(preview, row))),
    ]
    lines = "".join(f"<div><dt>{label}</dt><dd>{escape(text)}</dd></div>" for label, text in entries if text)
    return f'<p class="title">{escape(row.visit)}: {escape(texts.visit(row))}</p><dl>{lines}</dl>'


def _same_day(preview: Preview, row: VisitRow) -> list[VisitRow]:
    return [other for other in preview.rows if other.effective == row.effective and other.visit != row.visit and row.effective is not None]


def _warnings(row: VisitRow) -> str:
    return "".join(f'<p class="warning"><span aria-hidden="true">⚠</span> {escape(text)}</p>' for text in flag_sentences(row))


def _steps(preview: Preview, row: VisitRow) -> str:
    steps = "".join(
        f'<li>{escape(in_language(step.text))} <span class="rule">{escape(step.rule)}</span></li>'
        for step in preview.why(row.visit)
        if step.rule != "source"
    )
    return f'<p class="title">{t("Why this date")}</p><ol>{steps}</ol>'


def _source(preview: Preview, row: VisitRow) -> str:
    shape = preview.shape(row)
    stated = [part_word(part) for part, source in shape.source.items() if source == "stated"]
    unsure = [f"{part_word(part)} ({source_word(source)})" for part, source in shape.source.items() if source != "stated"]
    lines = []
    if stated:
        lines.append(t("Stated in the study's public record: {parts}.", parts=listed(stated)))
    if unsure:
        lines.append(t("Confirm against the approved protocol: {parts}.", parts=listed(unsure)))
    if shape.rationale:
        lines.append(shape.rationale)
    return f'<p class="title">{t("Where it comes from")}</p>{"".join(f"<p>{escape(line)}</p>" for line in lines)}'


def part_word(part: str) -> str:
    """A part of a visit's rules as it is called on the screens."""
    known = {
        "visit": t("visit"),
        "anchor": t("anchor"),
        "offset": t("offset"),
        "window": t("window"),
        "repeat": t("repeat"),
        "activities": t("activities"),
        "when": t("condition"),
    }
    return known.get(part, part)


def _texts(preview: Preview, row: VisitRow) -> str:
    texts = ProtocolTexts(preview.plan.protocol, language())
    return (
        _list(t("What is done"), map(texts.activity, row.activities))
        + _list(t("To prepare"), (texts.prepare[activity] for activity in row.activities if activity in texts.prepare))
        + _list(t("To bring"), (texts.bring[activity] for activity in row.activities if activity in texts.bring))
    )


def _list(title: str, texts: Iterable[str]) -> str:
    lines = "".join(f"<li>{escape(text)}</li>" for text in each_once(texts))
    return f'<p class="title">{title}</p><ul>{lines}</ul>' if lines else ""
