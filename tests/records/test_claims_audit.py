"""The audit names what could not have been written at a sign-in."""

import pytest

from planner.records.facts.fact import ADMINISTRATION, Act, Author, NewFact
from planner.records.facts.kinds import Kind
from planner.records.proof.audit import verify
from planner.records.store.append import append
from planner.records.store.database import Database
from tests.records.desk import Desk, someone

OTHERS = NewFact(Kind.PERSON_GRANTED, item="friend", value="administrator", details={"site": "*"})
A_CONTACT = NewFact(Kind.SITE_CONTACT_SET, item="PEK", value="Ward 3")


@pytest.mark.parametrize("fact", [OTHERS, A_CONTACT], ids=["another's role", "something else"])
def test_only_one_s_own_roles_are_written_at_a_sign_in(fact: NewFact, database: Database) -> None:
    Desk.opened(database)
    with database.writing() as connection:
        append(connection, [Act(ADMINISTRATION, 2, (fact,))], Author("nurse1", "provider"), someone().now)
    with database.reading() as connection:
        (fault,) = verify(connection).faults
    assert "at a sign-in nothing else is written" in fault.what
