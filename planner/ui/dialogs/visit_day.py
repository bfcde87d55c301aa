"""The day on which something took place: nothing stands there that nobody said, and the likely days are one press each."""

from __future__ import annotations

from datetime import date

import streamlit as st

from planner.schedule.rows import VisitRow
from planner.ui import link
from planner.ui.language import t
from planner.ui.words import short_date


def first_day(row: VisitRow | None, today: date) -> date | None:
    """The day that stands there first: today where the visit is planned or booked today, else none."""
    return today if row is not None and row.effective == today else None


def day_buttons(key: str, row: VisitRow | None, today: date) -> None:
    """The likely days, right before the date input with this key; none where today stands in it already."""
    if first_day(row, today) is not None:
        return
    with st.container(horizontal=True, gap="small"):
        if row is not None and row.effective is not None and row.effective < today:
            st.button(_on_its_day(row, row.effective), key=f"{key}.planned", on_click=_take, args=(key, row.effective))
        st.button(t("Today"), key=f"{key}.today", on_click=_take, args=(key, today))


def _on_its_day(row: VisitRow, day: date) -> str:
    if row.certainty == "booked":
        return t("On its booked day, {day}", day=short_date(day))
    return t("On its planned day, {day}", day=short_date(day))


def _take(key: str, day: date) -> None:
    link.touched()
    st.session_state[key] = day
