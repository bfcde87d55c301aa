"""The page Settings: its views, and the one that is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from planner.records.people.rights import readable_settings
from planner.ui import link
from planner.ui.desk import Desk, desk
from planner.ui.language import t
from planner.ui.settings.calendars import calendars_view
from planner.ui.settings.chosen import entries_of, take_from_link
from planner.ui.settings.feeds import feeds_view, forget_address
from planner.ui.settings.people import people_view
from planner.ui.settings.resources import resources_view
from planner.ui.settings.shown import Shown
from planner.ui.settings.sites import sites_view

_VIEWS: Mapping[str, Callable[[Shown], None]] = {
    "sites": sites_view,
    "calendars": calendars_view,
    "resources": resources_view,
    "feeds": feeds_view,
    "people": people_view,
}
_FIRST = "sites"
_VIEW, _VIEW_SHOWN = "settings.view", "settings.view-shown"


def settings_page() -> None:
    """Draw it."""
    arrived = link.arrived()
    if arrived is not None:
        asked = arrived.get("view", _FIRST)
        st.session_state[_VIEW] = asked if asked in _VIEWS else _FIRST
        take_from_link(arrived)
    st.title(t("Settings"), anchor=False)
    at = desk()
    view = str(st.session_state.get(_VIEW, _FIRST))
    _choice(view)
    if view != "feeds":
        forget_address()
    _VIEWS[view](_shown(at))
    link.write({"view": "" if view == _FIRST else view, **entries_of(view)})


def _shown(at: Desk) -> Shown:
    with at.reading() as connection:
        return Shown(at, readable_settings(connection, at.caller))


def _choice(view: str) -> None:
    words = {
        "sites": t("Sites"),
        "calendars": t("Working days"),
        "resources": t("Resources"),
        "feeds": t("Calendar feeds"),
        "people": t("People and roles"),
    }
    st.session_state[_VIEW_SHOWN] = view
    st.segmented_control(
        t("Show"),
        list(_VIEWS),
        format_func=words.__getitem__,
        key=_VIEW_SHOWN,
        on_change=_choose,
        label_visibility="collapsed",
        required=True,
    )


def _choose() -> None:
    link.touched()
    st.session_state[_VIEW] = st.session_state[_VIEW_SHOWN]
