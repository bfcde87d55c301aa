"""The whole schedule on one line of time: a lane for each epoch, a bar for each window, a shape for each date."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from planner.schedule.rows import VisitRow
from planner.ui import view_state
from planner.ui.preview import Preview
from planner.ui.words import KIND_WORDS, short_date, spoken, status_words

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


def timeline_view(preview: Preview) -> None:
    """The chart; without any dated visit, what to do."""
    rows = [row for row in (preview.all_rows if st.session_state.get(view_state.ALL) else preview.rows) if row.effective is not None]
    if not rows:
        st.markdown("No visit has a date yet.")
        return
    st.altair_chart(_chart(rows, preview), alt=_alt(rows, preview), key="timeline")


def _alt(rows: list[VisitRow], preview: Preview) -> str:
    return f"Timeline of {len(rows)} visits; the table lists the same dates. As of {short_date(preview.as_of)}. " + "; ".join(
        spoken(row) for row in rows[:6]
    )


def _chart(rows: list[VisitRow], preview: Preview) -> alt.LayerChart:
    frame = pd.DataFrame([_point(row) for row in rows])
    kinds = [kind for kind in KIND_WORDS if kind in set(frame["kind"])]
    words = [KIND_WORDS[kind] for kind in kinds]
    epochs = list(dict.fromkeys(row.epoch for row in rows))
    colour = alt.Color(
        "what:N", title=None, scale=alt.Scale(domain=words, range=[_COLOURS[kind] for kind in kinds]), legend=alt.Legend(orient="top")
    )
    shape = alt.Shape("what:N", title=None, scale=alt.Scale(domain=words, range=[_SHAPES[kind] for kind in kinds]))
    lane = alt.Y("epoch:N", title=None, sort=epochs, axis=alt.Axis(labelLimit=140, grid=True))
    tooltip = [alt.Tooltip("said:N", title="Visit"), alt.Tooltip("window:N", title="Window"), alt.Tooltip("status:N", title="Status")]
    base = alt.Chart(frame)
    bars = base.mark_bar(height=16, opacity=0.35, cornerRadius=3).encode(
        x=alt.X("first:T", title=None, axis=alt.Axis(format="%b %Y", labelOverlap=True)),
        x2="beyond:T",
        y=lane,
        color=colour,
        tooltip=tooltip,
    )
    points = base.mark_point(filled=True, size=90, opacity=1).encode(x="day:T", y=lane, color=colour, shape=shape, tooltip=tooltip)
    names = base.mark_text(dy=-14, fontSize=10, angle=0).encode(x="day:T", y=lane, text="visit:N")
    as_of = alt.Chart(pd.DataFrame([{"day": pd.Timestamp(preview.as_of), "text": f"as of {short_date(preview.as_of)}"}]))
    rule = as_of.mark_rule(strokeDash=[5, 4], strokeWidth=2, color="#8a8f98").encode(x="day:T", tooltip="text:N")
    return alt.layer(bars, points, names, rule).properties(height=90 + 56 * len(epochs)).interactive(bind_y=False)


def _point(row: VisitRow) -> dict[str, object]:
    day = pd.Timestamp(row.effective)
    first, last = (pd.Timestamp(row.earliest or row.effective), pd.Timestamp(row.latest or row.effective))
    window = "that day only" if first == last else f"{short_date(row.earliest)} to {short_date(row.latest)}"
    return {
        "visit": row.visit,
        "said": f"{row.visit} {row.name}, {short_date(row.effective)}",
        "epoch": row.epoch,
        "kind": row.kind,
        "what": KIND_WORDS[row.kind],
        "day": day,
        "first": first,
        "beyond": last,
        "window": window,
        "status": status_words(row),
    }
