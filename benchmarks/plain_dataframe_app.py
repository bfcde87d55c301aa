"""The least that shows a worklist: the same rows, made beforehand, in Streamlit's own table, with one filter. Nothing can be done in it.

``streamlit run benchmarks/plain_dataframe_app.py -- FILE``
"""

from __future__ import annotations

import sys

import pandas as pd
import streamlit as st


@st.cache_data(show_spinner=False)
def _rows(path: str) -> pd.DataFrame:
    return pd.read_parquet(path)


st.set_page_config(page_title="Worklist", layout="wide")
st.title("Worklist", anchor=False)
rows = _rows(sys.argv[1])
site = st.selectbox("Site", ["", *sorted(rows["site"].unique())], key="site")
st.dataframe(rows[rows["site"] == site] if site else rows, key="rows")
