"""What the screen says while there is no schedule to show: what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from planner.protocol.errors import ProtocolErrors
from planner.protocol.model import Protocol
from planner.schedule.starts import StartScore
from planner.ui import link
from planner.ui.components.start_days import start_buttons
from planner.ui.entries import EntryFault
from planner.ui.words import AT_THE_LEFT, sentence, unformatted


def no_protocol(usable: Mapping[str, Protocol], faulty: Mapping[str, ProtocolErrors]) -> None:
    """Offer the protocols of the library, and name those that cannot be used."""
    st.subheader("Plan the visits of a new subject")
    if usable:
        st.markdown("Choose the protocol, then give the start date: the whole calendar appears at once. Nothing is stored.")
    for name, protocol in usable.items():
        with st.container(border=True):
            about = f"{protocol.registry or 'no registry number'} · protocol file {name}, version {protocol.version}"
            st.markdown(f"**{unformatted(protocol.title)}**\n\n{unformatted(about)}")
            st.button(f"Use {name}", key=f"use {name}", on_click=_use, args=(name,))
    if not usable:
        st.info("There is no protocol that can be used. Put a protocol file into the folder protocols/ and reload this page.")
    for name, errors in faulty.items():
        st.error(f"The protocol {unformatted(name)} has faults and cannot be used:")
        st.code(
            "\n".join(f"line {error.line}, column {error.column}: {error.message}" for error in errors.errors),
            language=None,
            wrap_lines=True,
        )


def _use(name: str) -> None:
    link.touched()
    st.session_state["protocol"] = name


def no_start(scores: Sequence[StartScore], protocol: Protocol) -> None:
    """Ask for the start date, and offer the next days with what each would mean."""
    st.info("Give the start date (cycle 1 day 1), or choose one of the next days here: each says how many visits would not fit.")
    start_buttons(scores, None, protocol.id)


def no_calendar() -> None:
    """Ask for the code of the calendar."""
    st.info(f"Give the code of the country or region {AT_THE_LEFT}, such as US-NY, DE-BY or JP, or choose another calendar.")


def to_mend(faults: Sequence[EntryFault], labels: Mapping[str, str]) -> None:
    """Repeat what is wrong where the eye is, above all on a phone, where the inputs are hidden."""
    if faults:
        st.error(
            "**Mend what was entered:**\n\n"
            + "\n".join(f"* {unformatted(sentence(_about(fault, labels) + fault.message))}" for fault in faults)
        )


def _about(fault: EntryFault, labels: Mapping[str, str]) -> str:
    return f"{labels[fault.entry]}: " if fault.entry in labels else ""
