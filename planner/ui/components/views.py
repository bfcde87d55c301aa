"""The views of one subject, as tabs; only the one that is open is worked out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from planner.ui import link, view_state
from planner.ui.beside import Beside
from planner.ui.components.branches_view import branches_view
from planner.ui.components.checks_view import checks_view
from planner.ui.components.month_view import month_view
from planner.ui.components.start_days import start_days
from planner.ui.components.table_view import table_view
from planner.ui.components.timeline_view import timeline_view
from planner.ui.language import t
from planner.ui.preview import Preview

_WITH_ALL = ("month", "timeline", "table")
_NOTHING: Mapping[str, Callable[[], None]] = {}


def views(
    preview: Preview,
    shown: Sequence[str] = view_state.PLAN_VIEWS,
    beside: Beside | None = None,
    more: Mapping[str, Callable[[], None]] = _NOTHING,
) -> None:
    """The tabs of these views, and what the open one shows; ``more`` draws those that hang on more than the preview."""
    named = view_state.view_names()
    names = {named[view]: view for view in shown}
    st.session_state[view_state.TAB] = named[view_state.view_among(shown)]
    tabs = st.tabs(list(names), key=view_state.TAB, on_change=_chosen, args=(names,))
    uncertain = any(not row.is_on_calendar for row in preview.all_rows)
    draws = {**_draws(preview, beside or Beside()), **more}
    for view, tab in zip(shown, tabs, strict=True):
        if tab.open:
            with tab:
                draws[view]()
                if view in _WITH_ALL and uncertain:
                    _choose_all()


def _draws(preview: Preview, beside: Beside) -> dict[str, Callable[[], None]]:
    return {
        "month": lambda: month_view(preview, beside),
        "timeline": lambda: timeline_view(preview, beside),
        "table": lambda: table_view(preview, beside),
        "branches": lambda: branches_view(preview),
        "starts": lambda: start_days(preview),
        "checks": lambda: checks_view(preview),
    }


def _chosen(names: Mapping[str, str]) -> None:
    view_state.choose_view(names[st.session_state[view_state.TAB]])


def _choose_all() -> None:
    st.checkbox(t("Also show visits that hang on an open decision, and cancelled ones"), key=view_state.ALL, on_change=link.touched)
