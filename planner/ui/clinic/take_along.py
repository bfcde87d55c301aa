"""The files of what the calendar shows."""

from __future__ import annotations

import streamlit as st

from planner.capacity.clinic_visits import Wanted
from planner.exchange.spreadsheets.list_files import list_csv, list_workbook
from planner.ui.clinic.files import day_sheet, visit_list
from planner.ui.clinic.span import DAY, MONTH, WEEK, Span
from planner.ui.components.download import download
from planner.ui.components.list_files import file_buttons
from planner.ui.desk import Desk
from planner.ui.language import language, t


def take_along(at: Desk, wanted: Wanted, span: Span) -> None:
    """The list of the visits, and the day sheet of a week."""
    st.caption(t("To take along: files are copies of now and do not change when dates move; a feed does."))
    with st.container(horizontal=True, key="calendar.take-along"):
        if span.view != MONTH:
            _sheet(at, wanted.site, span)
        file_buttons(
            at,
            _name(wanted, span),
            lambda now: visit_list(now, wanted, span, list_csv),
            lambda now: visit_list(now, wanted, span, list_workbook),
        )


def _sheet(at: Desk, site: str, span: Span) -> None:
    week, spoken = span.week(), language()
    download(
        t("Day sheet of week {number} (PDF, all studies)", number=week.number),
        lambda now: day_sheet(now, week, site, spoken),
        "-".join(part for part in ("day-sheet", site, str(week)) if part) + ".pdf",
        "application/pdf",
        at=at,
        key="calendar.sheet",
        icon=":material/print:",
    )


def _name(wanted: Wanted, span: Span) -> str:
    """What the list is called; nothing of it was typed by anybody but codes."""
    when = {DAY: span.first.isoformat(), WEEK: str(span.week()), MONTH: f"{span.first:%Y-%m}"}[span.view]
    return "-".join(part for part in ("visits", when, wanted.site, wanted.study) if part)
