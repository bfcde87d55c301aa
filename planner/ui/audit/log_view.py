"""The log, the newest facts first: who recorded what of whom, when and why."""

from __future__ import annotations

from datetime import date

import streamlit as st
from sqlalchemy import Connection

from planner.records.facts.fact import ADMINISTRATION, SubjectKey
from planner.records.people.readable import open_subject
from planner.records.proof.log_pages import LogPage, WantedFacts, facts_before, facts_from
from planner.ui import link
from planner.ui.audit.log_filters import NAMES, SETTINGS, Asked, entry, filters, go_to, place, show_everything
from planner.ui.audit.log_lines import log_html
from planner.ui.components.followed_links import followed_links
from planner.ui.components.list_table import landing, skip_link
from planner.ui.desk import Desk
from planner.ui.language import t
from planner.ui.places import go_later
from planner.ui.refusals import SAYS_WHY, say_refusal

MOST = 50
"""Facts on a page."""
_FIRST_DAY = date(2000, 1, 1)
_TYPED = ("subject", "who")


def log_view(at: Desk) -> dict[str, str]:
    """Draw it; what the address holds of it."""
    skip_link("audit", t("Skip to the newest fact"), t("Nothing is ever changed or removed: a correction stands beside what it corrects."))
    asked = filters((_FIRST_DAY, at.caller.now.date()))
    try:
        with at.reading() as connection:
            page = _page(connection, at, asked)
    except SAYS_WHY as error:
        say_refusal(error)
        _show_all()
        return _entries(is_known=False)
    _facts(page)
    return _entries(is_known=bool(page.facts))


def _entries(*, is_known: bool) -> dict[str, str]:
    """What the address holds: what was typed only where the log knows it, for it may be anything, even a name."""
    return {name: entry(name) if is_known or name not in _TYPED else "" for name in NAMES}


def _page(connection: Connection, at: Desk, asked: Asked) -> LogPage:
    wanted = WantedFacts(_log(connection, at, asked), asked.who, asked.of_kind, asked.on)
    where, position = place()
    if where == "from" and position is not None:
        return facts_from(connection, at.caller, wanted, position, MOST)
    return facts_before(connection, at.caller, wanted, position, MOST)


def _log(connection: Connection, at: Desk, asked: Asked) -> SubjectKey | None:
    """The one log that is asked for. Raises UnknownSubjectError, NotAllowedError."""
    if asked.of == SETTINGS:
        return ADMINISTRATION
    return open_subject(connection, at.caller, asked.subject).key if asked.subject else None


def _facts(page: LogPage) -> None:
    landing("audit", _counted(page))
    if not page.is_whole_log:
        st.caption(t("You see the logs of the subjects whom you may read. The whole log, with sites and people, takes the right to audit."))
    if not page.facts:
        st.info(t("Nothing like this was recorded."), icon=":material/filter_alt_off:")
        _show_all()
        return
    followed_links(log_html(page.facts), "audit.log", _open)
    _turn(page)


def _counted(page: LogPage) -> str:
    if not page.facts:
        return t("No fact")
    return t("Facts {first} to {last}, the newest first", first=page.facts[-1].position, last=page.facts[0].position)


def _turn(page: LogPage) -> None:
    if not page.has_newer and not page.has_older:
        return
    newest, oldest = page.facts[0].position, page.facts[-1].position
    with st.container(horizontal=True, vertical_alignment="center", key="audit.pages"):
        st.button(t("The newest"), key="audit.newest", on_click=go_to, args=("before", None), disabled=not page.has_newer)
        st.button(t("Newer"), key="audit.newer", on_click=go_to, args=("from", newest + 1), disabled=not page.has_newer)
        st.button(t("Older"), key="audit.older", on_click=go_to, args=("before", oldest), disabled=not page.has_older)


def _show_all() -> None:
    st.button(t("Show the whole log"), key="audit.all", type="primary", on_click=show_everything)


def _open(subject: str) -> None:
    link.touched()
    go_later("subject", subject=subject)
