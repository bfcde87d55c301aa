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
from planner.records.store.append import ConflictError
from planner.records.store.database import DatabaseError
from planner.ui import link
from planner.ui.desk import desk
from planner.ui.fact_words import said_of
from planner.ui.language import in_language, t
from planner.ui.places import PLACES, go_later
from planner.ui.refusals import SAYS_WHY, kept_refusals, say_refusal
from planner.ui.words import listed, sentence, unformatted

_NOTICE = "notices.notice"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that was done."""

    text: str
    subject: SubjectKey | None = None
    """Of whom something was saved that can be taken back."""
    numbers: tuple[int, ...] = ()
    """The facts that say it, those that take others back too."""
    icon: str = ":material/check_circle:"


@dataclass(frozen=True, slots=True)
class Caution:
    """Something that did not go as the person expects."""

    text: str
    subject: SubjectKey | None = None
    """Whose history is the way on; None where there is none."""


def notice(text: str) -> None:
    """Say ``text`` once, at the top of the page that is drawn next."""
    st.session_state[_NOTICE] = Notice(text)


def caution(text: str) -> None:
    """The same for something that did not go as the person expects."""
    st.session_state[_NOTICE] = Caution(text)


def saved(facts: Sequence[Fact]) -> None:
    """Say what was written about a subject, and offer to take it back."""
    subject = facts[0].subject
    at = desk()
    with at.reading() as connection:
        what = ", ".join(said_of(connection, at.caller, facts))
    text = t("Saved {subject}: {what}", subject=subject, what=what)
    st.session_state[_NOTICE] = Notice(sentence(text), subject, tuple(fact.number for fact in facts))


def draw_notice() -> None:
    """Show what was just done, if anything, and what was refused since the last page was drawn: a file, or taking something back."""
    shown: Notice | Caution | None = st.session_state.get(_NOTICE)
    for error in kept_refusals().take():
        say_refusal(error)
    if shown is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="notice"):
        if isinstance(shown, Caution):
            _draw_caution(shown)
        else:
            _draw_done(shown)
        st.button(t("Close"), key="notice.close", on_click=_close)


def _draw_done(shown: Notice) -> None:
    st.success(unformatted(shown.text), icon=shown.icon)
    if shown.subject is not None and shown.numbers:
        st.button(
            t("Undo"), key="notice.undo", icon=":material/undo:", on_click=_undo, args=(shown.subject, shown.numbers), shortcut="Alt+Z"
        )


def _draw_caution(shown: Caution) -> None:
    st.warning(unformatted(shown.text), icon=":material/warning:")
    if shown.subject is not None:
        st.page_link(
            PLACES["subject"].file,
            label=t("History of {subject}", subject=unformatted(str(shown.subject))),
            icon=":material/history:",
            query_params={"subject": str(shown.subject), "view": "history", **link.language_entry()},
        )


def _close() -> None:
    link.touched()
    st.session_state.pop(_NOTICE, None)


def _undo(subject: SubjectKey, numbers: Sequence[int]) -> None:
    """Take back what was just saved, by facts of its own, the last one first; nothing where somebody changed the subject since.

    Where only the database did not answer, it can be tried again.
    """
    link.touched()
    try:
        at = desk()
        with at.reading() as connection:
            facts = read_subject(connection, at.caller, subject).facts
            undone = [fact for number in reversed(numbers) for fact in undone_fact(facts, number, reason="taken_back")]
            proposal = propose(connection, at.caller, subject, undone, last_seen=numbers[-1])
        with at.writing() as connection:
            save(connection, at.caller, proposal)
    except DatabaseError as error:
        kept_refusals().keep(error)
        return
    except ConflictError as error:
        st.session_state[_NOTICE] = Caution(_changed_since(error), subject)
        return
    except SAYS_WHY as error:
        kept_refusals().keep(error)
        st.session_state.pop(_NOTICE, None)
        return
    if any(fact.kind is Kind.ENROLLED for fact in facts if fact.number in numbers):
        _say_not_enrolled(subject)
        return
    st.session_state[_NOTICE] = Notice(t("Taken back. {subject} is as it was before.", subject=subject), icon=":material/undo:")


def _say_not_enrolled(subject: SubjectKey) -> None:
    """There is no subject to show any more: where its page was looked at, the list takes its place."""
    st.session_state[_NOTICE] = Notice(t("Taken back. {subject} is not enrolled.", subject=subject), icon=":material/undo:")
    if st.query_params.get("subject") == str(subject):
        go_later("subjects")


def _changed_since(error: ConflictError) -> str:
    """Who changed what, and what can still be done."""
    return t(
        "Not undone, because {subject} was changed since: {changes}. What you saved stays on record: correct it or take it back in the "
        "subject’s history.",
        subject=error.subject,
        changes=listed(t("{what} ({who})", what=_said(fact), who=fact.who) for fact in error.since),
    )


def _said(fact: Fact) -> str:
    return in_language(in_words(fact.said))
