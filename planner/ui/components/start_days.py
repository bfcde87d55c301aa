"""Possible start days: which of them leave every visit an open day, and a better one at one click."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from planner.schedule.starts import StartScore, better_starts
from planner.ui import link
from planner.ui.components.clickable import clickable
from planner.ui.language import t, tn
from planner.ui.preview import Preview
from planner.ui.start_days_html import start_days_html
from planner.ui.treatment_texts import some
from planner.ui.words import long_date, unformatted


def start_days(preview: Preview) -> None:
    """The start days around the one entered."""
    scores = preview.starts()
    better_start_line(preview, scores, "in the view")
    start_buttons(scores, preview.facts.start, preview.plan.protocol.id)


def better_start_line(preview: Preview, scores: tuple[StartScore, ...], where: str) -> None:
    """How many visits fit with the start entered, and a better start at one press, if there is one.

    ``where`` tells two such lines of one page apart.
    """
    start, protocol = preview.facts.start, preview.plan.protocol.id
    current = next(score for score in scores if score.start == start)
    fits = t("Start on {day}: {fit}.", day=long_date(start), fit=_short(current))
    if start < preview.as_of and current.in_the_past:
        # A start that lies behind is no choice any more: no other day is offered for it.
        st.markdown(f"{fits} {t('This start is past: record what took place, or enter a later day.')}")
        return
    better = next(iter(better_starts(scores, start)), None)
    if better is None:
        st.markdown(f"{fits} {t('No start day near it does better.')}")
        return
    better_fits = t("{day} would be better: {fit}.", day=long_date(better.start), fit=_short(better))
    st.markdown(f"{fits} {better_fits}")
    label = t("Start on {day} instead", day=long_date(better.start))
    st.button(label, key=f"better start {where}", on_click=_start_on, args=(protocol, better.start), type="primary")


def start_buttons(scores: Sequence[StartScore], chosen: date | None, protocol: str) -> None:
    """The days as buttons; pressing one makes it the start date."""
    st.markdown(
        t(
            "Only days are judged here: a visit does not fit if its day or its window is already past, if no day of its window is open, "
            "if a minimum gap pushes it past its window, or if fractions come too far apart."
        )
    )
    clickable(start_days_html(scores, chosen), "start days", lambda _, value: _start_on(protocol, date.fromisoformat(value)))


def _short(score: StartScore) -> str:
    wrong = len(score.not_fitting)
    fit = tn("{number} visit does not fit", "{number} visits do not fit", wrong) if wrong else t("every visit fits")
    if score.in_the_past:
        fit = t("{fit} (already past: {visits})", fit=fit, visits=unformatted(some(score.in_the_past)))
    return fit if score.is_open else t("a closed day; {fit}", fit=fit)


def _start_on(protocol: str, day: date) -> None:
    link.touched()
    st.session_state[f"{protocol}/start"] = day
