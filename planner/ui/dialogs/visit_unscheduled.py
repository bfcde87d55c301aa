"""The dialog of a visit that no plan asks for: when it took place, and the dose that was given at it, if any."""

from __future__ import annotations

from datetime import date

import streamlit as st

from planner.records.changes import acts
from planner.records.changes.view import SubjectView
from planner.records.facts.kinds import Kind
from planner.schedule.fact_faults import EARLIEST_START, LATEST_DATE
from planner.ui import link
from planner.ui.components.change_panel import change_panel
from planner.ui.desk import Desk
from planner.ui.dialogs.beginnings import require, seen
from planner.ui.dialogs.opened import OpenDialog, close_dialog
from planner.ui.dialogs.visit_day import day_buttons
from planner.ui.language import t
from planner.ui.treatment_texts import stream_label
from planner.ui.words import unformatted


def title(about: OpenDialog) -> str:
    """The heading of the dialog."""
    return t("Unscheduled visit of {subject}", subject=unformatted(str(about.subject)))


def draw(about: OpenDialog, desk: Desk, view: SubjectView) -> None:
    """Draw its inputs, and what saving them does."""
    require(desk, view, Kind.UNSCHEDULED_VISIT)
    st.caption(t("A visit that the plan does not have. A dose given at it counts for every interval and for the last dose."))
    day_key, stream_key = f"{about.key}.day", f"{about.key}.stream"
    plan = view.state.plan
    # No plan says when it was, so the person does.
    st.session_state.setdefault(day_key, None)
    day_buttons(day_key, None, view.today)
    day: date | None = st.date_input(
        t("Date it took place"),
        min_value=EARLIEST_START,
        max_value=LATEST_DATE,
        format="YYYY-MM-DD",
        key=day_key,
        persist_state="page",
        on_change=link.touched,
    )
    stream = st.selectbox(
        t("Dose given"),
        ["", *view.state.plan.doses],
        format_func=lambda dose: stream_label(view.state.plan, dose) if dose else t("no dose"),
        key=stream_key,
        persist_state="page",
        on_change=link.touched,
    )
    if day is None:
        st.caption(t("Choose the date it took place."))
        return
    change_panel(
        desk,
        about.subject,
        plan.protocol,
        lambda why: acts.unscheduled_visit(day, stream, reason=why.reason, note=why.note),
        key=f"{about.key}.change",
        seen=seen(about, view),
        asks_why="if wanted",
        save_label=t("Save the visit"),
        on_saved=close_dialog,
    )
