"""Making a feed of one subject's calendar."""

from __future__ import annotations

import streamlit as st

from planner.records.changes.view import SubjectView
from planner.ui.components.feed_panel import FeedWanted, feed_panel, is_issued
from planner.ui.desk import Desk
from planner.ui.dialogs.opened import OpenDialog, close_dialog
from planner.ui.language import t


def title(about: OpenDialog) -> str:
    """What the dialog is called."""
    return t("Calendar feed of {subject}", subject=about.subject)


def draw(about: OpenDialog, desk: Desk, view: SubjectView) -> None:  # noqa: ARG001
    """What to say before the feed is made, or its address once it is."""
    if not is_issued(about.key):
        st.markdown(
            t(
                "A calendar program that subscribes to a feed shows this subject's visits and follows every change. The address is secret: "
                "whoever has it can read the feed."
            )
        )
    feed_panel(FeedWanted(about.key, "subject", str(about.subject), "phone"), desk, close_dialog)
