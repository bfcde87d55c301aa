"""The way to enrolling: offered to those who may enrol at some site. The page behind it and the records ask again."""

from __future__ import annotations

import streamlit as st

from planner.records.people.rights import Action, NotAllowedError, allowed_sites
from planner.records.people.settings import Settings
from planner.ui.desk import Desk
from planner.ui.language import t
from planner.ui.places import go_later


def may_enrol(at: Desk, settings: Settings) -> bool:
    """Whether the person may enrol somebody at some site."""
    try:
        allowed_sites(settings, at.caller.who, Action.ENROL)
    except NotAllowedError:
        return False
    return True


def enrol_button(at: Desk, settings: Settings, key: str) -> None:
    """The button on a page that has nobody to show yet."""
    if may_enrol(at, settings):
        st.button(t("Enrol a subject"), key=key, type="primary", on_click=go_later, args=("new-subject",))
