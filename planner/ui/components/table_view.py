"""Every visit with all its columns; the same as plain text; and why any of them is on its date."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from planner.exchange.schedule_csv import COLUMNS, cells
from planner.schedule.rows import VisitRow
from planner.ui import view_state
from planner.ui.components.clickable import WHY_STYLE
from planner.ui.preview import Preview
from planner.ui.text_table import text_table
from planner.ui.why_html import why_html
from planner.ui.words import parts_to_confirm, short_date, status_words

_WHY = "table.visit"
_HEADERS: dict[str, tuple[str, int]] = {
    "visit": ("Visit", 80),
    "name": ("Name", 170),
    "effective": ("Date", 95),
    "planned": ("Planned", 95),
    "status": ("Status", 85),
    "flags": ("Flags", 170),
    "earliest": ("Window from", 100),
    "latest": ("Window to", 100),
    "study_day": ("Study day", 80),
    "anchor": ("Counted from", 150),
    "nominal": ("Nominal", 95),
    "days_off": ("Days off nominal", 120),
    "certainty": ("Certainty", 90),
    "epoch": ("Epoch", 120),
    "kind": ("Kind", 85),
    "n": ("Number", 70),
    "to_confirm": ("To confirm", 220),
}
"""Column of the CSV file to its heading and width in pixels; what is asked first stands first, and is seen without scrolling."""
_READABLE = ("Visit", "Date", "Window", "Study day", "Status", "Counted from", "Flags")


def table_view(preview: Preview) -> None:
    """The table, its text, and the explanation of one visit."""
    rows = preview.all_rows if st.session_state.get(view_state.ALL) else preview.rows
    st.dataframe(
        _frame(preview, rows),
        hide_index=True,
        column_config={name: st.column_config.Column(label, width=width) for name, (label, width) in _HEADERS.items()},
        column_order=list(_HEADERS),
        alt="All visits with all columns; the same stands below as text",
        height=430,
    )
    with st.expander("The same as text, for screen readers and for copying"):
        st.html(text_table("All visits", _READABLE, [_readable(row) for row in rows]))
    _why(preview, rows)


def _frame(preview: Preview, rows: list[VisitRow]) -> pd.DataFrame:
    """The columns of the CSV file, and which parts are to be confirmed."""
    frame = pd.DataFrame([cells(row) for row in rows], columns=list(COLUMNS)).drop(columns="subject")
    frame["to_confirm"] = [", ".join(parts_to_confirm(preview.shape(row))) for row in rows]
    return frame


def _readable(row: VisitRow) -> tuple[str, ...]:
    return (
        f"{row.visit}: {row.name}",
        short_date(row.effective),
        "–" if row.earliest is None else f"{short_date(row.earliest)} to {short_date(row.latest)}",
        "–" if row.study_day is None else str(row.study_day),
        status_words(row),
        row.anchor,
        "; ".join(row.flags),
    )


def _why(preview: Preview, rows: list[VisitRow]) -> None:
    ids = [row.visit for row in rows]
    picked = st.session_state.get(view_state.VISIT)
    st.session_state[_WHY] = picked if picked in ids else None
    names = {row.visit: row.name for row in rows}
    st.selectbox(
        "Why this date?",
        ids,
        index=None,
        format_func=lambda visit: f"{visit}: {names[visit]}",
        key=_WHY,
        placeholder="Choose a visit",
        on_change=_chosen,
    )
    row = preview.row(picked) if picked in ids else None
    if row is not None:
        st.html(f"<style>{WHY_STYLE}</style>{why_html(preview, row)}")


def _chosen() -> None:
    visit = st.session_state[_WHY]
    if visit != st.session_state.get(view_state.VISIT):
        view_state.choose_visit(visit or st.session_state[view_state.VISIT])
