"""Stopping treatment for good, and leaving the study (R13)."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from planner.records.changes.acts import left_study, treatment_stopped
from planner.records.changes.view import SubjectView
from planner.records.facts.kinds import Kind
from planner.schedule.facts import EndReason
from planner.ui import link
from planner.ui.desk import Desk
from planner.ui.dialogs.opened import OpenDialog
from planner.ui.dialogs.treatment import Acting
from planner.ui.dialogs.treatment_streams import stream_input
from planner.ui.language import t
from planner.ui.words import listed, unformatted


def stop_title(about: OpenDialog) -> str:
    """What stands above."""
    return t("Stop treatment of {subject} for good", subject=about.subject)


def leave_title(about: OpenDialog) -> str:
    """What stands above."""
    return t("{subject} leaves the study", subject=about.subject)


def draw_stop(about: OpenDialog, desk: Desk, view: SubjectView) -> None:
    """What is stopped, from when on; then before and after."""
    acting = Acting(about, desk, view)
    acting.require(Kind.TREATMENT_STOPPED)
    stream = stream_input(acting, t("What is stopped"))
    if stream is None:
        return
    day = acting.day("on", t("First day without it"), acting.today)
    st.caption(
        t(
            "From this day on its doses are no longer given. Imaging, safety visits and follow-up go on. If treatment only pauses, hold it "
            "instead; if the subject leaves the study, record that instead."
        )
    )
    if day is not None:
        acting.finish(lambda why: treatment_stopped(day, stream, reason=why.reason, note=why.note), "always", t("Save: treatment stopped"))


def draw_leave(about: OpenDialog, desk: Desk, view: SubjectView) -> None:
    """Why and when the subject left; then before and after."""
    acting = Acting(about, desk, view)
    acting.require(Kind.LEFT_STUDY)
    because: EndReason | None = st.radio(
        t("What happened"),
        list(get_args(EndReason)),
        index=None,
        format_func=end_labels().__getitem__,
        key=acting.key("because"),
        persist_state="page",
        on_change=link.touched,
    )
    day = acting.day("on", t("On"), acting.today, last=acting.today)
    if because is None or day is None:
        st.caption(t("Choose what happened, and when, to see what changes."))
        return
    _say_what_stays(view, because, acting)
    acting.finish(lambda why: left_study(day, because, reason=why.reason, note=why.note), "always", t("Save: left the study"))


def end_labels() -> dict[EndReason, str]:
    """How a subject can leave a study."""
    return {
        "withdrawn": t("Withdrew, or was withdrawn"),
        "died": t("Died"),
        "lost": t("Lost to follow-up"),
        "screen_failure": t("Screening failed"),
    }


def _say_what_stays(view: SubjectView, because: EndReason, acting: Acting) -> None:
    reminders = [row for row in view.rows if row.kind == "reminder" and row.status not in ("done", "missed", "cancelled")]
    if because == "withdrawn" and reminders:
        names = unformatted(listed(dict.fromkeys(acting.texts.visit(row) for row in reminders)))
        st.info(
            t(
                "After a withdrawal this reminder stays on the calendar: {reminders}. All other visits after this day are cancelled.",
                reminders=names,
            )
        )
    else:
        st.info(t("All visits after this day that are not done are cancelled."))
