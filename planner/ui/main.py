"""Every run of the screens: the language, who looks, the menu, and the page that is asked for."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from planner.records.errors import RecordsError
from planner.records.feeds.log_end import log_end
from planner.records.store.database import DatabaseError
from planner.records.store.live_database import NoDatabaseYetError
from planner.ui import link
from planner.ui.components.menu import menu
from planner.ui.components.page_style import page_style
from planner.ui.desk import desk
from planner.ui.dialogs.opened import keep_dialog_of
from planner.ui.dialogs.registry import draw_dialog
from planner.ui.first_run import first_run
from planner.ui.language import choose_language, language_of, t
from planner.ui.notices import draw_notice
from planner.ui.places import FIRST, PLACES, go_where_asked, tab_title
from planner.ui.quiet_log import keep_texts_out_of_the_log
from planner.ui.refusals import say_fault, say_refusal
from planner.ui.sign_in import signed_in

_ICON = str(Path(__file__).parent / "icon.png")
"""A file of our own: Streamlit would fetch a symbol from another host."""
_PAGE = "main.page"
_ARRIVED = "main.arrived"
_WITHOUT_RECORDS = ("plan", "protocols", "help")
"""Pages that have something to show before anything is recorded."""


def main() -> None:
    """Draw what is asked for."""
    keep_texts_out_of_the_log()
    st.set_page_config(page_icon=_ICON, layout="wide")
    _arrive()
    page_style()
    pages = {place.code: _page(place.code) for place in PLACES.values()}
    page = st.navigation(list(pages.values()), position="top")
    code = next(code for code, known in pages.items() if known.url_path == page.url_path or known is page)
    st.set_page_config(page_title=tab_title(PLACES[code].title))
    try:
        if signed_in():
            go_where_asked()
            _draw(code, page)
    except RecordsError as error:
        say_refusal(error)
        _way_on(error)
    except Exception as error:
        say_fault(error)


def _page(code: str) -> st.Page:
    place = PLACES[code]
    return st.Page(
        place.file,
        title=place.title,
        icon=place.icon,
        url_path=code,
        default=code == FIRST,
        visibility="visible" if place.in_menu else "hidden",
    )


def _arrive() -> None:
    """The language: that of the link, else the one chosen, else the browser's."""
    asked = st.query_params.get(link.LANGUAGE)
    if asked is not None and asked != st.session_state.get(_ARRIVED):
        choose_language(asked)
    elif asked is None and "language" not in st.session_state:
        choose_language(language_of(st.context.locale))
    st.session_state[_ARRIVED] = asked


def _draw(code: str, page: st.Page) -> None:
    if st.session_state.get(_PAGE) != code:
        # Another page: what stands in its address is new to it.
        link.forget()
        st.session_state[_PAGE] = code
    # Each subject's page is a place of its own.
    keep_dialog_of(f"{code} {st.query_params.get('subject', '')}" if code == "subject" else code)
    menu(code)
    draw_notice()
    if code not in _WITHOUT_RECORDS and not _is_anything_recorded():
        first_run()
        return
    page.run()
    draw_dialog()


def _is_anything_recorded() -> bool:
    """Whether there is a database with anything in its log."""
    at = desk()
    try:
        with at.reading() as connection:
            return bool(log_end(connection).position)
    except NoDatabaseYetError:
        return False


def _way_on(error: RecordsError) -> None:
    """What a person can press after a refusal."""
    if isinstance(error, DatabaseError):
        st.markdown(t("The planner keeps nothing but what was saved: nothing of it is lost. Try again once the database answers."))
    if st.button(t("Try again"), key="main.again", icon=":material/refresh:"):
        st.rerun()
