"""The calendar file and the table of one subject, made when they are asked for."""

from __future__ import annotations

import streamlit as st

from planner.exchange.ics import calendar_bytes
from planner.exchange.ics_settings import CalendarSettings, texts_to_bring, texts_to_prepare
from planner.exchange.install_key import InstallKeyError, install_key
from planner.exchange.schedule_csv import schedule_csv
from planner.ui.entries import Entries
from planner.ui.preview import Preview
from planner.ui.words import AT_THE_LEFT, sentence, unformatted

_ONE_TIME = "A one-time copy: it does not update when dates move. Remove the old events before importing again."


def downloads(preview: Preview, entries: Entries) -> None:
    """Both files; they need a subject number."""
    if "subject" not in entries:
        st.caption(f"Give a subject number {AT_THE_LEFT} to download the calendar file and the table.")
        return
    try:
        key = install_key()
    except InstallKeyError as error:
        st.error(unformatted(sentence(str(error))))
        return
    study = entries.get("study", preview.plan.protocol.id.upper())
    name = f"{study}-{preview.facts.subject}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Calendar file (.ics)",
            lambda: ics_file(preview, study, key),
            f"{name}.ics",
            "text/calendar",
            key="ics",
            on_click="ignore",
            icon=":material/event:",
        )
        st.download_button(
            "Table (.csv)", lambda: csv_file(preview), f"{name}.csv", "text/csv", key="csv", on_click="ignore", icon=":material/table:"
        )
        st.caption(_ONE_TIME)


def ics_file(preview: Preview, study: str, key: bytes) -> bytes:
    """The visits on the calendar as an iCalendar file."""
    protocol = preview.plan.protocol
    settings = CalendarSettings(
        study=study,
        zone=preview.calendar.zone,
        as_of=preview.as_of,
        install_key=key,
        bring=texts_to_bring(protocol, "en"),
        prepare=texts_to_prepare(protocol, "en"),
    )
    return calendar_bytes(preview.rows, settings)


def csv_file(preview: Preview) -> bytes:
    """The visits on the calendar as CSV."""
    return "".join(schedule_csv(preview.rows)).encode("utf-8")
