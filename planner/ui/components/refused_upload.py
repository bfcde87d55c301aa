"""What is said of an uploaded file, out of sight while the uploader's last file is one that it refused.

The browser refuses a file that is too large or of another kind by itself: it says so in a small line, keeps the file before, and tells
the server nothing. So it is the browser that has to hide what is about the file before.
"""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from planner.ui.language import t

_ABOUT, _SENTENCE = "about-upload", "upload-refused"
_IS_REFUSED = '[data-testid="stMain"]:has([data-testid="stFileChips"] > :first-child > :last-child [data-testid="stFileChipIconError"])'
_STYLE = (
    f"<style>.st-key-{_SENTENCE} {{ display: none; }}"
    f"{_IS_REFUSED} .st-key-{_SENTENCE} {{ display: flex; }}"
    f'{_IS_REFUSED} [class*="st-key-{_ABOUT}"] {{ display: none; }}</style>'
)


def refusal_of_upload() -> None:
    """Below an uploader: what to do about a file that it refused; seen only then. Once on a page."""
    st.html(_STYLE)
    with st.container(key=_SENTENCE):
        st.warning(
            t("The last file was not taken: its line above says why. Take it out with its cross, or give another one."),
            icon=":material/warning:",
        )


def about_upload(part: str) -> DeltaGenerator:
    """A place for what is said of the file in the uploader, under a name of its own on the page."""
    return st.container(key=f"{_ABOUT}-{part}")
