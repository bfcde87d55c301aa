"""The pages by name, and the ways to them: links hold what is looked at, so that they can be kept and sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlencode

import streamlit as st

from planner.records.facts.fact import SubjectKey
from planner.ui import link
from planner.ui.language import t

FIRST = "today"
"""The page that is shown where none is named."""

_FOLDER = Path(__file__).parent / "pages"
_LATER = "places.later"


@dataclass(frozen=True, slots=True)
class Place:
    """A page: its name in addresses and of its file."""

    code: str
    icon: str
    in_menu: bool = True

    @property
    def file(self) -> Path:
        """Its script."""
        return _FOLDER / f"{self.code.replace('-', '_')}.py"

    @property
    def title(self) -> str:
        """What it is called in the menu, and first in the browser's tab."""
        return _titles()[self.code]


PLACES: Mapping[str, Place] = {
    place.code: place
    for place in (
        Place("today", ":material/today:"),
        Place("subjects", ":material/groups:"),
        Place("new-subject", ":material/person_add:"),
        Place("subject", ":material/person:", in_menu=False),
        Place("calendar", ":material/calendar_month:"),
        Place("deviations", ":material/report:"),
        Place("protocols", ":material/account_tree:"),
        Place("plan", ":material/edit_calendar:", in_menu=False),
        Place("settings", ":material/settings:"),
        Place("audit", ":material/verified:"),
        Place("help", ":material/help:"),
    )
}


def _titles() -> Mapping[str, str]:
    return {
        "today": t("Today"),
        "subjects": t("Subjects"),
        "new-subject": t("New subject"),
        "subject": t("Subject"),
        "calendar": t("Calendar"),
        "deviations": t("Deviations"),
        "protocols": t("Protocols"),
        "plan": t("Try a schedule"),
        "settings": t("Settings"),
        "audit": t("Audit"),
        "help": t("Help"),
    }


def tab_title(shown: str) -> str:
    """What the browser's tab is called while a page (by its title) or a subject (by its number) is shown."""
    return t("{shown} – Trial visit planner", shown=shown)


def address(code: str, /, **entries: str) -> str:
    """A relative link to a page, in the present language."""
    query = urlencode({name: text for name, text in {**entries, **link.language_entry()}.items() if text})
    # The page that is shown first has no name of its own in addresses.
    path = "./" if code == FIRST else code
    return f"{path}?{query}" if query else path


def subject_address(subject: SubjectKey, /, **entries: str) -> str:
    """A relative link to a subject's page."""
    return address("subject", subject=str(subject), **entries)


def go(code: str, /, **entries: str) -> NoReturn:
    """Show another page now; not in a callback."""
    st.switch_page(PLACES[code].file, query_params={name: text for name, text in {**entries, **link.language_entry()}.items() if text})


def go_later(code: str, /, **entries: str) -> None:
    """Show another page once this run begins to draw: for callbacks."""
    st.session_state[_LATER] = (code, entries)


def go_where_asked() -> None:
    """Follow what a callback asked for."""
    later: tuple[str, dict[str, str]] | None = st.session_state.pop(_LATER, None)
    if later is not None:
        go(later[0], **later[1])
