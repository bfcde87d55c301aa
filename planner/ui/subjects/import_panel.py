"""Importing on the screen: a file, the report row by row, then all of it or nothing."""

from __future__ import annotations

from hashlib import sha256

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from planner.records.feeds.log_end import log_end
from planner.records.imports.plan import ImportPlan, RowState, carry_out
from planner.records.people.rights import Action, NotAllowedError, allowed_sites
from planner.records.people.settings import Settings
from planner.records.store.append import ConflictError
from planner.ui import cached, link
from planner.ui.components.download import download
from planner.ui.components.refused_upload import about_upload, refusal_of_upload
from planner.ui.desk import Desk
from planner.ui.language import in_language, language, speaking, t, tn
from planner.ui.notices import notice
from planner.ui.refusals import refusals_said, say_refusal
from planner.ui.subjects.import_effects import effects_view
from planner.ui.subjects.importing import (
    MOST_SHOWN,
    Asked,
    FileRefusedError,
    Holds,
    counts_words,
    fault_words,
    planned_import,
    protocol_hash,
    report_columns,
    report_csv,
    report_line,
    shown_rows,
)
from planner.ui.text_table import text_table
from planner.ui.words import sentence, unformatted

_PLAN, _COUNT = "import.plan", "import.count"
_MEGABYTES = 16
_FAULTS_SHOWN = 20


def import_panel(at: Desk, settings: Settings) -> None:
    """Draw it for somebody who may import at some site; else say who may."""
    if not _may_else_say(at, settings):
        return
    with refusals_said():
        asked = _asked()
        if asked is None:
            return
        file = st.file_uploader(
            t("The file: CSV (UTF-8) or XLSX, of at most {number} MB", number=_MEGABYTES),
            type=["csv", "xlsx"],
            max_upload_size=_MEGABYTES,
            key=f"import.file.{st.session_state.get(_COUNT, 0)}",
            on_change=link.touched,
        )
        refusal_of_upload()
        if file is not None:
            with about_upload("import"):
                _of_file(at, file, asked)


def _of_file(at: Desk, file: UploadedFile, asked: Asked) -> None:
    """What the file would do, and the button that does it."""
    before = st.session_state.get(_PLAN)
    plan = _planned(at, file, asked)
    if plan is None:
        return
    _report(at, plan, file.getvalue(), asked)
    effects_view(at, plan)
    is_pressed = _is_pressed(plan)
    if is_pressed and before is st.session_state.get(_PLAN):
        _write(at, plan)
    elif is_pressed:
        st.warning(t("The protocol, the records or the file changed after you looked. Look at the rows again, then import."))


def _may_else_say(at: Desk, settings: Settings) -> bool:
    """Whether the person may import at some site; else it is said which role it takes, as the settings say it. Writing asks again."""
    try:
        allowed_sites(settings, at.caller.who, Action.IMPORT)
    except NotAllowedError as error:
        st.info(unformatted(in_language(str(error))), icon=":material/lock:")
        return False
    return True


def _asked() -> Asked | None:
    """What is imported; None while that is still to be chosen."""
    words = {"subjects": t("Subjects, one in each row"), "dates": t("Visit dates: columns subject, visit and date")}
    holds: Holds = st.radio(
        t("What does the file hold?"),
        ["subjects", "dates"],
        format_func=words.__getitem__,
        key="import.holds",
        persist_state="page",
        on_change=link.touched,
    )
    if holds == "dates":
        study = st.text_input(
            t("Study of rows that name none (optional)"), key="import.study", persist_state="page", max_chars=24, on_change=link.touched
        )
        return Asked("dates", study=(study or "").strip(), sheet=_sheet())
    titles = cached.titles(cached.plans()[0])
    protocol = st.selectbox(
        t("Protocol that they follow"),
        list(titles),
        index=0 if len(titles) == 1 else None,
        format_func=lambda name: f"{name}: {titles[name]}",
        key="import.protocol",
        persist_state="page",
        placeholder=t("Choose a protocol"),
        on_change=link.touched,
    )
    st.caption(t("Columns: subject, start and site; also milestone.CONSENT, set.regimen, actual.C1D1 and the like."))
    return None if protocol is None else Asked("subjects", protocol=protocol, sheet=_sheet())


def _sheet() -> str:
    text = st.text_input(
        t("Sheet of a workbook (its first if empty)"), key="import.sheet", persist_state="page", max_chars=31, on_change=link.touched
    )
    return (text or "").strip()


def _planned(at: Desk, file: UploadedFile, asked: Asked) -> ImportPlan | None:
    """What the file would do, worked out once for each state of the log and of the protocol; None (with the reasons) where it cannot."""
    content = file.getvalue()
    with at.reading() as connection:
        about = (sha256(content).hexdigest(), asked, protocol_hash(asked), log_end(connection), at.caller.who)
        kept: tuple[object, ImportPlan] | None = st.session_state.get(_PLAN)
        if kept is not None and kept[0] == about:
            return kept[1]
        try:
            with st.spinner(t("Reading the file …")):
                plan = planned_import(connection, at.caller, content, asked)
        except FileRefusedError as error:
            _say_faults(error)
            return None
    st.session_state[_PLAN] = about, plan
    return plan


def _say_faults(error: FileRefusedError) -> None:
    points = "\n".join(f"* {unformatted(sentence(fault_words(fault)))}" for fault in error.faults[:_FAULTS_SHOWN])
    st.error(f"**{t('This file cannot be imported:')}**\n\n{points}", icon=":material/error:")


def _report(at: Desk, plan: ImportPlan, content: bytes, asked: Asked) -> None:
    """Every row and what becomes of it, before anything is written."""
    st.markdown(f"**{t('What the import would do: {counts}.', counts=counts_words(plan))}**")
    st.html(text_table(t("Rows of the file"), report_columns(), map(report_line, shown_rows(plan))))
    if len(plan.rows) > MOST_SHOWN:
        st.caption(
            t("{shown} of {number} rows are shown, refused ones first; the file below has all.", shown=MOST_SHOWN, number=len(plan.rows))
        )
    spoken = language()

    def whole(now: Desk) -> bytes:
        with speaking(spoken), now.reading() as connection:
            return report_csv(planned_import(connection, now.caller, content, asked))

    label, icon = t("The whole report as CSV"), ":material/download:"
    download(label, whole, "import.csv", "text/csv", at=at, key="import.report", icon=icon)


def _is_pressed(plan: ImportPlan) -> bool:
    """Draw the button that imports, or say why there is none; whether it was pressed."""
    refused, new = plan.counts[RowState.REFUSED], plan.counts[RowState.NEW]
    if refused:
        st.error(
            tn(
                "{number} row is refused, so nothing can be written. Mend it in the file, and give the file again.",
                "{number} rows are refused, so nothing can be written. Mend them in the file, and give the file again.",
                refused,
            ),
            icon=":material/error:",
        )
        return False
    if not new:
        st.info(t("Everything in this file is recorded already. Nothing needs to be written."))
        return False
    return st.button(tn("Import {number} row", "Import {number} rows", new), key="import.write", type="primary", icon=":material/save:")


def _write(at: Desk, plan: ImportPlan) -> None:
    try:
        with st.status(t("Writing …")) as progress:
            with at.writing() as connection:
                written = carry_out(connection, at.caller, plan)
            progress.update(label=t("Written."), state="complete")
    except ConflictError as error:
        say_refusal(error)
        # The next run works it out anew beside what was written meanwhile.
        st.session_state.pop(_PLAN, None)
        st.button(t("Look again with the new state"), key="import.again", type="primary")
        return
    st.session_state.pop(_PLAN, None)
    st.session_state[_COUNT] = st.session_state.get(_COUNT, 0) + 1
    notice(
        tn(
            "Imported {rows} rows: {number} fact was written.",
            "Imported {rows} rows: {number} facts were written.",
            len(written),
            rows=plan.counts[RowState.NEW],
        )
    )
    st.rerun()
