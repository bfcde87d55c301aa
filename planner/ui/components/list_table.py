"""A list as a table with acts in each line, in pages; cards where there is little room."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from html import escape
from pathlib import Path

import streamlit as st

from planner.ui import link
from planner.ui.components.clickable import clickable
from planner.ui.language import t

ROWS = 50
"""On a page of the list."""
_STYLE = (Path(__file__).parent / "list_table.css").read_text(encoding="utf-8")


def arrived_at_list(page: str, entries: Collection[str]) -> Mapping[str, str] | None:
    """What the address newly holds of the ``entries`` of a page with a list; None where the session goes on as it was.

    Going to another page leaves an address behind that has this page's name and the other one's entries: whoever comes back to it wants
    what was looked at before.
    """
    arrived = link.arrived()
    was_here = bool(st.session_state.get(f"{page}.was-here"))
    st.session_state[f"{page}.was-here"] = True
    if arrived is None or (was_here and arrived and not set(arrived) & set(entries)):
        return None
    return arrived


def list_table(html: str, key: str, on_chosen: Callable[[str, str], None]) -> None:
    """Show a table of the class ``list``; its buttons carry ``data-choose`` and ``data-value``, which ``on_chosen`` gets."""
    clickable(f"<style>{_STYLE}</style>{html}", key, on_chosen)


def skip_link(to: str, label: str, beside: str) -> None:
    """A line of text, and a link, shown once it has the focus, that leads a keyboard past the filters to ``landing(to, ...)``."""
    st.html(
        "<style>.skip-link{clip-path:inset(50%);height:1px;overflow:hidden;position:absolute;width:1px}"
        ".skip-link:focus{clip-path:none;height:auto;margin-right:1rem;position:static;width:auto}</style>"
        f'<a class="skip-link" href="#{to}">{escape(label)}</a><span>{escape(beside)}</span>'
    )


def landing(name: str, text: str) -> None:
    """A line of text, where a skip link leads to."""
    st.html(f'<div id="{name}" tabindex="-1" style="font-size:0.875rem">{escape(text)}</div>')


def first_row(page: str, total: int) -> int:
    """The index of the first row of the page of the list that is shown."""
    first = int(st.session_state.get(_key(page), 0))
    return first if first < total else 0


def arrive_at_row(page: str, text: str) -> None:
    """Take the first row, counted from 1, from a link."""
    known = text.isascii() and text.isdigit() and len(text) < 9
    st.session_state[_key(page)] = max(int(text) - 1, 0) if known else 0


def start_over(page: str) -> None:
    """Show the first page of the list again, because something else is looked at: for callbacks."""
    st.session_state[_key(page)] = 0


def row_entry(page: str, total: int) -> str:
    """The first row as it stands in a link; "" for the beginning."""
    first = first_row(page, total)
    return str(first + 1) if first else ""


def turn_pages(page: str, total: int) -> None:
    """What part of the list is shown, and the ways to the parts before and after; nothing where all of it is there."""
    if total <= ROWS:
        return
    first = first_row(page, total)
    last = min(first + ROWS, total)
    with st.container(horizontal=True, vertical_alignment="center", key=f"{page}.pages"):
        st.button(
            t("Show the {number} before", number=ROWS),
            key=f"{page}.before",
            on_click=_turn,
            args=(page, max(first - ROWS, 0)),
            disabled=first == 0,
        )
        st.markdown(t("{first} to {last} of {total}", first=first + 1, last=last, total=total), width="content")
        st.button(t("Show the {number} after", number=ROWS), key=f"{page}.after", on_click=_turn, args=(page, last), disabled=last == total)


def _turn(page: str, first: int) -> None:
    link.touched()
    st.session_state[_key(page)] = first


def _key(page: str) -> str:
    return f"{page}.first-row"
