"""Choices side by side, each with what it would do and a button that takes it: for what should be compared before it is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from planner.ui import link
from planner.ui.language import t
from planner.ui.words import unformatted


@dataclass(frozen=True, slots=True)
class Card:
    """One choice."""

    value: str
    title: str
    sentences: tuple[str, ...]
    """What it would do."""


def choice_cards(cards: Sequence[Card], key: str, chosen_first: str | None = None) -> str | None:
    """The choice taken; None before any is. ``chosen_first`` is the one taken before the person does anything."""
    st.session_state.setdefault(key, chosen_first)
    chosen: str | None = st.session_state[key]
    for place, card in zip(st.columns(len(cards), border=True), cards, strict=True):
        with place:
            _card(card, key, is_chosen=card.value == chosen)
    return chosen


def _card(card: Card, key: str, *, is_chosen: bool) -> None:
    title = unformatted(card.title)
    st.markdown(f"**{title}**")
    if card.sentences:
        st.markdown("\n".join(f"* {unformatted(text)}" for text in card.sentences))
    st.button(
        t("Chosen: {choice}", choice=title) if is_chosen else t("Choose: {choice}", choice=title),
        key=f"{key}.{card.value}",
        icon=":material/check_circle:" if is_chosen else ":material/radio_button_unchecked:",
        type="primary" if is_chosen else "secondary",
        on_click=_take,
        args=(key, card.value),
    )


def _take(key: str, value: str) -> None:
    link.touched()
    st.session_state[key] = value
