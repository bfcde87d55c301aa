"""The line above every page: help with it, who looks, and the language; and the tour, while somebody takes it."""

from __future__ import annotations

import streamlit as st

from planner.ui import link, sign_in
from planner.ui.components.browser_page import browser_page
from planner.ui.components.tour import tour
from planner.ui.language import LANGUAGES, Language, choose_language, language, t
from planner.ui.places import PLACES

_CHOSEN = "menu.language"


def menu(code: str) -> None:
    """Draw it on the page of that name."""
    browser_page()
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="menu"):
        if code != "help":
            place = PLACES["help"]
            st.page_link(
                place.file,
                label=t("Help with this page"),
                icon=":material/help:",
                query_params={"topic": code, **link.language_entry()},
            )
        sign_in.account_line()
        st.session_state[_CHOSEN] = language()
        st.segmented_control(
            t("Language"),
            list(LANGUAGES),
            format_func=_named,
            key=_CHOSEN,
            on_change=_choose,
            label_visibility="collapsed",
            required=True,
        )
    tour()


def _named(code: Language) -> str:
    return LANGUAGES[code]


def _choose() -> None:
    link.touched()
    choose_language(st.session_state[_CHOSEN])
