"""Loading, writing and checking a protocol file: every error and warning at its line and column, all at once."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from planner.protocol.errors import CODES, ProtocolError
from planner.protocol.warnings import WARNING_CODES
from planner.ui import link
from planner.ui.components.refused_upload import about_upload, refusal_of_upload
from planner.ui.language import in_language, t, tn
from planner.ui.protocols.state import choose_version, own_file, set_own_file
from planner.ui.protocols.versions import OWN, OwnFile, Version, loaded
from planner.ui.text_table import text_table
from planner.ui.words import sentence, unformatted

MOST_SHOWN = 100
_MEGABYTES = 1
_EDITOR, _FILE = "protocols.editor", "protocols.file"
_NUMBERED = "protocols.numbered"
_LONGEST_LINE = 120


def file_view(version: Version) -> None:
    """What is wrong with the file, and the ways to mend it."""
    with about_upload("verdict"):
        _verdict(version)
    st.subheader(t("Load or write a file"), anchor=False)
    st.markdown(t("What you load or write stays in this session and is shown to nobody else. It is kept once a subject follows it."))
    st.file_uploader(
        t("A protocol file: YAML text in UTF-8, of at most {number} MB", number=_MEGABYTES),
        max_upload_size=_MEGABYTES,
        key=_FILE,
        on_change=_load,
    )
    refusal_of_upload()
    with about_upload("text"):
        _text(version)


def _text(version: Version) -> None:
    """The text of the file, to be changed."""
    st.session_state[_EDITOR] = version.text
    st.text_area(
        t("Text of the file"),
        key=_EDITOR,
        height=420,
        on_change=_write,
        args=(version.file_name,),
        help=t("Change it here, or paste another one. It is checked when you press the button or Ctrl+Enter."),
    )
    with st.container(horizontal=True):
        st.button(t("Check the text"), key="protocols.check", type="primary", icon=":material/rule:", on_click=link.touched)
        if version.code == OWN:
            st.button(t("Discard what I loaded or wrote"), key="protocols.discard", on_click=_discard)
    if st.checkbox(t("Show the text with line numbers"), key=_NUMBERED, on_change=link.touched):
        st.code(version.text, language=None, line_numbers=True, wrap_lines=True)


def _verdict(version: Version) -> None:
    errors, warnings = version.errors, version.warnings
    if errors:
        st.error(
            tn(
                "{number} error: this file cannot be used before it is mended.",
                "{number} errors: this file cannot be used before they are mended.",
                len(errors),
            ),
            icon=":material/error:",
        )
        _table(t("Errors of the file"), errors, version.text, CODES)
        return
    if warnings:
        st.warning(
            tn(
                "No errors, and {number} warning: it can be used, and something may hurt later.",
                "No errors, and {number} warnings: it can be used, and some things may hurt later.",
                len(warnings),
            ),
            icon=":material/warning:",
        )
        _table(t("Warnings of the file"), warnings, version.text, WARNING_CODES)
        return
    st.success(t("No errors and no warnings."), icon=":material/check_circle:")


def _table(label: str, faults: Sequence[ProtocolError], text: str, codes: dict[str, str]) -> None:
    columns = (t("Line"), t("Column"), t("What is wrong"), t("The line"), t("Kind of fault"))
    st.html(text_table(label, columns, fault_lines(faults[:MOST_SHOWN], text, codes)))
    if len(faults) > MOST_SHOWN:
        st.caption(t("The first {shown} of {number} are shown: mend these, then check again.", shown=MOST_SHOWN, number=len(faults)))


def fault_lines(faults: Sequence[ProtocolError], text: str, codes: dict[str, str]) -> list[tuple[str, ...]]:
    """A line of texts for each fault: where, what, the file's line, and what such faults are."""
    lines = text.splitlines()
    return [
        (
            str(fault.line),
            str(fault.column),
            sentence(in_language(fault.message)),
            _line(lines, fault.line),
            f"{fault.code}: {in_language(codes.get(fault.code, ''))}",
        )
        for fault in faults
    ]


def _line(lines: Sequence[str], number: int) -> str:
    found = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    return f"{found[:_LONGEST_LINE]} …" if len(found) > _LONGEST_LINE else found or "–"


def _load() -> None:
    """Take the file that was just loaded."""
    link.touched()
    file = st.session_state[_FILE]
    if file is not None:
        set_own_file(loaded(file.name, file.getvalue()))
        choose_version(OWN)


def _write(file_name: str) -> None:
    """Take the text as it was just written."""
    link.touched()
    set_own_file(OwnFile(file_name, st.session_state[_EDITOR] or ""))
    choose_version(OWN)


def _discard() -> None:
    link.touched()
    set_own_file(None)
    choose_version("")


def errors_elsewhere(version: Version) -> None:
    """Say, where a view has nothing to show, that the file has errors."""
    own = own_file()
    name = own.name if own is not None and version.code == OWN else version.file_name
    st.info(t("{name} has errors, so there is nothing to show here yet: look at “File and check”.", name=unformatted(name)))
