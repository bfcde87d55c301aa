"""Roles given to people in the database of a test."""

from planner.records.caller import Caller
from planner.records.people.administration import append_administration, grant_role, settings_to_change
from planner.records.store.database import open_database
from tests.ui.clock import MOMENT

BOSS = Caller("boss1", MOMENT)


def grant_at(url: str, person: str, role: str, site: str = "*") -> None:
    """Give a person a role at a site, or everywhere; somebody else is made the administrator first."""
    database = open_database(url)
    for account, given, where in ((BOSS.who, "administrator", "*"), (person, role, site)):
        with database.writing() as connection:
            append_administration(connection, BOSS, [grant_role(settings_to_change(connection, BOSS), account, given, where)])
    database.close()
