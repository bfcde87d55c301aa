"""Which stream of treatment an act is about: all drugs, or one by name; radiotherapy and surgery only by name (R12, R13)."""

from __future__ import annotations

import streamlit as st

from planner.records.changes.view import SubjectView
from planner.ui import link
from planner.ui.dialogs.treatment import Acting
from planner.ui.language import t
from planner.ui.treatment_texts import ALL_DRUGS, doses_of, stream_label
from planner.ui.words import unformatted

_SETTLED = ("done", "missed", "cancelled")


def stream_input(acting: Acting, label: str) -> str | None:
    """The stream chosen (``ALL_DRUGS`` stands first); None, with a sentence, where no dose is left to give."""
    plan = acting.view.state.plan
    to_come = _doses_to_come(acting.view)
    streams = [stream for stream in (ALL_DRUGS, *plan.doses) if doses_of(plan, stream) & to_come]
    if not streams:
        st.info(t("No dose is left to give, so there is nothing to hold or stop."))
        return None
    asked = acting.about.entry
    return st.radio(
        label,
        streams,
        index=streams.index(asked) if asked in streams else 0,
        format_func={stream: unformatted(stream_label(plan, stream)) for stream in streams}.__getitem__,
        key=acting.key("stream"),
        persist_state="page",
        on_change=link.touched,
        help=t("All drugs leaves radiotherapy and surgery as they are: these are held and stopped only by name."),
    )


def _doses_to_come(view: SubjectView) -> frozenset[str]:
    activities = view.state.plan.protocol.activities
    doses = (activities[id_].dose for row in view.rows if row.status not in _SETTLED for id_ in row.activities)
    return frozenset(dose for dose in doses if dose is not None)
