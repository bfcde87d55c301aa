"""Possible start days: which of them leave every visit an open day, and a better one at one click."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from planner.schedule.starts import StartScore
from planner.ui import link
from planner.ui.components.clickable import clickable
from planner.ui.preview import Preview, better_start, trouble
from planner.ui.start_days_html import start_days_html
from planner.ui.words import counted, long_date

_DOES_NOT_FIT = (
    "Only closed days are judged here: a visit does not fit if no day of its window is open, "
    "if a minimum gap pushes it past its window, or if fractions come too far apart."
)


def start_days(preview: Preview) -> None:
    """The start days around the one entered."""
    scores, start, protocol = preview.starts(), preview.facts.start, preview.plan.protocol.id
    current = next(score for score in scores if score.start == start)
    better = better_start(scores, start)
    if better is not None:
        st.markdown(f"{_fits(current, start)} {long_date(better.start)} would be better: {_short(better)}.")
        st.button(
            f"Start on {long_date(better.start)} instead",
            key="better start",
            on_click=_start_on,
            args=(protocol, better.start),
            type="primary",
        )
    else:
        st.markdown(f"{_fits(current, start)} No start day near it does better.")
    start_buttons(scores, start, protocol)


def start_buttons(scores: Sequence[StartScore], chosen: date | None, protocol: str) -> None:
    """The days as buttons; pressing one makes it the start date."""
    st.markdown(_DOES_NOT_FIT)
    clickable(start_days_html(scores, chosen), "start days", lambda _, value: _start_on(protocol, date.fromisoformat(value)))


def _fits(score: StartScore, start: date) -> str:
    return f"Start on {long_date(start)}: {_short(score)}."


def _short(score: StartScore) -> str:
    closed = "" if score.is_open else "a closed day; "
    return closed + (f"{counted(trouble(score), 'visit does', 'visits do')} not fit" if trouble(score) else "every visit fits")


def _start_on(protocol: str, day: date) -> None:
    link.touched()
    st.session_state[f"{protocol}/start"] = day
