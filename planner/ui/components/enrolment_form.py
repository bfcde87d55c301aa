"""The inputs of an enrolment."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from planner.exchange.fact_texts import LONGEST_CODE
from planner.protocol.plan import Plan
from planner.records.people.settings import Site
from planner.ui import cached
from planner.ui.components.form import Form
from planner.ui.components.subject_form import asked_parameter_inputs, milestone_inputs, protocol_input, start_input
from planner.ui.enrolment.judged import NOTE, NUMBER, RESCREENED, SITE
from planner.ui.language import t
from planner.ui.number_patterns import example_number


def enrolment_form(form: Form, usable: Mapping[str, Plan], sites: Mapping[str, Site]) -> str | None:
    """Draw them; the name of the protocol, None while it is still to be chosen."""
    name = protocol_input(form, cached.titles(usable))
    only = next(iter(sites)) if len(sites) == 1 else None
    site = form.choice(SITE, t("Site"), list(sites), str, only, none=t("Choose a site"))
    if name is None:
        return None
    form.of(usable[name].protocol)
    example = "" if site is None else example_number(sites[site].subject_pattern)
    form.text(
        NUMBER,
        t("Subject number"),
        max_chars=LONGEST_CODE,
        placeholder=t("such as {example}", example=example) if example else None,
        help=t("The number that the study gave the subject. Never a name, initials, a date of birth or a record number."),
        autocomplete="off",
    )
    start_input(form)
    milestone_inputs(form, usable[name].protocol)
    asked_parameter_inputs(form, usable[name].protocol)
    with st.expander(t("Screened before, or a note"), key="enrol.more"):
        form.text(
            RESCREENED,
            t("Number under which the same person was screened before"),
            max_chars=LONGEST_CODE,
            autocomplete="off",
        )
        form.text(
            NOTE,
            t("Note"),
            max_chars=500,
            help=t("Stays in the log of this installation and in no calendar. Never a name, initials or a record number."),
            autocomplete="off",
        )
    return name
