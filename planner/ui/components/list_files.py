"""The buttons by which a list is taken along as a file; it is made when one is pressed."""

from __future__ import annotations

import streamlit as st

from planner.ui.components.download import Make, download
from planner.ui.desk import Desk
from planner.ui.language import t

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_buttons(at: Desk, name: str, csv: Make, workbook: Make) -> None:
    """Two buttons; the files are called ``name``.csv and ``name``.xlsx."""
    icon = ":material/download:"
    with st.container(horizontal=True, key=f"{name}.files"):
        download(t("As CSV"), csv, f"{name}.csv", "text/csv", at=at, key=f"{name}.csv", icon=icon)
        download(t("As a workbook (.xlsx)"), workbook, f"{name}.xlsx", _XLSX, at=at, key=f"{name}.xlsx", icon=icon)
