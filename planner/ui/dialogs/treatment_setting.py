"""What is chosen for a subject: a parameter such as the number of cycles, and the date of a milestone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from planner.protocol.model import Parameter
from planner.records.changes.acts import corrected, milestone_set, parameter_set
from planner.records.changes.plan_refusals import treatment_began
from planner.records.changes.standing import standing_of
from planner.records.changes.view import SubjectView
from planner.records.facts.fact import Fact, NewFact
from planner.records.facts.kinds import Kind
from planner.schedule.fact_faults import EARLIEST_DATE
from planner.ui import link
from planner.ui.desk import Desk
from planner.ui.dialogs.opened import OpenDialog
from planner.ui.dialogs.treatment import Acting
from planner.ui.language import t
from planner.ui.treatment_texts import milestone_label, parameter_label, value_label
from planner.ui.words import long_date, unformatted


def parameter_title(about: OpenDialog) -> str:
    """What stands above."""
    return t("Change what is chosen for {subject}", subject=about.subject)


def milestone_title(about: OpenDialog) -> str:
    """What stands above."""
    return t("Enter a date for {subject}", subject=about.subject)


def draw_parameter(about: OpenDialog, desk: Desk, view: SubjectView) -> None:
    """Which parameter and its new value; then before and after."""
    acting = Acting(about, desk, view)
    acting.require(Kind.PARAMETER_SET)
    name = _named(acting, t("What changes"), list(acting.protocol.parameters), lambda each: parameter_label(acting.protocol, each))
    if name is None:
        st.info(t("This protocol leaves nothing to choose."))
        return
    parameter = acting.protocol.parameters[name]
    present = view.state.facts.parameters.get(name, parameter.default)
    said = t("not known") if present is None else value_label(acting.protocol, name, present)
    st.markdown(t("{what} now: **{value}**", what=unformatted(parameter_label(acting.protocol, name)), value=unformatted(said)))
    value = value_input(acting, parameter, present, t("From now on"), f"value.{name}")
    if value is None or value == present:
        st.caption(t("Choose another value to see what changes."))
        return
    acting.finish(
        lambda why: parameter_set(name, value, reason=why.reason, note=why.note),
        "always" if treatment_began(view) else "if wanted",
        t("Save the change"),
    )


def value_input(acting: Acting, parameter: Parameter, present: str | None, label: str, key: str) -> str | None:
    """One of a parameter's values: a number from its range, or one of its choices."""
    if not parameter.is_range:
        return st.selectbox(
            label,
            parameter.values,
            index=None if present not in parameter.values else parameter.values.index(present),
            format_func={value: value_label(acting.protocol, parameter.name, value) for value in parameter.values}.__getitem__,
            placeholder=t("Choose a value"),
            key=acting.key(key),
            persist_state="page",
            on_change=link.touched,
        )
    unit = parameter.unit or ""
    least, most = (int(value.removesuffix(unit)) for value in (parameter.values[0], parameter.values[-1]))
    number = st.number_input(
        f"{label}{_units()[unit]}",
        min_value=least,
        max_value=most,
        value=None if present is None else int(present.removesuffix(unit)),
        step=1,
        key=acting.key(key),
        persist_state="page",
        help=t("From {least} to {most}.", least=least, most=most),
        on_change=link.touched,
    )
    return None if number is None else f"{number}{unit}"


def draw_milestone(about: OpenDialog, desk: Desk, view: SubjectView) -> None:
    """Which milestone and its date, or the right date of one on record; then before and after."""
    acting = Acting(about, desk, view)
    acting.require(Kind.MILESTONE_SET)
    plan = view.state.plan
    name = _named(acting, t("Which date"), list(plan.milestones), lambda each: milestone_label(acting.protocol, each))
    if name is None:
        st.info(t("This protocol asks for no date from outside."))
        return
    recorded = next((fact for fact in standing_of(view.facts).values() if fact.kind is Kind.MILESTONE_SET and fact.said.item == name), None)
    present = None if recorded is None else recorded.said.day
    label = unformatted(milestone_label(acting.protocol, name))
    if recorded is not None and present is not None:
        text = t("On record as fact {number}: **{day}**. Another date corrects it.", number=recorded.number, day=long_date(present))
        st.markdown(text)
    day = acting.day(f"milestone.{name}", label, present, first=EARLIEST_DATE)
    if day is None or day == present:
        st.caption(t("Enter a date to see what changes."))
        return
    acting.finish(
        lambda why: _milestone(view.facts, recorded, milestone_set(name, day, reason=why.reason, note=why.note)),
        "if wanted" if recorded is None else "always",
        t("Save the date"),
    )


def _milestone(facts: Sequence[Fact], recorded: Fact | None, said: Sequence[NewFact]) -> Sequence[NewFact]:
    if recorded is None:
        return said
    return corrected(facts, recorded.number, day=said[0].day, reason=said[0].reason, note=said[0].note)


def _named(acting: Acting, label: str, names: Sequence[str], words: Callable[[str], str]) -> str | None:
    """The one that the dialog was opened for, else one of all."""
    if acting.about.entry in names or len(names) < 2:
        return acting.about.entry if acting.about.entry in names else next(iter(names), None)
    return st.selectbox(
        label,
        names,
        format_func={name: words(name) for name in names}.__getitem__,
        key=acting.key("name"),
        persist_state="page",
        on_change=link.touched,
    )


def _units() -> dict[str, str]:
    return {"": "", "d": t(" (days)"), "w": t(" (weeks)"), "mo": t(" (months)"), "y": t(" (years)")}
