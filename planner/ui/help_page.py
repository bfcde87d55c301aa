"""The page Help: short answers, the keys, and parts of the documentation."""

from __future__ import annotations

import streamlit as st

from planner.ui import link
from planner.ui.components.tour import start_tour
from planner.ui.help_texts import FROM_THE_DOCUMENTATION, Section, documented, sections
from planner.ui.language import STANDARD, language, t
from planner.ui.places import PLACES

_READABLE = 880
"""In pixels: longer lines are hard to read."""


def help_page() -> None:
    """Draw it; what a link asks for stands first."""
    st.title(t("Help"), anchor=False)
    arrived = link.arrived()
    if arrived is not None:
        st.session_state["help.topic"] = arrived.get("topic", "")
    topic: str = st.session_state.get("help.topic", "")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(t("Take the tour: three steps"), key="help.tour", icon=":material/tour:", on_click=start_tour)
        st.page_link(PLACES["plan"].file, label=t("Try a schedule"), icon=PLACES["plan"].icon, query_params=link.language_entry())
    found = sections(language())
    if not found:
        st.info(t("The documentation is not installed beside the planner: copy its folder docs/ there."))
    with st.container(width=_READABLE):
        for section in sorted(found, key=lambda section: section.topic != topic):
            _section(section)
        _documentation()
    link.write({"topic": topic if any(section.topic == topic for section in found) else ""})


def _section(section: Section) -> None:
    st.subheader(section.heading, anchor=False)
    st.markdown(section.text)


def _documentation() -> None:
    st.subheader(t("From the documentation"), anchor=False)
    if language() != STANDARD:
        st.markdown(t("These parts are in English."))
    for file, heading in FROM_THE_DOCUMENTATION:
        text = documented(file, heading)
        if text:
            with st.expander(heading):
                st.markdown(text)
    st.caption(t("The whole documentation is in the folder docs/ of the planner; it begins with docs/index.md."))
