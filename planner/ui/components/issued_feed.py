"""The address of a feed that was just made or given a new one: shown here and only once."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import streamlit as st

from planner.exchange.feed_address import ENVIRONMENT_VARIABLE, FeedAddressError, checked_base, feed_address
from planner.records.feeds.granting import IssuedFeed
from planner.ui.language import in_language, t
from planner.ui.refusals import SAYS_WHY, say_refusal
from planner.ui.words import sentence, unformatted


@dataclass(frozen=True, slots=True)
class ShownFeed:
    """A feed with its token, and the address of the planner that it is reached at."""

    issued: IssuedFeed
    base: str


def issued_feed(issue: Callable[[], IssuedFeed]) -> ShownFeed | None:
    """Make a feed, or give one a new address, by ``issue``; None (with the reason) where that is refused."""
    try:
        # The address first: without one that may be used, the feed's secret would be lost.
        base = _base()
        return ShownFeed(issue(), base)
    except FeedAddressError as error:
        st.error(unformatted(sentence(in_language(str(error)))), icon=":material/error:")
    except SAYS_WHY as error:
        say_refusal(error)
    return None


def show_issued(shown: ShownFeed) -> None:
    """The only place that shows a token."""
    address = feed_address(shown.base, shown.issued.token)
    code = shown.issued.feed.code
    st.success(unformatted(t("Feed {code} is made. Copy its address now: it is shown only here and only once.", code=code)))
    st.markdown(t("Address for a calendar program (Outlook, Google, Thunderbird):"))
    st.code(address.web, language=None, wrap_lines=True)
    st.markdown(t("Address that opens the calendar program of this device:"))
    st.code(address.webcal, language=None, wrap_lines=True)
    st.caption(t("Keep it like a password. Settings, Feeds: give it a new address, or end it."))


def _base() -> str:
    """Where the planner is reached: as configured, else as this page was. Raises FeedAddressError."""
    given = os.environ.get(ENVIRONMENT_VARIABLE, "").strip()
    if given:
        return checked_base(given)
    here = urlsplit(st.context.url or "")
    return checked_base(f"{here.scheme}://{here.netloc}")
