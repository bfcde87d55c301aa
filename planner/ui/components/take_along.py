"""The print, the calendar file, the table and the feed of one subject."""

from __future__ import annotations

import streamlit as st

from planner.exchange.install_key import InstallKeyError, install_key
from planner.exchange.prints.day_names import PrintLanguage
from planner.records.changes.view import SubjectView
from planner.records.people.roles import Action
from planner.ui.components.download import download
from planner.ui.desk import Desk
from planner.ui.dialogs.opened import dialogs_so_far, open_dialog
from planner.ui.language import in_language, language, t
from planner.ui.subject_acts import May
from planner.ui.subject_files import calendar_of, printed, table_of
from planner.ui.words import sentence, unformatted


def take_along(at: Desk, view: SubjectView, may: May, print_shortcut: str) -> None:
    """The print in the language of the page as a button, unless the subject left; the rest in a menu."""
    spoken = language()
    other: PrintLanguage = "en" if spoken == "zh-CN" else "zh-CN"
    has_left = view.state.facts.end is not None
    if not has_left:
        _print_button(at, view, spoken, t("Print"), print_shortcut)
    with st.popover(t("Take along"), icon=":material/ios_share:", key=f"acts.take-along.{dialogs_so_far()}"), st.container(gap="xsmall"):
        if has_left:
            st.caption(t("{subject} left the study. Make sure that this calendar should go to anybody.", subject=view.state.key.number))
            _print_button(at, view, spoken, t("Print"), None)
        _print_button(at, view, other, t("Print in Chinese") if other == "zh-CN" else t("Print in English"), None)
        _calendar_file(at, view)
        key = view.state.key
        download(
            t("Table (.csv)"),
            lambda now: table_of(now, key),
            f"{_name(view)}.csv",
            "text/csv",
            at=at,
            key="take.csv",
            icon=":material/table:",
            width="stretch",
        )
        if may(Action.FEED):
            st.button(
                t("Calendar feed"),
                key="take.feed",
                icon=":material/rss_feed:",
                width="stretch",
                on_click=open_dialog,
                args=("feed", view.state.key),
                kwargs={"seen": view.revision},
            )
        st.caption(t("Files are copies of now: they do not change when dates move. A feed does."))


def _print_button(at: Desk, view: SubjectView, of: PrintLanguage, label: str, shortcut: str | None) -> None:
    key = view.state.key
    download(
        label,
        lambda now: printed(now, key, of),
        f"{_name(view)}-{of}.pdf",
        "application/pdf",
        at=at,
        key=f"take.print.{of}",
        icon=":material/print:",
        shortcut=shortcut,
        width="content" if shortcut else "stretch",
    )


def _calendar_file(at: Desk, view: SubjectView) -> None:
    """The .ics file; its events' names hang on the installation's key."""
    key, spoken = view.state.key, language()
    try:
        secret = install_key()
    except InstallKeyError as error:
        st.error(unformatted(sentence(in_language(str(error)))))
        return
    download(
        t("Calendar file (.ics)"),
        lambda now: calendar_of(now, key, spoken, secret),
        f"{_name(view)}.ics",
        "text/calendar",
        at=at,
        key="take.ics",
        icon=":material/event:",
        width="stretch",
    )


def _name(view: SubjectView) -> str:
    """What the files are called."""
    return f"{view.state.key.study}-{view.state.key.number}"
