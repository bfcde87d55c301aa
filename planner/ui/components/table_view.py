"""Every visit with all its columns; the same as plain text; and why any of them is on its date."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.exchange.schedule_csv import COLUMNS, cells
from planner.schedule.rows import VisitRow
from planner.ui import view_state
from planner.ui.beside import Beside
from planner.ui.components.panel_view import panel_view
from planner.ui.language import language, t
from planner.ui.preview import Preview
from planner.ui.text_table import text_table
from planner.ui.visit_standing import standing_sign, standing_words, window_span
from planner.ui.words import certainty_word, flag_sentences, kind_word, parts_to_confirm, short_date


def _headers() -> dict[str, tuple[str, int]]:
    """Column of the CSV file to its heading and width in pixels; what is asked first stands first, and is seen without scrolling."""
    return {
        "visit": (t("Visit"), 80),
        "name": (t("Name"), 170),
        "effective": (t("Date"), 95),
        "planned": (t("Planned"), 95),
        "status": (t("Status"), 125),
        "flags": (t("Flags"), 170),
        "earliest": (t("Window from"), 100),
        "latest": (t("Window to"), 100),
        "study_day": (t("Study day"), 80),
        "anchor": (t("Counted from"), 150),
        "nominal": (t("Nominal"), 95),
        "days_off": (t("Days off nominal"), 120),
        "certainty": (t("Certainty"), 90),
        "epoch": (t("Epoch"), 120),
        "kind": (t("Kind"), 85),
        "n": (t("Number"), 70),
        "to_confirm": (t("To confirm"), 220),
    }


def table_view(preview: Preview, beside: Beside) -> None:
    """The table, its text, and the explanation of one visit."""
    rows = preview.all_rows if st.session_state.get(view_state.ALL) else preview.rows
    texts = ProtocolTexts(preview.plan.protocol, language())
    headers = _headers()
    st.dataframe(
        _frame(preview, rows, texts),
        hide_index=True,
        column_config={name: st.column_config.Column(label, width=width) for name, (label, width) in headers.items()},
        column_order=list(headers),
        alt=t("All visits with all columns; the same stands below as text"),
        height=430,
    )
    with st.expander(t("The same as text, for screen readers and for copying")):
        columns = (t("Visit"), t("Date"), t("Window"), t("Study day"), t("Status"), t("Counted from"), t("Look at"))
        st.html(text_table(t("All visits"), columns, [_readable(row, texts) for row in rows]))
    panel_view(preview, rows, beside, "table")


def _frame(preview: Preview, rows: list[VisitRow], texts: ProtocolTexts) -> pd.DataFrame:
    """The columns of the CSV file in words, and which parts are to be confirmed."""
    frame = pd.DataFrame([cells(row) for row in rows], columns=list(COLUMNS)).drop(columns="subject")
    frame["name"] = [texts.visit(row) for row in rows]
    frame["epoch"] = [texts.epoch(row.epoch) for row in rows]
    frame["kind"] = [kind_word(row.kind) for row in rows]
    frame["status"] = [f"{standing_sign(row)} {standing_words(row)}" for row in rows]
    frame["flags"] = [" ".join(flag_sentences(row)) for row in rows]
    frame["certainty"] = [certainty_word(row.certainty) for row in rows]
    frame["to_confirm"] = [", ".join(parts_to_confirm(preview.shape(row))) for row in rows]
    return frame


def _readable(row: VisitRow, texts: ProtocolTexts) -> tuple[str, ...]:
    return (
        f"{row.visit}: {texts.visit(row)}",
        short_date(row.effective),
        window_span(row.earliest, row.latest) or "–",
        "–" if row.study_day is None else str(row.study_day),
        f"{standing_sign(row)} {standing_words(row)}",
        row.anchor,
        " ".join(flag_sentences(row)),
    )
