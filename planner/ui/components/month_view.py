"""The month calendar: visits as buttons, windows as bars, and why a visit is on its date."""

from __future__ import annotations

import streamlit as st

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.ui import view_state
from planner.ui.beside import Beside
from planner.ui.components.clickable import clickable
from planner.ui.language import language, t
from planner.ui.month_table import Month, legend_html, month_html
from planner.ui.preview import Preview
from planner.ui.why_html import why_html
from planner.ui.words import condition_words, listed, parts_to_confirm, unformatted


def month_view(preview: Preview, beside: Beside) -> None:
    """The month chosen."""
    rows = preview.all_rows if st.session_state.get(view_state.ALL) else preview.rows
    protocol = preview.plan.protocol
    texts = ProtocolTexts(protocol, language())
    picked = preview.row(st.session_state.get(view_state.VISIT) or "")
    start = preview.facts.start
    month = Month(
        first=view_state.month_shown((protocol.id, start if beside.month is None else None), beside.month or start),
        rows=rows,
        calendar=preview.calendar,
        as_of=preview.as_of,
        texts=texts,
        to_confirm=frozenset(row.visit for row in rows if parts_to_confirm(preview.shape(row))),
        notes={row.visit: condition_words(protocol, preview.shape(row)) for row in rows if row.status == "conditional"},
        picked=None if picked is None else picked.visit,
        why="" if picked is None else why_html(preview, picked, beside),
        as_of_word=beside.as_of_word,
    )

    def chosen(what: str, value: str) -> None:
        match what:
            case "month":
                view_state.choose_month(value)
            case "visit":
                view_state.choose_visit(value)
            case "act":
                beside.act(value)

    clickable(month_html(month) + legend_html(beside.keys), "month", chosen)
    without = listed(f"{row.visit} ({texts.visit(row)})" for row in rows if row.effective is None)
    if without:
        text = t("Without a date: {visits}. They are counted from dates that are not given yet.", visits=without)
        st.markdown(unformatted(text))
