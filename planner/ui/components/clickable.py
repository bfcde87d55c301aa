"""HTML with real buttons as one Streamlit component: a press reruns the screen and says what was chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent


def _asset(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


WHY_STYLE = _asset("why.css")

_component = st.components.v2.component(
    "clickable",
    html='<div id="root"></div>\n<!-- filled by the script -->',
    js=_asset("clickable.js"),
    css=_asset("clickable.css") + WHY_STYLE,
)


def clickable(html: str, key: str, on_chosen: Callable[[str, str], None]) -> None:
    """Show ``html``; ``on_chosen`` gets the ``data-choose`` and ``data-value`` of a pressed button before the screen is made anew."""

    def chosen() -> None:
        what, _, value = str(st.session_state[key].chosen or "").partition("=")
        if what:
            on_chosen(what, value)

    _component(data={"html": html}, key=key, on_chosen_change=chosen)
