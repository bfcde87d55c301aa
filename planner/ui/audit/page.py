"""The page Audit: its views, and the one that is open."""

from __future__ import annotations

import streamlit as st

from planner.ui import link
from planner.ui.audit.files import files_view
from planner.ui.audit.log_filters import NAMES, take_from_link
from planner.ui.audit.log_view import log_view
from planner.ui.audit.proof import proof_view
from planner.ui.components.view_choice import view_choice, view_entry
from planner.ui.desk import desk
from planner.ui.language import t
from planner.ui.refusals import refusals_said

VIEWS = ("log", "proof", "files")
"""All views by their names in addresses."""


def audit_page() -> None:
    """Draw it."""
    arrived = link.arrived()
    if arrived is not None:
        take_from_link(arrived)
    st.title(t("Audit"), anchor=False)
    at = desk()
    words = {"log": t("The log"), "proof": t("Its proof"), "files": t("Files to keep")}
    view = view_choice("audit", words, arrived)
    entries: dict[str, str] = dict.fromkeys(NAMES, "")
    # A log that is damaged is proven nevertheless: what cannot be read is said, and the other views stay in reach.
    with refusals_said():
        if view == "log":
            entries = log_view(at)
        elif view == "proof":
            proof_view(at)
        else:
            files_view(at)
    link.write({**view_entry(view, words), **entries})
