"""What the browser is told and Streamlit does not: the page's language, one step back for one page, what menu links carry, the session."""

from __future__ import annotations

import secrets
from pathlib import Path

import streamlit as st

from planner.ui import link, notices
from planner.ui.dialogs.opened import opened
from planner.ui.language import language, t

_component = st.components.v2.component("browser_page", js=(Path(__file__).parent / "browser_page.js").read_text(encoding="utf-8"))
_KEY = "browser-page"
_SESSION = "browser-page.session"
# Nothing of it is seen, so it must not take the room that lies between two elements either.
_NO_ROOM = f"<style>.st-key-{_KEY} {{ position: absolute; width: 0; height: 0; overflow: hidden; }}</style>"


def browser_page() -> None:
    """Say it to the browser."""
    st.html(_NO_ROOM)
    with st.container(key=_KEY):
        said = {
            "language": language(),
            "carried": link.language_entry().get(link.LANGUAGE, ""),
            "session": _session(),
            "isEntering": opened() is not None,
        }
        _component(data=said, key=f"{_KEY}.said", on_back_change=_drawn_anew, on_gone_change=_say_what_is_gone)


def _session() -> str:
    """Tells this session from the one that a server had before it was started anew; says nothing about the person."""
    name: str = st.session_state.setdefault(_SESSION, secrets.token_hex(8))
    return name


def _say_what_is_gone() -> None:
    """A dialog was open in this window when another session took over."""
    link.touched()
    notices.caution(t("The planner was started anew; what was not saved is gone."))


def _drawn_anew() -> None:
    """The browser is back after the line was cut; that it says so draws the page."""
    link.touched()
