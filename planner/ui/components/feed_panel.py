"""Making a feed: a secret address that a calendar program asks again and again, shown once. What it holds is said by where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from planner.records.feeds.feed import Feed, FeedKind
from planner.records.feeds.granting import IssuedFeed, feeds_of, make_feed
from planner.records.people.settings import read_settings
from planner.ui.components.feed_fields import feed_fields
from planner.ui.components.issued_feed import ShownFeed, issued_feed, show_issued
from planner.ui.desk import Desk
from planner.ui.language import t
from planner.ui.words import listed, unformatted

_ISSUED = "feed.issued"


@dataclass(frozen=True, slots=True)
class FeedWanted:
    """What a feed is to hold, and where it is asked for."""

    key: str
    """What the keys of the inputs begin with; of one opened dialog."""
    kind: FeedKind
    of: str
    """``ulrrc/PEK-001``, ``PEK``, ``PEK/linac`` or ``ulrrc``, by its kind."""
    purpose: str
    """What it is usually for: one word."""


def is_issued(key: str) -> bool:
    """Whether the dialog of this key shows the address of a feed that was just made."""
    kept: tuple[str, ShownFeed] | None = st.session_state.get(_ISSUED)
    return kept is not None and kept[0] == key


def feed_panel(wanted: FeedWanted, desk: Desk, close: Callable[[], None]) -> None:
    """The inputs of a feed, or its address once it is made; ``close`` closes the dialog that it stands in."""
    if not is_issued(wanted.key):
        st.session_state.pop(_ISSUED, None)
        place = st.empty()
        with place.container():
            _own_feeds(wanted, desk)
            made = _made(wanted, desk)
        if made is None:
            return
        place.empty()
        st.session_state[_ISSUED] = (wanted.key, made)
    show_issued(st.session_state[_ISSUED][1])
    if st.button(t("Close"), key=f"{wanted.key}.close"):
        st.session_state.pop(_ISSUED, None)
        close()
        st.rerun()


def _own_feeds(wanted: FeedWanted, desk: Desk) -> None:
    with desk.reading() as connection:
        own = [feed for feed in feeds_of(read_settings(connection), desk.caller) if (feed.kind, feed.of) == (wanted.kind, wanted.of)]
    if own:
        named = listed(f"{feed.code} ({feed.person}, {feed.purpose})" for feed in own)
        st.caption(unformatted(t("There are already: {feeds}.", feeds=named)))


def _made(wanted: FeedWanted, desk: Desk) -> ShownFeed | None:
    """The feed as it is entered, once it is made; None before, and (with the reason) where it is refused."""
    entered = feed_fields(wanted.key, wanted.purpose)
    if not st.button(t("Make the feed"), key=f"{wanted.key}.make", type="primary", icon=":material/rss_feed:"):
        return None
    who = desk.caller.who
    feed = Feed("", who, entered.purpose, wanted.kind, wanted.of, "", summary=entered.summary, language=entered.language)

    def issue() -> IssuedFeed:
        with desk.writing() as connection:
            return make_feed(connection, desk.caller, feed)

    return issued_feed(issue)
