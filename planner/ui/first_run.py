"""What is offered while nothing has been recorded yet: a demonstration at one press, or a first site."""

from __future__ import annotations

import os

import streamlit as st

from planner.records.demo.demo import SITES, SUBJECTS, fill_with_demo
from planner.records.store.database import default_url, open_database
from planner.ui import cached
from planner.ui.components.first_site import first_site
from planner.ui.components.tour import offer_tour
from planner.ui.desk import desk
from planner.ui.language import t
from planner.ui.notices import notice
from planner.ui.places import PLACES, go
from planner.ui.refusals import refusals_said

_SEED = 1
_FORM_WIDTH = 640


def first_run() -> None:
    """Draw both offers."""
    st.title(t("Welcome to the trial visit planner"), anchor=False)
    st.markdown(t("Nothing has been recorded yet. Begin in one of these ways; the first takes one press."))
    with st.container(border=True, key="first-run.demo"):
        st.subheader(t("Look around with a demonstration"), anchor=False)
        st.markdown(
            t(
                "Fills the planner with {count} invented subjects of two studies at two sites, in all states, as of today. Nobody of them "
                "exists. The demonstration stays in this database: for real subjects, begin a new one.",
                count=SUBJECTS,
            )
        )
        if st.button(t("Show the demonstration"), key="first-run.fill", type="primary", icon=":material/play_arrow:"):
            with refusals_said():
                _fill()
                offer_tour()
                notice(t("The demonstration is ready. All its subjects are invented."))
                go("today")
    with st.container(border=True, key="first-run.site"):
        st.subheader(t("Set up your own site"), anchor=False)
        st.markdown(t("For real subjects: say what your site is called and when it is open. You can add more sites later, in Settings."))
        with st.container(width=_FORM_WIDTH):
            code = first_site()
        if code is not None:
            offer_tour()
            notice(t("Site {code} is set up. Enrol the first subject here.", code=code))
            go("new-subject")
    st.page_link(PLACES["plan"].file, label=t("Or try a schedule first: nothing is kept"), icon=":material/edit_calendar:")


def _fill() -> None:
    """Write the demonstration into a new database; raises RecordsError, NotEmptyError where somebody was faster."""
    with st.status(t("Making the demonstration …"), expanded=True) as progress:
        st.write(t("Making the database"))
        open_database(default_url(os.environ)).close()
        at = desk()
        st.write(t("Inventing subjects and what has happened to them: this takes some ten seconds"))
        with at.writing() as connection:
            # Nothing may have happened tomorrow: while it is already the next day at one site, it stands as of the day at the other.
            fill_with_demo(connection, _SEED, min(at.caller.today(cached.calendar(name).zone) for _, name in SITES))
        st.write(t("Working out their calendars"))
        with at.reading() as connection:
            at.schedules.of(connection, at.caller)
        progress.update(label=t("The demonstration is ready."), state="complete", expanded=False)
