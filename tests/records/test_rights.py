"""Who may do what, where: the whole matrix, sites, several roles, and one person on one computer."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from planner.records.caller import Caller
from planner.records.facts.kinds import Kind
from planner.records.people.administration import append_administration, grant_role, read_settings, set_site
from planner.records.people.rights import (
    RIGHTS,
    Action,
    NotAllowedError,
    Role,
    action_of,
    allowed_role,
    allowed_sites,
    permit,
    permitted_sites,
)
from planner.records.people.roles import EVERYWHERE, GRANTABLE
from planner.records.people.settings import Grant, Settings, Site
from planner.records.store.database import Database

NOW = datetime(2026, 4, 17, 8, 0, tzinfo=UTC)
CLINICAL = {Action.RECORD_VISIT, Action.DECIDE, Action.HOLD, Action.STOP, Action.END, Action.ENROL, Action.AMEND, Action.CLASS_DEVIATION}


def caller(who: str) -> Caller:
    return Caller(who, NOW)


def settings(*grants: tuple[str, Role, str]) -> Settings:
    sites = {code: Site(code, r"[A-Z]{3}-\d{3}") for code in ("PEK", "SHA")}
    return Settings(sites, frozenset({Grant("admin", Role.ADMINISTRATOR, EVERYWHERE), *(Grant(*grant) for grant in grants)}), 1)


@pytest.mark.parametrize("role", GRANTABLE)
@pytest.mark.parametrize("action", Action)
def test_the_matrix_is_what_is_permitted(role: Role, action: Action) -> None:
    known = settings(("person", role, "PEK"))
    if action in RIGHTS[role]:
        assert allowed_role(known, "person", action, "PEK") == role
    else:
        with pytest.raises(NotAllowedError, match=f"^person may not .* at PEK, being {role} at PEK. It takes the role "):
            allowed_role(known, "person", action, "PEK")
    for elsewhere in ("SHA", EVERYWHERE, ""):
        with pytest.raises(NotAllowedError):
            allowed_role(known, "person", action, elsewhere)


def test_the_matrix_says_what_the_documentation_says() -> None:
    page = Path("docs/records.md").read_text(encoding="utf-8").partition("## People and rights")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("|")]
    roles = rows[0][1:]
    written = {(role, re.sub("`", "", row[0])) for row in rows[2:] for role, cell in zip(roles, row[1:], strict=True) if cell}
    assert roles == [str(role) for role in GRANTABLE]
    assert written == {(str(role), str(action)) for role in GRANTABLE for action in RIGHTS[role]}
    assert [re.sub("`", "", row[0]) for row in rows[2:]] == [str(action) for action in Action]


def test_each_action_is_somebodys_and_an_administrator_decides_nothing_clinical() -> None:
    assert set().union(*(RIGHTS[role] for role in GRANTABLE)) == set(Action)
    assert not RIGHTS[Role.ADMINISTRATOR] & CLINICAL
    assert not (RIGHTS[Role.READER] - {Action.READ, Action.FEED})


def test_every_kind_of_fact_needs_an_action() -> None:
    assert {kind: action_of(kind) for kind in Kind}[Kind.VISIT_DONE] == Action.RECORD_VISIT
    assert action_of(Kind.SITE_SET) == Action.ADMINISTER


def test_of_several_roles_the_least_that_does_is_named() -> None:
    known = settings(("person", Role.INVESTIGATOR, "PEK"), ("person", Role.NURSE, EVERYWHERE), ("person", Role.ADMINISTRATOR, "SHA"))
    assert allowed_role(known, "person", Action.RECORD_VISIT, "PEK") == Role.NURSE
    assert allowed_role(known, "person", Action.HOLD, "PEK") == Role.INVESTIGATOR
    assert allowed_role(known, "person", Action.EXPORT, "SHA") == Role.ADMINISTRATOR
    assert allowed_role(known, "person", Action.READ, "") == Role.NURSE
    assert allowed_sites(known, "person", Action.READ) is None
    assert allowed_sites(known, "person", Action.EXPORT) == {"PEK", "SHA"}
    assert allowed_sites(known, "person", Action.HOLD) == {"PEK"}
    with pytest.raises(NotAllowedError, match="being nurse everywhere, investigator at PEK, administrator at SHA"):
        allowed_role(known, "person", Action.HOLD, "SHA")


def test_a_stranger_is_told_who_can_grant() -> None:
    with pytest.raises(NotAllowedError, match=r"nobody has granted this account a role.*ask admin to grant it"):
        allowed_role(settings(), "stranger", Action.READ, "PEK")
    with pytest.raises(NotAllowedError, match="stranger may not read at any site"):
        allowed_sites(settings(), "stranger", Action.READ)


def test_accounts_are_compared_as_they_are_written() -> None:
    with pytest.raises(NotAllowedError):
        allowed_role(settings(("nurse1", Role.NURSE, "PEK")), "NURSE1", Action.READ, "PEK")


def test_alone_everybody_may_do_everything_until_somebody_is_granted_something(database: Database) -> None:
    with database.writing() as connection:
        for action in Action:
            assert permit(connection, caller("anyone"), action, "PEK") == Role.LOCAL == "local"
            assert permitted_sites(connection, caller("anyone"), action) is None
        append_administration(connection, caller("anyone"), [set_site(read_settings(connection), "PEK", r"PEK-\d{3}")])
        append_administration(connection, caller("anyone"), [grant_role(read_settings(connection), "admin", "administrator", "*")])
    with database.reading() as connection:
        assert permit(connection, caller("admin"), Action.ADMINISTER, "*") == Role.ADMINISTRATOR
        with pytest.raises(NotAllowedError):
            permit(connection, caller("anyone"), Action.READ, "PEK")
    with database.writing() as connection:
        append_administration(connection, caller("admin"), [grant_role(read_settings(connection), "nurse1", "nurse", "PEK")])
    with database.reading() as connection:
        assert permit(connection, caller("nurse1"), Action.RECORD_VISIT, "PEK") == Role.NURSE
        assert permitted_sites(connection, caller("nurse1"), Action.READ) == {"PEK"}
        with pytest.raises(NotAllowedError):
            permit(connection, caller("nurse1"), Action.RECORD_VISIT, "SHA")
