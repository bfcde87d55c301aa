"""What of a subject is looked at: the view, the month, the visit that is explained, and whether uncertain visits are shown."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import date

import streamlit as st

from planner.schedule.calendar_sources import FIRST_YEAR, LAST_YEAR
from planner.ui import link
from planner.ui.language import t

VIEWS = ("month", "timeline", "table", "branches", "starts", "checks", "history")
"""All views by their names in addresses."""
PLAN_VIEWS = ("month", "timeline", "table", "branches", "starts", "checks")
"""Those of a schedule that nobody follows yet."""
SUBJECT_VIEWS = ("month", "timeline", "table", "branches", "checks", "history")
"""Those of an enrolled subject."""
VIEW, TAB, MONTH, VISIT, ALL = "view.view", "view.tab", "view.month", "view.visit", "view.all"
_MONTH_FOR = "view.month-for"
_USUAL = "month"
_YES = "yes"


def view_names() -> dict[str, str]:
    """What each view is called."""
    return {
        "month": t("Month calendar"),
        "timeline": t("Timeline"),
        "table": t("Table"),
        "branches": t("Branches side by side"),
        "starts": t("Start days"),
        "checks": t("Checks"),
        "history": t("History"),
    }


def arrive(arrived: Mapping[str, str] | None) -> None:
    """Take the view from a link."""
    if arrived is None:
        return
    asked = arrived.get("view", "")
    st.session_state[VIEW] = asked if asked in VIEWS else _USUAL
    st.session_state[MONTH] = _month(arrived.get("month"))
    st.session_state[VISIT] = arrived.get("visit")
    st.session_state[ALL] = arrived.get("all") == _YES
    st.session_state[_MONTH_FOR] = None


def shown() -> dict[str, str]:
    """The view as it stands in a link; what is usual is left out."""
    state = st.session_state
    view = state.get(VIEW) or _USUAL
    entries = {
        "view": "" if view == _USUAL else view,
        "month": "" if state.get(MONTH) is None else f"{state[MONTH]:%Y-%m}",
        "visit": state.get(VISIT) or "",
        "all": _YES if state.get(ALL) else "",
    }
    return {name: text for name, text in entries.items() if text}


def view_among(views: Sequence[str]) -> str:
    """The view that is looked at, of those that the page has."""
    asked = str(st.session_state.get(VIEW))
    return asked if asked in views else _USUAL


def choose_view(view: str) -> None:
    """Look at this view."""
    link.touched()
    st.session_state[VIEW] = view


def month_shown(about: Hashable, usual: date) -> date:
    """The first day of the month to show: the one chosen, or that of ``usual`` once the page is about something else."""
    if st.session_state.get(_MONTH_FOR) not in (None, about):
        st.session_state[MONTH] = None
    st.session_state[_MONTH_FOR] = about
    chosen: date | None = st.session_state.get(MONTH)
    return chosen or usual.replace(day=1)


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
