"""The inputs of a new subject, in the sidebar."""

from __future__ import annotations

from datetime import date

import streamlit as st

from planner.exchange.fact_texts import LONGEST_CODE
from planner.protocol.model import Parameter, Protocol
from planner.schedule.calendar_sources import EVERY_DAY, WEEKDAYS
from planner.schedule.fact_faults import EARLIEST_DATE, EARLIEST_START, LATEST_DATE, LATEST_START
from planner.ui.components.form import Form
from planner.ui.words import short_date

OTHER = "other"
"""Stands for a calendar whose code is typed."""

_CALENDARS = {
    WEEKDAYS: "Monday to Friday, no public holidays",
    "CN": "China, with make-up working days",
    EVERY_DAY: "Every day is open",
    OTHER: "Another country or region …",
}


def protocol_input(form: Form, titles: dict[str, str]) -> str | None:
    """Which protocol; ``titles`` by its file's name."""
    only = next(iter(titles)) if len(titles) == 1 else None
    return form.choice("protocol", "Protocol", list(titles), lambda name: f"{name}: {titles[name]}", only, none="Choose a protocol")


def calendar_input(form: Form) -> str | None:
    """The calendar's name, None while its code is still to be typed."""
    typed = form.arrived is not None and form.arrived.get("calendar", WEEKDAYS) not in (WEEKDAYS, EVERY_DAY, "CN")
    if typed and form.arrived is not None:
        form.arrived = {**form.arrived, "calendar": OTHER, "code": form.arrived["calendar"]}
    chosen = form.choice(
        "calendar", "Site calendar", list(_CALENDARS), lambda name: _CALENDARS[name], WEEKDAYS, help="The days on which the site is open."
    )
    if chosen != OTHER:
        return chosen
    form.text("code", "Country or region code", placeholder="such as US-NY, DE-BY or JP", max_chars=12)
    code = form.entries.pop("code", None)
    if code is None:
        form.entries.pop("calendar")
    else:
        form.entries["calendar"] = code
    return code


def subject_inputs(form: Form, protocol: Protocol, today: date) -> None:
    """Everything about the subject that the protocol asks for."""
    form.of(protocol)
    form.day("start", "Start date (cycle 1 day 1)", EARLIEST_START, LATEST_START)
    for name, milestone in protocol.milestones.items():
        if milestone.reference is None:
            form.day(f"milestone.{name}", f"{milestone.label}{' (optional)' if milestone.optional else ''}", EARLIEST_DATE, LATEST_DATE)
    st.markdown("#### Subject")
    form.text(
        "subject",
        "Subject number",
        max_chars=LONGEST_CODE,
        placeholder="such as 0042",
        help="Letters, digits, dash and underscore. Never a name, initials or a record number.",
        autocomplete="off",
    )
    for name, parameter in protocol.parameters.items():
        _parameter(form, name, parameter)
    if protocol.decisions:
        st.markdown("#### Decisions")
    for name, decision in protocol.decisions.items():
        labels = {choice.name: choice.label for choice in decision.choices}
        form.choice(f"decide.{name}", decision.label, list(labels), labels.__getitem__, None, none="Undecided")
    st.markdown("#### View")
    form.day(
        "on",
        "As of",
        EARLIEST_START,
        LATEST_DATE,
        help=f"Empty means today at the site, {short_date(today)}. Statuses depend on it, dates never do.",
    )
    form.text(
        "study",
        "Study code",
        value=protocol.id.upper(),
        max_chars=LONGEST_CODE,
        help="Stands in the titles of calendar events.",
        autocomplete="off",
    )


def _parameter(form: Form, name: str, parameter: Parameter) -> None:
    entry = f"set.{name}"
    label = f"{parameter.label}{' (optional)' if parameter.optional else ''}"
    if not parameter.is_range:
        form.choice(entry, label, list(parameter.values), str, parameter.default, none="Not known" if parameter.optional else "Choose")
        return
    unit = parameter.unit or ""
    numbers = [int(value.removesuffix(unit)) for value in parameter.values]
    default = None if parameter.default is None else int(parameter.default.removesuffix(unit))
    form.number(entry, f"{label}{_UNIT_WORDS[unit]}", numbers, default, unit, placeholder="Not known" if parameter.optional else None)


_UNIT_WORDS = {"": "", "d": " (days)", "w": " (weeks)", "mo": " (months)", "y": " (years)"}
