"""The audit replays the grants: a fact with right hashes, written past the use cases by whoever had no right to it, is named."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from planner.records.facts.fact import ADMINISTRATION, Act, Author, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.store.append import append
from planner.records.store.database import Database
from planner.records.store.log import last_number
from tests.records.sample_log import AT, FIRST, NURSE, SECOND, audited, fill, unguarded

ROOT = Author("root.admin", "administrator")
INVESTIGATOR = Author("coordinator.one@site", "investigator")
NOTE = NewFact(Kind.NOTE, note="a remark")
MISSED = NewFact(Kind.VISIT_MISSED, "C2D1")
HELD = NewFact(Kind.HOLD_STARTED, "", date(2026, 5, 1), value="shift")


def granted(person: str, role: str, site: str = "*") -> NewFact:
    return NewFact(Kind.PERSON_GRANTED, person, value=role, details={"site": site})


def forge(database: Database, key: SubjectKey, author: Author, *said: NewFact) -> None:
    """Write what nobody checks."""
    with database.writing() as connection:
        append(connection, [Act(key, last_number(connection, key), said)], author, AT)


def said_of_last(database: Database) -> str:
    """What is wrong with the last fact; "" for nothing. Nothing may be wrong with any other."""
    result = audited(database)
    assert {fault.position for fault in result.faults} <= {result.facts}
    return "; ".join(fault.what for fault in result.faults)


def test_a_forged_grant_is_named(database: Database) -> None:
    fill(database)
    forge(database, ADMINISTRATION, Author("root1", "reader"), granted("mallory", "administrator"))
    assert said_of_last(database) == "its author did not have the role reader when it was written"


@pytest.mark.parametrize(
    ("author", "fact", "said"),
    [
        (NURSE, NOTE, ""),
        (NURSE, MISSED, ""),
        (INVESTIGATOR, HELD, ""),
        (NURSE, HELD, "its author's role, nurse, does not allow to hold at the subject's sites"),
        (ROOT, NOTE, "its author's role, administrator, does not allow to note at the subject's sites"),
        (Author("nurse.two", "investigator"), HELD, "did not have the role investigator at the subject's sites"),
        (Author("nurse.two", "local"), NOTE, "did not have the role local at the subject's sites"),
        (Author("nurse.two", "king"), NOTE, "did not have the role that it names at the subject's sites"),
        (Author("mallory", "nurse"), NOTE, "did not have the role nurse at the subject's sites"),
        (ROOT, NewFact(Kind.UNDONE, replaces=1), "does not allow to correct at the subject's sites"),
    ],
)
def test_a_fact_about_a_subject_needs_a_role_that_allows_its_kind(database: Database, author: Author, fact: NewFact, said: str) -> None:
    fill(database)
    forge(database, FIRST, author, fact)
    found = said_of_last(database)
    assert said in found and bool(found) == bool(said)


@pytest.mark.parametrize("author", [NURSE, INVESTIGATOR])
def test_the_administration_log_needs_an_administrator_for_all_sites(database: Database, author: Author) -> None:
    fill(database)
    forge(database, ADMINISTRATION, author, NewFact(Kind.NOTE, note="mine"))
    assert "does not allow to administer" in said_of_last(database)
    forge(database, ADMINISTRATION, ROOT, granted("head", "administrator", "PEK"))
    forge(database, ADMINISTRATION, Author("head", "administrator"), granted("mallory", "nurse"))
    assert [fault.position for fault in audited(database).faults] == [17, 19]


def test_what_is_revoked_or_taken_back_no_longer_counts_and_what_was_written_before_stays_right(database: Database) -> None:
    fill(database)
    forge(database, FIRST, NURSE, NOTE)
    forge(database, ADMINISTRATION, ROOT, NewFact(Kind.PERSON_REVOKED, NURSE.who, value="nurse", details={"site": "*"}))
    assert said_of_last(database) == ""
    forge(database, FIRST, NURSE, NOTE)
    assert "did not have the role nurse" in said_of_last(database)
    with database.reading() as connection:
        revoked = last_number(connection, ADMINISTRATION)
    forge(database, ADMINISTRATION, ROOT, NewFact(Kind.UNDONE, replaces=revoked))
    forge(database, FIRST, NURSE, NOTE)
    assert [fault.position for fault in audited(database).faults] == [19]


def test_a_role_counts_at_the_sites_that_the_subject_s_log_has_named(database: Database) -> None:
    fill(database)
    forge(database, ADMINISTRATION, ROOT, granted("pek", "investigator", "PEK"), granted("sha", "investigator", "SHA"))
    here, there = Author("pek", "investigator"), Author("sha", "investigator")
    forge(database, FIRST, here, NOTE)
    assert said_of_last(database) == ""
    moved = NewFact(Kind.SITE_TRANSFERRED, "SHA", date(2026, 6, 1), details={"calendar": calendar_of(database)})
    forge(database, FIRST, here, moved)
    forge(database, FIRST, there, NOTE)
    assert said_of_last(database) == ""
    forge(database, SECOND, there, NOTE)
    assert "did not have the role investigator" in said_of_last(database)


def calendar_of(database: Database) -> str:
    with database.reading() as connection:
        return str(connection.execute(text("SELECT hash FROM contents WHERE kind = 'calendar'")).scalar_one())


def test_an_act_may_take_a_lesser_role_of_its_author_too(database: Database) -> None:
    fill(database)
    forge(database, ADMINISTRATION, ROOT, granted("both", "administrator"), granted("both", "nurse"))
    forge(database, FIRST, Author("both", "administrator"), NOTE)
    assert said_of_last(database) == ""
    forge(database, FIRST, Author("both", "nurse"), NewFact(Kind.CALENDAR_REFRESHED, value=calendar_of(database)))
    assert "does not allow to refresh calendar" in said_of_last(database)


def test_before_the_first_grant_everybody_is_local_and_nobody_else(database: Database) -> None:
    forge(database, FIRST, Author("anybody", "local"), NOTE)
    assert said_of_last(database) == ""
    forge(database, FIRST, Author("anybody", "nurse"), NOTE)
    assert "its role is not local" in said_of_last(database)


def test_the_first_act_of_grants_is_local_as_a_whole_and_what_follows_is_not(database: Database) -> None:
    local = Author("root", "local")
    forge(database, ADMINISTRATION, local, granted("root", "administrator"), granted("other", "administrator"))
    forge(database, FIRST, Author("root", "administrator"), NOTE)
    assert "does not allow to note" in said_of_last(database)
    forge(database, ADMINISTRATION, local, granted("mallory", "administrator"))
    assert [fault.position for fault in audited(database).faults] == [3, 4]


def test_a_damaged_fact_of_a_subject_does_not_end_the_replay_and_one_of_the_administration_does(database: Database) -> None:
    fill(database)
    forge(database, FIRST, ROOT, NOTE)
    with unguarded(database) as connection:
        connection.execute(text("UPDATE facts SET note = 'x' WHERE position = 7"))
    assert [fault.position for fault in audited(database).faults] == [7, 17]
    with unguarded(database) as connection:
        connection.execute(text("UPDATE facts SET item = 'x' WHERE position = 2"))
    assert [fault.position for fault in audited(database).faults] == [2, 7]
