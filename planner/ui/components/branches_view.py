"""The branches of the open decisions side by side: one column each."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from planner.ui.branch_table import branch_table
from planner.ui.preview import Preview


def branches_view(preview: Preview) -> None:
    """The visits that differ between the branches, or all."""
    branches = preview.branches()
    if not branches:
        decided = "Every decision is made" if preview.plan.decisions else "This protocol has no decision"
        st.markdown(f"{decided}, so there is one calendar only. To compare, set a decision back to Undecided at the left.")
        return
    every = st.checkbox("Also show the visits that are the same in every branch", key="branches.every")
    table = branch_table(branches, only_different=not every)
    st.markdown(f"If it were decided today: {len(branches)} possible calendars. A dash means that the visit does not take place.")
    st.table(pd.DataFrame(table.lines, columns=table.columns), hide_index=True, alt="Dates of each visit, one column for each branch")
