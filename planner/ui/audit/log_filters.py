"""Which part of the log is looked for: by log, subject, account, kind and day, held by the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import streamlit as st

from planner.records.facts.kinds import Kind
from planner.ui import link
from planner.ui.audit.kind_words import kind_words
from planner.ui.components.filter_bar import FILTER_WIDTH
from planner.ui.language import t

_FILTERS = ("of", "subject", "who", "kind", "day")
NAMES = (*_FILTERS, "before", "from")
"""The entries of the address: what is looked for, and where in the log."""
SUBJECTS, SETTINGS = "subjects", "settings"
"""Logs to choose from: those of one subject, and that of sites and people."""
_LONGEST = 64
_BEYOND = 2**31
"""No log has so many facts."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was entered; "" where nothing is filtered."""

    of: str = ""
    """``SETTINGS`` for the log of sites and people, "" for all."""
    subject: str = ""
    who: str = ""
    kind: str = ""
    day: str = ""

    @property
    def on(self) -> date | None:
        """The day, where one is asked for."""
        return _day(self.day)

    @property
    def of_kind(self) -> Kind | None:
        """The kind, where one is asked for."""
        return Kind(self.kind) if self.kind else None


def take_from_link(arrived: Mapping[str, str]) -> None:
    """Begin with what a link asks for."""
    for name in NAMES:
        text = arrived.get(name, "")[:_LONGEST]
        st.session_state[_state(name)] = text if name in _FILTERS or _position(text) is not None else ""


def filters(days: tuple[date, date]) -> Asked:
    """Draw the inputs; ``days`` are the first and the last that can be asked for."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="audit.filters"):
        of = _choice("of", t("Log"), {"": t("Everything"), SETTINGS: t("Sites and people")})
        subject = _text("subject", t("Subject"), "ulrrc/BEI-001") if of != SETTINGS else ""
        who = _text("who", t("Account"), t("all"))
        kind = _choice("kind", t("What happened"), {"": t("Anything"), **{str(kind): word for kind, word in kind_words().items()}})
        day = _day_input(days)
    return Asked(of, subject, who, kind, day)


def entry(name: str) -> str:
    """What is looked for by this name."""
    return str(st.session_state.get(_state(name), ""))


def place() -> tuple[str, int | None]:
    """Where in the log: ``before`` or ``from`` a place, None for its end."""
    for name in ("before", "from"):
        position = _position(entry(name))
        if position is not None:
            return name, position
    return "before", None


def go_to(name: str, position: int | None) -> None:
    """Show another part of the log: for callbacks."""
    link.touched()
    for each in ("before", "from"):
        st.session_state[_state(each)] = str(position) if each == name and position is not None else ""


def show_everything() -> None:
    """Filter nothing: for callbacks."""
    link.touched()
    for name in NAMES:
        st.session_state[_state(name)] = ""


def _choice(name: str, label: str, words: Mapping[str, str]) -> str:
    asked = entry(name)
    chosen = asked if asked in words else ""
    st.session_state[_state(name)] = st.session_state[_widget(name)] = chosen
    st.selectbox(label, list(words), format_func=words.__getitem__, key=_widget(name), on_change=_entered, args=(name,), width=FILTER_WIDTH)
    return chosen


def _text(name: str, label: str, placeholder: str) -> str:
    st.session_state[_widget(name)] = entry(name)
    st.text_input(
        label,
        key=_widget(name),
        max_chars=_LONGEST,
        placeholder=placeholder,
        on_change=_entered,
        args=(name,),
        width=FILTER_WIDTH,
        autocomplete="off",
    )
    return entry(name).strip()


def _day_input(days: tuple[date, date]) -> str:
    first, last = days
    asked = _day(entry("day"))
    chosen = asked if asked is not None and first <= asked <= last else None
    st.session_state[_widget("day")] = chosen
    st.session_state[_state("day")] = chosen.isoformat() if chosen else ""
    st.date_input(
        t("Recorded on (UTC)"),
        value=None,
        min_value=first,
        max_value=last,
        key=_widget("day"),
        on_change=_entered,
        args=("day",),
        width=FILTER_WIDTH,
    )
    return entry("day")


def _entered(name: str) -> None:
    """Take an input, and begin at the end of the log again."""
    go_to("before", None)
    entered = st.session_state[_widget(name)]
    st.session_state[_state(name)] = "" if entered is None else str(entered)


def _position(text: str) -> int | None:
    known = text.isascii() and text.isdigit() and 0 < int(text) < _BEYOND
    return int(text) if known else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _state(name: str) -> str:
    return f"audit.{name}"


def _widget(name: str) -> str:
    return f"audit.filter.{name}"
