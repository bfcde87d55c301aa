"""What a feed is for, says and in which language, as inputs."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from planner.records.feeds.feed import SUMMARY_PARTS, SummaryPart
from planner.ui import link
from planner.ui.language import LANGUAGES, language, t


@dataclass(frozen=True, slots=True)
class FeedEntries:
    """What was entered."""

    purpose: str
    language: str
    summary: tuple[SummaryPart, ...]


def feed_fields(key: str, usual_purpose: str = "phone") -> FeedEntries:
    """Draw the inputs, whose keys begin with ``key``."""
    purpose = st.text_input(
        t("What it is for"),
        key=f"{key}.purpose",
        value=usual_purpose,
        max_chars=32,
        help=t("One word of small letters, digits and -, such as phone or outlook. Never a name."),
        on_change=link.touched,
    )
    st.session_state.setdefault(f"{key}.language", language())
    spoken = st.selectbox(
        t("Language of the events"), list(LANGUAGES), format_func=LANGUAGES.__getitem__, key=f"{key}.language", on_change=link.touched
    )
    titles = {
        "study,subject,visit": t("Study, subject and visit"),
        "study,visit": t("Study and visit"),
        "": t("Only the word Visit"),
    }
    shown = st.selectbox(t("What titles show"), list(titles), format_func=titles.__getitem__, key=f"{key}.titles", on_change=link.touched)
    return FeedEntries((purpose or "").strip(), spoken, tuple(part for part in SUMMARY_PARTS if part in shown.split(",")))
