"""The page Settings: its views, and the one that is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from planner.records.people.rights import readable_settings
from planner.ui import link
from planner.ui.components.view_choice import view_choice, view_entry
from planner.ui.desk import Desk, desk
from planner.ui.language import t
from planner.ui.settings.calendars import calendars_view
from planner.ui.settings.chosen import entries_of, take_from_link
from planner.ui.settings.feeds import feeds_view, forget_address
from planner.ui.settings.people import people_view
from planner.ui.settings.resources import resources_view
from planner.ui.settings.shown import Shown
from planner.ui.settings.sites import sites_view

VIEWS: Mapping[str, Callable[[Shown], None]] = {
    "sites": sites_view,
    "calendars": calendars_view,
    "resources": resources_view,
    "feeds": feeds_view,
    "people": people_view,
}
"""All views by their names in addresses."""


def settings_page() -> None:
    """Draw it."""
    arrived = link.arrived()
    if arrived is not None:
        take_from_link(arrived)
        # Another page was open since: what was shown once is not shown again.
        forget_address()
    st.title(t("Settings"), anchor=False)
    at = desk()
    words = _words()
    view = view_choice("settings", words, arrived)
    if view != "feeds":
        forget_address()
    VIEWS[view](_shown(at))
    link.write({**view_entry(view, words), **entries_of(view)})


def _shown(at: Desk) -> Shown:
    with at.reading() as connection:
        return Shown(at, readable_settings(connection, at.caller))


def _words() -> Mapping[str, str]:
    return {
        "sites": t("Sites"),
        "calendars": t("Working days"),
        "resources": t("Resources"),
        "feeds": t("Calendar feeds"),
        "people": t("People and roles"),
    }
