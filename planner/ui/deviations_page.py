"""The page Deviations: the ledger that the facts propose, judged and explained by people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from planner.exchange.spreadsheets.list_files import list_csv, list_workbook
from planner.records.lists.deviations import Deviation
from planner.records.lists.list_columns import DEVIATION_COLUMNS, DEVIATION_COLUMNS_WITH_NOTES
from planner.records.lists.site_schedules import SiteSchedule
from planner.records.people.rights import Action
from planner.records.people.settings import read_settings
from planner.ui import link
from planner.ui.components.filter_bar import Filter, clear_filters, filter_bar, site_filter, study_filter
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
from planner.ui.deviation_html import deviation_html, pressed
from planner.ui.deviation_lines import ALL, VIEWS, WantedDeviations, counts, in_view, kinds_of, ledger_of, protocols_of, wanted_lines
from planner.ui.deviation_words import deviation_kind_word, status_about, status_label
from planner.ui.dialogs.opened import open_dialog
from planner.ui.language import t, tn
from planner.ui.places import go_later
from planner.ui.words import listed, unformatted
from planner.ui.worklist_views import sites_of, studies_of

_PAGE = "deviations"
_VIEW, _VIEW_SHOWN = "deviations.view", "deviations.view-shown"
_WITH_NOTES = "deviations.with-notes"
_NAMES = ("site", "study", "kind")
_ENTRIES = (*_NAMES, "view", "row")


def deviations_page() -> None:
    """Draw the page."""
    arrived = arrived_at_list(_PAGE, _ENTRIES)
    _arrive(arrived)
    st.title(t("Deviations"), anchor=False)
    _say_stale(arrived)
    at = desk()
    with at.reading() as connection:
        found = at.schedules.of(connection, at.caller)
        settings = read_settings(connection)
        ledger = ledger_of(connection, found)
    skip_link("ledger", t("Skip to the first deviation"), t("The planner proposes deviations from what is recorded; people judge them."))
    if not ledger:
        st.success(
            t("There is no deviation: nothing that is recorded lies outside what the protocols allow."), icon=":material/check_circle:"
        )
        return
    above = st.container()
    kinds = {kind: deviation_kind_word(kind) for kind in kinds_of(ledger)}
    filters = [
        site_filter(sites_of(found)),
        study_filter(studies_of(found)),
        Filter("kind", t("Kind of deviation"), t("All kinds"), kinds),
    ]
    chosen = filter_bar(_PAGE, filters, arrived, start_over)
    wanted = WantedDeviations(str(st.session_state[_VIEW]), chosen["site"], chosen["study"], chosen["kind"])
    of_filters = wanted_lines(ledger, wanted)
    lines = in_view(of_filters, wanted.view)
    with above:
        _views(counts(of_filters), wanted)
    _rows(lines, found, wanted, lambda site: at.may(settings, Action.CLASS_DEVIATION, site))
    _foot(at, wanted, len(lines))
    link.write({"view": "" if wanted.view == ALL else wanted.view, **chosen, "row": row_entry(_PAGE, len(lines))})


def _arrive(arrived: Mapping[str, str] | None) -> None:
    """Take what is looked at from a link."""
    if arrived is None:
        return
    asked = arrived.get("view", ALL)
    st.session_state[_VIEW] = asked if asked in VIEWS else ALL
    arrive_at_row(_PAGE, arrived.get("row", ""))


def _say_stale(arrived: Mapping[str, str] | None) -> None:
    """What a link asks for and this page does not have."""
    asked = ALL if arrived is None else arrived.get("view", ALL)
    if asked not in VIEWS:
        say_not_there(t("Show"), asked, status_label(ALL))
    unknown = link.unknown_entries(arrived, _ENTRIES)
    if unknown:
        names = unformatted(listed([name[:40] for name in unknown[:3]]))
        st.caption(t("The link asks for something that this page cannot go by, so it is left out: {names}.", names=names))


def _views(numbers: Mapping[str, int], wanted: WantedDeviations) -> None:
    """The views with their counts, to choose from."""

    def label(view: str) -> str:
        return f"{status_label(view)} **{numbers[view]}**"

    st.session_state[_VIEW_SHOWN] = wanted.view
    st.segmented_control(
        t("Show"), VIEWS, format_func=label, key=_VIEW_SHOWN, on_change=_choose_view, label_visibility="collapsed", required=True
    )


def _choose_view() -> None:
    link.touched()
    start_over(_PAGE)
    st.session_state[_VIEW] = st.session_state[_VIEW_SHOWN]


def _rows(lines: Sequence[Deviation], found: Sequence[SiteSchedule], wanted: WantedDeviations, may_class: Callable[[str], bool]) -> None:
    """A page of the ledger, or what to do where there is none."""
    landing("ledger", status_about(wanted.view))
    if not lines:
        st.info(t("There is no deviation like this."), icon=":material/filter_alt_off:")
        st.button(t("Show all deviations"), key="deviations.clear", type="primary", on_click=_show_everything)
        return
    first = first_row(_PAGE, len(lines))
    shown = lines[first : first + ROWS]
    list_table(deviation_html(shown, protocols_of(shown, found), may_class), "deviations.ledger", _pressed)
    turn_pages(_PAGE, len(lines))


def _show_everything() -> None:
    clear_filters(_PAGE, _NAMES)
    start_over(_PAGE)
    st.session_state[_VIEW] = ALL


def _pressed(what: str, value: str) -> None:
    """Open what a button of a line is for."""
    subject, visit, key = pressed(value)
    if what == "open":
        go_later("subject", subject=str(subject), visit=visit)
    elif what == "classify":
        open_dialog("classify", subject, visit=visit, entry=key)


def _foot(at: Desk, wanted: WantedDeviations, total: int) -> None:
    """What is shown as files to take along; made when they are asked for, and for whoever then may read it."""
    if not total:
        return

    def made(now: Desk, to_bytes: Callable[[Sequence[object], Sequence[str]], bytes]) -> bytes:
        with now.reading() as connection:
            ledger = ledger_of(connection, now.schedules.of(connection, now.caller))
        return to_bytes(in_view(wanted_lines(ledger, wanted), wanted.view), columns)

    st.caption(tn("To take along: {number} deviation, all pages.", "To take along: {number} deviations, all pages.", total))
    with_notes = st.checkbox(t("With the explanations (free text, not for others)"), key=_WITH_NOTES)
    columns = DEVIATION_COLUMNS_WITH_NOTES if with_notes else DEVIATION_COLUMNS
    file_buttons(at, "deviations", lambda now: made(now, list_csv), lambda now: made(now, list_workbook))
