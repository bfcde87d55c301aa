"""The head of a subject's page: who, where, by which protocol, what comes next, and what needs a look."""

from __future__ import annotations

import streamlit as st

from planner.records.changes.view import SubjectView
from planner.ui import link
from planner.ui.language import in_language, t, tn
from planner.ui.next_visit import next_visit
from planner.ui.preview import Preview
from planner.ui.subject_words import state_words, visit_line
from planner.ui.to_check import points_to_check
from planner.ui.words import sentence, short_date, unformatted

_ON = "subject.on"


def subject_head(view: SubjectView, preview: Preview) -> None:
    """The title, two lines, and what does not fit."""
    state, protocol = view.state, view.state.plan.protocol
    with st.container(key="head", gap="xsmall"):
        st.title(t("Subject {number}", number=unformatted(state.key.number)), anchor=False)
        parts = [
            t("study {study}", study=state.key.study),
            t("site {site}", site=state.site),
            t("protocol version {version}", version=protocol.version),
            state_words(state.facts),
        ]
        if state.rescreen_of:
            parts.append(t("screened before as {number}", number=state.rescreen_of))
        st.markdown(" · ".join(unformatted(part) for part in parts))
        st.markdown(" · ".join(_counts(view, preview)))
        _next(preview)
    _as_of(view)
    _unfit(view)


def _counts(view: SubjectView, preview: Preview) -> list[str]:
    overdue = sum(row.status == "overdue" for row in preview.rows)
    points = len(points_to_check(preview))
    parts = [tn("**{number} visit overdue**", "**{number} visits overdue**", overdue) if overdue else t("nothing overdue")]
    if points:
        parts.append(tn("**{number} point to check** (see Checks)", "**{number} points to check** (see Checks)", points))
    else:
        parts.append(t("nothing to check"))
    parts.append(t("revision {number}", number=view.revision))
    parts.append(t("as of {day}", day=short_date(view.as_of)))
    return parts


def _next(preview: Preview) -> None:
    row = next_visit(preview)
    if row is None:
        st.markdown(t("**Next visit:** none is to come."))
    else:
        st.markdown(t("**Next visit:** {visit}", visit=unformatted(visit_line(preview, row))))


def _as_of(view: SubjectView) -> None:
    """Another day than today must be seen to be one."""
    if view.as_of == view.today:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(t("This is the schedule as of {day}, not of today.", day=short_date(view.as_of)), icon=":material/history:")
        st.button(t("Show today"), key="subject.today", on_click=_today)


def _today() -> None:
    link.touched()
    st.session_state[_ON] = None


def _unfit(view: SubjectView) -> None:
    """Facts that the protocol does not know: part of no date, so a person must know of them."""
    if not view.unfit:
        return
    lines = "\n".join(
        "* " + unformatted(t("Fact {number} does not fit: {why}", number=unfit.number, why=sentence(in_language(unfit.why))))
        for unfit in view.unfit
    )
    what = t("These facts are part of no date, because the protocol does not know them:")
    st.warning(f"**{what}**\n\n{lines}", icon=":material/warning:")
