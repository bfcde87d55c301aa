"""Inputs that know their entry's name: filled from a link, written to the entries, with a place beneath each for what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from planner.exchange.fact_texts import FactTextError, iso_date
from planner.protocol.model import Protocol
from planner.protocol.said import said
from planner.ui import link
from planner.ui.entries import EntryFault
from planner.ui.language import in_language
from planner.ui.words import sentence, unformatted


class Form:
    """The inputs of one screen run: ``entries`` holds the texts entered so far (no empty ones), ``labels`` what each input is called.

    ``left_out`` names the entries that are neither taken from a link nor put into one.
    """

    def __init__(self, arrived: Mapping[str, str] | None, never_linked: frozenset[str] = link.LEFT_OUT) -> None:
        """``arrived`` is what a link holds, None if the inputs keep what they have; ``never_linked`` is left out whatever the protocol."""
        self.arrived = arrived
        self.entries: dict[str, str] = {}
        self.faults: list[EntryFault] = []
        self.labels: dict[str, str] = {}
        self._places: dict[str, DeltaGenerator] = {}
        self._never_linked = never_linked
        self.left_out = never_linked
        self._scope = ""

    def of(self, protocol: Protocol) -> None:
        """From here on, inputs belong to ``protocol``: another one starts afresh."""
        self._scope = f"{protocol.id}/"
        self.left_out = self._never_linked | link.left_out(protocol)

    def text(self, entry: str, label: str, **options: Any) -> None:
        """A line of text."""
        key = self._key(entry)
        if self.arrived is not None and entry not in self.left_out:
            st.session_state[key] = self.arrived.get(entry, options.get("value", ""))
        st.session_state.setdefault(key, options.pop("value", ""))
        self._enter(
            entry,
            label,
            (st.text_input(unformatted(label), key=key, persist_state="page", on_change=link.touched, **options) or "").strip(),
        )

    def day(self, entry: str, label: str, first: date, last: date, **options: Any) -> None:
        """A date, or none."""
        key = self._key(entry)
        if self.arrived is not None:
            st.session_state[key] = self._linked_day(entry, first, last)
        st.session_state.setdefault(key, None)
        day = st.date_input(
            unformatted(label),
            key=key,
            persist_state="page",
            value=None,
            min_value=first,
            max_value=last,
            format="YYYY-MM-DD",
            on_change=link.touched,
            **options,
        )
        self._enter(entry, label, "" if day is None else day.isoformat())

    def _linked_day(self, entry: str, first: date, last: date) -> date | None:
        text = (self.arrived or {}).get(entry)
        if text is None:
            return None
        try:
            day = iso_date(text)
        except FactTextError as error:
            self.faults.append(EntryFault(entry, said("The link could not be used here: {error}", error=str(error))))
            return None
        if first <= day <= last:
            return day
        self.faults.append(
            EntryFault(
                entry,
                said("The link could not be used here: {day} is outside {first} to {last}", day=str(day), first=str(first), last=str(last)),
            )
        )
        return None

    def choice(
        self, entry: str, label: str, options: Sequence[str], words: Callable[[str], str], default: str | None, none: str = "", **more: Any
    ) -> str | None:
        """One of several; ``none`` is what stands for no choice, where that is allowed (``default`` None)."""
        key = self._key(entry)
        if self.arrived is not None:
            wanted = self.arrived.get(entry, default)
            st.session_state[key] = wanted if wanted in options else default
            if wanted not in (*options, None):
                self.faults.append(EntryFault(entry, said("The link asks for “{wanted}”, which is none of these", wanted=str(wanted))))
        st.session_state.setdefault(key, default)
        chosen: str | None = st.selectbox(
            unformatted(label),
            options,
            index=None if default is None else 0,
            format_func=words,
            key=key,
            persist_state="page",
            on_change=link.touched,
            placeholder=none or None,
            **more,
        )
        self._enter(entry, label, chosen or "")
        return chosen

    def number(self, entry: str, label: str, numbers: Sequence[int], default: int | None, unit: str = "", **more: Any) -> None:
        """A whole number from a range, entered with its unit (``12mo``); emptied, it is the default again."""
        key = self._key(entry)
        if self.arrived is not None and entry not in self.left_out:
            st.session_state[key] = self._linked_number(entry, numbers, default, unit)
        if st.session_state.get(key) is None:
            st.session_state[key] = default
        number = st.number_input(
            unformatted(label),
            min_value=numbers[0],
            max_value=numbers[-1],
            value=None,
            step=1,
            key=key,
            persist_state="page",
            on_change=link.touched,
            **more,
        )
        self._enter(entry, label, "" if number is None else f"{number}{unit}")

    def _linked_number(self, entry: str, numbers: Sequence[int], default: int | None, unit: str) -> int | None:
        text = (self.arrived or {}).get(entry)
        if text is None:
            return default
        digits = text.removesuffix(unit)
        if digits.isascii() and digits.isdigit() and len(digits) < 6 and numbers[0] <= int(digits) <= numbers[-1]:
            return int(digits)
        self.faults.append(
            EntryFault(
                entry,
                said(
                    "The link asks for “{text}”; it must be from {least} to {most}",
                    text=text,
                    least=f"{numbers[0]}{unit}",
                    most=f"{numbers[-1]}{unit}",
                ),
            )
        )
        return default

    def say(self) -> None:
        """Put the sentences about what cannot be used beneath their inputs."""
        said: dict[str, list[str]] = {}
        for fault in self.faults:
            said.setdefault(fault.entry, []).append(fault.message)
        for entry, messages in said.items():
            if entry in self._places:
                self._places[entry].error(
                    "\n\n".join(unformatted(sentence(in_language(message))) for message in messages), icon=":material/error:"
                )

    def _key(self, entry: str) -> str:
        return f"{self._scope}{entry}"

    def _enter(self, entry: str, label: str, text: str) -> None:
        if text:
            self.entries[entry] = text
        self.labels[entry] = label
        self._places[entry] = st.empty()
