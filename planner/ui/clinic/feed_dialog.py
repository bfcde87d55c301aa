"""Making a feed of a site, of one of its resources, or of a study."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from planner.capacity.clinic_visits import Wanted
from planner.records.feeds.feed import FeedKind
from planner.ui import link
from planner.ui.clinic.busy import resource_word
from planner.ui.components.feed_panel import FeedWanted, feed_panel, is_issued
from planner.ui.desk import desk
from planner.ui.language import t
from planner.ui.refusals import SAYS_WHY, say_refusal

_OPEN = "calendar.feed"
_COUNT = "calendar.feeds"
_PURPOSE = "outlook"


@dataclass(frozen=True, slots=True)
class FeedChoice:
    """One thing that a feed can be of."""

    kind: FeedKind
    of: str

    @property
    def label(self) -> str:
        """In the language of the page."""
        match self.kind:
            case "resource":
                site, _, resource = self.of.partition("/")
                return t("{resource} at {site}", resource=resource_word(resource), site=site)
            case "site":
                return t("Everything at {site}", site=self.of)
            case _:
                return t("Study {study}, wherever you may read", study=self.of)


def feed_choices(sites: Sequence[str], studies: Sequence[str], resources: Sequence[tuple[str, str]]) -> list[FeedChoice]:
    """Sites, each with its resources; then studies."""
    choices = []
    for site in sites:
        choices.append(FeedChoice("site", site))
        choices += [FeedChoice("resource", f"{of}/{resource}") for of, resource in resources if of == site]
    return [*choices, *(FeedChoice("study", study) for study in studies)]


def usual_choice(choices: Sequence[FeedChoice], wanted: Wanted) -> int:
    """The index of what the page shows: its resource at its site, its site, its study; else the first."""
    asked = [f"{wanted.site}/{wanted.resource}" if wanted.site and wanted.resource else "", wanted.site, wanted.study]
    known = [choice.of for choice in choices]
    return next((known.index(of) for of in asked if of in known), 0)


def feed_button() -> None:
    """The button that opens the dialog."""
    st.button(t("Calendar feed"), key="calendar.feed-button", icon=":material/rss_feed:", on_click=_open)


def _open() -> None:
    link.touched()
    st.session_state[_COUNT] = st.session_state.get(_COUNT, 0) + 1
    st.session_state[_OPEN] = f"feed.{st.session_state[_COUNT]}"


def forget_feed() -> None:
    """A dialog that was open when another page was shown is not open any more."""
    st.session_state.pop(_OPEN, None)


def _close() -> None:
    link.touched()
    st.session_state.pop(_OPEN, None)


def draw_feed(choices: Sequence[FeedChoice], wanted: Wanted) -> None:
    """Draw the dialog if it is open."""
    key: str | None = st.session_state.get(_OPEN)
    if key is not None:
        st.dialog(t("Calendar feed"), width="large", on_dismiss=_close)(_draw)(key, choices, usual_choice(choices, wanted))


def _draw(key: str, choices: Sequence[FeedChoice], usual: int) -> None:
    """What stands in it; drawn again by itself at each input."""
    try:
        chosen = choices[usual]
        if not is_issued(key):
            st.markdown(
                t(
                    "A calendar program that subscribes to a feed shows these visits and follows every change. The address is secret: "
                    "whoever has it can read the feed. It never holds more than you may read."
                )
            )
            chosen = st.selectbox(t("What it holds"), choices, index=usual, format_func=lambda one: one.label, key=f"{key}.of")
        feed_panel(FeedWanted(key, chosen.kind, chosen.of, _PURPOSE), desk(), _close)
    except SAYS_WHY as error:
        say_refusal(error)
