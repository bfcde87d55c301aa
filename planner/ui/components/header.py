"""The head of the screen: which protocol, as of when, and what is asked of the reader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from planner.protocol.model import Protocol
from planner.ui.preview import Preview
from planner.ui.to_check import points_to_check
from planner.ui.words import counted, short_date, unformatted

_STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")


def page_style() -> None:
    """The few rules by which the page differs from what Streamlit makes of it."""
    st.html(f"<style>{_STYLE}</style>")


@contextmanager
def head(protocol: Protocol) -> Iterator[None]:
    """Title, registry number and version, and that assumptions must be confirmed; then what the caller adds."""
    with st.container(key="head", gap="xsmall"):
        st.title(unformatted(protocol.title), anchor=False)
        registry = f"{unformatted(protocol.registry)} · " if protocol.registry else ""
        st.markdown(
            f"{registry}protocol file {unformatted(protocol.id)}, version {unformatted(protocol.version)} · "
            "**A reading of the public record: parts marked A are assumptions or registry entries. "
            "Confirm them against the approved protocol before use.**"
        )
        yield


def summary(preview: Preview) -> None:
    """How many visits, from when to when, and how many points to check."""
    dated = [row.effective for row in preview.rows if row.effective is not None]
    depending = sum(row.status == "conditional" for row in preview.all_rows)
    points = len(points_to_check(preview))
    parts = [f"**{counted(len(preview.rows), 'visit')}**"]
    if dated:
        parts.append(f"{short_date(min(dated))} to {short_date(max(dated))}")
    if depending:
        parts.append(f"{depending} more hang on a decision")
    parts.append(f"**{counted(points, 'point')} to check** (see Checks)" if points else "nothing to check")
    parts.append(f"as of {short_date(preview.as_of)}")
    parts.append(f"calendar {unformatted(preview.calendar.name)}")
    st.markdown(" · ".join(parts))
