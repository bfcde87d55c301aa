"""The whole schedule on one line of time: a lane for each epoch, a bar for each window, a shape for each date."""

from __future__ import annotations

from datetime import date, timedelta

import altair as alt
import pandas as pd
import streamlit as st

from planner.protocol.model import Protocol
from planner.schedule.rows import VisitRow
from planner.ui import link, view_state
from planner.ui.preview import Preview
from planner.ui.timeline_points import labels
from planner.ui.words import KIND_WORDS, counted, short_date, spoken, status_words

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
_HALF_YEAR = timedelta(days=183)
_PARTS = {"begin": "The first half year", "all": "Everything"}
_LEGEND = (
    "Bar: window. Shape: date. Dashed line: as-of day. Question mark: hangs on an open decision. The table has the same dates as text."
)
_WIDTH, _NARROW_WIDTH = 700.0, 200.0
"""What labels have in pixels, on a desk and on a phone."""
_IS_NARROW = "width < 450"


def timeline_view(preview: Preview) -> None:
    """The chart; without any dated visit, what to do."""
    rows = [row for row in (preview.all_rows if st.session_state.get(view_state.ALL) else preview.rows) if row.effective is not None]
    near = [row for row in rows if row.effective is not None and row.effective <= preview.facts.start + _HALF_YEAR]
    if not rows:
        st.markdown("No visit has a date yet.")
        return
    if near and len(near) < len(rows):
        part = st.radio(
            "Part shown",
            list(_PARTS),
            format_func=_PARTS.__getitem__,
            horizontal=True,
            key="timeline.part",
            on_change=link.touched,
            label_visibility="collapsed",
        )
        rows = near if part == "begin" else rows
    st.altair_chart(_chart(rows, preview), alt=_said(rows, preview), key="timeline")
    st.caption(_LEGEND)


def _said(rows: list[VisitRow], preview: Preview) -> str:
    first = "; ".join(spoken(row) for row in rows[:6])
    which = f"Timeline of {counted(len(rows), 'visit')}, as of {short_date(preview.as_of)}"
    return f"{which}. The table lists the same dates. It begins with {first}."


def _chart(rows: list[VisitRow], preview: Preview) -> alt.LayerChart | alt.FacetChart:
    frame = pd.DataFrame([_point(row) for row in rows])
    epochs = [epoch for epoch in _epochs(preview.plan.protocol) if epoch in {row.epoch for row in rows}]
    kinds = [kind for kind in KIND_WORDS if kind in set(frame["kind"])]
    words = [KIND_WORDS[kind] for kind in kinds]
    text = "#e8edf2" if st.context.theme.type == "dark" else "#101820"
    legend = alt.Legend(orient="top", labelColor=text, symbolOpacity=1, columns=alt.ExprRef(f"{_IS_NARROW} ? 2 : 6"))
    colour = alt.Color("what:N", title=None, scale=alt.Scale(domain=words, range=[_COLOURS[kind] for kind in kinds]), legend=legend)
    shape = alt.Shape("what:N", title=None, scale=alt.Scale(domain=words, range=[_SHAPES[kind] for kind in kinds]), legend=legend)
    lane = alt.Y("epoch:N", title=None, sort=epochs, axis=alt.Axis(labelLimit=140, grid=True, labelColor=text))
    time = alt.Axis(format="%b %Y", labelOverlap=True, labelColor=text, tickCount={"interval": "month", "step": 1})
    tooltip = [alt.Tooltip("said:N", title="Visit"), alt.Tooltip("window:N", title="Window"), alt.Tooltip("status:N", title="Status")]
    base = alt.Chart(frame)
    bars = base.mark_bar(height=16, opacity=0.35, cornerRadius=3).encode(
        x=alt.X("first:T", title=None, axis=time), x2="last:T", y=lane, color=colour, tooltip=tooltip
    )
    points = base.mark_point(filled=True, size=90, opacity=1).encode(x="day:T", y=lane, color=colour, shape=shape, tooltip=tooltip)
    names = [
        alt.Chart(_labels(rows, width))
        .mark_text(dy=-17, fontSize=11, color=text, opacity=alt.ExprRef(f"{_IS_NARROW} ? {narrow} : {1 - narrow}"))
        .encode(x="day:T", y=lane, text="text:N")
        for width, narrow in ((_WIDTH, 0), (_NARROW_WIDTH, 1))
    ]
    as_of = alt.Chart(pd.DataFrame([{"day": pd.Timestamp(preview.as_of), "text": f"as of {short_date(preview.as_of)}"}]))
    rule = as_of.mark_rule(strokeDash=[5, 4], strokeWidth=2, color=text).encode(x="day:T", tooltip="text:N")
    return alt.layer(bars, points, *names, rule).properties(height=80 + 56 * len(epochs))


def _labels(rows: list[VisitRow], width: float) -> pd.DataFrame:
    """The labels that stand clear of each other at that width."""
    return pd.DataFrame([{"epoch": label.epoch, "day": pd.Timestamp(label.day), "text": label.text} for label in labels(rows, width)])


def _epochs(protocol: Protocol) -> list[str]:
    """The epochs in the order of the protocol file."""
    return list(dict.fromkeys(shape.epoch for visit in protocol.visits for shape in (visit.first, visit.then)))


def _point(row: VisitRow) -> dict[str, object]:
    day = row.effective or date.max
    first, last = row.earliest or day, row.latest or day
    return {
        "said": f"{row.visit} {row.name}, {short_date(row.effective)}",
        "epoch": row.epoch,
        "kind": row.kind,
        "what": KIND_WORDS[row.kind],
        "day": pd.to_datetime(day),
        "first": pd.to_datetime(first),
        "last": pd.to_datetime(last),
        "window": "that day only" if first == last else f"{short_date(first)} to {short_date(last)}",
        "status": status_words(row),
    }
