"""The branches of the open decisions side by side: one column each."""

from __future__ import annotations

import streamlit as st

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.ui import link
from planner.ui.branch_table import branch_table
from planner.ui.language import language, t, tn
from planner.ui.preview import Preview
from planner.ui.text_table import text_table
from planner.ui.words import short_date, unformatted


def branches_view(preview: Preview) -> None:
    """The visits that differ between the branches, or all."""
    branches = preview.branches()
    if not branches:
        if preview.plan.decisions:
            st.markdown(t("Every decision is made, so there is one calendar only. Branches show while a decision is open."))
        else:
            st.markdown(t("This protocol has no decision, so there is one calendar only."))
        return
    every = st.checkbox(t("Also show the visits that are the same in every branch"), key="branches.every", on_change=link.touched)
    table = branch_table(branches, ProtocolTexts(preview.plan.protocol, language()), only_different=not every)
    possible = tn("{number} possible calendar", "{number} possible calendars", len(branches))
    text = t("{when}: {possible}. A dash means that the visit does not take place.", when=decided_when(preview), possible=possible)
    st.markdown(unformatted(text))
    st.html(text_table(t("Dates of each visit, one column for each branch"), table.columns, table.lines))


def decided_when(preview: Preview) -> str:
    """From which days the branches count: those of the visits at which the open decisions are taken."""
    decisions = preview.plan.protocol.decisions
    visits = dict.fromkeys(decisions[name].visit for name in preview.plan.decisions if name not in preview.facts.decisions)
    days = {visit: row.effective for visit in visits if (row := preview.row(visit)) is not None}
    said = [visit if day is None else f"{visit}, {short_date(day)}" for visit, day in days.items()]
    return t("If it is decided on the planned day of {visits}", visits=t(" and of ").join(said or visits))
