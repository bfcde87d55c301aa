"""The few rules by which the screens differ from what Streamlit makes of them."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")


def page_style() -> None:
    """Put them into the page."""
    st.html(f"<style>{_STYLE}</style>")
