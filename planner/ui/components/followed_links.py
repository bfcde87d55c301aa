"""A list with real links to pages of the planner: a press stays in the session, and they open in new tabs as any link does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent


def _asset(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


_component = st.components.v2.component(
    "followed_links",
    html='<div class="clickable"></div>\n<!-- filled by the script -->',
    js=_asset("followed.js"),
    css=_asset("clickable.css") + _asset("list_table.css"),
)


def followed_links(html: str, key: str, on_followed: Callable[[str], None]) -> None:
    """Show ``html``; ``on_followed`` gets the ``data-follow`` of a pressed link before the screen is made anew."""

    def followed() -> None:
        target = str(st.session_state[key].followed or "")
        if target:
            on_followed(target)

    _component(data={"html": html}, key=key, on_followed_change=followed)
