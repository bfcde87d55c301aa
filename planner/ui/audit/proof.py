"""The proof of the log: its head, to be kept elsewhere; verifying it; holding it against a head that was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from planner.records.feeds.log_end import LogEnd, log_end
from planner.records.people.rights import Action, permit
from planner.records.people.roles import EVERYWHERE
from planner.records.proof.audit import AuditResult
from planner.records.proof.keeping import verify_log_watched
from planner.ui import link
from planner.ui.desk import Desk
from planner.ui.language import in_language, t, tn
from planner.ui.refusals import SAYS_WHY, say_refusal
from planner.ui.visit_past import moment_words
from planner.ui.words import sentence, unformatted

_VERIFIED, _KEPT = "audit.verified", "audit.kept-head"
_FAULTS_SHOWN = 100
_FORM_WIDTH = 720


@dataclass(frozen=True, slots=True)
class Verified:
    """What an audit found, when, and whether it was held against a head."""

    result: AuditResult
    at: datetime
    held_against: str
    of: str
    """Who asked."""


def proof_view(at: Desk) -> None:
    """Draw it. Raises NotAllowedError, said in its place."""
    _head(at)
    st.subheader(t("Verify the log"), anchor=False)
    st.markdown(
        t(
            "Every fact carries a hash of itself and of all before it. Verifying works out each of them anew, and whether everybody had "
            "the right to what they recorded. A head that was kept elsewhere also proves that nothing was cut off at the end."
        )
    )
    with st.container(width=_FORM_WIDTH):
        kept = st.text_input(
            t("A head that was kept earlier (optional)"),
            key=_KEPT,
            max_chars=80,
            placeholder=t("64 digits and letters a to f"),
            on_change=link.touched,
            autocomplete="off",
        )
    if st.button(t("Verify now"), key="audit.verify", type="primary", icon=":material/verified:"):
        _verify(at, (kept or "").strip())
    verified: Verified | None = st.session_state.get(_VERIFIED)
    if verified is not None and verified.of == at.caller.who:
        _found(verified)


def _head(at: Desk) -> None:
    """Where the log ends, to copy."""
    st.subheader(t("The head of the log"), anchor=False)
    try:
        with at.reading() as connection:
            permit(connection, at.caller, Action.AUDIT, EVERYWHERE)
            end = log_end(connection)
    except SAYS_WHY as error:
        say_refusal(error)
        return
    st.markdown(
        tn(
            "The log has {number} fact. Copy this head and keep it somewhere else, with the date: in a signed file, or on paper.",
            "The log has {number} facts. Copy this head and keep it somewhere else, with the date: in a signed file, or on paper.",
            end.position,
        )
    )
    st.code(end.head, language=None, wrap_lines=True)


def _verify(at: Desk, kept: str) -> None:
    st.session_state.pop(_VERIFIED, None)
    try:
        with at.reading() as connection:
            end: LogEnd = log_end(connection)
            progress = st.progress(0.0, text=t("Verifying {number} facts …", number=end.position))

            def watched(count: int) -> None:
                text = t("Verified {done} of {number} facts …", done=count, number=end.position)
                progress.progress(min(count / max(end.position, 1), 1.0), text=text)

            result = verify_log_watched(connection, at.caller, kept or None, watched)
            progress.empty()
    except SAYS_WHY as error:
        say_refusal(error)
        return
    st.session_state[_VERIFIED] = Verified(result, at.caller.now, kept, at.caller.who)


def _found(verified: Verified) -> None:
    result, faults = verified.result, verified.result.faults
    when = moment_words(verified.at, "UTC")
    if not faults:
        said = [t("{number} facts, nothing changed, removed or reordered.", number=result.facts)]
        if verified.held_against:
            said.append(t("The log still holds the head that was kept."))
        said.append(t("Verified {moment} UTC, up to the head that begins with {head}.", moment=when, head=result.head[:12]))
        st.success(unformatted(" ".join(said)), icon=":material/verified:")
        return
    lines = "\n".join(f"* {unformatted(sentence(in_language(str(fault))))}" for fault in faults[:_FAULTS_SHOWN])
    head = tn("{number} fault found in {facts} facts:", "{number} faults found in {facts} facts:", len(faults), facts=result.facts)
    more = len(faults) - _FAULTS_SHOWN
    end = f"\n* {t('There are {number} more.', number=more)}" if more > 0 else ""
    st.error(f"**{head}**\n\n{lines}{end}", icon=":material/gpp_bad:")
    st.markdown(
        t(
            "Do not go on working with this log. Keep a copy of the database as it is, compare it with the last backup, and restore "
            "that if need be. Verified {moment} UTC.",
            moment=when,
        )
    )
