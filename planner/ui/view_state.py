"""What of a subject is looked at: the view, the month, the visit that is explained, and whether uncertain visits are shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import streamlit as st

from planner.schedule.calendar_sources import FIRST_YEAR, LAST_YEAR
from planner.ui import link

VIEWS = {
    "month": "Month calendar",
    "timeline": "Timeline",
    "table": "Table",
    "branches": "Branches side by side",
    "starts": "Start days",
    "checks": "Checks",
}
TAB, MONTH, VISIT, ALL = "view.tab", "view.month", "view.visit", "view.all"
_MONTH_FOR = "view.month-for"
_YES = "yes"


def arrive(arrived: Mapping[str, str] | None) -> None:
    """Take the view from a link."""
    if arrived is None:
        return
    st.session_state[TAB] = VIEWS.get(arrived.get("view", ""), VIEWS["month"])
    st.session_state[MONTH] = _month(arrived.get("month"))
    st.session_state[VISIT] = arrived.get("visit")
    st.session_state[ALL] = arrived.get("all") == _YES
    st.session_state[_MONTH_FOR] = None


def shown() -> dict[str, str]:
    """The view as it stands in a link; what is usual is left out."""
    state = st.session_state
    codes = {label: code for code, label in VIEWS.items()}
    view = codes.get(str(state.get(TAB)), "month")
    entries = {
        "view": "" if view == "month" else view,
        "month": "" if state.get(MONTH) is None else f"{state[MONTH]:%Y-%m}",
        "visit": state.get(VISIT) or "",
        "all": _YES if state.get(ALL) else "",
    }
    return {name: text for name, text in entries.items() if text}


def month_shown(protocol: str, start: date) -> date:
    """The first day of the month to show: the one chosen, or the start's once another start is entered."""
    about = (protocol, start)
    if st.session_state.get(_MONTH_FOR) not in (None, about):
        st.session_state[MONTH] = None
    st.session_state[_MONTH_FOR] = about
    chosen: date | None = st.session_state.get(MONTH)
    return chosen or start.replace(day=1)


def choose_month(text: str) -> None:
    """Show the month ``2026-04``."""
    link.touched()
    st.session_state[MONTH] = _month(text)


def choose_visit(visit: str) -> None:
    """Explain a visit, or close its explanation if it is open."""
    link.touched()
    st.session_state[VISIT] = None if st.session_state.get(VISIT) == visit else visit


def _month(text: str | None) -> date | None:
    """The first day of a month that calendars cover; None for any other text."""
    try:
        first = date.fromisoformat(f"{text}-01") if text else None
    except ValueError:
        return None
    return first if first is not None and FIRST_YEAR <= first.year <= LAST_YEAR else None
