"""What the screen says while there is no schedule to show: what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.protocol.errors import ProtocolErrors
from planner.protocol.model import Protocol
from planner.schedule.starts import StartScore
from planner.ui import link
from planner.ui.components.start_days import start_buttons
from planner.ui.entries import EntryFault
from planner.ui.language import in_language, language, t
from planner.ui.refusals import sentences_of
from planner.ui.words import at_the_left, sentence, unformatted


def no_protocol(usable: Mapping[str, Protocol], faulty: Mapping[str, ProtocolErrors]) -> None:
    """Offer the protocols of the library, and name those that cannot be used."""
    for name, protocol in usable.items():
        with st.container(border=True):
            file = t("protocol file {name}, version {version}", name=name, version=protocol.version)
            about = f"{protocol.registry or t('no registry number')} · {file}"
            title = ProtocolTexts(protocol, language()).title()
            st.markdown(f"**{unformatted(title)}**\n\n{unformatted(about)}")
            st.button(t("Use {name}", name=name), key=f"use {name}", on_click=_use, args=(name,))
    if not usable:
        st.info(t("There is no protocol that can be used. Put a protocol file into the folder protocols/ and reload this page."))
    for name, errors in faulty.items():
        st.error(t("The protocol {name} has faults and cannot be used:", name=unformatted(name)))
        st.code("\n".join(sentences_of(errors)), language=None, wrap_lines=True)


def _use(name: str) -> None:
    link.touched()
    st.session_state["protocol"] = name


def no_site() -> None:
    """Ask for the site."""
    st.info(t("Choose the site: its calendar says on which days a visit can be. Then the whole calendar appears here."))


def no_start(scores: Sequence[StartScore], protocol: Protocol) -> None:
    """Ask for the start date, and offer the next days with what each would mean."""
    st.info(t("Give the start date (cycle 1 day 1), or choose one of the next days here: each says how many visits would not fit."))
    start_buttons(scores, None, protocol.id)


def no_calendar() -> None:
    """Ask for the code of the calendar."""
    st.info(
        t(
            "Give the code of the country or region {where}, such as US-NY, DE-BY or JP, or choose another calendar.",
            where=at_the_left(),
        )
    )


def to_mend(faults: Sequence[EntryFault], labels: Mapping[str, str]) -> None:
    """Repeat what is wrong where the eye is, above all on a phone, where the inputs are hidden."""
    if faults:
        points = "\n".join(f"* {unformatted(sentence(_about(fault, labels) + in_language(fault.message)))}" for fault in faults)
        st.error(f"**{t('Mend what was entered:')}**\n\n{points}")


def _about(fault: EntryFault, labels: Mapping[str, str]) -> str:
    return t("{label}: ", label=labels[fault.entry]) if fault.entry in labels else ""
