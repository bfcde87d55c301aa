"""Which of a page's views is open: taken from a link, chosen in a row of buttons, kept while the session lasts."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from planner.ui import link
from planner.ui.language import t
from planner.ui.words import unformatted


def view_choice(page: str, words: Mapping[str, str], arrived: Mapping[str, str] | None) -> str:
    """Draw the buttons; the view that is open. ``words`` is what each is called, in order; the first is the usual one."""
    kept, shown = f"{page}.view", f"{page}.view-shown"
    first = asked = next(iter(words))
    if arrived is not None:
        asked = arrived.get("view", first)
        st.session_state[kept] = asked if asked in words else first
    view = str(st.session_state.setdefault(kept, first))
    # What a button holds is lost while another page is open, so it is kept beside it.
    st.session_state[shown] = view
    st.segmented_control(
        t("Show"),
        list(words),
        format_func=words.__getitem__,
        key=shown,
        on_change=_choose,
        args=(kept, shown),
        label_visibility="collapsed",
        required=True,
    )
    if asked not in words:
        say_not_there(t("Show"), asked, words[view])
    return view


def say_not_there(label: str, asked: str, shown: str, place: DeltaGenerator | None = None) -> None:
    """Say, in a ``place`` or here, that a link asks for something that is not there (any more), and what is shown instead."""
    sentence = t("{label}: nothing here is called {asked}, so {shown} is shown.", label=label, asked=unformatted(asked[:40]), shown=shown)
    (st if place is None else place).caption(sentence)


def view_entry(view: str, words: Mapping[str, str]) -> dict[str, str]:
    """The view as it stands in a link; the usual one is left out."""
    return {"view": "" if view == next(iter(words)) else view}


def _choose(kept: str, shown: str) -> None:
    link.touched()
    st.session_state[kept] = st.session_state[shown]
