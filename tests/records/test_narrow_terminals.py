"""What people confirm is readable on 80 columns: no visit and no date is ever cut."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from planner.records.changes import acts
from planner.records.store.database import open_database
from tests.records.desk import FIRST_VECTOR, Desk, date

ROOT = Path(__file__).parents[2]


def shown(url: str, columns: int, *words: str) -> str:
    """What a command shows on a terminal so wide."""
    master, slave = pty.openpty()
    environment = {**os.environ, "PLANNER_DATABASE_URL": url, "PLANNER_ACCOUNT": "nurse", "COLUMNS": str(columns), "TERM": "xterm"}
    process = subprocess.Popen(
        [sys.executable, "-m", "planner", *words],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=slave,
        stderr=subprocess.STDOUT,
    )
    os.close(slave)
    text = b""
    while True:
        try:
            some = os.read(master, 65536)
        except OSError:  # the other end is closed, which is how a terminal says that this was all
            break
        if not some:
            break
        text += some
    os.close(master)
    process.wait(timeout=60)
    return re.sub(r"\x1b\[[0-9;]*m", "", text.decode("utf-8")).replace("\r", "")


@pytest.fixture
def url(sqlite_url: str) -> str:
    database = open_database(sqlite_url)
    desk = Desk.opened(database)
    desk.enrol()
    desk.record_done(FIRST_VECTOR, on=date(2026, 3, 28))
    desk.record(acts.visit_booked("C3D1", date(2026, 4, 17), "09:30"), on=date(2026, 3, 29))
    database.close()
    return sqlite_url


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_before_and_after_name_every_visit_and_date_in_full(url: str, columns: int) -> None:
    text = shown(url, columns, "record", "PEK-001", "C3D1", "--on", "2026-04-21", "--dry-run")
    assert "…" not in text
    for visit, before, after in (("C4D1", "2026-05-08", "2026-05-12"), ("C5D1", "2026-05-29", "2026-06-02")):
        assert re.search(rf"^{visit} +\w+ {before} +\w+ {after}", text, re.MULTILINE)
    assert ("window before" in text) == (columns == 200)


def test_a_list_that_is_too_wide_is_shown_row_by_row(url: str) -> None:
    text = shown(url, 80, "visits", "--on", "2026-04-01")
    assert re.search(r"site PEK; study ulrrc; subject PEK-001; visit C4D1;", text)
    wide = shown(url, 400, "visits", "--on", "2026-04-01")
    assert "visit C4D1;" not in wide and re.search(r"^PEK +ulrrc +PEK-001 +C4D1 ", wide, re.MULTILINE)
