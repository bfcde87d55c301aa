"""Lists to filter by (site, study, kind of visit), bound to codes, so that a link holds them whatever the language.

A page uses it so, once in a run::

    arrived = link.arrived()
    chosen = filter_bar("today", [site_filter(sites), study_filter(studies), visit_kind_filter()], arrived)
    ...  # chosen is {"site": "BEI", "study": "", "kind": ""}: "" where nothing is filtered
    link.write({**chosen, **what_else_the_page_shows})

It takes its state from the address whenever that is a new one, and says so where a link asks for something that is not there. A page
that finds nothing offers ``clear_filters("today", chosen)`` as the callback of a button; ``show_only("today", "site", "BEI")`` chooses in
a callback.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from planner.ui import link
from planner.ui.language import t
from planner.ui.words import KINDS, kind_word, unformatted

FILTER_WIDTH = 160
"""In pixels: all side by side on a desk, two on a phone."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One list to choose from."""

    name: str
    """The entry of the address: ``site``."""
    label: str
    all: str
    """What it is called when nothing is filtered: ``All sites``."""
    choices: Mapping[str, str]
    """Code to label, both as they are shown and in their order."""


def site_filter(sites: Iterable[str]) -> Filter:
    """By site, of these codes."""
    return Filter("site", t("Site"), t("All sites"), {code: code for code in sites})


def study_filter(studies: Iterable[str]) -> Filter:
    """By study, of these codes."""
    return Filter("study", t("Study"), t("All studies"), {code: code for code in studies})


def visit_kind_filter(kinds: Sequence[str] = KINDS) -> Filter:
    """By kind of visit."""
    return Filter("kind", t("Kind of visit"), t("All kinds"), {kind: kind_word(kind) for kind in kinds})


def filter_bar(
    page: str,
    filters: Sequence[Filter],
    arrived: Mapping[str, str] | None,
    on_changed: Callable[[str], None] | None = None,
    beside: Callable[[], None] | None = None,
) -> dict[str, str]:
    """Draw the lists beside one another; the code chosen in each by its name, "" where all are wanted.

    ``page`` tells the lists of one page from those of another; ``arrived`` is what ``link.arrived()`` gave to this run. ``on_changed`` is
    called with ``page`` when a person has chosen in any of them, before the page is drawn again; ``beside`` draws what else is to stand in
    the same line.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{page}.filters"):
        drawn = {one.name: _drawn(page, one, arrived, on_changed) for one in filters}
        if beside is not None:
            beside()
    for one in filters:
        asked, chosen = drawn[one.name]
        if asked != chosen:
            st.caption(t("{label}: nothing here is called {asked}, so all are shown.", label=one.label, asked=unformatted(asked[:40])))
    return {name: chosen for name, (_, chosen) in drawn.items()}


def clear_filters(page: str, names: Iterable[str]) -> None:
    """Show everything again: for callbacks."""
    for name in names:
        show_only(page, name, "")


def show_only(page: str, name: str, code: str) -> None:
    """Choose in a list what it shows, "" for all: for callbacks."""
    link.touched()
    st.session_state[_state(page, name)] = code


def _drawn(page: str, one: Filter, arrived: Mapping[str, str] | None, on_changed: Callable[[str], None] | None) -> tuple[str, str]:
    """Draw a list; the code that was asked for, and the one that is chosen."""
    state, widget = _state(page, one.name), f"{page}.filter.{one.name}"
    asked = arrived.get(one.name, "") if arrived is not None else str(st.session_state.get(state, ""))
    chosen = asked if asked in one.choices else ""
    st.session_state[state] = chosen
    # Set at each run, and so the same whatever the labels are in.
    st.session_state[widget] = chosen

    def label(code: str) -> str:
        return one.choices[code] if code else one.all

    def changed() -> None:
        show_only(page, one.name, st.session_state[widget])
        if on_changed is not None:
            on_changed(page)

    st.selectbox(one.label, ["", *one.choices], format_func=label, key=widget, on_change=changed, width=FILTER_WIDTH)
    return asked, chosen


def _state(page: str, name: str) -> str:
    return f"{page}.filtered.{name}"
