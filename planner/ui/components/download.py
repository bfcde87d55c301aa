"""The button of every file that can be taken along: made when it is pressed, of what is recorded then, for whoever may have it then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st
from streamlit.elements.lib.layout_utils import Width

from planner.protocol.said import said
from planner.records.errors import RecordsError
from planner.ui.desk import Desk
from planner.ui.refusals import SAYS_WHY, KeptRefusals, kept_refusals, logged_fault

Make = Callable[[Desk], bytes]


class NotMadeError(Exception):
    """No file was made. It holds nothing of why: Streamlit writes it to the log."""


class _FaultError(RecordsError):
    """The planner itself is at fault."""


def download(
    label: str,
    make: Make,
    file_name: str,
    mime: str,
    *,
    at: Desk,
    key: str,
    icon: str,
    type: Literal["primary", "secondary"] = "secondary",
    shortcut: str | None = None,
    width: Width = "content",
) -> None:
    """Draw it; ``make`` gets the desk of the moment of the press, and reads the records with that."""
    st.download_button(
        label,
        made_when_pressed(make, at, kept_refusals()),
        file_name,
        mime,
        key=key,
        icon=icon,
        on_click="ignore",
        type=type,
        shortcut=shortcut,
        width=width,
    )


def made_when_pressed(make: Make, at: Desk, refusals: KeptRefusals) -> Callable[[], bytes]:
    """What Streamlit calls at a press, outside any page; what is refused is kept for the next page. It raises nothing but NotMadeError."""

    def made() -> bytes:
        try:
            return make(at.again())
        except SAYS_WHY as error:
            refusals.keep(error)
        except Exception as error:
            refusals.keep(
                _FaultError(
                    said(
                        "Something went wrong in the planner itself, and the file could not be made. Try again; if it happens again, tell "
                        "whoever runs the planner the number {number}, which stands in its log.",
                        number=logged_fault(error),
                    )
                )
            )
        # Not raised inside the handlers, where it would carry the error along, and with it what was read.
        raise NotMadeError("A file was not made; the next page that is drawn says why.")

    return made
