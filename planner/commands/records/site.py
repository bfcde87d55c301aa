"""``site add``, ``list``, ``contact`` and ``capacity``: the sites, their numbers and calendars, whom to call, how much they take."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.commands.failures import CallWrong, command
from planner.commands.inputs import read_calendar
from planner.commands.output import tell
from planner.commands.records import options
from planner.commands.records.desk import caller, existing_records, open_records
from planner.commands.records.listing import Listing, show

COLUMNS = ("site", "subject_pattern", "calendar", "zone", "first_day", "last_day", "contact")

Code = Annotated[str, typer.Argument(metavar="CODE", help="The site's code: capital letters, digits and -.", show_default=False)]


@command
def add(
    code: Code,
    subject_pattern: Annotated[
        str,
        typer.Option(
            "--subject-pattern",
            metavar="PATTERN",
            help="A regular expression that the site's subject numbers match: 'BEI-[0-9]{3}'.",
            show_default=False,
        ),
    ],
    calendar: Annotated[
        str | None,
        typer.Option(
            "--calendar",
            metavar="CN|US-NY|weekdays|none|FILE",
            help="Of a new site: its working days, stored as explicit dates.",
            show_default=False,
        ),
    ] = None,
    account: options.Account = None,
) -> None:
    """Make a site with its calendar, or change what the subject numbers of one look like."""
    from planner.records.people.site_setup import set_up_site

    days = None if calendar is None else read_calendar(calendar)
    who = caller(account)
    with open_records() as database, database.writing() as connection:
        set_up_site(connection, who, code, subject_pattern, days)
    with_days = f"calendar {days.name} ({days.zone}), " if days is not None else ""
    tell(f"Site {code}: {with_days}subject numbers match {subject_pattern}")


@command
def list_(format_: options.Format = None, account: options.Account = None) -> None:
    """List the sites and their calendars."""
    from planner.records.people.rights import Action, permitted_sites
    from planner.records.people.settings import read_settings
    from planner.records.pinned.contents import PinnedContents
    from planner.schedule.days import day_date

    who = caller(account)
    with existing_records() as database, database.reading() as connection:
        allowed = permitted_sites(connection, who, Action.READ)
        settings = read_settings(connection)
        sites = [site for site in settings.sites.values() if allowed is None or site.code in allowed]
        pinned = PinnedContents(connection)
        rows = []
        for site in sites:
            days = pinned.calendar(site.calendar_hash) if site.calendar_hash else None
            span = (None, None) if days is None else (day_date(days.first_day), day_date(days.last_day))
            rows.append([site.code, site.subject_pattern, days and days.name, days and days.zone, *span, settings.contacts.get(site.code)])
    show(Listing(COLUMNS, rows, "There is no site yet. Make one: site add CODE --calendar CN"), format_)


@command
def contact(
    code: Code,
    call: Annotated[
        str,
        typer.Option(
            "--call", metavar="TEXT", help="An office and a number, as it stands on prints; none for nobody. No names.", show_default=False
        ),
    ],
    account: options.Account = None,
) -> None:
    """Say whom a site's subjects call; it stands on the calendars that are printed for them."""
    from planner.records.people.administration import append_administration, set_site_contact, settings_to_change

    who = caller(account)
    if not call.strip():
        raise CallWrong(["--call is empty; give an office and a number, or --call none to take the contact away"])
    text = "" if call.strip() == "none" else call.strip()
    with existing_records() as database, database.writing() as connection:
        append_administration(connection, who, [set_site_contact(settings_to_change(connection, who), code, text)])
    tell(f"Subjects of {code} call: {text or 'nobody'}")


@command
def capacity(
    code: Code,
    resource: Annotated[
        str, typer.Argument(metavar="RESOURCE", help="As calendars, protocols and bookings name it: infusion.", show_default=False)
    ],
    places: Annotated[
        int, typer.Argument(metavar="PLACES", help="Subjects that it takes on one day; 0 where that is not known.", show_default=False)
    ],
    account: options.Account = None,
) -> None:
    """Say how many subjects a resource of a site takes on one day; what is planned there shows how much room is left."""
    from planner.records.people.administration import append_administration, set_site_capacity, settings_to_change

    who = caller(account)
    with existing_records() as database, database.writing() as connection:
        append_administration(connection, who, [set_site_capacity(settings_to_change(connection, who), code, resource.strip(), places)])
    tell(f"{resource.strip()} at {code} takes {places} a day" if places else f"How many {resource.strip()} at {code} takes is not known")
