"""Recording a decision, or correcting the one on record: its choices side by side, with all dates that each would give (R11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from planner.protocol.model import Choice, Decision
from planner.records.changes.acts import corrected, decision_made
from planner.records.changes.standing import standing_of
from planner.records.changes.undoing import undone_fact
from planner.records.changes.view import SubjectView
from planner.records.facts.fact import Fact, NewFact
from planner.records.facts.kinds import Kind
from planner.schedule.branches import branch_facts
from planner.schedule.facts import DecisionMade, SubjectFacts
from planner.schedule.rows import VisitRow
from planner.ui import link
from planner.ui.components.choice_cards import Card, choice_cards
from planner.ui.components.dates_side_by_side import dates_side_by_side
from planner.ui.desk import Desk
from planner.ui.dialogs.opened import OpenDialog
from planner.ui.dialogs.treatment import Acting
from planner.ui.dialogs.visit_day import day_buttons, first_day
from planner.ui.language import t
from planner.ui.reasons import Why
from planner.ui.treatment_effects import Possibility, allowed_next, choice_sentences, possible_rows
from planner.ui.treatment_texts import choice_label, fact_words
from planner.ui.words import long_date, unformatted


def decision_title(about: OpenDialog) -> str:
    """What stands above."""
    return t("Record a decision for {subject}", subject=about.subject)


def draw_decision(about: OpenDialog, desk: Desk, view: SubjectView) -> None:
    """Which decision, when, and its choices side by side; then before and after."""
    acting = Acting(about, desk, view)
    acting.require(Kind.DECISION_MADE)
    decision = _decision(acting)
    if decision is None:
        return
    recorded = _recorded(view, decision)
    if recorded is not None:
        st.info(
            t(
                "On record as fact {number}: {fact} What you choose here corrects it.",
                number=recorded.number,
                fact=unformatted(fact_words(recorded.said)),
            )
        )
    day = _day(acting, decision, recorded)
    chosen = _choice(acting, decision, recorded, day)
    if chosen is None:
        st.caption(t("Choose what was decided to see what changes."))
        return
    others = _required(acting, decision, chosen)
    if others is None:
        st.caption(t("Choose that too to see what changes."))
        return
    if day is None and recorded is None:
        st.caption(t("Choose the date on which it was decided."))
        return
    acting.finish(
        lambda why: _facts(view, decision, recorded, chosen, others, day, why),
        "if wanted" if recorded is None else "always",
        t("Save the decision"),
    )


def _decision(acting: Acting) -> Decision | None:
    """The one that was asked for, else one of the protocol's, those still open first."""
    decisions = acting.protocol.decisions
    if acting.about.entry in decisions:
        return decisions[acting.about.entry]
    if not decisions:
        st.info(t("This protocol has no decision."))
        return None
    names = sorted(decisions, key=lambda name: name in acting.view.state.facts.decisions)
    labels = {name: acting.texts.decision(name) for name in names}
    name = st.selectbox(
        t("Decision"), names, format_func=labels.__getitem__, key=acting.key("decision"), persist_state="page", on_change=link.touched
    )
    return None if name is None else decisions[name]


def _recorded(view: SubjectView, decision: Decision) -> Fact | None:
    standing = standing_of(view.facts).values()
    return next((fact for fact in standing if fact.kind is Kind.DECISION_MADE and fact.said.item == decision.name), None)


def _day(acting: Acting, decision: Decision, recorded: Fact | None) -> date | None:
    """When it was decided: what is on record, else the day on which its visit took place, else what the person says."""
    row = next((row for row in acting.view.rows if row.visit == decision.visit), None)
    planned = None if row is None else row.effective
    is_over = row is not None and row.visit in acting.view.state.facts.actual
    st.markdown(f"**{unformatted(acting.texts.decision(decision.name))}**")
    name = f"day.{decision.name}"
    if recorded is not None:
        first = recorded.said.day
    elif is_over:
        first = planned
    else:
        first = first_day(row, acting.today)
        day_buttons(acting.key(name), row, acting.today)
    day = acting.day(name, t("Decided on"), first, last=acting.today)
    if row is not None and not is_over and planned is not None:
        visit = unformatted(f"{row.visit}: {acting.texts.visit(row)}")
        if day is not None:
            st.caption(t("This also records {visit} as done on that day.", visit=visit))
        elif recorded is not None:
            st.caption(t("Without a date it counts from the day of {visit}, {day}.", visit=visit, day=long_date(planned)))
    return day


def _choice(acting: Acting, decision: Decision, recorded: Fact | None, day: date | None) -> str | None:
    """The choice taken from those side by side."""
    branches = _branches(acting.view, decision, day)
    cards, possibilities = [], []
    for choice in decision.choices:
        label, rows = choice_label(acting.protocol, decision.name, choice), branches.get(choice.name)
        cards.append(Card(choice.name, label, _sentences(acting, decision, choice, rows)))
        if rows is not None:
            possibilities.append(Possibility(label, rows))
    first = None if recorded is None else recorded.said.value
    chosen = choice_cards(cards, acting.key(f"choice.{decision.name}"), first)
    if len(possibilities) > 1:
        dates_side_by_side(possibilities, acting.view.rows, acting.texts, chosen=chosen)
    return chosen


def _branches(view: SubjectView, decision: Decision, day: date | None) -> Mapping[str, tuple[VisitRow, ...]]:
    """Every visit under each choice that is not ruled out by another decision on record; none where nothing depends on the decision."""
    known = view.state.facts
    others = {name: made for name, made in known.decisions.items() if name != decision.name}
    prefix = f"{known.subject}/{decision.name}="
    branches = [facts for facts in branch_facts(view.state.plan, replace(known, decisions=others)) if facts.subject.startswith(prefix)]
    if not branches:
        return {}
    rows = possible_rows(view, [_dated(facts, decision.name, day) for facts in branches])
    return {facts.decisions[decision.name].choice: found for facts, found in zip(branches, rows, strict=True)}


def _dated(facts: SubjectFacts, decision: str, day: date | None) -> SubjectFacts:
    made = DecisionMade(facts.decisions[decision].choice, day)
    return replace(facts, decisions={**facts.decisions, decision: made})


def _sentences(acting: Acting, decision: Decision, choice: Choice, rows: Sequence[VisitRow] | None) -> tuple[str, ...]:
    protocol = acting.protocol
    if rows is not None:
        said = choice_sentences(acting.view, decision.name, choice, rows, acting.texts)
        return said or (t("Opens and closes nothing."),)
    decided = acting.view.state.facts.decisions
    for other, allowed in choice.requires.items():
        if other in decided and decided[other].choice not in allowed:
            recorded = next(each for each in protocol.decisions[other].choices if each.name == decided[other].choice)
            text = t(
                "Not possible: {decision} is recorded as {choice}.",
                decision=acting.texts.decision(other),
                choice=choice_label(protocol, other, recorded),
            )
            return (text,)
    return (t("No visit depends on this by itself."), *allowed_next(protocol, decision.name, choice))


def _required(acting: Acting, decision: Decision, chosen: str) -> Mapping[str, str] | None:
    """Other decisions that the choice needs and that are still open, recorded together with it; None while one is not entered."""
    choice = next(choice for choice in decision.choices if choice.name == chosen)
    found: dict[str, str | None] = {}
    for other, allowed in choice.requires.items():
        if other in acting.view.state.facts.decisions:
            continue
        choices = acting.protocol.decisions[other].choices
        known = {each.name: choice_label(acting.protocol, other, each) for each in choices if each.name in allowed}
        found[other] = st.selectbox(
            t(
                "{choice} also needs: {decision}",
                choice=unformatted(choice_label(acting.protocol, decision.name, choice)),
                decision=unformatted(acting.texts.decision(other)),
            ),
            list(known),
            index=0 if len(known) == 1 else None,
            format_func=known.__getitem__,
            placeholder=t("Choose what was decided"),
            key=acting.key(f"required.{chosen}.{other}"),
            persist_state="page",
            on_change=link.touched,
        )
    made = {other: picked for other, picked in found.items() if picked is not None}
    return made if len(made) == len(found) else None


def _facts(
    view: SubjectView, decision: Decision, recorded: Fact | None, chosen: str, others: Mapping[str, str], day: date | None, why: Why
) -> Sequence[NewFact]:
    first = [fact for other, choice in others.items() for fact in decision_made(other, choice, day, reason=why.reason)]
    if recorded is None:
        return (*first, *decision_made(decision.name, chosen, day, reason=why.reason, note=why.note))
    if day is None and recorded.said.day is not None:
        # A correction keeps what it does not name, so the decision is made anew without its date.
        undone = undone_fact(view.facts, recorded.number, reason=why.reason)
        return (*first, *undone, *decision_made(decision.name, chosen, reason=why.reason, note=why.note))
    return (*first, *corrected(view.facts, recorded.number, value=chosen, day=day, reason=why.reason, note=why.note))
