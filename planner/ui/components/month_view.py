"""The month calendar: visits as buttons, windows as bars, and why a visit is on its date."""

from __future__ import annotations

import streamlit as st

from planner.ui import view_state
from planner.ui.components.clickable import clickable
from planner.ui.month_table import Month, legend_html, month_html
from planner.ui.preview import Preview
from planner.ui.why_html import why_html
from planner.ui.words import condition_words, parts_to_confirm, unformatted


def month_view(preview: Preview) -> None:
    """The month chosen."""
    rows = preview.all_rows if st.session_state.get(view_state.ALL) else preview.rows
    protocol = preview.plan.protocol
    picked = preview.row(st.session_state.get(view_state.VISIT) or "")
    month = Month(
        first=view_state.month_shown(protocol.id, preview.facts.start),
        rows=rows,
        calendar=preview.calendar,
        as_of=preview.as_of,
        to_confirm=frozenset(row.visit for row in rows if parts_to_confirm(preview.shape(row))),
        notes={row.visit: condition_words(protocol, preview.shape(row)) for row in rows if row.status == "conditional"},
        picked=None if picked is None else picked.visit,
        why="" if picked is None else why_html(preview, picked),
    )
    clickable(month_html(month) + legend_html(), "month", _chosen)
    without = [row for row in rows if row.effective is None]
    if without:
        names = ", ".join(unformatted(f"{row.visit} ({row.name})") for row in without)
        st.markdown(f"**Without a date:** {names}. Give the dates they are counted from (milestones) at the left.")


def _chosen(what: str, value: str) -> None:
    if what == "month":
        view_state.choose_month(value)
    else:
        view_state.choose_visit(value)
