"""Holding treatment and giving it again: to move the visits or to miss them, side by side, before one is chosen (R12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import cast

import streamlit as st

from planner.records.changes.acts import corrected, hold_ended, hold_started
from planner.records.changes.standing import open_holds
from planner.records.changes.view import SubjectView
from planner.records.facts.fact import Fact, NewFact
from planner.records.facts.kinds import Kind
from planner.schedule.facts import Hold, HoldMode
from planner.ui import link
from planner.ui.components.choice_cards import Card, choice_cards
from planner.ui.components.dates_side_by_side import dates_side_by_side
from planner.ui.desk import Desk
from planner.ui.dialogs.opened import OpenDialog
from planner.ui.dialogs.treatment import Acting
from planner.ui.dialogs.treatment_streams import stream_input
from planner.ui.language import t
from planner.ui.reasons import Why
from planner.ui.treatment_effects import Possibility, hold_sentences, possible_rows
from planner.ui.treatment_texts import doses_of, fact_words
from planner.ui.words import unformatted

_MODES: tuple[HoldMode, ...] = ("shift", "skip")


def hold_title(about: OpenDialog) -> str:
    """What stands above."""
    return t("Hold treatment of {subject}", subject=about.subject)


def resume_title(about: OpenDialog) -> str:
    """What stands above."""
    return t("Resume treatment of {subject}", subject=about.subject)


def draw_hold(about: OpenDialog, desk: Desk, view: SubjectView) -> None:
    """What is held, from when until when, and what becomes of the visits in between; then before and after."""
    acting = Acting(about, desk, view)
    acting.require(Kind.HOLD_STARTED)
    stream = stream_input(acting, t("What is held"))
    if stream is None:
        return
    first = acting.day("from", t("First day without treatment"), acting.today)
    until = acting.day(
        "until",
        t("First day on which treatment may be given again (leave empty if not known)"),
        None,
        help_text=t("Treatment may be given on this day. Known later: use Resume treatment then."),
    )
    if first is None:
        st.caption(t("Enter the first day without treatment."))
        return
    mode = _mode_of_hold(acting, Hold(first, until, stream or None))
    if mode is not None:
        acting.finish(lambda why: hold_started(first, stream, until, mode, reason=why.reason, note=why.note), "always", t("Save the hold"))


def draw_resume(about: OpenDialog, desk: Desk, view: SubjectView) -> None:
    """Which hold ends, when, and what becomes of the visits that waited; then before and after."""
    acting = Acting(about, desk, view)
    acting.require(Kind.HOLD_ENDED)
    hold = _open_hold(acting)
    if hold is None:
        return
    known = _known_hold(view, hold)
    is_right = known is None or known.first_day < acting.today
    day = acting.day(f"on.{hold.number}", t("First day on which treatment may be given again"), acting.today if is_right else None)
    if day is None or known is None:
        st.caption(t("Enter the first day on which treatment may be given again."))
        return
    mode = _mode(acting, f"mode.{hold.number}", replace(known, resume=day), replaces=known)
    if mode is None:
        return
    acting.finish(
        lambda why: _resumed(view.facts, hold, day, mode, why),
        "if wanted" if mode == hold.said.value else "always",
        t("Save: treatment resumes"),
    )


def _mode_of_hold(acting: Acting, hold: Hold) -> HoldMode | None:
    """To move or to miss, where it can be told already; a hold without a resume day waits, and is asked about when it ends."""
    if hold.resume is None:
        st.info(
            t(
                "Until it is known when treatment resumes, the visits in the hold wait and their dates are uncertain. When you resume "
                "treatment, you choose whether they move to the resume day or are missed."
            ),
            icon=":material/hourglass_empty:",
        )
        return "shift"
    return _mode(acting, "mode", hold, replaces=None)


def _mode(acting: Acting, name: str, hold: Hold, *, replaces: Hold | None) -> HoldMode | None:
    """The way taken, of both side by side, by an input of this ``name``.

    ``replaces`` is the hold on record that ``hold`` is a form of, None for a new one.
    """
    if hold.resume is not None and hold.resume <= hold.first_day:
        st.error(t("Treatment can be given again only after the first day without it. Check both days."), icon=":material/error:")
        return None
    view, titles = acting.view, {"shift": t("Move the visits"), "skip": t("Miss the visits")}
    others = tuple(known for known in view.state.facts.holds if known is not replaces)
    forms = [replace(hold, mode=mode) for mode in _MODES]
    rows = possible_rows(view, [replace(view.state.facts, holds=(*others, form)) for form in forms])
    doses = doses_of(view.state.plan, hold.stream or "")
    cards = [Card(mode, titles[mode], hold_sentences(view, found, doses, hold.first_day)) for mode, found in zip(_MODES, rows, strict=True)]
    if rows[0] == rows[1]:
        # A dose of a visit that gives others too is left out either way: there is nothing to choose.
        st.markdown("\n".join(f"* {unformatted(text)}" for text in cards[0].sentences))
        return "shift" if replaces is None else replaces.mode
    chosen = choice_cards(cards, acting.key(name), None if replaces is None else replaces.mode)
    columns = [Possibility(titles[mode], found) for mode, found in zip(_MODES, rows, strict=True)]
    dates_side_by_side([Possibility(t("As it is now"), view.rows), *columns], view.rows, acting.texts, chosen=chosen)
    if chosen is None:
        st.caption(t("Choose what becomes of the visits in the hold to see what changes."))
    return cast("HoldMode | None", chosen)


def _open_hold(acting: Acting) -> Fact | None:
    """The hold that ends."""
    held = {fact.number: fact for fact in open_holds(acting.view.facts)}
    if not held:
        st.info(t("Nothing is on hold."))
        return None
    number: int | None = next(iter(held))
    if len(held) == 1:
        st.markdown(t("Fact {number}: {fact}", number=number, fact=unformatted(fact_words(held[next(iter(held))].said))))
    else:
        number = st.selectbox(
            t("Which hold ends"),
            list(held),
            format_func={each: fact_words(fact.said) for each, fact in held.items()}.__getitem__,
            key=acting.key("hold"),
            persist_state="page",
            on_change=link.touched,
        )
    return None if number is None else held[number]


def _known_hold(view: SubjectView, fact: Fact) -> Hold | None:
    """The hold as the engine knows it."""
    said = fact.said
    return next((hold for hold in view.state.facts.holds if hold.first_day == said.day and (hold.stream or "") == said.item), None)


def _resumed(facts: Sequence[Fact], hold: Fact, day: date, mode: HoldMode, why: Why) -> Sequence[NewFact]:
    """The end of a hold; where it is to do something else than was recorded, that is corrected first."""
    if mode == hold.said.value:
        return hold_ended(facts, day, hold.said.item, reason=why.reason, note=why.note)
    right = corrected(facts, hold.number, value=mode, reason=why.reason, note=why.note)
    return (*right, *hold_ended(facts, day, hold.said.item, reason=why.reason))
