"""Tells the browser what Streamlit does not: the page's language, for screen readers, and that one change of page is one step back."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from planner.ui import link
from planner.ui.language import language

_component = st.components.v2.component("browser_page", js=(Path(__file__).parent / "browser_page.js").read_text(encoding="utf-8"))
_KEY = "browser-page"
# Nothing of it is seen, so it must not take the room that lies between two elements either.
_NO_ROOM = f"<style>.st-key-{_KEY} {{ position: absolute; width: 0; height: 0; overflow: hidden; }}</style>"


def browser_page() -> None:
    """Say it to the browser."""
    st.html(_NO_ROOM)
    with st.container(key=_KEY):
        _component(data={"language": language()}, key=f"{_KEY}.said", on_back_change=_drawn_anew)


def _drawn_anew() -> None:
    """The browser is back after the line was cut; that it says so draws the page."""
    link.touched()
