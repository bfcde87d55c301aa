"""Setting up the first site, and the database with it."""

from __future__ import annotations

import os

from planner.records.people.administration import set_site
from planner.records.people.settings import Settings
from planner.records.store.database import default_url, open_database
from planner.ui.components.site_fields import SiteEntries, site_fields, write_site
from planner.ui.desk import desk
from planner.ui.refusals import refusals_said


def first_site() -> str | None:
    """Draw the inputs; the code of the site once it has been written."""
    entries = site_fields("site")
    if entries is not None:
        with refusals_said():
            _write(entries)
            return entries.code
    return None


def _write(entries: SiteEntries) -> None:
    """Make the database and the site in it, all or nothing. Raises RecordsError."""
    # Asked before there is a database, so that a slip of the pen leaves none behind.
    set_site(Settings(), entries.code, entries.pattern)
    open_database(default_url(os.environ)).close()
    at = desk()
    with at.writing() as connection:
        write_site(connection, at.caller, entries)
