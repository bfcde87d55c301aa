"""What the protocol's checks say, with both dates, the days between and the limit; and what else to look at."""

from __future__ import annotations

from datetime import date

import streamlit as st

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.schedule.checks import Finding
from planner.ui.language import in_language, language, t
from planner.ui.preview import Preview
from planner.ui.protocols.rule_words import reference_words
from planner.ui.text_table import text_table
from planner.ui.to_check import points_to_check
from planner.ui.words import days_counted, result_word, short_date, unformatted

_FIRST = ("breach", "warning", "cannot_tell", "not_evaluated", "passed")


def checks_view(preview: Preview) -> None:
    """Points to check, then every finding, worst first."""
    points = points_to_check(preview)
    st.subheader(t("Points to check"), anchor=False)
    if points:
        st.markdown("\n".join(f"* **{unformatted(point.about)}**: {unformatted(point.text)}" for point in points))
    else:
        st.markdown(t("None: every visit has an open day in its window and no check is over its limit."))
    found = sorted(preview.findings, key=lambda finding: _FIRST.index(finding.result))
    st.subheader(t("The protocol's checks"), anchor=False)
    if found:
        columns = (t("Result"), t("Check"), t("From"), t("To"), t("Days"), t("Limit"), t("Over by"))
        texts = ProtocolTexts(preview.plan.protocol, language())
        lines = [_line(finding, texts) for finding in found]
        st.html(text_table(t("The protocol's checks, worst first"), columns, lines))
    else:
        st.markdown(t("This protocol file has no checks that apply yet."))


def _line(finding: Finding, texts: ProtocolTexts) -> tuple[str, ...]:
    return (
        result_word(finding.result),
        texts.check(finding.check),
        _with_day(finding.first, finding.first_day, texts),
        _with_day(finding.second, finding.second_day, texts),
        "–" if finding.days is None else str(finding.days),
        in_language(finding.limit),
        "–" if finding.over_by is None else days_counted(finding.over_by),
    )


def _with_day(name: str, day: date | None, texts: ProtocolTexts) -> str:
    """Whose date it is and the date; milestones by their label, because that is where a missing one is entered."""
    words = texts.milestone(name) if name in texts.protocol.milestones else reference_words(in_language(name))
    return ": ".join(part for part in (words, "" if day is None else short_date(day)) if part) or "–"
