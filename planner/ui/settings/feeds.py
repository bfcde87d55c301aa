"""Calendar feeds: which there are, making one, giving one a new address, ending one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape

import streamlit as st

from planner.records.feeds.feed import Feed
from planner.records.feeds.granting import IssuedFeed, feeds_of, revoke_feed, rotate_feed
from planner.records.traces.feed_uses import last_uses
from planner.ui import link
from planner.ui.components.issued_feed import ShownFeed, issued_feed, show_issued
from planner.ui.components.list_table import ROWS, first_row, list_table, turn_pages
from planner.ui.language import t
from planner.ui.list_html import ActButton, acts_html, list_html
from planner.ui.settings.new_feed import feed_kind_word, new_feed
from planner.ui.settings.saving import save_by
from planner.ui.settings.shown import Shown
from planner.ui.visit_past import moment_words
from planner.ui.words import unformatted

_ISSUED, _ASKED, _LIST = "settings.feed-issued", "settings.feed-asked", "settings.feeds"


def feeds_view(shown: Shown) -> None:
    """Draw them."""
    st.markdown(
        t(
            "A feed is a secret address that a calendar program asks again and again. It shows what its person may read, never more. Your "
            "own feeds are listed here; administrators see all."
        )
    )
    issued: ShownFeed | None = st.session_state.get(_ISSUED)
    if issued is not None:
        with st.container(border=True, key="settings.feed.issued"):
            show_issued(issued)
            st.button(t("I have copied it"), key="settings.feed.copied", on_click=_forget)
    found = sorted(feeds_of(shown.settings, shown.at.caller), key=lambda feed: int(feed.code[1:]))
    if found:
        _list(shown, found)
        _asked(shown, found)
    else:
        st.info(t("There is no feed yet. Make one below, or on a subject's page."))
    st.subheader(t("Make a feed"), anchor=False)
    made = new_feed(shown)
    if made is not None:
        _keep(made)


def _list(shown: Shown, found: Sequence[Feed]) -> None:
    with shown.at.reading() as connection:
        uses = last_uses(connection)
    first = first_row(_LIST, len(found))
    list_table(feeds_html(found[first : first + ROWS], uses), "settings.feeds.list", _pressed)
    turn_pages(_LIST, len(found))


def feeds_html(found: Sequence[Feed], uses: Mapping[str, datetime]) -> str:
    """The feeds as a table, with the acts in each line."""
    heads = (t("Feed"), t("For"), t("What it is for"), t("Of"), t("Last asked for (UTC)"), t("To do"))
    return list_html(t("Calendar feeds"), heads, (_line(feed, uses.get(feed.code)) for feed in found))


def _line(feed: Feed, used: datetime | None) -> tuple[str, ...]:
    asked = moment_words(used, "UTC") if used else t("never")
    texts = (feed.code, feed.person, feed.purpose, f"{feed_kind_word(feed.kind)}: {feed.of}", asked)
    new, end = t("New address"), t("End")
    acts = acts_html(ActButton("rotate", feed.code, new, f"{new} {feed.code}"), ActButton("revoke", feed.code, end, f"{end} {feed.code}"))
    return (*map(escape, texts), acts)


def _pressed(what: str, value: str) -> None:
    link.touched()
    forget_address()
    st.session_state[_ASKED] = what, value


def _asked(shown: Shown, found: Sequence[Feed]) -> None:
    """Ask before an address stops working."""
    act, code = st.session_state.get(_ASKED, ("", ""))
    feed = next((each for each in found if each.code == code), None)
    if feed is None:
        return
    named = {"code": feed.code, "person": feed.person, "purpose": feed.purpose}
    with st.container(border=True, key="settings.feed.asked"):
        if act == "rotate":
            st.markdown(
                unformatted(
                    t(
                        "Give feed {code} of {person} ({purpose}) a new address? The old one stops working at once, in every calendar "
                        "program that has it.",
                        **named,
                    )
                )
            )
            label = t("Give {code} a new address", code=feed.code)
        else:
            text = t("End feed {code} of {person} ({purpose}) for good? Its address stops working at once. A new one can be made.", **named)
            st.markdown(unformatted(text))
            label = t("End {code}", code=feed.code)
        with st.container(horizontal=True):
            if st.button(label, key="settings.feed.do", type="primary"):
                _do(shown, act, feed)
            st.button(t("Leave it as it is"), key="settings.feed.leave", on_click=_leave)


def _do(shown: Shown, act: str, feed: Feed) -> None:
    at = shown.at

    def rotate() -> IssuedFeed:
        with at.writing() as connection:
            return rotate_feed(connection, at.caller, feed.code)

    if act == "rotate":
        rotated = issued_feed(rotate)
        if rotated is not None:
            st.session_state.pop(_ASKED, None)
            _keep(rotated)
        return
    st.session_state.pop(_ASKED, None)
    ended = t("Feed {code} of {person} is ended: its address is not found any more.", code=feed.code, person=feed.person)
    save_by(at, lambda connection: revoke_feed(connection, at.caller, feed.code), ended)


def _keep(issued: ShownFeed) -> None:
    """Show the address once, above the list."""
    st.session_state[_ISSUED] = issued
    st.rerun()


def _forget() -> None:
    link.touched()
    forget_address()


def forget_address() -> None:
    """Show no address of a feed any more: it is for the moment after it was made."""
    st.session_state.pop(_ISSUED, None)


def _leave() -> None:
    link.touched()
    st.session_state.pop(_ASKED, None)
