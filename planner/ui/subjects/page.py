"""The page Subjects: everybody whom the person may read, found by number, site, study and state."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from planner.exchange.spreadsheets.list_files import list_csv, list_workbook
from planner.records.lists.subject_list import SubjectLine
from planner.records.people.settings import read_settings
from planner.ui import link
from planner.ui.components.filter_bar import FILTER_WIDTH, Filter, clear_filters, filter_bar, site_filter, study_filter
from planner.ui.components.followed_links import followed_links
from planner.ui.components.list_files import file_buttons
from planner.ui.components.list_table import ROWS, arrive_at_row, first_row, landing, row_entry, skip_link, start_over, turn_pages
from planner.ui.desk import Desk, desk
from planner.ui.enrol_offer import may_enrol
from planner.ui.language import t, tn
from planner.ui.places import PLACES, go_later
from planner.ui.subjects.import_panel import import_panel
from planner.ui.subjects.kept_lines import lines_of
from planner.ui.subjects.listing import listing_html, state_word
from planner.ui.subjects.wanted import SUBJECT_COLUMNS, Wanted, states_there, wanted_lines

_PAGE = "subjects"
_NUMBER = f"{_PAGE}.number"


def subjects_page() -> None:
    """Draw it."""
    st.title(t("Subjects"), anchor=False)
    at = desk()
    with at.reading() as connection:
        lines = lines_of(at.schedules.of(connection, at.caller))
        settings = read_settings(connection)
    enrols = may_enrol(at, settings)
    if lines:
        _list(at, lines)
    else:
        _nobody(enrols=enrols)
    if enrols:
        _way_to_enrolling()
    with st.expander(t("Import subjects or visit dates from a file"), icon=":material/upload_file:", key="subjects.import"):
        import_panel(at, settings)


def _nobody(*, enrols: bool) -> None:
    if enrols:
        st.info(t("Nobody is enrolled yet, or nobody whom you may read. Enrol a subject, or import a file below."))
    else:
        st.info(t("Nobody is enrolled yet, or nobody whom you may read."))


def _way_to_enrolling() -> None:
    st.page_link(PLACES["new-subject"].file, label=t("Enrol a subject"), icon=":material/person_add:", query_params=link.language_entry())


def _list(at: Desk, lines: Sequence[SubjectLine]) -> None:
    arrived = link.arrived()
    if arrived is not None:
        arrive_at_row(_PAGE, arrived.get("row", ""))
    skip_link(_PAGE, t("Skip to the first subject"), t("Everybody whom you may read, with the next visit."))
    chosen = filter_bar(_PAGE, _filters(lines), arrived, start_over, _number)
    # What is typed stays out of the address: it may be anything, even a name.
    wanted = Wanted(str(st.session_state.get(_NUMBER) or ""), chosen["site"], chosen["study"], chosen["state"])
    found = wanted_lines(lines, wanted)
    landing(_PAGE, _counted(found, lines))
    if found:
        first = first_row(_PAGE, len(found))
        followed_links(listing_html(found[first : first + ROWS]), "subjects.list", _open)
        turn_pages(_PAGE, len(found))
        file_buttons(at, _PAGE, lambda now: _file(now, wanted, list_csv), lambda now: _file(now, wanted, list_workbook))
    else:
        st.info(t("Nobody is like that. Check the number, or show all."))
        st.button(t("Show all subjects"), on_click=_show_all, key="subjects.all")
    link.write({**chosen, "row": row_entry(_PAGE, len(found))})


def _file(at: Desk, wanted: Wanted, to_bytes: Callable[[Sequence[object], Sequence[str]], bytes]) -> bytes:
    """What was asked for as a file, of whoever may be read when it is made."""
    with at.reading() as connection:
        lines = lines_of(at.schedules.of(connection, at.caller))
    return to_bytes(wanted_lines(lines, wanted), SUBJECT_COLUMNS)


def _filters(lines: Sequence[SubjectLine]) -> list[Filter]:
    return [
        site_filter(sorted({line.site for line in lines})),
        study_filter(sorted({line.study for line in lines})),
        Filter("state", t("State"), t("All states"), {state: state_word(state) for state in states_there(lines)}),
    ]


def _number() -> None:
    """Where a number is typed."""
    st.text_input(
        t("Subject number"), key=_NUMBER, max_chars=24, placeholder=t("a part of it is enough"), on_change=_typed, width=FILTER_WIDTH
    )


def _typed() -> None:
    link.touched()
    start_over(_PAGE)


def _counted(found: Sequence[SubjectLine], lines: Sequence[SubjectLine]) -> str:
    overdue = sum(line.overdue > 0 for line in found)
    parts = [
        tn("{number} subject", "{number} subjects", len(lines))
        if len(found) == len(lines)
        else tn("{found} of {number} subject", "{found} of {number} subjects", len(lines), found=len(found))
    ]
    if overdue:
        parts.append(tn("{number} with overdue visits", "{number} with overdue visits", overdue))
    return " · ".join(parts)


def _open(subject: str) -> None:
    link.touched()
    go_later("subject", subject=subject)


def _show_all() -> None:
    st.session_state[_NUMBER] = ""
    start_over(_PAGE)
    clear_filters(_PAGE, ("site", "study", "state"))
