"""What was just saved, said at the top of the next page that is drawn, with one press to take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from planner.records.changes.change import propose, save
from planner.records.changes.undoing import undone_fact
from planner.records.facts.fact import Fact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.facts.wording import in_words
from planner.records.people.readable import read_subject
from planner.ui import link
from planner.ui.desk import desk
from planner.ui.language import in_language, t
from planner.ui.refusals import SAYS_WHY, kept_refusals, say_refusal
from planner.ui.words import sentence, unformatted

_NOTICE = "notices.notice"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that was done."""

    text: str
    subject: SubjectKey | None = None
    """Of whom something was saved that can be taken back."""
    numbers: tuple[int, ...] = ()
    """The facts that say it."""
    icon: str = ":material/check_circle:"


def notice(text: str) -> None:
    """Say ``text`` once, at the top of the page that is drawn next."""
    st.session_state[_NOTICE] = Notice(text)


def saved(facts: Sequence[Fact]) -> None:
    """Say what was written about a subject, and offer to take it back."""
    subject = facts[0].subject
    what = ", ".join(in_language(in_words(fact.said)) for fact in facts)
    text = t("Saved {subject}: {what}", subject=subject, what=what)
    st.session_state[_NOTICE] = Notice(sentence(text), subject, tuple(fact.number for fact in facts if fact.kind is not Kind.UNDONE))


def draw_notice() -> None:
    """Show what was just done, if anything, and what was refused since the last page was drawn: a file, or taking something back."""
    shown: Notice | None = st.session_state.get(_NOTICE)
    for error in kept_refusals().take():
        say_refusal(error)
    if shown is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="notice"):
        st.success(unformatted(shown.text), icon=shown.icon)
        if shown.subject is not None and shown.numbers:
            st.button(
                t("Undo"), key="notice.undo", icon=":material/undo:", on_click=_undo, args=(shown.subject, shown.numbers), shortcut="Alt+Z"
            )
        st.button(t("Close"), key="notice.close", on_click=_close)


def _close() -> None:
    link.touched()
    st.session_state.pop(_NOTICE, None)


def _undo(subject: SubjectKey, numbers: Sequence[int]) -> None:
    """Take back what was just saved, by facts of its own; nothing where somebody else changed the subject since."""
    link.touched()
    try:
        at = desk()
        with at.reading() as connection:
            facts = read_subject(connection, at.caller, subject).facts
            undone = [fact for number in reversed(numbers) for fact in undone_fact(facts, number, reason="taken_back")]
            proposal = propose(connection, at.caller, subject, undone, last_seen=max(numbers))
        with at.writing() as connection:
            save(connection, at.caller, proposal)
    except SAYS_WHY as error:
        kept_refusals().keep(error)
        st.session_state.pop(_NOTICE, None)
        return
    st.session_state[_NOTICE] = Notice(t("Taken back. {subject} is as it was before.", subject=subject), icon=":material/undo:")
