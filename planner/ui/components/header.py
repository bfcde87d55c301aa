"""The head of the screen: which protocol, as of when, and what is asked of the reader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.protocol.model import Protocol
from planner.schedule.day_words import named_calendar
from planner.ui.language import in_language, language, t, tn
from planner.ui.preview import Preview
from planner.ui.to_check import points_to_check
from planner.ui.words import short_date, unformatted, visits_counted


@contextmanager
def head(protocol: Protocol) -> Iterator[None]:
    """Title, registry number and version, and that assumptions must be confirmed; then what the caller adds."""
    with st.container(key="head", gap="xsmall"):
        st.title(unformatted(ProtocolTexts(protocol, language()).title()), anchor=False)
        st.markdown(about(protocol))
        yield


def about(protocol: Protocol) -> str:
    """Which file this is, and that what it assumes must be confirmed; Markdown."""
    file = t("protocol file {name}, version {version}", name=unformatted(protocol.id), version=unformatted(protocol.version))
    confirm = t(
        "A reading of the public record: parts marked A are assumptions or registry entries. Confirm them against the approved protocol "
        "before use."
    )
    registry = f"{unformatted(protocol.registry)} · " if protocol.registry else ""
    return f"{registry}{file} · **{confirm}**"


def summary(preview: Preview) -> None:
    """How many visits, from when to when, and how many points to check."""
    dated = [row.effective for row in preview.rows if row.effective is not None]
    depending = sum(row.status == "conditional" for row in preview.all_rows)
    points = len(points_to_check(preview))
    parts = [f"**{visits_counted(len(preview.rows))}**"]
    if dated:
        parts.append(t("{first} to {last}", first=short_date(min(dated)), last=short_date(max(dated))))
    if depending:
        parts.append(tn("{number} more hangs on a decision", "{number} more hang on a decision", depending))
    parts.append(
        tn("**{number} point to check** (see Checks)", "**{number} points to check** (see Checks)", points)
        if points
        else t("nothing to check")
    )
    parts.append(t("as of {day}", day=short_date(preview.as_of)))
    parts.append(t("calendar {name}", name=unformatted(in_language(named_calendar(preview.calendar.name)))))
    st.markdown(" · ".join(parts))
