"""Two versions of a protocol side by side: by what they mean, and line by line."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from planner.exchange.protocol_differences import differences
from planner.records.pinned.plan_hash import plan_hash
from planner.ui.language import t, tn
from planner.ui.protocols.difference_words import MOST_DIFFERENCES, difference_lines, text_difference
from planner.ui.protocols.state import choose_other, chosen_other
from planner.ui.protocols.versions import Version
from planner.ui.text_table import text_table
from planner.ui.words import unformatted

_OTHER = "protocols.compare.other"


def compare_view(version: Version, labels: Mapping[str, str], same_study: str, read: Callable[[str], Version]) -> str:
    """Draw it; the code of the other version, "" for none. ``labels`` are all versions, ``same_study`` one of the same study or ""."""
    others = [code for code in labels if code != version.code]
    if not others:
        st.info(t("There is no other version to compare with. Load one under “File and check”."))
        return ""
    asked = chosen_other() or same_study
    st.session_state[_OTHER] = asked if asked in others else None
    code: str | None = st.selectbox(
        t("Compare with"),
        others,
        index=None,
        format_func=lambda other: labels[other],
        key=_OTHER,
        placeholder=t("Choose a version"),
        on_change=_chosen,
    )
    if code is None:
        st.info(t("Choose the version to compare with: what differs is listed by its meaning, then line by line."))
        return ""
    other = read(code)
    if other.plan is None:
        st.info(t("{name} has errors, so it cannot be compared by its meaning.", name=unformatted(other.file_name)))
    elif version.plan is not None:
        _by_meaning(other, version)
    _line_by_line(other, version)
    return code


def _chosen() -> None:
    choose_other(st.session_state[_OTHER] or "")


def _by_meaning(before: Version, after: Version) -> None:
    assert before.plan is not None and after.plan is not None
    if plan_hash(before.plan) == plan_hash(after.plan):
        st.success(
            t("Both give the same dates, checks and activities: nobody would be moved from one to the other, and nothing needs amending."),
            icon=":material/check_circle:",
        )
    found = differences(before.plan.protocol, after.plan.protocol)
    st.subheader(t("What differs in meaning"), anchor=False)
    if not found:
        st.markdown(t("Nothing: at most comments and layout differ."))
        return
    st.markdown(tn("{number} difference, in the notation of the file.", "{number} differences, in the notation of the file.", len(found)))
    columns = (
        t("What"),
        t("Part"),
        t("Before: {name}", name=_short(before)),
        t("After: {name}", name=_short(after)),
    )
    st.html(text_table(t("What differs in meaning"), columns, difference_lines(found[:MOST_DIFFERENCES])))
    if len(found) > MOST_DIFFERENCES:
        st.caption(t("The first {shown} of {number} are shown; the lines below show the rest.", shown=MOST_DIFFERENCES, number=len(found)))


def _short(version: Version) -> str:
    assert version.plan is not None
    return f"{version.file_name}, {version.plan.protocol.version}"


def _line_by_line(before: Version, after: Version) -> None:
    st.subheader(t("Line by line"), anchor=False)
    lines, more = text_difference(before.text, after.text, (before.file_name, after.file_name))
    if not lines:
        st.markdown(t("The texts are the same, or too long to compare line by line."))
        return
    st.code(lines, language=None, wrap_lines=True)
    if more:
        st.caption(tn("{number} more line is not shown.", "{number} more lines are not shown.", more))
