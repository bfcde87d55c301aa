"""The page Today: what somebody has to see to, the most urgent first, and what can be done about it in each line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import streamlit as st

from planner.exchange.spreadsheets.list_files import list_csv, list_workbook
from planner.records.lists.list_columns import WORKLIST_COLUMNS
from planner.records.lists.site_schedules import SiteSchedule
from planner.records.people.rights import Action
from planner.records.people.settings import Settings, read_settings
from planner.schedule.calendar_sources import FIRST_YEAR, LAST_YEAR
from planner.ui import link
from planner.ui.components.filter_bar import FILTER_WIDTH, clear_filters, filter_bar, site_filter, study_filter, visit_kind_filter
from planner.ui.components.list_files import file_buttons
from planner.ui.components.list_table import (
    ROWS,
    arrive_at_row,
    arrived_at_list,
    first_row,
    landing,
    list_table,
    row_entry,
    skip_link,
    start_over,
    turn_pages,
)
from planner.ui.components.view_choice import say_not_there
from planner.ui.desk import Desk, desk
from planner.ui.dialogs.opened import open_dialog
from planner.ui.enrol_offer import enrol_button
from planner.ui.language import t, tn
from planner.ui.places import go_later
from planner.ui.worklist_html import OPEN, pressed, worklist_html
from planner.ui.worklist_lines import DIALOGS, May, lines_of
from planner.ui.worklist_views import ALL, DUE_TODAY, VIEWS, Wanted, counts, days_at_sites, export_rows, places, sites_of, studies_of
from planner.ui.worklist_words import days_and_sites, view_about, view_label

_PAGE = "today"
_KINDS = ("clinic", "treatment", "imaging", "phone", "decision")
_VIEW, _VIEW_SHOWN = "today.view", "today.view-shown"
_DAY, _DAY_SHOWN = "today.day", "today.day-shown"
_NAMES = ("site", "study", "kind")
_ENTRIES = (*_NAMES, "view", "on", "row")


def today_page() -> None:
    """Draw the page."""
    arrived = arrived_at_list(_PAGE, _ENTRIES)
    _arrive(arrived)
    day: date | None = st.session_state.get(_DAY)
    st.title(t("Today"), anchor=False)
    at = desk()
    with at.reading() as connection:
        found = at.schedules.of(connection, at.caller, day)
        settings = read_settings(connection)
    if not found:
        _nobody_yet(at, settings)
        return

    def may(action: Action, site: str) -> bool:
        return at.may(settings, action, site)

    skip_link("worklist", t("Skip to the first visit"), _about_day(found, day))
    asked = ALL if arrived is None else arrived.get("view", ALL)
    if asked not in VIEWS:
        say_not_there(t("Show"), asked, view_label(ALL))
    above = st.container()
    filters = [site_filter(sites_of(found)), study_filter(studies_of(found)), visit_kind_filter(_KINDS)]
    chosen = filter_bar(_PAGE, filters, arrived, start_over, _choice_of_day)
    wanted = Wanted(str(st.session_state[_VIEW]), chosen["site"], chosen["study"], chosen["kind"])
    with above:
        total = _views(counts(found, wanted), wanted, day)
    _rows(found, wanted, total, may)
    _foot(at, day, wanted, total)
    link.write(
        {
            "view": "" if wanted.view == ALL else wanted.view,
            **chosen,
            "on": "" if day is None else day.isoformat(),
            "row": row_entry(_PAGE, total),
        }
    )


def _arrive(arrived: Mapping[str, str] | None) -> None:
    """Take what is looked at from a link."""
    if arrived is None:
        return
    asked = arrived.get("view", ALL)
    st.session_state[_VIEW] = asked if asked in VIEWS else ALL
    st.session_state[_DAY] = link.day_of(arrived.get("on", ""))
    arrive_at_row(_PAGE, arrived.get("row", ""))


def _nobody_yet(at: Desk, settings: Settings) -> None:
    """Nobody is enrolled, or nobody whom this person may see."""
    st.info(t("There is no subject yet. Once one is enrolled, all that has to be seen to stands here."), icon=":material/person_add:")
    enrol_button(at, settings, "today.enrol")


def _about_day(found: Sequence[SiteSchedule], day: date | None) -> str:
    """Which day is looked at."""
    days = days_and_sites(days_at_sites(found))
    if day is None:
        return t("As of today, {days}", days=days)
    return t("As of {day}: what would stand here on that day if nothing more were recorded.", day=days)


def _choice_of_day() -> None:
    """The way to another day, and back."""
    day: date | None = st.session_state[_DAY]
    st.session_state[_DAY_SHOWN] = day
    st.date_input(
        t("Look at another day"),
        key=_DAY_SHOWN,
        on_change=_choose_day,
        min_value=date(FIRST_YEAR, 1, 1),
        max_value=date(LAST_YEAR, 12, 31),
        format="YYYY-MM-DD",
        width=FILTER_WIDTH,
    )
    if day is not None:
        st.button(t("Back to today"), key="today.back", icon=":material/today:", on_click=_back_to_today)


def _choose_day() -> None:
    link.touched()
    start_over(_PAGE)
    st.session_state[_DAY] = st.session_state[_DAY_SHOWN]


def _back_to_today() -> None:
    link.touched()
    start_over(_PAGE)
    st.session_state[_DAY] = None


def _views(numbers: Mapping[str, int], wanted: Wanted, day: date | None) -> int:
    """The views with their counts, to choose from; how many visits the chosen one has."""

    def label(view: str) -> str:
        name = t("Due that day") if view == DUE_TODAY and day is not None else view_label(view)
        return f"{name} **{numbers[view]}**"

    st.session_state[_VIEW_SHOWN] = wanted.view
    st.segmented_control(
        t("Show"), VIEWS, format_func=label, key=_VIEW_SHOWN, on_change=_choose_view, label_visibility="collapsed", required=True
    )
    return numbers[wanted.view]


def _choose_view() -> None:
    link.touched()
    start_over(_PAGE)
    st.session_state[_VIEW] = st.session_state[_VIEW_SHOWN]


def _rows(found: Sequence[SiteSchedule], wanted: Wanted, total: int, may: May) -> None:
    """A page of the list, or what to do where there is none."""
    landing("worklist", view_about(wanted.view))
    if not total:
        _nothing(wanted)
        return
    first = first_row(_PAGE, total)
    list_table(worklist_html(lines_of(places(found, wanted, first, ROWS), may)), "today.worklist", _pressed)
    turn_pages(_PAGE, total)


def _nothing(wanted: Wanted) -> None:
    if wanted == Wanted():
        st.success(t("There is nothing to see to."), icon=":material/check_circle:")
        return
    st.info(t("There is nothing like this to see to."), icon=":material/filter_alt_off:")
    st.button(t("Show everything"), key="today.clear", type="primary", on_click=_show_everything)


def _show_everything() -> None:
    clear_filters(_PAGE, _NAMES)
    start_over(_PAGE)
    st.session_state[_VIEW] = ALL


def _pressed(what: str, value: str) -> None:
    """Open what a button of a line is for."""
    subject, visit, entry = pressed(value)
    if what == OPEN.name:
        go_later("subject", subject=str(subject), visit=visit)
    elif what in DIALOGS:
        open_dialog(DIALOGS[what], subject, visit=visit, entry=entry)


def _foot(at: Desk, day: date | None, wanted: Wanted, total: int) -> None:
    """What is shown as files to take along; made when they are asked for, and for whoever then may read it."""
    if not total:
        return

    def made(now: Desk, to_bytes: Callable[[Sequence[object], Sequence[str]], bytes]) -> bytes:
        with now.reading() as connection:
            rows = export_rows(now.schedules.of(connection, now.caller, day), wanted)
        return to_bytes(rows, WORKLIST_COLUMNS)

    st.caption(
        tn("To take along: {number} visit, all pages.", "To take along: {number} visits, all pages.", total)
        + " "
        + t("A visit that is here for several reasons has a line for each in the file.")
    )
    file_buttons(at, "worklist", lambda now: made(now, list_csv), lambda now: made(now, list_workbook))
