"""``calendar show`` and ``calendar refresh``: a site's working days, kept as explicit dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from planner.commands.failures import command, say
from planner.commands.inputs import read_calendar
from planner.commands.options import Bom, Out
from planner.commands.output import tell
from planner.commands.records import options
from planner.commands.records.changing import show_proposal
from planner.commands.records.desk import caller, existing_records
from planner.commands.records.listing import Cell, Listing, show

if TYPE_CHECKING:
    from planner.schedule.calendar import SiteCalendar

COLUMNS = ("date", "weekday", "resource", "open", "note", "provisional")

Code = Annotated[str, typer.Argument(metavar="SITE", help="The site's code.", show_default=False)]


@command
def show_(
    site: Code,
    year: Annotated[int, typer.Option("--year", metavar="YEAR", help="The year to show.", min=1900, max=2100, show_default=False)],
    format_: options.Format = None,
    out: Out = None,
    bom: Bom = False,
    account: options.Account = None,
) -> None:
    """Show the days of a year that are not what their weekday says: holidays, closures, make-up working days, open weekends."""
    from planner.records.people.rights import readable_settings
    from planner.records.pinned.contents import PinnedContents

    who = caller(account)
    with existing_records() as database, database.reading() as connection:
        found = readable_settings(connection, who).site(site)
        days = PinnedContents(connection).calendar(found.calendar_hash)
    heading = f"Site {site}, calendar {days.name} ({days.zone}), kept as {found.calendar_hash[:12]}"
    listing = Listing(COLUMNS, _rows(days, year), "Every day of this year is what its weekday says.")
    show(listing, format_, out, heading=heading, bom=bom)


def _rows(days: SiteCalendar, year: int) -> list[list[Cell]]:
    from planner.schedule.unusual_days import unusual_days

    return [[one.day, f"{one.day:%a}", one.resource, one.is_open, one.note, one.is_provisional] for one in unusual_days(days, year)]


@command
def refresh(
    site: Code,
    calendar: Annotated[
        str,
        typer.Option("--calendar", metavar="CN|US-NY|FILE", help="The new calendar: a code or a YAML file.", show_default=False),
    ],
    dry_run: options.DryRun = False,
    account: options.Account = None,
) -> None:
    """Give a site a new calendar: what is done never moves, what is booked is flagged, what is planned moves."""
    from planner.records.changes.calendar_refresh import propose_refresh, save_refresh

    who = caller(account)
    days = read_calendar(calendar)
    with existing_records() as database:
        with database.reading() as connection:
            found = propose_refresh(connection, who, site, days)
        for proposal in found.moved:
            show_proposal(proposal)
        tell(f"Site {site}: visits of {len(found.moved)} subjects move. Tell the subjects whose calendar was printed.")
        if dry_run:
            tell("Nothing was written (--dry-run).")
            return
        with database.writing() as connection:
            save_refresh(connection, who, found)
    say(f"Saved: site {site} has calendar {days.name} now, and its subjects follow it.")
