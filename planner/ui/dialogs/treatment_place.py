"""Another start of treatment, while it has not begun (R16), and another site (R17)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from planner.records.changes.acts import site_transferred, start_moved
from planner.records.changes.view import SubjectView
from planner.records.facts.kinds import Kind
from planner.records.people.rights import readable_settings
from planner.schedule.fact_faults import LATEST_START, parameter_codes
from planner.schedule.starts import StartScore, better_starts, start_scores
from planner.schedule.visit_ids import visit_id
from planner.ui import link
from planner.ui.desk import Desk
from planner.ui.dialogs.opened import OpenDialog
from planner.ui.dialogs.treatment import Acting
from planner.ui.language import t, tn
from planner.ui.preview import START_DAYS, first_start_compared
from planner.ui.treatment_texts import some
from planner.ui.words import long_date, unformatted

_MOST_OFFERED = 4


def start_title(about: OpenDialog) -> str:
    """What stands above."""
    return t("Move the start of {subject}", subject=about.subject)


def transfer_title(about: OpenDialog) -> str:
    """What stands above."""
    return t("Move {subject} to another site", subject=about.subject)


def draw_start(about: OpenDialog, desk: Desk, view: SubjectView) -> None:
    """The new day, whether every visit would fit, and better days near it; then before and after."""
    acting = Acting(about, desk, view)
    acting.require(Kind.START_MOVED)
    plan, facts = view.state.plan, view.state.facts
    start = visit_id(plan, plan.slots[plan.start_slot], parameter_codes(plan, facts))
    if start in facts.actual:
        st.info(
            t(
                "{visit} was done on {day}: treatment has begun, so its start cannot be moved. If that day is wrong, correct it.",
                visit=start,
                day=long_date(facts.actual[start]),
            )
        )
        return
    st.markdown(t("Start now: **{day}**", day=long_date(facts.start)))
    day = acting.day("start", t("New start ({visit})", visit=start), facts.start, last=LATEST_START)
    if day is None:
        st.caption(t("Enter the new day."))
        return
    _say_fit(acting, day)
    if day == facts.start:
        st.caption(t("Choose another day to see what changes."))
        return
    acting.finish(lambda why: start_moved(day, reason=why.reason, note=why.note), "always", t("Save the new start"))


def _say_fit(acting: Acting, day: date) -> None:
    """Whether each visit has an open day with this start, and the days near it that do better."""
    view = acting.view
    first = first_start_compared(day, view.today)
    scores = start_scores(view.state.plan, view.state.facts, [view.state.calendar], view.as_of, first, START_DAYS)
    score = next((score for score in scores if score.start == day), None)
    if score is None:
        return
    st.markdown(f"{long_date(day)}: {_fit(score)}")
    best = better_starts(scores, day)[:_MOST_OFFERED]
    if not best:
        return
    st.markdown(t("Days near it that do better:"))
    for other in sorted(best, key=lambda each: each.start):
        st.button(
            f"{long_date(other.start)}: {_fit(other)}",
            key=acting.key(f"start.{other.start}"),
            on_click=_start_on,
            args=(acting.key("start"), other.start),
        )


def _fit(score: StartScore) -> str:
    visits = sorted(score.not_fitting)
    fit = t("every visit fits.")
    if visits:
        fit = tn(
            "{number} visit does not fit: {visits}.", "{number} visits do not fit: {visits}.", len(visits), visits=unformatted(some(visits))
        )
    return fit if score.is_open else t("a closed day; {fit}", fit=fit)


def _start_on(key: str, day: date) -> None:
    link.touched()
    st.session_state[key] = day


def draw_transfer(about: OpenDialog, desk: Desk, view: SubjectView) -> None:
    """To which site, from when on; then before and after."""
    acting = Acting(about, desk, view)
    acting.require(Kind.SITE_TRANSFERRED)
    with desk.reading() as connection:
        settings = readable_settings(connection, desk.caller)
    sites: Sequence[str] = [code for code in settings.sites if code != view.state.site]
    st.markdown(t("Site now: **{site}**", site=unformatted(view.state.site)))
    if not sites:
        st.info(t("There is no other site that you may see. An administrator sets up sites and roles."))
        return
    site = st.selectbox(
        t("New site"),
        sites,
        index=None,
        placeholder=t("Choose a site"),
        key=acting.key("site"),
        persist_state="page",
        on_change=link.touched,
    )
    day = acting.day("on", t("First day there"), acting.today, last=acting.today)
    st.caption(t("From that day on the calendar of the new site counts, and its people see the subject. Record it when it has happened."))
    if site is None or day is None:
        return
    acting.finish(lambda why: site_transferred(settings, site, day, reason=why.reason, note=why.note), "if wanted", t("Save the new site"))
