"""What the protocol's checks say, with both dates, the days between and the limit; and what else to look at."""

from __future__ import annotations

from datetime import date

import streamlit as st

from planner.protocol.model import Protocol
from planner.schedule.checks import Finding
from planner.ui.preview import Preview
from planner.ui.text_table import text_table
from planner.ui.to_check import points_to_check
from planner.ui.words import RESULT_WORDS, counted, short_date, unformatted

_COLUMNS = ("Result", "Check", "From", "To", "Days", "Limit", "Over by")
_FIRST = ("breach", "warning", "cannot_tell", "not_evaluated", "passed")


def checks_view(preview: Preview) -> None:
    """Points to check, then every finding, worst first."""
    points = points_to_check(preview)
    st.markdown("#### Points to check")
    if points:
        st.markdown("\n".join(f"* **{unformatted(point.about)}**: {unformatted(point.text)}" for point in points))
    else:
        st.markdown("None: every visit has an open day in its window and no check is over its limit.")
    found = sorted(preview.findings, key=lambda finding: _FIRST.index(finding.result))
    st.markdown("#### The protocol's checks")
    if found:
        lines = [_line(finding, preview.plan.protocol) for finding in found]
        st.html(text_table("The protocol's checks, worst first", _COLUMNS, lines))
    else:
        st.markdown("This protocol file has no checks that apply yet.")


def _line(finding: Finding, protocol: Protocol) -> tuple[str, ...]:
    return (
        RESULT_WORDS[finding.result],
        finding.label,
        _with_day(finding.first, finding.first_day, protocol),
        _with_day(finding.second, finding.second_day, protocol),
        "–" if finding.days is None else str(finding.days),
        finding.limit,
        "–" if finding.over_by is None else counted(finding.over_by, "day"),
    )


def _with_day(name: str, day: date | None, protocol: Protocol) -> str:
    """Whose date it is and the date; milestones by their label, because that is where a missing one is entered."""
    milestone = protocol.milestones.get(name)
    words = name if milestone is None else milestone.label
    return ": ".join(part for part in (words, "" if day is None else short_date(day)) if part) or "–"
