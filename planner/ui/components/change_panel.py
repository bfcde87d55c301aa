"""Every change of a subject goes on like this: why, what it would do before and after, save; or what stands in the way.

What was typed stays where it is when somebody else changed the subject meanwhile: the person is told, looks at the new state, and saves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import streamlit as st

from planner.protocol.model import Protocol
from planner.records.changes.change import propose, save
from planner.records.changes.proposal import Proposal
from planner.records.facts.fact import NewFact, SubjectKey
from planner.records.facts.reasons import REASONS
from planner.records.store.append import ConflictError
from planner.ui import notices
from planner.ui.components.before_after import before_after
from planner.ui.desk import Desk
from planner.ui.language import t
from planner.ui.reasons import REASONS_OF_A_CORRECTION, USUAL_REASONS, Why, reason_label
from planner.ui.refusals import SAYS_WHY, say_refusal

_ANY_REASON = Why(next(iter(REASONS)))
"""Stands in while the reason is still to be chosen: what moves does not hang on it. Never saved."""

AsksWhy = Literal["not at all", "if wanted", "always"]


def change_panel(
    desk: Desk,
    subject: SubjectKey,
    protocol: Protocol,
    facts_of: Callable[[Why], Sequence[NewFact]],
    *,
    key: str,
    seen: int,
    asks_why: AsksWhy,
    save_label: str,
    on_saved: Callable[[], None],
) -> None:
    """The rest of a dialog, once it is known what is to be written.

    ``facts_of`` words the act with its reason and note, and may raise RefusedError where something is still to be entered. ``seen`` is the
    number of the subject's last fact when the dialog was opened. ``asks_why``: ``always`` where something on record is corrected.
    ``on_saved`` is called once it is written, before the page is drawn anew.
    """
    why = _why(key, asks_why, REASONS_OF_A_CORRECTION if asks_why == "always" and _corrects(facts_of) else USUAL_REASONS)
    last_seen = int(st.session_state.get(_seen_key(key), seen))
    proposal = _proposed(desk, subject, facts_of, why or _ANY_REASON, key, last_seen)
    if proposal is None:
        return
    before_after(proposal, protocol)
    if why is None:
        st.caption(t("To save, choose the reason."))
    if st.button(save_label, key=f"{key}.save", type="primary", icon=":material/save:", disabled=why is None) and why is not None:
        _save(desk, proposal, key, on_saved)


def _corrects(facts_of: Callable[[Why], Sequence[NewFact]]) -> bool:
    """Whether what is to be written stands in the place of something on record, or would once it says something else."""
    try:
        return any(fact.replaces is not None for fact in facts_of(_ANY_REASON))
    except SAYS_WHY:
        return True


def _why(key: str, asks: AsksWhy, reasons: Sequence[str]) -> Why | None:
    """The reason, one of these codes, and note; None while a reason is still to be chosen."""
    if asks == "not at all":
        return Why()
    label = t("Reason") if asks == "always" else t("Reason (if there is one)")
    reason = st.selectbox(
        label, reasons, index=None, format_func=reason_label, key=f"{key}.reason", persist_state="page", placeholder=t("Choose a reason")
    )
    note = st.text_area(
        t("Note"),
        key=f"{key}.note",
        persist_state="page",
        max_chars=500,
        height=80,
        help=t("Stays in the log of this installation and in no calendar. Never a name, initials or a record number."),
    )
    if reason is None and asks == "always":
        return None
    return Why(reason or "", (note or "").strip())


def _proposed(
    desk: Desk, subject: SubjectKey, facts_of: Callable[[Why], Sequence[NewFact]], why: Why, key: str, last_seen: int
) -> Proposal | None:
    """What would be written; None where it is refused, after saying why."""
    try:
        with desk.reading() as connection:
            return propose(connection, desk.caller, subject, facts_of(why), last_seen)
    except ConflictError as error:
        _say_conflict(error, key)
    except SAYS_WHY as error:
        say_refusal(error)
    return None


def _save(desk: Desk, proposal: Proposal, key: str, on_saved: Callable[[], None]) -> None:
    try:
        with desk.writing() as connection:
            written = save(connection, desk.caller, proposal)
    except ConflictError as error:
        _say_conflict(error, key)
        return
    except SAYS_WHY as error:
        say_refusal(error)
        return
    st.session_state.pop(_seen_key(key), None)
    notices.saved(written)
    on_saved()
    st.rerun()


def _say_conflict(error: ConflictError, key: str) -> None:
    """Say who changed what meanwhile; what was entered stays."""
    say_refusal(error)
    st.markdown(t("What you entered is still here. Look at what it does to the subject as it is now, then save."))
    newest = error.since[-1].number
    st.button(t("Look again with the new state"), key=f"{key}.again", type="primary", on_click=_look_again, args=(key, newest))


def _look_again(key: str, newest: int) -> None:
    st.session_state[_seen_key(key)] = newest


def _seen_key(key: str) -> str:
    return f"{key}.seen"
