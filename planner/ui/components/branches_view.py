"""The branches of the open decisions side by side: one column each."""

from __future__ import annotations

import streamlit as st

from planner.ui import link
from planner.ui.branch_table import branch_table
from planner.ui.preview import Preview
from planner.ui.text_table import text_table
from planner.ui.words import AT_THE_LEFT, short_date


def branches_view(preview: Preview) -> None:
    """The visits that differ between the branches, or all."""
    branches = preview.branches()
    if not branches:
        decided = "Every decision is made" if preview.plan.decisions else "This protocol has no decision"
        st.markdown(f"{decided}, so there is one calendar only. To compare, set a decision back to Undecided {AT_THE_LEFT}.")
        return
    every = st.checkbox("Also show the visits that are the same in every branch", key="branches.every", on_change=link.touched)
    table = branch_table(branches, only_different=not every)
    st.markdown(f"{decided_when(preview)}: {len(branches)} possible calendars. A dash means that the visit does not take place.")
    st.html(text_table("Dates of each visit, one column for each branch", table.columns, table.lines))


def decided_when(preview: Preview) -> str:
    """From which days the branches count: those of the visits at which the open decisions are taken."""
    decisions = preview.plan.protocol.decisions
    visits = dict.fromkeys(decisions[name].visit for name in preview.plan.decisions if name not in preview.facts.decisions)
    days = {visit: row.effective for visit in visits if (row := preview.row(visit)) is not None}
    said = [visit if day is None else f"{visit}, {short_date(day)}" for visit, day in days.items()]
    return f"If it is decided on the planned day of {' and of '.join(said or visits)}"
