"""Everything as files to keep: the proof, the whole log, a copy without identities, a backup; made when they are asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st
from sqlalchemy import Connection

from planner.records.caller import Caller
from planner.records.people.rights import Action, NotAllowedError, allowed_role
from planner.records.people.roles import EVERYWHERE
from planner.records.people.settings import Settings, read_settings
from planner.records.proof.keeping import Write, back_up, export_anonymised, export_audit, export_everything
from planner.records.store.database import Database, default_url, open_database
from planner.ui.components.download import Make, download
from planner.ui.desk import Desk
from planner.ui.language import in_language, t
from planner.ui.words import unformatted

_LINES = "application/jsonl"
Export = Callable[[Connection, Caller, Write], str]


def files_view(at: Desk) -> None:
    """Draw them, each for those who may have it."""
    with at.reading() as connection:
        settings = read_settings(connection)
    day = at.caller.now.date().isoformat()
    st.markdown(
        t("Each file is made when you press its button. It holds what was recorded of subjects: keep it where only you can read it.")
    )
    with _offered(at, settings, Action.AUDIT, t("The log with its proof")) as may:
        st.markdown(t("For inspectors: every fact with its hashes, which can be verified without this software (docs/verify_audit.py)."))
        if may:
            _download(at, t("Audit export"), exported(export_audit), f"planner-audit-{day}.jsonl", "audit.export")
    with _offered(at, settings, Action.EXPORT, t("Everything, in an open format")) as may:
        st.markdown(
            t("Facts, protocols and calendars as lines of text, to keep or take elsewhere; an empty planner can be filled from it.")
        )
        if may:
            _download(at, t("Export of everything"), exported(export_everything), f"planner-export-{day}.jsonl", "audit.everything")
    with _offered(at, settings, Action.ANONYMISE, t("Without identities")) as may:
        st.markdown(t("Without subject numbers, sites, accounts and notes; dates stay. For a report about a fault of the planner."))
        if may:
            _download(
                at, t("Export without identities"), exported(export_anonymised), f"planner-anonymised-{day}.jsonl", "audit.anonymised"
            )
    with _offered(at, settings, Action.BACKUP, t("Backup")) as may:
        st.markdown(t("A copy of the whole database, made while others work. Keep it on another machine, and try to restore it at times."))
        if may:
            _backup(at, day)


@contextmanager
def _offered(at: Desk, settings: Settings, action: Action, heading: str) -> Iterator[bool]:
    """A box for one file; whether the person may have it, else it is said who may."""
    with st.container(border=True, key=f"audit.file.{action}"):
        st.subheader(heading, anchor=False)
        may = at.may(settings, action, EVERYWHERE)
        yield may
        if not may:
            _say_who(settings, at.caller.who, action)


def _say_who(settings: Settings, who: str, action: Action) -> None:
    try:
        allowed_role(settings, who, action, EVERYWHERE)
    except NotAllowedError as error:
        st.info(unformatted(in_language(str(error))), icon=":material/lock:")


def _download(at: Desk, label: str, make: Make, name: str, key: str) -> None:
    download(label, make, name, _LINES, at=at, key=key, icon=":material/download:")


def exported(export: Export) -> Make:
    """What writes the file once it is asked for; rights are asked for then."""

    def whole(at: Desk) -> bytes:
        pieces = bytearray()
        with at.reading() as connection:
            export(connection, at.caller, lambda text: pieces.extend(text.encode("utf-8")))
        return bytes(pieces)

    return whole


def _backup(at: Desk, day: str) -> None:
    url = default_url(os.environ)
    ending, kind = ("sqlite", "application/vnd.sqlite3") if url.startswith("sqlite") else ("jsonl", _LINES)
    download(
        t("Backup of the database"),
        lambda now: backup_bytes(url, now.caller),
        f"planner-backup-{day}.{ending}",
        kind,
        at=at,
        key="audit.backup",
        icon=":material/download:",
    )


def backup_bytes(url: str, caller: Caller) -> bytes:
    """A backup, made in a folder that nobody else can look into, and that is gone afterwards."""
    database: Database = open_database(url)
    try:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "backup"
            back_up(database, caller, path)
            return path.read_bytes()
    finally:
        database.close()
