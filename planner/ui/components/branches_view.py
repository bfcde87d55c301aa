"""The branches of the open decisions side by side: one column each."""

from __future__ import annotations

import streamlit as st

from planner.ui import link
from planner.ui.branch_table import branch_table
from planner.ui.preview import Preview
from planner.ui.text_table import text_table


def branches_view(preview: Preview) -> None:
    """The visits that differ between the branches, or all."""
    branches = preview.branches()
    if not branches:
        decided = "Every decision is made" if preview.plan.decisions else "This protocol has no decision"
        st.markdown(f"{decided}, so there is one calendar only. To compare, set a decision back to Undecided at the left.")
        return
    every = st.checkbox("Also show the visits that are the same in every branch", key="branches.every", on_change=link.touched)
    table = branch_table(branches, only_different=not every)
    st.markdown(f"If it were decided today: {len(branches)} possible calendars. A dash means that the visit does not take place.")
    st.html(text_table("Dates of each visit, one column for each branch", table.columns, table.lines))
