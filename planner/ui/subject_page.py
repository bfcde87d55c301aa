"""A subject's page: where the subject stands, all visits in several views, what can be done, and what can be taken along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import streamlit as st
from sqlalchemy import Connection

from planner.records.changes.view import SubjectView, view_of
from planner.records.errors import RecordsError
from planner.records.fold.subject_facts import NotEnrolledError
from planner.records.history.history import UnknownVisitError, VisitHistory, visit_history
from planner.records.people.readable import open_subject
from planner.records.people.roles import Action
from planner.records.people.settings import Settings, read_settings
from planner.records.pinned.contents import PinnedContents
from planner.records.store.log import UnknownSubjectError
from planner.ui import link, view_state
from planner.ui.components.history_view import history_view
from planner.ui.components.subject_bar import do_act, subject_bar
from planner.ui.components.subject_head import subject_head
from planner.ui.components.views import views
from planner.ui.desk import Desk, desk
from planner.ui.language import t
from planner.ui.places import go_later, tab_title
from planner.ui.preview import preview_of_subject
from planner.ui.refusals import say_refusal
from planner.ui.subject_panel import beside_subject
from planner.ui.words import unformatted

ON = "subject.on"
"""The day that the page is as of; None for today."""
_SUBJECT = "subject.shown"
_STYLE = (Path(__file__).parent / "components" / "subject.css").read_text(encoding="utf-8")


@dataclass(frozen=True)
class _Read:
    """What the page shows, read at one moment."""

    view: SubjectView
    settings: Settings
    past: VisitHistory | None
    unknown_visit: str
    """A visit that was asked for and is none of the subject's; "" for none."""


def subject_page() -> None:
    """Draw the page of the subject in the address."""
    arrived = link.arrived()
    _arrive(arrived)
    view_state.arrive(arrived)
    asked = str(st.session_state.get(_SUBJECT) or "").strip()
    if not asked:
        _nobody()
        return
    at = desk()
    try:
        with at.reading() as connection:
            read = _read(connection, at, asked)
    except (UnknownSubjectError, NotEnrolledError) as error:
        _cannot_show(error)
        return
    _draw(at, read)
    key = read.view.state.key
    st.set_page_config(page_title=tab_title(key.number))
    on: date | None = st.session_state.get(ON)
    link.write({"subject": str(key), "on": "" if on is None else on.isoformat(), **view_state.shown()})


def _arrive(arrived: Mapping[str, str] | None) -> None:
    if arrived is None:
        return
    st.session_state[_SUBJECT] = arrived.get("subject", "")
    st.session_state[ON] = link.day_of(arrived.get("on", ""))


def _read(connection: Connection, at: Desk, asked: str) -> _Read:
    opened = open_subject(connection, at.caller, asked)
    view = view_of(opened.facts, PinnedContents(connection), at.caller, st.session_state.get(ON))
    picked = str(st.session_state.get(view_state.VISIT) or "")
    is_there = any(row.visit == picked for row in view.rows)
    past, unknown = None, ""
    if picked and not is_there:
        # A stale link: it is said once, and the address is without it from here on.
        st.session_state[view_state.VISIT], unknown = None, picked
    elif is_there:
        try:
            past = visit_history(connection, at.caller, opened.key, picked)
        except UnknownVisitError:
            # Its id is one of the plan that the subject has come to follow by now, and nothing of it was ever recorded.
            past = None
    return _Read(view, read_settings(connection), past, unknown)


def _draw(at: Desk, read: _Read) -> None:
    view = read.view
    preview = preview_of_subject(view)
    key = view.state.key

    def may(action: Action) -> bool:
        return at.may(read.settings, action, view.state.site)

    def act(code: str) -> None:
        do_act(key, view.revision, code)

    st.html(f"<style>{_STYLE}</style>")
    subject_head(view, preview)
    if read.unknown_visit:
        st.caption(t("There is no visit {asked} here, so none is explained.", asked=unformatted(read.unknown_visit[:40])))
    subject_bar(at, view, preview, may, sites=len(read.settings.sites))
    beside = beside_subject(view, preview, may, read.past, act, t("today") if view.as_of == view.today else "")
    views(preview, view_state.SUBJECT_VIEWS, beside, {"history": lambda: history_view(at, view, may, act)})


def _nobody() -> None:
    st.title(t("Subject"), anchor=False)
    st.info(t("No subject is chosen. Choose one from the list."))
    _to_subjects()


def _cannot_show(error: RecordsError) -> None:
    """A stale link, or one to somebody whom this person may not read: the same sentence, and a way on."""
    st.title(t("Subject"), anchor=False)
    say_refusal(error)
    _to_subjects()


def _to_subjects() -> None:
    st.button(t("All subjects"), key="subject.list", icon=":material/groups:", type="primary", on_click=go_later, args=("subjects",))
