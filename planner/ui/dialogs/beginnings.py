"""What every dialog about a subject begins with: up to where the person had looked, and whether the person may write such facts."""

from __future__ import annotations

import streamlit as st

from planner.records.changes.view import SubjectView
from planner.records.facts.kinds import Kind
from planner.records.people.rights import Action, action_of, permit
from planner.ui.desk import Desk
from planner.ui.dialogs.opened import OpenDialog


def seen(about: OpenDialog, view: SubjectView) -> int:
    """The number of the last fact that the person looked at: what the dialog said of it since, what the page or the dialog showed first."""
    key = f"{about.key}.opened"
    st.session_state.setdefault(key, view.revision if about.seen is None else about.seen)
    return int(st.session_state[key])


def require(desk: Desk, view: SubjectView, kind: Kind) -> None:
    """Go on only where the person may write such facts about this subject. Raises NotAllowedError."""
    require_action(desk, view, action_of(kind))


def require_action(desk: Desk, view: SubjectView, action: Action) -> None:
    """The same for an action by itself. Raises NotAllowedError."""
    with desk.reading() as connection:
        permit(connection, desk.caller, action, view.state.site)
