"""What an import would do to visits of subjects who are enrolled, the worst first, before there is anything to press."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from planner.records.changes.impact import SubjectImpact
from planner.records.facts.fact import SubjectKey
from planner.records.imports.effects import Foreseen, foreseen, import_effects
from planner.records.imports.plan import ImportPlan
from planner.ui import link
from planner.ui.check_sentences import warning_words
from planner.ui.components.before_after import before_after
from planner.ui.components.list_table import ROWS, first_row, list_table, start_over, turn_pages
from planner.ui.desk import Desk, desk
from planner.ui.impact_table import impact_table
from planner.ui.language import language, t, tn
from planner.ui.refusals import refusals_said
from planner.ui.words import unformatted, visits_counted

WORST_SHOWN, WARNINGS_SHOWN = 5, 3
"""Subjects whose warnings stand above the list, and how many of each; the dialog of a subject has all."""
_LIST = "import.effects"
_KEPT, _SHOWN = f"{_LIST}.kept", f"{_LIST}.shown"


@dataclass(frozen=True, slots=True)
class _Effects:
    """What was worked out, and of which plan."""

    plan: ImportPlan
    lines: tuple[SubjectImpact, ...]
    warnings: tuple[str, ...]


def effects_view(at: Desk, plan: ImportPlan) -> None:
    """Draw it; nothing where no visit changes or a row is refused."""
    effects = _effects(at, plan)
    if not effects.lines:
        return
    st.subheader(t("What the import would do to visits"), anchor=False)
    st.markdown("\n".join(f"* {unformatted(text)}" for text in effects_sentences(effects.lines)))
    if effects.warnings:
        points = "\n".join(f"* {unformatted(text)}" for text in effects.warnings)
        st.warning(f"**{t('Look at this before you import:')}**\n\n{points}", icon=":material/warning:")
    first = first_row(_LIST, len(effects.lines))
    caption = t("What the import would do to each subject")
    list_table(impact_table(caption, effects.lines[first : first + ROWS]), f"{_LIST}.list", _pressed)
    turn_pages(_LIST, len(effects.lines))
    shown = next((line.subject for line in effects.lines if str(line.subject) == st.session_state.get(_SHOWN)), None)
    if shown is not None:
        _one(plan, shown)


def effects_sentences(lines: Sequence[SubjectImpact]) -> list[str]:
    """The whole in a few sentences."""
    changed, moved = sum(line.changed for line in lines), sum(line.moved for line in lines)
    sentences = [
        tn(
            "Of {number} subject, {changed} change: {moved} move to another day.",
            "Of {number} subjects, {changed} change: {moved} move to another day.",
            len(lines),
            changed=visits_counted(changed),
            moved=moved,
        )
    ]
    worse = sum(line.warnings > 0 for line in lines)
    if worse:
        text = tn(
            "For {number} subject something gets worse: a check, a window or a booking.",
            "For {number} subjects something gets worse: checks, windows or bookings.",
            worse,
        )
        sentences.append(text)
    return sentences


def worst_warnings(found: Sequence[Foreseen]) -> tuple[str, ...]:
    """The first warnings of these subjects, each with the subject's number."""
    told = []
    for each in found:
        number, warnings = each.proposal.subject.number, each.proposal.warnings
        told += [t("{subject}: {what}", subject=number, what=warning_words(one, each.protocol)) for one in warnings[:WARNINGS_SHOWN]]
        more = len(warnings) - WARNINGS_SHOWN
        if more > 0:
            told.append(tn("{subject}: and {number} more thing", "{subject}: and {number} more things", more, subject=number))
    return tuple(told)


def _effects(at: Desk, plan: ImportPlan) -> _Effects:
    """Worked out once for each report."""
    kept: tuple[object, _Effects] | None = st.session_state.get(_KEPT)
    # The sentences of the warnings are kept in the language of the page.
    about = (at.caller.who, language())
    if kept is not None and kept[0] == about and kept[1].plan is plan:
        return kept[1]
    st.session_state.pop(_SHOWN, None)
    start_over(_LIST)
    said = t("Working out every visit before and after …")
    bar = st.empty()

    def progress(done: int, count: int) -> None:
        bar.progress(min(done / count, 1.0), text=said)

    try:
        with at.reading() as connection:
            lines = import_effects(connection, at.caller, plan, progress)
            worst = [line.subject for line in lines if line.warnings][:WORST_SHOWN]
            warnings = worst_warnings(list(foreseen(connection, at.caller, plan, worst)))
    finally:
        bar.empty()
    effects = _Effects(plan, lines, warnings)
    st.session_state[_KEPT] = about, effects
    return effects


def _pressed(what: str, value: str) -> None:  # noqa: ARG001 (there is one kind of button)
    link.touched()
    st.session_state[_SHOWN] = value


def _one(plan: ImportPlan, subject: SubjectKey) -> None:
    """Every visit of one subject before and after, over the page."""

    def draw() -> None:
        with refusals_said():
            # Drawn again by itself, long after the page: so for whoever is signed in then.
            at = desk()
            with at.reading() as connection:
                found = list(foreseen(connection, at.caller, plan, [subject]))
            for each in found:
                before_after(each.proposal, each.protocol)

    st.dialog(t("{subject}: before and after", subject=subject.number), width="large", on_dismiss=_hide)(draw)()


def _hide() -> None:
    link.touched()
    st.session_state.pop(_SHOWN, None)
