"""Which dialog is open: at most one, opened by a callback, closed by saving, by Escape, by its cross, or by leaving the page."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from planner.records.facts.fact import SubjectKey
from planner.ui import link

_OPEN = "dialogs.open"
_COUNT = "dialogs.count"
_PLACE = "dialogs.place"


@dataclass(frozen=True, slots=True)
class OpenDialog:
    """A dialog and what it is about."""

    name: str
    """One of those that ``planner.ui.dialogs.registry`` knows."""
    subject: SubjectKey
    seen: int | None
    """The number of the subject's last fact that the person had looked at; None where only a list was."""
    visit: str = ""
    entry: str = ""
    """What else it begins with, as the dialog itself defines: an act (``done``), a decision, a deviation's key."""
    number: int = field(default=0)
    """Counts the dialogs of a session: inputs of one never turn up in the next."""

    @property
    def key(self) -> str:
        """What the keys of its inputs begin with."""
        return f"dialog.{self.number}"


def open_dialog(name: str, subject: SubjectKey, *, seen: int | None = None, visit: str = "", entry: str = "") -> None:
    """Open a dialog when the page is drawn next: for callbacks."""
    link.touched()
    st.session_state[_COUNT] = st.session_state.get(_COUNT, 0) + 1
    st.session_state[_OPEN] = OpenDialog(name, subject, seen, visit, entry, st.session_state[_COUNT])


def close_dialog() -> None:
    """Close the dialog that is open."""
    link.touched()
    st.session_state.pop(_OPEN, None)


def keep_dialog_of(place: str) -> None:
    """Close the dialog of another place than the one that is drawn now; one that was just opened belongs to this one from here on."""
    about = opened()
    if about is None:
        return
    number, its_place = st.session_state.get(_PLACE, (None, place))
    if number == about.number and its_place != place:
        st.session_state.pop(_OPEN)
    else:
        st.session_state[_PLACE] = about.number, place


def dialogs_so_far() -> int:
    """How many dialogs were opened in this session: a menu whose key holds it closes when one opens."""
    return int(st.session_state.get(_COUNT, 0))


def opened() -> OpenDialog | None:
    """The dialog that is open."""
    found: OpenDialog | None = st.session_state.get(_OPEN)
    return found
