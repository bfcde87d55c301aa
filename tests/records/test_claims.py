"""Roles that an identity provider gives: written to the log, and what is refused."""

import pytest

from planner.records.people.administration import AdministrationError
from planner.records.people.claims import adopt_claims, claimed_grants, differ_from_log, grants_said, require_role
from planner.records.people.rights import Action, NotAllowedError, Role, permit
from planner.records.people.settings import Grant, read_settings
from planner.records.proof.audit import verify
from planner.records.store.database import Database
from tests.records.desk import Desk, someone


def adopt(desk: Desk, person: str, *roles: str, sites: tuple[str, ...] = ("*",)) -> int:
    """How many facts were written."""
    with desk.database.writing() as connection:
        grants = claimed_grants(person, roles, sites, read_settings(connection))
        return len(adopt_claims(connection, someone(who=person), grants))


def held(desk: Desk) -> set[Grant]:
    with desk.database.reading() as connection:
        assert verify(connection).faults == ()
        return set(read_settings(connection).grants)


def test_what_claims_mean(database: Database) -> None:
    with Desk.opened(database, "PEK", "SHA").database.reading() as connection:
        settings = read_settings(connection)
    found = claimed_grants("n", ["Nurse", "reader@SHA", "reader@TYO", "chef", "local", "provider", ""], ["PEK", "TYO"], settings)
    assert found == {Grant("n", Role.NURSE, "PEK"), Grant("n", Role.READER, "SHA")}
    assert claimed_grants("n", ["administrator"], ["*"], settings) == {Grant("n", Role.ADMINISTRATOR, "*")}
    assert claimed_grants("n", ["nurse"], [], settings) == frozenset()


def test_the_log_follows_the_provider(database: Database) -> None:
    desk = Desk.opened(database, "PEK", "SHA")
    assert adopt(desk, "boss", "administrator") == 1
    assert adopt(desk, "nurse1", "nurse", sites=("PEK",)) == 1
    assert adopt(desk, "nurse1", "nurse", sites=("PEK",)) == 0
    assert adopt(desk, "nurse1", "coordinator", sites=("SHA",)) == 2
    assert held(desk) == {Grant("boss", Role.ADMINISTRATOR, "*"), Grant("nurse1", Role.COORDINATOR, "SHA")}
    assert adopt(desk, "nurse1") == 1
    assert held(desk) == {Grant("boss", Role.ADMINISTRATOR, "*")}


def sign_in_without_the_claim(desk: Desk, person: str) -> int | None:
    """How many facts were written; None where roles are granted here."""
    with desk.database.writing() as connection:
        grants = grants_said(connection, person, None, ())
        return None if grants is None else len(adopt_claims(connection, someone(who=person), grants))


def test_without_the_claim_nothing_is_left_of_roles_that_came_from_claims(database: Database) -> None:
    desk = Desk.opened(database, "PEK", "SHA")
    adopt(desk, "boss", "administrator")
    adopt(desk, "nurse1", "nurse", "reader", sites=("PEK",))
    assert sign_in_without_the_claim(desk, "nurse1") == 2
    assert held(desk) == {Grant("boss", Role.ADMINISTRATOR, "*")}
    assert sign_in_without_the_claim(desk, "nurse1") is None, "from then on roles are granted here"


def test_without_the_claim_what_was_granted_here_stays(database: Database) -> None:
    desk = Desk.opened(database, "PEK", "SHA")
    desk.grant(("nurse1", "nurse", "PEK"))
    assert sign_in_without_the_claim(desk, "nurse1") is None
    assert sign_in_without_the_claim(desk, "nobody") is None
    assert Grant("nurse1", Role.NURSE, "PEK") in held(desk)


def test_a_role_granted_here_after_the_provider_took_all_stays(database: Database) -> None:
    desk = Desk.opened(database, "PEK", "SHA")
    desk.grant()
    adopt(desk, "nurse1", "nurse", sites=("PEK",))
    sign_in_without_the_claim(desk, "nurse1")
    desk.grant_more(("nurse1", "nurse", "PEK"))
    assert sign_in_without_the_claim(desk, "nurse1") is None
    assert Grant("nurse1", Role.NURSE, "PEK") in held(desk)


def test_of_one_role_from_claims_all_are_taken_back_without_the_claim(database: Database) -> None:
    desk = Desk.opened(database, "PEK", "SHA")
    desk.grant()
    desk.grant_more(("nurse1", "nurse", "PEK"))
    adopt(desk, "nurse1", "nurse@PEK", "reader@SHA")
    assert sign_in_without_the_claim(desk, "nurse1") == 2
    assert held(desk) == {Grant("administrator", Role.ADMINISTRATOR, "*")}


def test_the_last_administrator_is_not_let_in_without_the_claim(database: Database) -> None:
    desk = Desk.opened(database)
    adopt(desk, "boss", "administrator")
    with pytest.raises(AdministrationError, match="nobody could administer any more"):
        sign_in_without_the_claim(desk, "boss")
    assert held(desk) == {Grant("boss", Role.ADMINISTRATOR, "*")}


def test_somebody_must_be_able_to_administer(database: Database) -> None:
    desk = Desk.opened(database)
    with pytest.raises(AdministrationError, match="nobody could administer"):
        adopt(desk, "nurse1", "nurse")
    adopt(desk, "boss", "administrator")
    with pytest.raises(AdministrationError, match="nobody could administer any more"):
        adopt(desk, "boss", "nurse")


def test_whoever_signed_in_needs_a_role(database: Database) -> None:
    desk = Desk.opened(database)
    with database.reading() as connection:
        with pytest.raises(NotAllowedError, match="nobody has a role here yet"):
            require_role(connection, someone(who="anybody"))
        assert permit(connection, someone(who="anybody"), Action.READ, "PEK") is Role.LOCAL
    adopt(desk, "boss", "administrator")
    with database.reading() as connection:
        require_role(connection, someone(who="boss"))
        with pytest.raises(NotAllowedError, match=r"has no role here\. Ask boss"):
            require_role(connection, someone(who="anybody"))
        assert differ_from_log(read_settings(connection), "boss", frozenset())
        assert not differ_from_log(read_settings(connection), "anybody", frozenset())
