"""The explanation of one visit by itself: beneath the table and the timeline, where a visit is chosen from a list."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.schedule.rows import VisitRow
from planner.ui import view_state
from planner.ui.beside import Beside
from planner.ui.components.clickable import clickable
from planner.ui.language import language, t
from planner.ui.preview import Preview
from planner.ui.why_html import why_html


def panel_view(preview: Preview, rows: Sequence[VisitRow], beside: Beside, view: str) -> None:
    """The list of the visits shown, and everything about the one chosen; ``view`` is where it stands."""
    key = f"{view}.visit"
    texts = ProtocolTexts(preview.plan.protocol, language())
    names = {row.visit: texts.visit(row) for row in rows}
    picked = st.session_state.get(view_state.VISIT)
    st.session_state[key] = picked if picked in names else None
    st.selectbox(
        t("Why this date?"),
        list(names),
        index=None,
        format_func=lambda visit: f"{visit}: {names[visit]}",
        key=key,
        placeholder=t("Choose a visit"),
        on_change=_chosen,
        args=(key,),
    )
    row = preview.row(picked) if picked in names else None
    if row is not None:
        clickable(why_html(preview, row, beside), f"{view}.panel", lambda what, value: beside.act(value) if what == "act" else None)


def _chosen(key: str) -> None:
    visit = st.session_state[key]
    if visit != st.session_state.get(view_state.VISIT):
        view_state.choose_visit(visit or st.session_state[view_state.VISIT])
