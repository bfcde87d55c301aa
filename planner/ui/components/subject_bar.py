"""What can be done: about the visit that is chosen, or else the next one; about the subject; and what to take along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from planner.records.changes.view import SubjectView
from planner.records.facts.fact import SubjectKey
from planner.schedule.rows import VisitRow
from planner.ui import view_state
from planner.ui.components.take_along import take_along
from planner.ui.desk import Desk
from planner.ui.dialogs.opened import dialogs_so_far, open_dialog
from planner.ui.language import t
from planner.ui.next_visit import next_visit
from planner.ui.places import go_later
from planner.ui.preview import Preview
from planner.ui.subject_acts import Act, May, subject_acts, visit_acts
from planner.ui.subject_words import visit_line
from planner.ui.words import unformatted

SHORTCUTS = {"done": "Alt+V", "book": "Alt+M"}
"""Keys for the most frequent acts on a visit, by what their dialog begins with."""
_IN_SIGHT = 2
"""So many acts about the visit stand in the bar; the others are in its menu, and all of them beside the explanation of the visit."""
PRINT_SHORTCUT, TODAY_SHORTCUT = "Alt+P", "Alt+T"


def subject_bar(at: Desk, view: SubjectView, preview: Preview, may: May, *, sites: int) -> None:
    """The buttons between the head and the views."""
    key = view.state.key
    row = _visit(preview)
    acts = () if row is None else visit_acts(view, row, may)
    with st.container(key="acts", gap="xsmall"):
        if row is not None and row != next_visit(preview):
            st.markdown(t("**Chosen visit:** {visit}", visit=unformatted(visit_line(preview, row))))
        with st.container(horizontal=True, vertical_alignment="center"):
            for place, act in enumerate(acts[:_IN_SIGHT]):
                _button(key, view.revision, act, "primary" if place == 0 else "secondary")
            with st.popover(t("More acts"), icon=":material/more_horiz:", key=f"acts.more.{dialogs_so_far()}"), st.container(gap=None):
                _more(view, acts[_IN_SIGHT:], subject_acts(view, may, sites=sites))
            take_along(at, view, may, PRINT_SHORTCUT)
            st.button(
                t("Back to Today"),
                key="acts.today",
                type="tertiary",
                icon=":material/today:",
                shortcut=TODAY_SHORTCUT,
                on_click=go_later,
                args=("today",),
            )


def _more(view: SubjectView, of_visit: Sequence[Act], of_subject: Sequence[Act]) -> None:
    """The acts that are not always in sight."""
    if of_visit:
        st.caption(t("About {visit}", visit=unformatted(of_visit[0].visit)))
    for act in of_visit:
        _button(view.state.key, view.revision, act, "tertiary")
    if of_subject:
        st.caption(t("About the subject"))
    for act in of_subject:
        _button(view.state.key, view.revision, act, "tertiary", about="subject")


def do_act(subject: SubjectKey, seen: int, code: str) -> None:
    """Open the dialog of an act: for callbacks."""
    dialog, visit, entry = code.split("|", 2)
    open_dialog(dialog, subject, seen=seen, visit=visit, entry=entry)


def _visit(preview: Preview) -> VisitRow | None:
    """The visit that the buttons are about."""
    picked = preview.row(st.session_state.get(view_state.VISIT) or "")
    return next_visit(preview) if picked is None else picked


def _button(subject: SubjectKey, seen: int, act: Act, look: Literal["primary", "secondary", "tertiary"], *, about: str = "visit") -> None:
    """A button that opens the act's dialog; ``about`` tells the decision of a visit from the same one of the subject."""
    st.button(
        unformatted(f"{act.visit}: {act.label}" if act.visit else act.label),
        key=f"act.{about}.{act.code}",
        type=look,
        icon=act.icon,
        shortcut=SHORTCUTS.get(act.entry) if act.dialog == "visit" and look != "tertiary" else None,
        on_click=do_act,
        args=(subject, seen, act.code),
    )
