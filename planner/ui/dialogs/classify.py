"""The dialog in which a person judges a deviation: important or not, why, and explained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from planner.protocol.model import Protocol
from planner.records.changes.view import SubjectView
from planner.records.facts.fact import NewFact
from planner.records.facts.kinds import Kind
from planner.records.lists.deviations import Deviation, classing, deviations
from planner.ui.check_sentences import what_words
from planner.ui.components.change_panel import change_panel
from planner.ui.desk import Desk
from planner.ui.deviation_words import deviation_name, deviation_status_word, judged_words, status_label
from planner.ui.dialogs.beginnings import require, seen
from planner.ui.dialogs.opened import OpenDialog, close_dialog
from planner.ui.language import t
from planner.ui.reasons import Why
from planner.ui.words import short_date, unformatted

_VALUES: tuple[Literal["important", "not_important"], ...] = ("important", "not_important")


def classify_title(about: OpenDialog) -> str:
    """Whose deviation is classed."""
    return t("Class a deviation of {subject}", subject=about.subject)


def draw_classify(about: OpenDialog, at: Desk, view: SubjectView) -> None:
    """Draw the dialog; its entry is the deviation's key."""
    require(at, view, Kind.DEVIATION_CLASSED)
    with at.reading() as connection:
        ledger = deviations(connection, at.caller, subjects=[about.subject])
    line = next((line for line in ledger if line.key == about.entry), None)
    if line is None or line.status == "withdrawn":
        _no_longer(line)
        return
    _said(line, view.schedule.plan.protocol)
    value = st.radio(
        t("This deviation is"),
        list(_VALUES),
        index=None,
        format_func=status_label,
        key=f"{about.key}.class",
        persist_state="page",
        horizontal=True,
    )
    if value is None:
        st.caption(t("Choose how important it is. The planner proposes deviations; only a person judges them."))
        return
    st.markdown(
        t(
            "Say why: choose a reason, or explain it in the note. The explanation stays in this installation; it leaves only in a file "
            "made with explanations."
        )
    )

    def facts_of(why: Why) -> Sequence[NewFact]:
        return [classing(ledger, line.key, value, why.note, why.reason)]

    change_panel(
        at,
        about.subject,
        view.schedule.plan.protocol,
        facts_of,
        key=f"{about.key}.change",
        seen=seen(about, view),
        asks_why="always" if line.classed else "if wanted",
        save_label=t("Class anew") if line.classed else t("Class"),
        on_saved=close_dialog,
    )


def _said(line: Deviation, protocol: Protocol) -> None:
    """The deviation, and how it was judged before."""
    st.markdown(f"**{unformatted(deviation_name(line))}** ({short_date(line.date)})\n\n{unformatted(what_words(line, protocol))}")
    if line.classed:
        said = "; ".join([deviation_status_word(line.classed), *judged_words(line)])
        st.info(t("Classed before: {said}", said=unformatted(said)))


def _no_longer(line: Deviation | None) -> None:
    """The facts have changed since the list was made."""
    if line is None:
        st.info(t("The facts no longer propose this deviation, so there is nothing to class."))
    else:
        st.info(t("This deviation is withdrawn: the facts no longer propose it. How it was classed stays in the ledger."))
    if st.button(t("Close"), key="classify.close"):
        close_dialog()
        st.rerun()
