"""The views of one subject, as tabs; only the one that is open is worked out."""

from __future__ import annotations

import streamlit as st

from planner.ui import link, view_state
from planner.ui.components.branches_view import branches_view
from planner.ui.components.checks_view import checks_view
from planner.ui.components.month_view import month_view
from planner.ui.components.start_days import start_days
from planner.ui.components.table_view import table_view
from planner.ui.components.timeline_view import timeline_view
from planner.ui.preview import Preview

_DRAWN_BY = {
    "month": month_view,
    "timeline": timeline_view,
    "table": table_view,
    "branches": branches_view,
    "starts": start_days,
    "checks": checks_view,
}
_WITH_ALL = ("month", "timeline", "table")


def views(preview: Preview) -> None:
    """All tabs, and what the open one shows."""
    tabs = st.tabs(list(view_state.VIEWS.values()), key=view_state.TAB, on_change=link.touched)
    uncertain = any(row.status in ("conditional", "cancelled") for row in preview.all_rows)
    for (code, draw), tab in zip(_DRAWN_BY.items(), tabs, strict=True):
        if tab.open:
            with tab:
                draw(preview)
                if code in _WITH_ALL and uncertain:
                    st.checkbox(
                        "Also show visits that hang on an open decision, and cancelled ones", key=view_state.ALL, on_change=link.touched
                    )
