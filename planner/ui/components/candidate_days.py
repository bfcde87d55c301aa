"""The days a visit could be put on, each with what it would do; pressing one takes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import streamlit as st

from planner.ui.components.clickable import clickable_in_dialog
from planner.ui.foresight import Foresight
from planner.ui.foresight_html import foresight_html
from planner.ui.foresight_words import best_words, in_full, sign_of
from planner.ui.language import t
from planner.ui.words import sentence, short_date, unformatted

_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")


def candidate_days(foreseen: Foresight, chosen: date | None, *, key: str, on_chosen: Callable[[date], None]) -> None:
    """The best day at one press, the days around the window, and what is foreseen of the one chosen."""
    best = foreseen.best
    if best is None and best_words(foreseen):
        st.markdown(f"**{unformatted(best_words(foreseen))}**")
    if best is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{unformatted(best_words(foreseen))}**")
            if best.day != chosen:
                label = t("Take {day}", day=short_date(best.day))
                st.button(label, key=f"{key}.best", icon=":material/event_available:", on_click=on_chosen, args=(best.day,))
    clickable_in_dialog(foresight_html(foreseen, chosen, _STYLE), f"{key}.days", lambda _, value: on_chosen(date.fromisoformat(value)))
    st.caption(
        t(
            "A thick line marks the window. ✓ nothing speaks against the day, ! look at it, ✗ closed, on hold, outside the window, or "
            "against a rule. Every day can be chosen."
        )
    )
    known = None if chosen is None else foreseen.on(chosen)
    if known is not None:
        st.markdown(f"{sign_of(known)} {unformatted(sentence(in_full(known)))}")
