"""Trying a protocol out: its timeline from a start date, as it is planned or under one choice of an open decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from planner.exchange import today
from planner.protocol.plan import Plan
from planner.schedule.branches import branch_facts
from planner.schedule.calendar import SiteCalendar
from planner.schedule.cohort_facts import checked_cohort
from planner.schedule.days import day_number
from planner.schedule.expand import NoOpenDayError, expand
from planner.schedule.fact_faults import FactErrors
from planner.ui import link
from planner.ui.beside import Beside
from planner.ui.components.branches_view import branches_view
from planner.ui.components.empty_states import to_mend
from planner.ui.components.form import Form
from planner.ui.components.subject_form import parameter_inputs, site_calendar_input, start_input
from planner.ui.components.timeline_view import timeline_view
from planner.ui.entries import EntryFault, EntryFaults
from planner.ui.language import in_language, t
from planner.ui.preview import Preview, preview_of
from planner.ui.words import sentence, unformatted

_BRANCH = "protocols.branch"


def timeline_of_protocol(plan: Plan, arrived: Mapping[str, str] | None) -> dict[str, str]:
    """Draw the inputs and the timeline; what was entered, for the address."""
    form = Form(arrived)
    form.of(plan.protocol)
    with st.container(horizontal=True, vertical_alignment="bottom", key="protocols.trial"):
        start_input(form)
        calendar = site_calendar_input(form)
    in_sight = frozenset(form.labels)
    if plan.protocol.parameters:
        with st.expander(t("What is chosen for the subject"), key="protocols.parameters"):
            parameter_inputs(form, plan.protocol)
    preview = _preview(form, plan, calendar)
    form.say()
    # What is wrong with an input in sight stands beneath it already.
    to_mend([fault for fault in form.faults if fault.entry not in in_sight], form.labels)
    if preview is not None and not form.faults:
        _timeline(preview)
    elif not form.faults:
        st.info(t("Give a start date (cycle 1 day 1) to see when each visit would be. Nothing is stored."))
    return {name: text for name, text in form.entries.items() if name not in form.left_out}


def _preview(form: Form, plan: Plan, calendar: SiteCalendar | None) -> Preview | None:
    if calendar is None or "start" not in form.entries:
        return None
    try:
        return preview_of(form.entries, plan, calendar, today.today_in(calendar.zone))
    except EntryFaults as refused:
        form.faults += refused.faults
    except FactErrors as refused:
        form.faults += [EntryFault(fault.fact, fault.message) for fault in refused.faults]
    except NoOpenDayError as refused:
        form.faults.append(EntryFault("calendar", str(refused)))
    return None


def _timeline(preview: Preview) -> None:
    """The branch chosen, then all of them side by side."""
    facts = branch_facts(preview.plan, preview.facts)
    names = {"": t("Nothing decided")}
    names |= {str(place): branch.label for place, branch in enumerate(preview.branches())}
    chosen = ""
    if facts:
        if st.session_state.get(_BRANCH) not in names:
            st.session_state[_BRANCH] = ""
        chosen = st.radio(
            t("Branch"),
            list(names),
            format_func=lambda code: unformatted(names[code]),
            horizontal=True,
            key=_BRANCH,
            on_change=link.touched,
        )
    st.subheader(t("Timeline"), anchor=False)
    try:
        timeline_view(_of_branch(preview, chosen), Beside())
    except NoOpenDayError as refused:
        st.error(unformatted(sentence(in_language(str(refused)))))
    if facts:
        st.subheader(t("Branches side by side"), anchor=False)
        branches_view(preview)


def _of_branch(preview: Preview, chosen: str) -> Preview:
    """The preview of one branch, by its place; of what is open for ""."""
    if not chosen:
        return preview
    facts = branch_facts(preview.plan, preview.facts)[int(chosen)]
    cohort = checked_cohort(preview.plan, [facts], preview.as_of)
    schedule = expand(preview.plan, cohort, [preview.calendar], day_number(preview.as_of))
    return replace(preview, facts=facts, schedule=schedule)
