"""What is looked at on the page Protocols: the version, the view, what it is compared with, and the file of one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import streamlit as st

from planner.ui import link
from planner.ui.language import t
from planner.ui.protocols.versions import OwnFile

VIEWS = ("matrix", "sources", "timeline", "rules", "file", "compare", "amend")
"""The views by their names in addresses."""
_VERSION, _VIEW, _OTHER, _OWN = "protocols.version", "protocols.view", "protocols.other", "protocols.own"
_TRIAL, _DRAWN = "protocols.trial-entries", "protocols.drawn"
_PAGE_ENTRIES = ("protocol", "view", "with")


def view_names() -> dict[str, str]:
    """What each view is called."""
    return {
        "matrix": t("Schedule of activities"),
        "sources": t("Sources"),
        "timeline": t("Timeline and branches"),
        "rules": t("Windows and checks"),
        "file": t("File and check"),
        "compare": t("Compare"),
        "amend": t("Amend"),
    }


def arrive(arrived: Mapping[str, str] | None) -> None:
    """Take what is looked at from a link; a link without anything leaves the session as it is."""
    if not arrived:
        return
    st.session_state[_VERSION] = arrived.get("protocol", "")
    st.session_state[_VIEW] = arrived.get("view", "")
    st.session_state[_OTHER] = arrived.get("with", "")
    st.session_state[_TRIAL] = {name: text for name, text in arrived.items() if name not in _PAGE_ENTRIES}


def chosen_version() -> str:
    """The code asked for; "" for none."""
    return str(st.session_state.get(_VERSION, ""))


def choose_version(code: str) -> None:
    """Look at this version: for callbacks."""
    link.touched()
    st.session_state[_VERSION] = code


def chosen_view(views: Sequence[str]) -> str:
    """The view looked at, of those that there are for this person."""
    asked = str(st.session_state.get(_VIEW, ""))
    return asked if asked in views else views[0]


def view_is_asked() -> bool:
    """Whether a view was chosen, by a link or a press."""
    return bool(st.session_state.get(_VIEW))


def choose_view(view: str) -> None:
    """Look at this view: for callbacks."""
    link.touched()
    st.session_state[_VIEW] = view


def chosen_other() -> str:
    """The code of the version to compare with; "" for none."""
    return str(st.session_state.get(_OTHER, ""))


def choose_other(code: str) -> None:
    """Compare with this version: for callbacks."""
    link.touched()
    st.session_state[_OTHER] = code


def own_file() -> OwnFile | None:
    """What the person loaded or wrote."""
    return cast("OwnFile | None", st.session_state.get(_OWN))


def set_own_file(file: OwnFile | None) -> None:
    """Keep it for this session."""
    st.session_state[_OWN] = file


def trial_arrived(arrived: Mapping[str, str] | None) -> Mapping[str, str] | None:
    """What the inputs of the timeline are to begin with: what was kept, where the timeline was not shown just before; else None."""
    was_shown = st.session_state.get(_DRAWN) == "timeline"
    return None if was_shown and arrived is None else dict(st.session_state.get(_TRIAL, {}))


def drawn(view: str) -> None:
    """Note which view was drawn in this run."""
    st.session_state[_DRAWN] = view


def keep_trial_entries(entries: Mapping[str, str]) -> None:
    """Keep what was entered while another view is looked at."""
    st.session_state[_TRIAL] = dict(entries)
