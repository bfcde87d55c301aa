"""Amending: who goes over to the version that is looked at, what that does to all of them and to each, then all or nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from planner.protocol.plan import Plan
from planner.records.changes.amendment import propose_amendment
from planner.records.changes.change import save_all
from planner.records.facts.fact import SubjectKey
from planner.records.facts.reasons import REASONS
from planner.records.lists.site_schedules import SiteSchedule
from planner.records.store.append import ConflictError
from planner.ui import link
from planner.ui.components.before_after import before_after
from planner.ui.components.list_table import ROWS, first_row, list_table, start_over, turn_pages
from planner.ui.desk import Desk, desk
from planner.ui.language import t, tn
from planner.ui.notices import notice
from planner.ui.protocols.impact import Chosen, Impact, chosen_subjects, impact_of
from planner.ui.protocols.impact_html import impact_html, summary_sentences
from planner.ui.protocols.versions import Version
from planner.ui.reasons import Why, reason_label
from planner.ui.refusals import SAYS_WHY, refusals_said, say_refusal
from planner.ui.words import unformatted

_PAGE = "protocols.amend"
_SITE, _NUMBERS, _REASON, _NOTE = f"{_PAGE}.site", f"{_PAGE}.numbers", f"{_PAGE}.reason", f"{_PAGE}.note"
_WORKED_OUT, _SHOWN = f"{_PAGE}.worked-out", f"{_PAGE}.shown"
_USUAL_REASON = "protocol_amendment"


@dataclass(frozen=True, slots=True)
class _WorkedOut:
    """An impact, and of what it is."""

    about: tuple[object, ...]
    impact: Impact


def amend_view(at: Desk, version: Version, plan: Plan, found: Sequence[SiteSchedule], sites: frozenset[str] | None) -> None:
    """Draw it for somebody who may amend at these sites (None: at all)."""
    with refusals_said():
        chosen = _subjects(plan, found, sites)
        if chosen is None:
            return
        why = _why()
        about = (version.hash, chosen.keys, why)
        label = tn("Show what it would do to {number} subject", "Show what it would do to {number} subjects", len(chosen.keys))
        if st.button(label, key=f"{_PAGE}.work-out", icon=":material/preview:"):
            _work_out(at, version, chosen.keys, why, about)
        kept: _WorkedOut | None = st.session_state.get(_WORKED_OUT)
        if kept is None:
            st.caption(t("Nobody moves before you have seen what it does and saved it."))
        elif kept.about != about:
            st.info(t("Something was chosen anew since it was worked out. Press the button once more."))
        else:
            _impact(at, version, plan, kept.impact, why)


def _subjects(plan: Plan, found: Sequence[SiteSchedule], sites: frozenset[str] | None) -> Chosen | None:
    """Who goes over; None where nobody can."""
    of_study = [schedule for schedule in found if schedule.study == plan.protocol.id]
    if not of_study:
        st.info(t("Nobody whom you may read is in the study {study} of this file.", study=unformatted(plan.protocol.id)))
        return None
    names = {"": t("All sites")}
    names |= {code: code for code in _sites(of_study, sites)}
    st.markdown(t("Subjects keep the version they follow until they are amended. Choose who goes over to this one."))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        site = st.selectbox(
            t("Site"),
            list(names),
            format_func=names.__getitem__,
            key=_SITE,
            persist_state="page",
            on_change=link.touched,
            width=200,
        )
        numbers = st.text_input(
            t("Only these subject numbers (all if empty)"),
            key=_NUMBERS,
            persist_state="page",
            placeholder=t("such as BEI-001, BEI-004"),
            on_change=link.touched,
        )
    chosen = chosen_subjects(of_study, plan, sites, site or "", [text for text in re.split(r"[\s,;，；、]+", numbers or "") if text])
    if chosen.elsewhere:
        st.caption(
            tn(
                "{number} subject of the study is at a site where you may not amend, and stays as it is.",
                "{number} subjects of the study are at sites where you may not amend, and stay as they are.",
                chosen.elsewhere,
            )
        )
    if chosen.there_already:
        st.caption(
            tn(
                "{number} subject follows a version that means the same already, and needs no amendment.",
                "{number} subjects follow a version that means the same already, and need no amendment.",
                chosen.there_already,
            )
        )
    if not chosen.keys:
        st.info(t("Nobody needs to be amended to this version."), icon=":material/check_circle:")
        return None
    return chosen


def _sites(of_study: Sequence[SiteSchedule], sites: frozenset[str] | None) -> list[str]:
    """Where subjects of the study are whom the person may amend."""
    return sorted({site for schedule in of_study for site in schedule.group.sites if sites is None or site in sites})


def _why() -> Why:
    labels = {code: reason_label(code) for code in REASONS}
    # As the list's own beginning, not put into the session: a browser that misses the one run in which the session says so (it is busy
    # changing tabs) would begin with the first reason of the list, and send that back as if it had been chosen.
    reason: str = st.selectbox(
        t("Reason"),
        list(labels),
        index=list(labels).index(_USUAL_REASON),
        format_func=labels.__getitem__,
        key=_REASON,
        persist_state="page",
        on_change=link.touched,
    )
    note = st.text_area(
        t("Note"),
        key=_NOTE,
        persist_state="page",
        max_chars=500,
        height=80,
        on_change=link.touched,
        help=t("Stays in the log of this installation and in no calendar. Never a name, initials or a record number."),
    )
    return Why(reason, (note or "").strip())


def _work_out(at: Desk, version: Version, keys: Sequence[SubjectKey], why: Why, about: tuple[object, ...]) -> None:
    """Keep what it would do in the session; say why where it cannot be done."""
    for state in (_WORKED_OUT, _SHOWN):
        st.session_state.pop(state, None)
    start_over(_PAGE)
    said = t("Working out every visit before and after …")
    bar = st.progress(0.0, text=said)

    def progress(done: int) -> None:
        bar.progress(done / len(keys), text=said)

    try:
        with at.reading() as connection:
            impact = impact_of(connection, at.caller, version.text, version.file_name, keys, why, progress)
    finally:
        bar.empty()
    st.session_state[_WORKED_OUT] = _WorkedOut(about, impact)


def _impact(at: Desk, version: Version, plan: Plan, impact: Impact, why: Why) -> None:
    st.subheader(t("What the amendment would do"), anchor=False)
    st.markdown("\n".join(f"* {unformatted(text)}" for text in summary_sentences(impact)))
    first = first_row(_PAGE, len(impact.lines))
    list_table(impact_html(impact.lines[first : first + ROWS]), f"{_PAGE}.list", _pressed)
    turn_pages(_PAGE, len(impact.lines))
    shown = next((line.subject for line in impact.lines if str(line.subject) == st.session_state.get(_SHOWN)), None)
    if shown is not None:
        _one(version, plan, shown, why)
    label = tn("Amend {number} subject", "Amend {number} subjects", len(impact.proposals))
    if st.button(label, key=f"{_PAGE}.save", type="primary", icon=":material/save:"):
        _save(at, version, impact)


def _pressed(what: str, value: str) -> None:  # noqa: ARG001 (there is one kind of button)
    link.touched()
    st.session_state[_SHOWN] = value


def _one(version: Version, plan: Plan, subject: SubjectKey, why: Why) -> None:
    """Every visit of one subject before and after, over the page."""

    def draw() -> None:
        with refusals_said():
            # Drawn again by itself, long after the page: so for whoever is signed in then.
            at = desk()
            with at.reading() as connection:
                (proposal,) = propose_amendment(
                    connection, at.caller, version.text, version.file_name, [subject], reason=why.reason, note=why.note
                )
            before_after(proposal, plan.protocol)

    st.dialog(t("{subject}: before and after", subject=subject.number), width="large", on_dismiss=_hide)(draw)()


def _hide() -> None:
    link.touched()
    st.session_state.pop(_SHOWN, None)


def _save(at: Desk, version: Version, impact: Impact) -> None:
    """All or nothing."""
    try:
        with st.status(t("Writing …")) as progress:
            with at.writing() as connection:
                save_all(connection, at.caller, impact.proposals)
            progress.update(label=t("Written."), state="complete")
    except ConflictError as error:
        say_refusal(error)
        st.markdown(t("Nothing was written. Look at what it does now, then save."))
        st.button(t("Look again with the new state"), key=f"{_PAGE}.again", type="primary", on_click=_forget)
        return
    except SAYS_WHY as error:
        say_refusal(error)
        return
    _forget()
    notice(
        tn(
            "Amended: {number} subject follows {file} now.",
            "Amended: {number} subjects follow {file} now.",
            len(impact.proposals),
            file=version.file_name,
        )
    )
    st.rerun()


def _forget() -> None:
    link.touched()
    for state in (_WORKED_OUT, _SHOWN, _NOTE):
        st.session_state.pop(state, None)
