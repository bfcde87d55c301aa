"""The dates of possibilities in one table, a column each, folded away once one of them is taken."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.schedule.rows import VisitRow
from planner.ui.language import t, tn
from planner.ui.text_table import text_table
from planner.ui.treatment_effects import Possibility, dates_table


def dates_side_by_side(
    possibilities: Sequence[Possibility], as_is: Sequence[VisitRow], texts: ProtocolTexts, *, chosen: str | None
) -> None:
    """All visits whose dates differ; ``chosen`` is what was taken, None while all of them are still compared."""
    table = dates_table(possibilities, as_is, texts)
    if not table.lines:
        return
    differ = tn("{number} visit differs: dates side by side", "{number} visits differ: dates side by side", len(table.lines))
    with st.expander(differ, expanded=chosen is None):
        st.markdown(t("A dash means that the visit does not take place."))
        st.html(text_table(t("Dates of each possibility"), table.columns, table.lines))
