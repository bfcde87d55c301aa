"""``import-ics``: what a clinic moved in its own calendar, as bookings to confirm."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.commands.failures import InputWrong, command
from planner.commands.inputs import read_bytes
from planner.commands.records import options
from planner.commands.records.changing import How
from planner.commands.records.desk import caller, existing_records
from planner.commands.records.outside_changes import Yes, carry_over, consent_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from planner.exchange.outside.findings import Findings
    from planner.records.caller import Caller

File = Annotated[
    Path, typer.Argument(metavar="FILE", help="A calendar file (.ics) of any program; - for standard input.", show_default=False)
]


@command
def import_ics(
    file: File,
    yes: Yes = False,
    reason: options.Reason = None,
    note: options.Note = None,
    dry_run: options.DryRun = False,
    account: options.Account = None,
) -> None:
    """Propose to book the visits that somebody moved in a calendar file, and book them once confirmed."""
    from planner.exchange.install_key import install_key
    from planner.exchange.outside.content_lines import CalendarFileError

    consent = consent_of(yes=yes, dry_run=dry_run)
    who = caller(account)
    source = "standard input" if str(file) == "-" else str(file)
    try:
        content = _content(file)
        key = install_key()
        with existing_records() as database:
            how = How(reason, note, None, dry_run, account)
            carry_over(database, who, source, lambda connection: _findings(connection, who, content, key), how, consent)
    except CalendarFileError as error:
        raise InputWrong([f"{source}:{error.line}: {error}"]) from None


def _content(file: Path) -> bytes:
    """The bytes of a calendar, no more of them than are read. Raises CalendarFileError and InputWrong."""
    from planner.exchange.outside.ics_reader import MOST_BYTES, require_calendar

    content = sys.stdin.buffer.read(MOST_BYTES + 1) if str(file) == "-" else read_bytes(file, MOST_BYTES)
    # Before the database is asked: a file that cannot be used says so at once.
    require_calendar(content)
    return content


def _findings(connection: Connection, who: Caller, content: bytes, key: bytes) -> Findings:
    from planner.exchange.outside.ics_reader import read_outside
    from planner.exchange.outside.matching import EarlierTimes, outside_findings, site_zones, visits_by_uid
    from planner.records.people.rights import Action, permitted_sites
    from planner.records.revisions.scope import Scope
    from planner.records.revisions.visit_revisions import visit_revisions

    scope = Scope(sites=permitted_sites(connection, who, Action.READ), conditional=True)
    visits = visits_by_uid(visit_revisions(connection, scope), key)
    return outside_findings(read_outside(content, site_zones(visits)), visits, EarlierTimes(connection))
