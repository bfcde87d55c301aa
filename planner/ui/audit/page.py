"""The page Audit: its views, and the one that is open."""

from __future__ import annotations

import streamlit as st

from planner.ui import link
from planner.ui.audit.files import files_view
from planner.ui.audit.log_filters import NAMES, take_from_link
from planner.ui.audit.log_view import log_view
from planner.ui.audit.proof import proof_view
from planner.ui.desk import desk
from planner.ui.language import t
from planner.ui.refusals import refusals_said

_VIEWS = ("log", "proof", "files")
_FIRST = "log"
_VIEW, _VIEW_SHOWN = "audit.view", "audit.view-shown"


def audit_page() -> None:
    """Draw it."""
    arrived = link.arrived()
    if arrived is not None:
        asked = arrived.get("view", _FIRST)
        st.session_state[_VIEW] = asked if asked in _VIEWS else _FIRST
        take_from_link(arrived)
    st.title(t("Audit"), anchor=False)
    at = desk()
    view = str(st.session_state.get(_VIEW, _FIRST))
    _choice(view)
    entries: dict[str, str] = dict.fromkeys(NAMES, "")
    # A log that is damaged is proven nevertheless: what cannot be read is said, and the other views stay in reach.
    with refusals_said():
        if view == "log":
            entries = log_view(at)
        elif view == "proof":
            proof_view(at)
        else:
            files_view(at)
    link.write({"view": "" if view == _FIRST else view, **entries})


def _choice(view: str) -> None:
    words = {"log": t("The log"), "proof": t("Its proof"), "files": t("Files to keep")}
    st.session_state[_VIEW_SHOWN] = view
    st.segmented_control(
        t("Show"),
        _VIEWS,
        format_func=words.__getitem__,
        key=_VIEW_SHOWN,
        on_change=_choose,
        label_visibility="collapsed",
        required=True,
    )


def _choose() -> None:
    link.touched()
    st.session_state[_VIEW] = st.session_state[_VIEW_SHOWN]
