"""The address of the screen holds what was entered, under the names of a cohort file's columns, so that a link shows the same again.

A birth year, or the number of a subject who is not enrolled yet, is never part of it: addresses end up in histories and logs.
Dates are part of it, for without them a link would show nothing. The language is part of it where it is not the standard one, or not the
browser's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import streamlit as st

from planner.protocol.model import AgeCheck, Protocol
from planner.schedule.calendar_sources import FIRST_YEAR, LAST_YEAR
from planner.ui.language import STANDARD, language, language_of

LEFT_OUT = frozenset({"subject"})
"""What no address holds, whatever the protocol."""

LANGUAGE = "lang"
"""The entry that holds the language."""

_WRITTEN = "link.written"
_TOUCHED = "link.touched"
_FOLLOWED_BEFORE = "link.followed-before"


def touched() -> None:
    """Note that a person has just changed an input (a callback of every input): then inputs win over the address.

    A browser that is quickly given two changes sends the second one with the address from before the first.
    """
    st.session_state[_TOUCHED] = True


def arrived() -> Mapping[str, str] | None:
    """What the address holds, if it is a new one (a link followed, or back and forward); else None."""
    was_touched = st.session_state.pop(_TOUCHED, False)
    address = _without_language(st.query_params.to_dict())
    return None if was_touched or address == st.session_state.get(_WRITTEN) else address


def unknown_entries(arrived: Mapping[str, str] | None, known: Collection[str]) -> list[str]:
    """What the address that a session begins with holds and a page does not know; later ones may hold what the page before knew."""
    if arrived is None or st.session_state.get(_FOLLOWED_BEFORE):
        return []
    return [name for name in arrived if name not in known]


def language_entry() -> dict[str, str]:
    """What an address holds of the language; nothing for the standard one where the browser has it too."""
    spoken = language()
    return {} if spoken == STANDARD == language_of(st.context.locale) else {LANGUAGE: spoken}


def day_of(text: str) -> date | None:
    """A day that calendars cover; None for any other text."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _without_language(address: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in address.items() if name != LANGUAGE}


def left_out(protocol: Protocol) -> frozenset[str]:
    """What an address of this protocol does not hold: the subject number, and the birth year that age checks go by."""
    ages = (check for check in protocol.checks if isinstance(check, AgeCheck))
    return LEFT_OUT | {f"set.{check.parameter}" for check in ages}


def write(entries: Mapping[str, str], without: frozenset[str] = frozenset()) -> None:
    """Put the entries (those that are not empty) into the address, ``without`` some."""
    address = {name: text for name, text in entries.items() if text and name not in without}
    whole = {**address, **language_entry()}
    if st.query_params.to_dict() != whole:
        st.query_params.from_dict(whole)
    st.session_state[_WRITTEN] = address
    st.session_state[_FOLLOWED_BEFORE] = True


def forget() -> None:
    """Take the next address as a new one: another page is shown."""
    st.session_state.pop(_WRITTEN, None)
    st.session_state.pop(_TOUCHED, None)
