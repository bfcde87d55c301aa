"""The calendar file and the table of one subject, made when they are asked for."""

from __future__ import annotations

import streamlit as st

from planner.exchange.ics import calendar_bytes
from planner.exchange.ics_settings import CalendarSettings, texts_to_bring, texts_to_prepare
from planner.exchange.install_key import InstallKeyError, install_key
from planner.exchange.schedule_csv import schedule_csv
from planner.ui.components.download import download
from planner.ui.desk import desk
from planner.ui.entries import Entries
from planner.ui.language import Language, in_language, language, t
from planner.ui.preview import Preview
from planner.ui.words import at_the_left, sentence, unformatted


def downloads(preview: Preview, entries: Entries) -> None:
    """Both files; they need a subject number."""
    if "subject" not in entries:
        st.caption(t("Give a subject number {where} to download the calendar file and the table.", where=at_the_left()))
        return
    try:
        key = install_key()
    except InstallKeyError as error:
        st.error(unformatted(sentence(in_language(str(error)))))
        return
    study = entries.get("study", preview.plan.protocol.id.upper())
    at, spoken = desk(), language()
    name = f"{study}-{preview.facts.subject}"
    with st.container(horizontal=True, vertical_alignment="center"):
        download(
            t("Calendar file (.ics)"),
            lambda _: ics_file(preview, study, key, spoken),
            f"{name}.ics",
            "text/calendar",
            at=at,
            key="ics",
            icon=":material/event:",
        )
        download(t("Table (.csv)"), lambda _: csv_file(preview), f"{name}.csv", "text/csv", at=at, key="csv", icon=":material/table:")
        st.caption(t("A one-time copy: it does not update when dates move. Remove the old events before importing again."))


def ics_file(preview: Preview, study: str, key: bytes, spoken: Language) -> bytes:
    """The visits on the calendar as an iCalendar file; what to bring and prepare in the language ``spoken``."""
    protocol = preview.plan.protocol
    settings = CalendarSettings(
        study=study,
        zone=preview.calendar.zone,
        as_of=preview.as_of,
        install_key=key,
        bring=texts_to_bring(protocol, spoken),
        prepare=texts_to_prepare(protocol, spoken),
    )
    return calendar_bytes(preview.rows, settings)


def csv_file(preview: Preview) -> bytes:
    """The visits on the calendar as CSV."""
    return "".join(schedule_csv(preview.rows)).encode("utf-8")
