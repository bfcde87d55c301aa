"""The database that the screens are measured on: 10,000 subjects of both studies at 20 sites, and the same worklist as a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pandas as pd

from benchmarks.records_day import AS_OF, CALLER
from benchmarks.records_store import SITES, fill, latest_started, subjects_of, url_of
from benchmarks.study import PROTOCOL, calendar, plan
from benchmarks.subjects_with_facts import subjects_with_facts
from planner.records.lists.list_columns import WORKLIST_COLUMNS
from planner.records.lists.site_schedules import schedules
from planner.records.people.site_setup import set_up_site
from planner.records.store.database import Database, open_database
from planner.schedule.cohort import Cohort
from planner.ui.worklist_views import Wanted, export_rows

OTHER = "crlm"
SHARES = {PROTOCOL: 2 / 3, OTHER: 1 / 3}
DRAWN = 6
"""For each subject taken so many are drawn, and those who started last are taken: two months of starts, with some 20 facts each."""
_SEED = 2


def screens_database(folder: Path, cohort: Cohort, subjects: int) -> str:
    """The URL of a new database of so many subjects, of whom the first study's are the last of ``cohort`` to start."""
    url = url_of(folder / "planner.sqlite")
    database = open_database(url)
    _set_sites(database)
    for study, share in SHARES.items():
        count = round(subjects * share)
        drawn = cohort.part(0, count * DRAWN) if study == PROTOCOL else subjects_with_facts(plan(study), count * DRAWN, _SEED)
        fill(database, subjects_of(latest_started(drawn, count), study), study)
    database.close()
    return url


def worklist_file(url: str, folder: Path) -> Path:
    """Every row of the worklist of that day as a table in a file, for a page that only shows it."""
    database = open_database(url)
    with database.reading() as connection:
        rows = export_rows(schedules(connection, CALLER, AS_OF), Wanted())
    database.close()
    path = folder / "worklist.parquet"
    frame_of(rows).to_parquet(path)
    return path


def frame_of(rows: object) -> pd.DataFrame:
    """The rows with the columns that the planner's own files of the list have."""
    return pd.DataFrame([{name: getattr(row, name) for name in WORKLIST_COLUMNS} for row in rows])  # type: ignore[attr-defined]


def _set_sites(database: Database) -> None:
    """The sites and their calendar, set up before anybody is enrolled."""
    caller = replace(CALLER, now=CALLER.now - timedelta(days=365))
    with database.writing() as connection:
        for site in SITES:
            set_up_site(connection, caller, site, "S[0-9]{7}", calendar())
