"""Which days the calendar shows: kept in the session and in the address; changed by links, buttons and lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import streamlit as st

from planner.ui import link
from planner.ui.clinic.span import FIRST_DAY, LAST_DAY, VIEWS, WEEK, Span, span_of
from planner.ui.components.list_table import arrive_at_row, first_row, start_over
from planner.ui.language import t

PAGE = "calendar"
_VIEW, _VIEW_SHOWN = "calendar.view", "calendar.view-shown"
_DAY, _DAY_SHOWN = "calendar.day", "calendar.day-shown"
_WIDTH = 160
_MORE_THAN_ANY = 2**31


def arrive(arrived: Mapping[str, str] | None) -> None:
    """Take the view, the day and the row from a link; what no link can mean is the present week."""
    if arrived is None:
        return
    asked = arrived.get("view", WEEK)
    st.session_state[_VIEW] = asked if asked in VIEWS else WEEK
    st.session_state[_DAY] = link.day_of(arrived.get("day", ""))
    arrive_at_row(PAGE, arrived.get("row", ""))


def span_shown(today: date) -> Span:
    """The span that is looked at; the one that has today where no day was asked for."""
    return span_of(str(st.session_state[_VIEW]), st.session_state.get(_DAY) or today)


def row_asked() -> int:
    """The index of the first attendance of a day that is asked for, whether there is one or not."""
    return first_row(PAGE, _MORE_THAN_ANY)


def entries() -> dict[str, str]:
    """What the address holds of it: nothing of the present week."""
    view, day = st.session_state[_VIEW], st.session_state.get(_DAY)
    return {"view": "" if view == WEEK else view, "day": "" if day is None else day.isoformat()}


def look_at(day: date | None, view: str = "") -> None:
    """Look at this day (None: today), in another view if one is named: for callbacks."""
    link.touched()
    start_over(PAGE)
    st.session_state[_DAY] = day
    if view:
        st.session_state[_VIEW] = view


def chooser(span: Span, today: date) -> None:
    """The views, the ways to the days beside, and a day to go to."""
    labels = {"day": t("By day"), "week": t("By week"), "month": t("By month")}
    st.session_state[_VIEW_SHOWN] = span.view
    st.session_state[_DAY_SHOWN] = st.session_state.get(_DAY) or today
    with st.container(horizontal=True, vertical_alignment="bottom", key="calendar.chooser"):
        st.segmented_control(
            t("Show"),
            VIEWS,
            format_func=labels.__getitem__,
            key=_VIEW_SHOWN,
            on_change=_choose_view,
            label_visibility="collapsed",
            required=True,
        )
        _step(span, -1)
        st.button(t("Today"), key="calendar.today", on_click=look_at, args=(None,), disabled=st.session_state.get(_DAY) is None)
        _step(span, 1)
        st.date_input(
            t("Go to day"),
            key=_DAY_SHOWN,
            on_change=_choose_day,
            min_value=FIRST_DAY,
            max_value=LAST_DAY,
            format="YYYY-MM-DD",
            width=_WIDTH,
        )


def _step(span: Span, step: int) -> None:
    day = span.beside(step)
    before = {"day": t("Day before"), "week": t("Week before"), "month": t("Month before")}
    after = {"day": t("Day after"), "week": t("Week after"), "month": t("Month after")}
    st.button(
        (before if step < 0 else after)[span.view],
        key=f"calendar.step.{step}",
        icon=":material/chevron_left:" if step < 0 else ":material/chevron_right:",
        icon_position="left" if step < 0 else "right",
        on_click=look_at,
        args=(day,),
        disabled=day is None,
    )


def _choose_view() -> None:
    look_at(st.session_state.get(_DAY), st.session_state[_VIEW_SHOWN])


def _choose_day() -> None:
    look_at(st.session_state[_DAY_SHOWN])
