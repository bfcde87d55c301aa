"""Other working days for a site: a country's, or those of a calendar file."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from planner.exchange.calendar_file import calendar_from_content
from planner.schedule.calendar import CalendarError, SiteCalendar
from planner.schedule.calendar_text import CalendarFileErrors
from planner.ui import link
from planner.ui.components.site_fields import calendar_field
from planner.ui.language import in_language, t
from planner.ui.refusals import say_refusal
from planner.ui.words import sentence, unformatted

_MEGABYTES = 1
_FAULTS_SHOWN = 20


def new_calendar(key: str) -> SiteCalendar | None:
    """Draw the inputs, whose keys begin with ``key``; the days, None (with the reason) while they are not known."""
    words = {"country": t("Of a country or region"), "file": t("From a calendar file (YAML)")}
    source = st.radio(
        t("Where the days come from"),
        list(words),
        format_func=words.__getitem__,
        key=f"{key}.source",
        horizontal=True,
        on_change=link.touched,
    )
    if source == "country":
        return calendar_field(key)
    file = st.file_uploader(
        t("The calendar file: YAML in UTF-8, of at most {number} MB", number=_MEGABYTES),
        type=["yaml", "yml"],
        max_upload_size=_MEGABYTES,
        key=f"{key}.file",
        on_change=link.touched,
        help=t("It names a country, own closed and open days, and days of single machines; the documentation, calendars, has an example."),
    )
    return None if file is None else _read(file)


def _read(file: UploadedFile) -> SiteCalendar | None:
    try:
        return calendar_from_content(file.getvalue(), file.name)
    except CalendarFileErrors as errors:
        faults = file_faults(errors)
        points = "\n".join(f"* {unformatted(fault)}" for fault in faults[:_FAULTS_SHOWN])
        more = len(faults) - _FAULTS_SHOWN
        if more > 0:
            points += f"\n* {t('There are {number} more.', number=more)}"
        st.error(f"**{t('This file is no calendar yet:')}**\n\n{points}", icon=":material/error:")
    except CalendarError as error:
        say_refusal(error)
    return None


def file_faults(errors: CalendarFileErrors) -> list[str]:
    """Each fault of a calendar file with its place, in the language of the page."""
    return [
        sentence(t("line {line}, column {column}: {what}", line=each.line, column=each.column, what=in_language(each.message)))
        for each in errors.errors
    ]
