"""Making a feed of a subject, a site, a resource or a study, for oneself or (as an administrator) for somebody else."""

from __future__ import annotations

import streamlit as st

from planner.records.feeds.feed import FEED_KINDS, EventKind, Feed, FeedKind
from planner.records.feeds.granting import IssuedFeed, make_feed
from planner.records.feeds.resources import resources_named
from planner.records.people.rights import Action
from planner.records.people.roles import EVERYWHERE
from planner.ui import link
from planner.ui.components.feed_fields import feed_fields
from planner.ui.components.issued_feed import ShownFeed, issued_feed
from planner.ui.language import t
from planner.ui.settings.saving import fresh
from planner.ui.settings.shown import Shown

_FORM_WIDTH = 640


def feed_kind_word(kind: str) -> str:
    """What a feed is of."""
    return {"subject": t("subject"), "site": t("site"), "resource": t("resource"), "study": t("study")}[kind]


def new_feed(shown: Shown) -> ShownFeed | None:
    """Draw the inputs; the feed once it is made."""
    with st.container(width=_FORM_WIDTH):
        person = _person(shown)
        kind: FeedKind = st.selectbox(
            t("A calendar of"),
            [kind for kind in FEED_KINDS if shown.settings.sites or kind in ("subject", "study")],
            index=1 if shown.settings.sites else 0,
            format_func=feed_kind_word,
            key=fresh("feed.kind"),
            on_change=link.touched,
        )
        of = _of(shown, kind)
        entered = feed_fields(fresh("feed"))
        words: dict[EventKind, str] = {"visit": t("An event for each visit"), "window": t("An event for each visit's window")}
        event: EventKind = st.selectbox(
            t("Events"), list(words), format_func=words.__getitem__, key=fresh("feed.event"), on_change=link.touched
        )
        conditional = st.checkbox(t("Visits that hang on an open decision too"), key=fresh("feed.conditional"), on_change=link.touched)
        if not st.button(t("Make the feed"), key="settings.feed.make", icon=":material/rss_feed:"):
            return None
        wanted = Feed("", person, entered.purpose, kind, of, "", event, entered.summary, entered.language, conditional)
        return _made(shown, wanted)


def _made(shown: Shown, wanted: Feed) -> ShownFeed | None:
    def issue() -> IssuedFeed:
        with shown.at.writing() as connection:
            return make_feed(connection, shown.at.caller, wanted)

    return issued_feed(issue)


def _person(shown: Shown) -> str:
    """Whose feed it is."""
    own = shown.at.caller.who
    if not shown.at.may(shown.settings, Action.ADMINISTER, EVERYWHERE):
        return own
    entered = st.text_input(
        t("For which account"),
        value=own,
        key=fresh("feed.person"),
        max_chars=64,
        help=t("The feed shows what this account may read."),
        on_change=link.touched,
    )
    return (entered or "").strip() or own


def _of(shown: Shown, kind: FeedKind) -> str:
    if kind == "subject":
        text = st.text_input(
            t("Subject number"), key=fresh("feed.subject"), max_chars=64, placeholder="ulrrc/PEK-001", on_change=link.touched
        )
        return (text or "").strip()
    if kind == "study":
        with shown.at.reading() as connection:
            studies = sorted({entry.study for entry in shown.at.schedules.of(connection, shown.at.caller)})
        return str(st.selectbox(t("Study"), studies, key=fresh("feed.study"), on_change=link.touched) or "")
    site = str(st.selectbox(t("Site"), list(shown.settings.sites), key=fresh("feed.site"), on_change=link.touched))
    if kind == "site":
        return site
    with shown.at.reading() as connection:
        found = shown.at.schedules.of(connection, shown.at.caller)
        names = sorted(resources_named(connection, shown.settings, site, found))
    return f"{site}/{st.selectbox(t('Resource'), names, key=fresh(f'feed.resource.{site}'), on_change=link.touched) or ''}"
