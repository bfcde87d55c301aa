"""Writing a setting: the facts of the administration log, and what is said of them afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st
from sqlalchemy import Connection

from planner.records.facts.fact import NewFact
from planner.records.people.administration import append_administration, settings_to_change
from planner.records.people.settings import Settings
from planner.ui.desk import Desk
from planner.ui.notices import notice
from planner.ui.refusals import SAYS_WHY, say_refusal

_COUNT = "settings.count"


def fresh(key: str) -> str:
    """The key of an input that is empty again once something was saved."""
    return f"settings.{st.session_state.get(_COUNT, 0)}.{key}"


def save_facts(at: Desk, facts_of: Callable[[Settings], Sequence[NewFact]], said: str) -> None:
    """Write what ``facts_of`` makes of the settings as they then are, say so, and draw the page anew; or say why not."""

    def write(connection: Connection) -> None:
        append_administration(connection, at.caller, facts_of(settings_to_change(connection, at.caller)))

    save_by(at, write, said)


def save_by(at: Desk, write: Callable[[Connection], object], said: str) -> None:
    """The same for what is written by a call of its own."""
    try:
        with at.writing() as connection:
            write(connection)
    except SAYS_WHY as error:
        say_refusal(error)
        return
    st.session_state[_COUNT] = st.session_state.get(_COUNT, 0) + 1
    notice(said)
    st.rerun()
