"""HTML with real buttons as one Streamlit component: a press reruns the screen and says what was chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_FOLDER = Path(__file__).parent


def _asset(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


WHY_STYLE = _asset("why.css")

_STYLE = _asset("clickable.css") + WHY_STYLE

_component = st.components.v2.component(
    "clickable",
    html='<div class="clickable"></div>\n<!-- filled by the script -->',
    js=_asset("clickable.js"),
    css=_STYLE,
)
# A dialog keeps Tab within itself and does not look into a shadow root: there the buttons stand in the page's own tree, styles nested.
_in_dialog = st.components.v2.component(
    "clickable_in_dialog",
    html='<div class="in-dialog"><div class="clickable"></div></div>\n<!-- filled by the script -->',
    js=_asset("clickable.js"),
    css=f".in-dialog {{\n{_STYLE}}}\n",
    isolate_styles=False,
)


def clickable(html: str, key: str, on_chosen: Callable[[str, str], None]) -> None:
    """Show ``html``; ``on_chosen`` gets the ``data-choose`` and ``data-value`` of a pressed button before the screen is made anew."""
    _mount(_component, html, key, on_chosen)


def clickable_in_dialog(html: str, key: str, on_chosen: Callable[[str, str], None]) -> None:
    """The same within a dialog, where Tab reaches the buttons only so. A ``<style>`` of ``html`` counts for the whole page."""
    _mount(_in_dialog, html, key, on_chosen)


def _mount(component: ComponentRenderer, html: str, key: str, on_chosen: Callable[[str, str], None]) -> None:
    def chosen() -> None:
        what, _, value = str(st.session_state[key].chosen or "").partition("=")
        if what:
            on_chosen(what, value)

    component(data={"html": html}, key=key, on_chosen_change=chosen)
