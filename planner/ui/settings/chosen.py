"""What is chosen in a view of the settings (a site, a year), held by the address."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from planner.ui import link
from planner.ui.components.view_choice import say_not_there
from planner.ui.language import t

_NAMES: Mapping[str, tuple[str, ...]] = {"calendars": ("site", "year"), "resources": ("site",)}
"""What each view lets choose; the others nothing."""
_WIDTH = 200


def take_from_link(arrived: Mapping[str, str]) -> None:
    """Begin with what a link asks for."""
    for name in ("site", "year"):
        if name in arrived:
            st.session_state[_state(name)] = arrived[name]


def entries_of(view: str) -> dict[str, str]:
    """What the address holds of a view."""
    return {name: str(st.session_state.get(_state(name), "")) for name in _NAMES.get(view, ())}


def site_chosen(sites: Mapping[str, object], below: DeltaGenerator | None = None) -> str:
    """One of these sites; the first before any is chosen. ``below`` is where it is said that a link asks for none of them."""
    return _chosen("site", t("Site"), list(sites), next(iter(sites)), below)


def year_chosen(years: range, first: int, below: DeltaGenerator | None = None) -> int:
    """One of these years; ``first`` before any is chosen. ``below`` as for a site."""
    return int(_chosen("year", t("Year"), [str(year) for year in years], str(first), below))


def _chosen(name: str, label: str, choices: list[str], first: str, below: DeltaGenerator | None) -> str:
    state, widget = _state(name), f"settings.chosen.{name}"
    asked = str(st.session_state.get(state, first))
    chosen = asked if asked in choices else first if first in choices else choices[0]
    st.session_state[state] = st.session_state[widget] = chosen

    def changed() -> None:
        link.touched()
        st.session_state[state] = st.session_state[widget]

    st.selectbox(label, choices, key=widget, on_change=changed, width=_WIDTH)
    if asked not in ("", chosen):
        say_not_there(label, asked, chosen, below)
    return chosen


def _state(name: str) -> str:
    return f"settings.{name}"
