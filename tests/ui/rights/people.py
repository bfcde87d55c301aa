"""Somebody in every role, at one site and at all, in a copy of the demonstration."""

from collections.abc import Callable
from dataclasses import dataclass

from planner.records.caller import Caller
from planner.records.facts.fact import Fact, NewFact
from planner.records.facts.kinds import Kind
from planner.records.fold.fact_table import read_fact_table
from planner.records.people.administration import append_administration, grant_role, revoke_role, settings_to_change
from planner.records.people.readable import open_subject, sites_of
from planner.records.people.roles import GRANTABLE, RIGHTS, Action, Role
from planner.records.people.settings import Settings
from planner.records.store.database import open_database
from planner.records.store.log import read_facts
from tests.ui.clock import MOMENT

BOSS = Caller("boss1", MOMENT)
"""Administrator everywhere, granted first."""
HERE, ELSEWHERE = "BEI", "NYC"


@dataclass(frozen=True)
class Person:
    """An account with one role."""

    role: Role
    site: str

    @property
    def account(self) -> str:
        return f"{self.role}.{'all' if self.site == '*' else self.site.lower()}"

    def may(self, action: Action, site: str) -> bool:
        """As docs/records.md, People and rights, says."""
        return action in RIGHTS[self.role] and self.site in ("*", site)


PEOPLE = [Person(role, site) for site in (HERE, "*") for role in GRANTABLE]
EVERYWHERE = [person for person in PEOPLE if person.site == "*"]
AT_ONE_SITE = [person for person in PEOPLE if person.site == HERE]
AT_THE_OTHER_SITE = [Person(role, ELSEWHERE) for role in GRANTABLE]


def staffed(url: str) -> None:
    """Grant everybody their role."""
    database = open_database(url)
    granted = [
        (BOSS.who, "administrator", "*"),
        *((person.account, str(person.role), person.site) for person in [*PEOPLE, *AT_THE_OTHER_SITE]),
    ]
    with database.writing() as connection:
        settings = settings_to_change(connection, BOSS)
        append_administration(connection, BOSS, [grant_role(settings, *granted[0])])
        settings = settings_to_change(connection, BOSS)
        append_administration(connection, BOSS, [grant_role(settings, *each) for each in granted[1:]])
    database.close()


def given(url: str, account: str, role: Role, site: str = "*") -> None:
    """Give somebody one more role."""
    _administered(url, lambda settings: grant_role(settings, account, str(role), site))


def taken(url: str, account: str, role: Role, site: str = "*") -> None:
    """Take a role away from somebody."""
    _administered(url, lambda settings: revoke_role(settings, account, str(role), site))


def _administered(url: str, fact_of: Callable[[Settings], NewFact]) -> None:
    database = open_database(url)
    with database.writing() as connection:
        append_administration(connection, BOSS, [fact_of(settings_to_change(connection, BOSS))])
    database.close()


def facts_besides(url: str, account: str) -> list[tuple[int, str]]:
    """All that was ever recorded, besides which roles this account has."""
    database = open_database(url)
    with database.reading() as connection:
        found = read_facts(connection)
    database.close()
    roles = (Kind.PERSON_GRANTED, Kind.PERSON_REVOKED)
    return [(fact.number, str(fact.said)) for fact in found if not (fact.kind in roles and fact.said.item == account)]


def numbers_by_site(url: str) -> dict[str, set[str]]:
    """The subject numbers at each site."""
    database = open_database(url)
    found: dict[str, set[str]] = {}
    with database.reading() as connection:
        table = read_fact_table(connection)
        for key, site in zip(table.subjects, sites_of(table), strict=True):
            if site:
                found.setdefault(site, set()).add(key.number)
    database.close()
    return found


def facts_written(url: str) -> int:
    """How many facts the log has."""
    database = open_database(url)
    with database.reading() as connection:
        count = connection.exec_driver_sql("select count(*) from facts").scalar_one()
    database.close()
    return int(count)


def facts_of(url: str, subject: str) -> tuple[Fact, ...]:
    """The log of a subject."""
    database = open_database(url)
    with database.reading() as connection:
        facts = open_subject(connection, BOSS, subject).facts
    database.close()
    return facts
