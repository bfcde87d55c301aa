"""Possible start days, week by week, as an HTML table of buttons: each says how many visits it would leave in trouble."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from html import escape

from planner.schedule.starts import StartScore
from planner.ui.language import t, tn
from planner.ui.words import day_and_month, listed, long_date, weekday_names


def start_days_html(scores: Sequence[StartScore], chosen: date | None) -> str:
    """The table; ``chosen`` is the start day that is entered, if any."""
    first = scores[0].start - timedelta(days=scores[0].start.weekday())
    by_day = {score.start: score for score in scores}
    heads = "".join(f'<th scope="col" role="columnheader">{day}</th>' for day in weekday_names())
    weeks = range((scores[-1].start - first).days // 7 + 1)
    body = "".join(
        '<tr role="row">' + "".join(_cell(by_day.get(first + timedelta(days=7 * week + day)), chosen) for day in range(7)) + "</tr>"
        for week in weeks
    )
    return (
        f'<table class="starts" role="table" aria-label="{escape(t("Possible start days"), quote=True)}">'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _cell(score: StartScore | None, chosen: date | None) -> str:
    if score is None:
        return '<td role="cell" class="other"></td>'
    day = day_and_month(score.start)
    if not score.is_open and score.start != chosen:
        return f'<td role="cell" class="closed"><span class="number">{day}</span> <span class="note">{escape(t("closed"))}</span></td>'
    count = len(score.not_fitting)
    words = tn("{number} does not fit", "{number} do not fit", count) if count else t("all fit")
    said = t("Start on {day}: {what}", day=long_date(score.start), what=_said(score))
    level = "none" if not count else "some" if count < 3 else "many"
    pressed = "true" if score.start == chosen else "false"
    return (
        f'<td role="cell"><button type="button" class="start level-{level}" data-choose="start" data-value="{score.start}" '
        f'data-focus="start {score.start}" aria-pressed="{pressed}" aria-label="{escape(said, quote=True)}">'
        f'<b>{day}</b><span class="name">{escape(words)}</span></button></td>'
    )


def _said(score: StartScore) -> str:
    parts = [] if score.is_open else [t("a closed day")]
    if score.in_the_past:
        parts.append(t("already past: {visits}", visits=listed(score.in_the_past)))
    if score.without_open_day:
        parts.append(t("no open day in the window of {visits}", visits=listed(score.without_open_day)))
    if score.other_trouble:
        parts.append(
            tn(
                "{number} visit pushed past the window or too far apart: {visits}",
                "{number} visits pushed past the window or too far apart: {visits}",
                len(score.other_trouble),
                visits=listed(score.other_trouble),
            )
        )
    return t("; ").join(parts) if parts else t("every visit has an open day in its window")
