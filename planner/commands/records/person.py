"""``person grant``, ``person revoke`` and ``person list``: who may do what at which site."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.commands.failures import command
from planner.commands.output import tell
from planner.commands.records import options
from planner.commands.records.desk import caller, existing_records, open_records
from planner.commands.records.listing import Listing, show

COLUMNS = ("account", "role", "site")

Person = Annotated[
    str, typer.Argument(metavar="ACCOUNT", help="The account's name: letters, digits and . _ @ -, no spaces.", show_default=False)
]
Role = Annotated[
    str,
    typer.Option("--role", metavar="ROLE", help="reader, nurse, coordinator, investigator or administrator.", show_default=False),
]
At = Annotated[str, typer.Option("--site", metavar="CODE", help="The site where the role counts; * for all.")]


@command
def grant(person: Person, role: Role, site: At = "*", account: options.Account = None) -> None:
    """Give an account a role at a site; the first of all is an administrator for all sites."""
    from planner.records.people.administration import append_administration, grant_role, settings_to_change

    who = caller(account)
    with open_records() as database, database.writing() as connection:
        append_administration(connection, who, [grant_role(settings_to_change(connection, who), person, role, site)])
    tell(f"{person} is now {role} at {_place(site)}")


@command
def revoke(person: Person, role: Role, site: At = "*", account: options.Account = None) -> None:
    """Take a role back."""
    from planner.records.people.administration import append_administration, revoke_role, settings_to_change

    who = caller(account)
    with open_records() as database, database.writing() as connection:
        append_administration(connection, who, [revoke_role(settings_to_change(connection, who), person, role, site)])
    tell(f"{person} is no longer {role} at {_place(site)}")


@command
def list_(format_: options.Format = None, account: options.Account = None) -> None:
    """List who has been granted what."""
    from planner.records.people.rights import Action, permit
    from planner.records.people.roles import EVERYWHERE
    from planner.records.people.settings import read_settings

    who = caller(account)
    with existing_records() as database, database.reading() as connection:
        permit(connection, who, Action.ADMINISTER, EVERYWHERE)
        grants = sorted(read_settings(connection).grants)
    rows = [[entry.person, str(entry.role), entry.site] for entry in grants]
    show(Listing(COLUMNS, rows, "Nobody has been granted anything: whoever uses this computer may do everything."), format_)


def _place(site: str) -> str:
    return "all sites" if site == "*" else f"site {site}"
