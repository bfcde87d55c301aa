"""Reading a protocol: the schedule of activities, where each row comes from, and windows and checks in words."""

from __future__ import annotations

import streamlit as st

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.exchange.prints.render import render_study
from planner.exchange.prints.study import study_print
from planner.protocol.model import Protocol
from planner.ui import link
from planner.ui.components.download import download
from planner.ui.desk import Desk
from planner.ui.language import Language, language, t
from planner.ui.protocols.matrix_html import legend, matrix_html
from planner.ui.protocols.rule_words import anchor_words, check_label, check_words, not_before_words, repeat_words, when_words, window_words
from planner.ui.protocols.source_marks import SourcedRow, counted, marked, origins, rows_of, source_columns, source_lines
from planner.ui.protocols.versions import Version, require_readable
from planner.ui.text_table import text_table
from planner.ui.words import kind_word, unformatted


def matrix_view(at: Desk, protocol: Protocol, version: Version) -> None:
    """The schedule of activities, and its print."""
    _read_with_care()
    st.html(matrix_html(study_print(protocol, language()), protocol))
    st.caption(t("Origin of the rules: {signs}. The sources show it part by part.", signs=legend()))
    spoken = language()
    with st.container(horizontal=True):
        for code, label in (("en", t("Print in English")), ("zh-CN", t("Print in Chinese"))):
            _print_button(at, protocol, version, "zh-CN" if code == "zh-CN" else "en", label, is_main=code == spoken)
        download(
            t("Protocol file (.yaml)"),
            lambda now: _text(now, version),
            version.file_name,
            "application/yaml",
            at=at,
            key="protocols.text.file",
            icon=":material/description:",
        )


def _print_button(at: Desk, protocol: Protocol, version: Version, of: Language, label: str, *, is_main: bool) -> None:
    def printed(now: Desk) -> bytes:
        require_readable(now, version)
        return render_study(study_print(protocol, of)).pdf

    download(
        label,
        printed,
        f"{protocol.id}-{protocol.version}-{of}.pdf".replace("/", "-"),
        "application/pdf",
        at=at,
        key=f"protocols.print.{of}",
        type="primary" if is_main else "secondary",
        icon=":material/print:",
    )


def _text(at: Desk, version: Version) -> bytes:
    require_readable(at, version)
    return version.text.encode("utf-8")


def _read_with_care() -> None:
    st.markdown(t("This is a reading of the protocol file, not the study's protocol: the approved protocol decides."))


def sources_view(protocol: Protocol) -> None:
    """The origin of each part of each row, with why."""
    rows = rows_of(protocol)
    st.markdown(unformatted(t("Rows of this file: {counted}.", counted=counted(rows))))
    st.markdown(t("Confirm every part that is not stated against the approved protocol before anybody follows it."))
    only = st.checkbox(t("Only rows that hold assumptions"), key="protocols.only-assumed", on_change=link.touched)
    shown = [row for row in rows if not only or "assumed" in origins(row).values()]
    if shown:
        st.html(
            text_table(t("Where each row comes from"), source_columns(), source_lines(shown, [row_name(protocol, row) for row in shown]))
        )
    else:
        st.markdown(t("No row holds an assumption."))
    st.caption(t("A file tells no origin of parameters, decisions, checks and texts for patients: confirm these as well."))


def rules_view(protocol: Protocol) -> None:
    """Every visit's rules in words, then the checks."""
    _read_with_care()
    columns = (
        t("Visit"),
        t("Kind"),
        t("Counted from"),
        t("Window around it"),
        t("How often"),
        t("Condition"),
        t("Open days of"),
    )
    lines = [_rule_line(protocol, row) for row in rows_of(protocol)]
    st.subheader(t("Visits and windows"), anchor=False)
    st.html(text_table(t("Visits and windows"), columns, lines))
    st.subheader(t("The protocol's checks"), anchor=False)
    if not protocol.checks:
        st.markdown(t("This protocol file has no checks."))
        return
    checks = [(check_label(protocol, check), check_words(check), check.id) for check in protocol.checks]
    st.html(text_table(t("The protocol's checks"), (t("Check"), t("What it watches"), t("Name in the file")), checks))


def _rule_line(protocol: Protocol, row: SourcedRow) -> tuple[str, ...]:
    shape, origin = row.shape, origins(row)
    weakest = next((each for each in ("assumed", "", "registry") if each in (origin.get("anchor"), origin.get("offset"))), "stated")
    return (
        row_name(protocol, row),
        kind_word(shape.kind),
        "; ".join(part for part in (marked(anchor_words(protocol, shape), weakest), not_before_words(protocol, shape)) if part),
        marked(window_words(shape), origin.get("window", "stated")),
        marked(repeat_words(protocol, row.visit), origin.get("repeat", "stated")) or t("once"),
        marked(when_words(protocol, shape), origin.get("when", "stated")) or t("always"),
        _days(shape.on),
    )


def _days(on: str) -> str:
    return {"clinic": t("the clinic as a whole"), "any": t("every day")}.get(on, on)


def row_name(protocol: Protocol, row: SourcedRow) -> str:
    """``C1D1: Cycle 1 day 1``; of a series whose members differ, the first or the later ones."""
    texts = ProtocolTexts(protocol, language())
    which = {"first": t(" (first)"), "later": t(" (later)")}.get(row.which, "")
    return f"{row.visit.id}{which}: {texts.visit_name(row.visit.id, row.shape.name)}"
