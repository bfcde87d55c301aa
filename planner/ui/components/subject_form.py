"""The inputs about a subject that a protocol asks for."""

from __future__ import annotations

from datetime import date

import streamlit as st

from planner.exchange.fact_texts import LONGEST_CODE
from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.protocol.model import Parameter, Protocol
from planner.schedule.calendar import CalendarError, SiteCalendar
from planner.schedule.calendar_sources import EVERY_DAY, WEEKDAYS
from planner.schedule.fact_faults import EARLIEST_DATE, EARLIEST_START, LATEST_DATE, LATEST_START
from planner.ui import cached
from planner.ui.components.form import Form
from planner.ui.entries import EntryFault
from planner.ui.language import language, t
from planner.ui.treatment_texts import parameter_label, value_label
from planner.ui.words import short_date

OTHER = "other"
"""Stands for a calendar whose code is typed."""


def protocol_input(form: Form, titles: dict[str, str]) -> str | None:
    """Which protocol; ``titles`` by its file's name."""
    only = next(iter(titles)) if len(titles) == 1 else None
    return form.choice("protocol", t("Protocol"), list(titles), lambda name: f"{name}: {titles[name]}", only, none=t("Choose a protocol"))


def calendar_words() -> dict[str, str]:
    """The calendars that most need, by name, and a way to all others."""
    return {
        WEEKDAYS: t("Monday to Friday, no public holidays"),
        "CN": t("China, with make-up working days"),
        EVERY_DAY: t("Every day is open"),
        OTHER: t("Another country or region …"),
    }


def calendar_input(form: Form) -> str | None:
    """The calendar's name, None while its code is still to be typed."""
    words = calendar_words()
    typed = form.arrived is not None and form.arrived.get("calendar", WEEKDAYS) not in (WEEKDAYS, EVERY_DAY, "CN")
    if typed and form.arrived is not None:
        form.arrived = {**form.arrived, "calendar": OTHER, "code": form.arrived["calendar"]}
    chosen = form.choice(
        "calendar", t("Site calendar"), list(words), words.__getitem__, WEEKDAYS, help=t("The days on which the site is open.")
    )
    if chosen != OTHER:
        return chosen
    form.text("code", t("Country or region code"), placeholder=t("such as US-NY, DE-BY or JP"), max_chars=12)
    code = form.entries.pop("code", None)
    if code is None:
        form.entries.pop("calendar")
    else:
        form.entries["calendar"] = code
    return code


def site_calendar_input(form: Form) -> SiteCalendar | None:
    """The calendar asked for; None while its code is to be typed, or (with a fault in the form) where there is no such one."""
    name = calendar_input(form)
    if name is None:
        return None
    try:
        return cached.calendar(name)
    except CalendarError as error:
        form.faults.append(EntryFault("code", str(error)))
        return None


def subject_inputs(form: Form, protocol: Protocol, today: date) -> None:
    """Everything about a subject that the protocol asks for, and how to look at it."""
    form.of(protocol)
    start_input(form)
    milestone_inputs(form, protocol)
    st.markdown(f"#### {t('Subject')}")
    form.text(
        "subject",
        t("Subject number"),
        max_chars=LONGEST_CODE,
        placeholder=t("such as 0042"),
        help=t("Letters, digits, dash and underscore. Never a name, initials or a record number."),
        autocomplete="off",
    )
    parameter_inputs(form, protocol)
    if protocol.decisions:
        st.markdown(f"#### {t('Decisions')}")
    texts = ProtocolTexts(protocol, language())
    for name, decision in protocol.decisions.items():
        labels = {choice.name: texts.choice(name, choice.name) for choice in decision.choices}
        form.choice(f"decide.{name}", texts.decision(name), list(labels), labels.__getitem__, None, none=t("Undecided"))
    st.markdown(f"#### {t('View')}")
    form.day(
        "on",
        t("As of"),
        EARLIEST_START,
        LATEST_DATE,
        help=t("Empty means today at the site, {day}. Statuses depend on it, dates never do.", day=short_date(today)),
    )
    form.text(
        "study",
        t("Study code"),
        value=protocol.id.upper(),
        max_chars=LONGEST_CODE,
        help=t("Stands in the titles of calendar events."),
        autocomplete="off",
    )


def start_input(form: Form) -> None:
    """The start date."""
    form.day("start", t("Start date (cycle 1 day 1)"), EARLIEST_START, LATEST_START)


def milestone_inputs(form: Form, protocol: Protocol) -> None:
    """The dates from outside that visits are counted from."""
    texts = ProtocolTexts(protocol, language())
    for name, milestone in protocol.milestones.items():
        if milestone.reference is None:
            form.day(f"milestone.{name}", _maybe_optional(texts.milestone(name), milestone.optional), EARLIEST_DATE, LATEST_DATE)


def parameter_inputs(form: Form, protocol: Protocol) -> None:
    """What the protocol lets each subject have in its own way: a regimen, a number of cycles. The file's defaults stand there first."""
    for parameter in protocol.parameters.values():
        _parameter(form, protocol, parameter, parameter.default)


def asked_parameter_inputs(form: Form, protocol: Protocol) -> None:
    """The same for a real subject: a question about the person stands open until it is answered, whatever the file assumes."""
    asked = questions(protocol)
    for parameter in protocol.parameters.values():
        _parameter(form, protocol, parameter, None if parameter.name in asked else parameter.default)


def questions(protocol: Protocol) -> tuple[str, ...]:
    """The parameters that ask yes or no about the person, such as whether she could become pregnant: a default would be a guess."""
    return tuple(each.name for each in protocol.parameters.values() if set(each.values) == {"yes", "no"} and not each.optional)


def _parameter(form: Form, protocol: Protocol, parameter: Parameter, default: str | None) -> None:
    entry = f"set.{parameter.name}"
    label = _maybe_optional(parameter_label(protocol, parameter.name), parameter.optional)
    unknown = t("Not known")
    if not parameter.is_range:
        words = {value: value_label(protocol, parameter.name, value) for value in parameter.values}
        none = unknown if parameter.optional else t("Choose")
        form.choice(entry, label, list(words), words.__getitem__, default, none=none)
        return
    unit = parameter.unit or ""
    numbers = [int(value.removesuffix(unit)) for value in parameter.values]
    number = None if default is None else int(default.removesuffix(unit))
    form.number(entry, f"{label}{_unit_words(unit)}", numbers, number, unit, placeholder=unknown if parameter.optional else None)


def _maybe_optional(label: str, is_optional: bool) -> str:
    return t("{label} (optional)", label=label) if is_optional else label


def _unit_words(unit: str) -> str:
    return {"": "", "d": t(" (days)"), "w": t(" (weeks)"), "mo": t(" (months)"), "y": t(" (years)")}[unit]
