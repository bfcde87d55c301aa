"""All that was recorded about a subject; the schedule as it was known on a past day; and what changed since one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import streamlit as st

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.exchange.time_zones import zone_info
from planner.records.changes.view import SubjectView
from planner.records.fold.fact_table import fact_table
from planner.records.history.changes import changes_since
from planner.records.history.known_on import known_on
from planner.records.history.recording_days import recording_zones
from planner.records.pinned.contents import PinnedContents
from planner.ui import link
from planner.ui.components.clickable import clickable
from planner.ui.desk import Desk
from planner.ui.fact_lines import fact_lines_html
from planner.ui.fact_words import FactWords
from planner.ui.language import language, t, tn
from planner.ui.past_tables import changed_lines, known_lines
from planner.ui.refusals import refusals_said
from planner.ui.subject_acts import May
from planner.ui.text_table import text_table
from planner.ui.words import short_date

_PART, _DAY, _MOST = "history.part", "history.day", "history.most"
_AT_ONCE = 50


def history_view(at: Desk, view: SubjectView, may: May, act: Callable[[str], None]) -> None:
    """The part chosen."""
    parts = {
        "facts": t("What was recorded"),
        "known": t("The schedule as known on a past day"),
        "since": t("What changed since a past day"),
    }
    part = st.radio(
        t("Part shown"),
        list(parts),
        format_func=parts.__getitem__,
        horizontal=True,
        key=_PART,
        on_change=link.touched,
        label_visibility="collapsed",
    )
    if part == "facts":
        _facts(view, may, act)
        return
    day = _day(at, view)
    with refusals_said():
        if part == "known":
            _known(at, view, day)
        else:
            _since(at, view, day)


def _facts(view: SubjectView, may: May, act: Callable[[str], None]) -> None:
    most = int(st.session_state.get(_MOST, _AT_ONCE))
    html = fact_lines_html(FactWords(view.state.plan, view.facts), view.state.calendar.zone, may, most)
    clickable(html, "history", lambda what, value: act(value) if what == "act" else None)
    if len(view.facts) > most:
        st.button(t("Show older ones"), key="history.more", icon=":material/expand_more:", on_click=_more, args=(most + _AT_ONCE,))


def _more(most: int) -> None:
    link.touched()
    st.session_state[_MOST] = most


def _day(at: Desk, view: SubjectView) -> date:
    """The past day asked about, at first a week ago; from the day of the first fact at the site to today."""
    first = min(_first_day(at, view), view.today)
    usual = max(first, view.today - timedelta(days=7))
    return st.date_input(
        t("Day"),
        value=usual,
        min_value=first,
        max_value=view.today,
        key=f"{_DAY}.{view.state.key}",
        on_change=link.touched,
        format="YYYY-MM-DD",
        width=200,
    )


def _first_day(at: Desk, view: SubjectView) -> date:
    """The day of the first fact, at the site where the subject then was."""
    with at.reading() as connection:
        zones = recording_zones(fact_table(view.facts), PinnedContents(connection))
    return view.facts[0].recorded_at.astimezone(zone_info(zones.names[zones.code[0]])).date()


def _known(at: Desk, view: SubjectView, day: date) -> None:
    with at.reading() as connection:
        known = known_on(connection, at.caller, view.state.key, day)
    st.markdown(
        t("What the planner knew at the end of {day}: the facts up to number {number}.", day=short_date(day), number=known.revision)
    )
    lines = known_lines(known.rows, ProtocolTexts(known.schedule.plan.protocol, language()))
    columns = (t("Visit"), t("Date"), t("Window"), t("Status"))
    st.html(text_table(t("The schedule as known on {day}", day=short_date(day)), columns, lines))


def _since(at: Desk, view: SubjectView, day: date) -> None:
    with at.reading() as connection:
        found = changes_since(connection, at.caller, view.state.key, day)
    facts = tn(
        "{number} fact was recorded since the beginning of that day.",
        "{number} facts were recorded since the beginning of that day.",
        len(found.facts),
    )
    st.markdown(facts)
    if not found.visits:
        st.markdown(t("No visit changed by them."))
        return
    lines = changed_lines(found.visits, ProtocolTexts(view.state.plan.protocol, language()))
    columns = (t("Visit"), t("Before"), t("Now"), t("Moved by"))
    st.html(text_table(t("Visits that changed since {day}", day=short_date(day)), columns, lines))
