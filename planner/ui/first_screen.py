"""Try a schedule: what is entered on the left shows the whole calendar on the right at once. Nothing is stored."""

from __future__ import annotations

import streamlit as st

from planner.exchange import today
from planner.protocol.plan import Plan
from planner.schedule.calendar import SiteCalendar
from planner.schedule.expand import NoOpenDayError
from planner.schedule.fact_faults import FactErrors
from planner.schedule.starts import StartScore
from planner.ui import cached, link, view_state
from planner.ui.components import empty_states
from planner.ui.components.downloads import downloads
from planner.ui.components.form import Form
from planner.ui.components.header import head, summary
from planner.ui.components.subject_form import protocol_input, site_calendar_input, subject_inputs
from planner.ui.components.views import views
from planner.ui.entries import EntryFault, EntryFaults
from planner.ui.language import t
from planner.ui.preview import Preview, preview_of, starts_without_one


def main() -> None:
    """Draw the screen."""
    form = Form(link.arrived())
    view_state.arrive(form.arrived)
    _draw(form)
    link.write({**form.entries, **view_state.shown()}, form.left_out)


def _draw(form: Form) -> None:
    usable, faulty = cached.plans()
    with st.sidebar:
        st.markdown(f"### {t('Try a schedule')}")
        name = protocol_input(form, cached.titles(usable))
    if name is None:
        form.say()
        st.title(t("Try a schedule"), anchor=False)
        st.markdown(t("Choose the protocol, then give the start date: the whole calendar appears at once. Nothing is stored."))
        empty_states.no_protocol({name: plan.protocol for name, plan in usable.items()}, faulty)
        return
    plan = usable[name]
    with st.sidebar:
        calendar = site_calendar_input(form)
        subject_inputs(form, plan.protocol, today.today_in("UTC" if calendar is None else calendar.zone))
    _answer(form, plan, calendar)


def _answer(form: Form, plan: Plan, calendar: SiteCalendar | None) -> None:
    """The schedule, or what is still needed for it, or what must be mended."""
    preview: Preview | None = None
    starts: tuple[StartScore, ...] = ()
    try:
        if calendar is not None:
            day = today.today_in(calendar.zone)
            if "start" in form.entries:
                preview = preview_of(form.entries, plan, calendar, day)
            else:
                starts = starts_without_one(form.entries, plan, calendar, day)
    except EntryFaults as refused:
        form.faults += refused.faults
    except FactErrors as refused:
        form.faults += [EntryFault(fault.fact, fault.message) for fault in refused.faults]
    except NoOpenDayError as refused:
        form.faults.append(EntryFault("calendar", str(refused)))
    form.say()
    if form.faults:
        # Beside what is refused, dates would look like an answer to it.
        preview, starts = None, ()
    with head(plan.protocol):
        if preview is not None:
            summary(preview)
            downloads(preview, form.entries)
    empty_states.to_mend(form.faults, form.labels)
    if preview is not None:
        views(preview)
    elif starts:
        empty_states.no_start(starts, plan.protocol)
    elif calendar is None and not form.faults:
        empty_states.no_calendar()
