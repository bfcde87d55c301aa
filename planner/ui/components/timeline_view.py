"""The whole schedule on one line of time: a lane for each epoch, a bar for each window, a shape for each date."""

from __future__ import annotations

from datetime import date, timedelta

import altair as alt
import pandas as pd
import streamlit as st

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.protocol.model import Protocol
from planner.schedule.rows import VisitRow
from planner.ui import link, view_state
from planner.ui.beside import Beside
from planner.ui.components.panel_view import panel_view
from planner.ui.language import language, t
from planner.ui.preview import Preview
from planner.ui.timeline_points import labels
from planner.ui.visit_standing import standing_sign, standing_words, window_span
from planner.ui.words import KINDS, days_in_words, kind_word, listed, short_date, spoken, visits_counted

_COLOURS = {
    "clinic": "#3b82c4",
    "treatment": "#b45c9d",
    "imaging": "#2f9e83",
    "phone": "#7a869a",
    "decision": "#c98a1b",
    "reminder": "#8d7bd1",
}
_SHAPES = {
    "clinic": "circle",
    "treatment": "diamond",
    "imaging": "square",
    "phone": "cross",
    "decision": "triangle-up",
    "reminder": "triangle-down",
}
_HALF_YEAR, _BEFORE = timedelta(days=200), timedelta(days=30)
_WIDTH, _NARROW_WIDTH = 700.0, 200.0
"""What labels have in pixels, on a desk and on a phone."""
_IS_NARROW = "width < 450"


def timeline_view(preview: Preview, beside: Beside) -> None:
    """The chart; without any dated visit, what to do."""
    every = preview.all_rows if st.session_state.get(view_state.ALL) else preview.rows
    rows = [row for row in every if row.effective is not None]
    if not rows:
        st.markdown(t("No visit has a date yet."))
        return
    rows = _part(rows, preview)
    st.altair_chart(_chart(rows, preview), alt=_said(rows, preview), key="timeline")
    st.caption(
        t(
            "Bar: window. Shape: date. Dashed line: as-of day. Question mark: hangs on an open decision. The table has the same dates "
            "as text."
        )
    )
    panel_view(preview, rows, beside, "timeline")


def _part(rows: list[VisitRow], preview: Preview) -> list[VisitRow]:
    """The half year around the as-of day (while the study has not begun, from its start), or everything: where that is more."""
    first = max(preview.facts.start, preview.as_of) - _BEFORE
    near = [row for row in rows if row.effective is not None and first <= row.effective <= first + _HALF_YEAR]
    if not near or len(near) == len(rows):
        return rows
    parts = {"near": t("Half a year"), "all": t("Everything")}
    part = st.radio(
        t("Part shown"),
        list(parts),
        format_func=parts.__getitem__,
        horizontal=True,
        key="timeline.part",
        on_change=link.touched,
        label_visibility="collapsed",
    )
    return near if part == "near" else rows


def _said(rows: list[VisitRow], preview: Preview) -> str:
    texts = ProtocolTexts(preview.plan.protocol, language())
    return t(
        "Timeline of {visits}, as of {day}. The table lists the same dates. It begins with {first}.",
        visits=visits_counted(len(rows)),
        day=short_date(preview.as_of),
        first="; ".join(spoken(row, texts.visit(row)) for row in rows[:6]),
    )


def _chart(rows: list[VisitRow], preview: Preview) -> alt.LayerChart | alt.FacetChart:
    texts = ProtocolTexts(preview.plan.protocol, language())
    frame = pd.DataFrame([_point(row, texts) for row in rows])
    epochs = [texts.epoch(epoch) for epoch in _epochs(preview.plan.protocol) if epoch in {row.epoch for row in rows}]
    kinds = [kind for kind in KINDS if kind in set(frame["kind"])]
    words = [kind_word(kind) for kind in kinds]
    text = "#e8edf2" if st.context.theme.type == "dark" else "#101820"
    legend = alt.Legend(orient="top", labelColor=text, symbolOpacity=1, columns=alt.ExprRef(f"{_IS_NARROW} ? 2 : 6"))
    colour = alt.Color("what:N", title=None, scale=alt.Scale(domain=words, range=[_COLOURS[kind] for kind in kinds]), legend=legend)
    shape = alt.Shape("what:N", title=None, scale=alt.Scale(domain=words, range=[_SHAPES[kind] for kind in kinds]), legend=legend)
    lane = alt.Y("epoch:N", title=None, sort=epochs, axis=alt.Axis(labelLimit=140, grid=True, labelColor=text))
    months = "%Y年%-m月" if days_in_words().is_chinese else "%b %Y"
    time = alt.Axis(format=months, labelOverlap=True, labelColor=text, tickCount={"interval": "month", "step": 1})
    told = (("said:N", t("Visit")), ("window:N", t("Window")), ("status:N", t("Status")))
    tooltip = [alt.Tooltip(field, title=title) for field, title in told]
    base = alt.Chart(frame)
    bars = base.mark_bar(height=16, opacity=0.35, cornerRadius=3).encode(
        x=alt.X("first:T", title=None, axis=time), x2="last:T", y=lane, color=colour, tooltip=tooltip
    )
    points = base.mark_point(filled=True, size=90, opacity=1).encode(x="day:T", y=lane, color=colour, shape=shape, tooltip=tooltip)
    names = [
        alt.Chart(_labels(rows, width, texts))
        .mark_text(dy=-17, fontSize=11, color=text, opacity=alt.ExprRef(f"{_IS_NARROW} ? {narrow} : {1 - narrow}"))
        .encode(x="day:T", y=lane, text="text:N")
        for width, narrow in ((_WIDTH, 0), (_NARROW_WIDTH, 1))
    ]
    as_of = alt.Chart(pd.DataFrame([{"day": pd.Timestamp(preview.as_of), "text": t("as of {day}", day=short_date(preview.as_of))}]))
    rule = as_of.mark_rule(strokeDash=[5, 4], strokeWidth=2, color=text).encode(x="day:T", tooltip="text:N")
    return alt.layer(bars, points, *names, rule).properties(height=80 + 56 * len(epochs))


def _labels(rows: list[VisitRow], width: float, texts: ProtocolTexts) -> pd.DataFrame:
    """The labels that stand clear of each other at that width."""
    shown = labels(rows, width)
    return pd.DataFrame([{"epoch": texts.epoch(label.epoch), "day": pd.Timestamp(label.day), "text": label.text} for label in shown])


def _epochs(protocol: Protocol) -> list[str]:
    """The epochs in the order of the protocol file."""
    return list(dict.fromkeys(shape.epoch for visit in protocol.visits for shape in (visit.first, visit.then)))


def _point(row: VisitRow, texts: ProtocolTexts) -> dict[str, object]:
    day = row.effective or date.max
    first, last = row.earliest or day, row.latest or day
    return {
        "said": listed((f"{row.visit} {texts.visit(row)}", short_date(row.effective))),
        "epoch": texts.epoch(row.epoch),
        "kind": row.kind,
        "what": kind_word(row.kind),
        "day": pd.to_datetime(day),
        "first": pd.to_datetime(first),
        "last": pd.to_datetime(last),
        "window": window_span(first, last),
        "status": f"{standing_sign(row)} {standing_words(row)}",
    }
