"""Writing to the log: numbers, positions and chains, conflicts, and nothing kept of what was refused."""

from datetime import UTC, date, datetime

import pytest

from planner.records.facts.fact import ADMINISTRATION, Act, Fact, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.store.append import ConflictError, FactFormError, append
from planner.records.store.database import Database
from planner.records.store.log import head, last_number, read_facts, subject_keys, subjects_numbered
from tests.records.writing import COORDINATOR, NOON, NURSE, assert_proven, notes, subject, write

C1D1_DONE = NewFact(Kind.VISIT_DONE, "C1D1", date(2026, 3, 2))


def whole_log(database: Database) -> list[Fact]:
    with database.reading() as connection:
        return read_facts(connection)


def test_an_empty_log_has_no_facts_no_subjects_and_no_head(database: Database) -> None:
    with database.reading() as connection:
        assert (read_facts(connection), subject_keys(connection), head(connection)) == ([], {}, "")
        assert last_number(connection, subject(1)) == 0


def test_every_field_comes_back_as_it_was_written(database: Database) -> None:
    every_field = NewFact(
        Kind.BOOKED,
        item="C2D1",
        day=date(2026, 3, 23),
        value="09:30",
        details={"minutes": 90, "resource": "infusion", "place": "日间病房 3"},
        reason="subject_request",
        note='Two lines,\nwith "quotes", 中文 and 🩺',
    )
    hold = NewFact(Kind.HOLD_STARTED, "", date(1969, 12, 31), until_day=date(9999, 12, 31), value="shift")
    corrected = NewFact(Kind.HOLD_STARTED, "", date(1970, 1, 1), until_day=None, value="skip", replaces=2)
    ended = NewFact(Kind.HOLD_ENDED, day=date(2026, 4, 1), refers=2)
    moment = datetime(2026, 3, 2, 23, 59, 59, 999_999, tzinfo=UTC)
    with database.writing() as connection:
        written = append(connection, [Act(subject(1), 0, (every_field, hold, corrected, ended))], NURSE, moment)
    read = whole_log(database)
    assert read == written
    assert [fact.said for fact in read] == [every_field, hold, corrected, ended]
    assert {(fact.who, fact.role, fact.recorded_at) for fact in read} == {("nurse", "local", moment)}
    assert_proven(read)


def test_numbers_positions_acts_and_chains_of_several_subjects(database: Database) -> None:
    first, second = subject(1), subject(2)
    write(database, first, 0, *notes("a", "b"))
    with database.writing() as connection:
        append(connection, [Act(second, 0, notes("c")), Act(first, 2, notes("d", "e")), Act(second, 1, notes("f"))], COORDINATOR, NOON)
        append(connection, [Act(first, 4, notes("g"))], NURSE, NOON)
    log = whole_log(database)
    assert [(fact.position, fact.subject, fact.number, fact.act, fact.said.note) for fact in log] == [
        (1, first, 1, 1, "a"),
        (2, first, 2, 1, "b"),
        (3, second, 1, 1, "c"),
        (4, first, 3, 3, "d"),
        (5, first, 4, 3, "e"),
        (6, second, 2, 2, "f"),
        (7, first, 5, 5, "g"),
    ]
    assert_proven(log)
    with database.reading() as connection:
        assert read_facts(connection, second) == [fact for fact in log if fact.subject == second]
        assert (last_number(connection, first), last_number(connection, second)) == (5, 2)
        assert subject_keys(connection) == {first: 1, second: 2}
        assert head(connection) == log[-1].head


def test_the_administration_has_a_log_of_its_own_in_the_same_chain(database: Database) -> None:
    write(database, subject(1), 0, *notes("a"))
    write(database, ADMINISTRATION, 0, NewFact(Kind.SITE_SET, "PEK", details={"subject_pattern": r"PEK-\d{3}"}))
    with database.reading() as connection:
        assert [(fact.subject, fact.number) for fact in read_facts(connection, ADMINISTRATION)] == [(ADMINISTRATION, 1)]
        assert list(subject_keys(connection)) == [subject(1)]
    assert_proven(whole_log(database))


def test_an_act_of_many_subjects_is_written_in_order(database: Database) -> None:
    """More subjects than are looked up one by one."""
    write(database, subject(7), 0, *notes("before"))
    acts = [Act(subject(number), 1 if number == 7 else 0, notes("a", "b")) for number in range(1, 201)]
    with database.writing() as connection:
        written = append(connection, acts, NURSE, NOON)
    assert [fact.subject for fact in written] == [act.subject for act in acts for _ in range(2)]
    assert_proven(whole_log(database))
    with database.reading() as connection:
        assert sorted(subject_keys(connection).values()) == list(range(1, 201))


def test_a_conflict_says_who_wrote_what_and_when_and_writes_nothing(database: Database) -> None:
    key = subject(1)
    write(database, key, 0, *notes("a"))
    write(database, key, 1, C1D1_DONE, author=COORDINATOR)
    before = whole_log(database)
    with pytest.raises(ConflictError) as refused:
        write(database, key, 1, *notes("too late"))
    assert refused.value.subject == key
    assert refused.value.since == (before[1],)
    for told in ("ulrrc/PEK-001", "coordinator", "2026-03-02 12:00 UTC", "C1D1 done on 2026-03-02", "Nothing was written"):
        assert told in str(refused.value)
    assert whole_log(database) == before


def test_a_conflict_of_one_act_takes_the_whole_transaction_back(database: Database) -> None:
    write(database, subject(1), 0, *notes("a"))
    before = whole_log(database)
    with pytest.raises(ConflictError), database.writing() as connection:
        append(connection, [Act(subject(3), 0, notes("b"))], NURSE, NOON)
        append(connection, [Act(subject(2), 0, notes("c")), Act(subject(1), 0, notes("d"))], NURSE, NOON)
    assert whole_log(database) == before
    with database.reading() as connection:
        assert subject_keys(connection) == {subject(1): 1}


def test_nobody_can_have_seen_facts_that_are_not_there(database: Database) -> None:
    write(database, subject(1), 0, *notes("a"))
    with pytest.raises(FactFormError, match="PEK-001 has 1 facts"):
        write(database, subject(1), 2, *notes("b"))


@pytest.mark.parametrize(
    ("key", "said", "told"),
    [
        (subject(1), NewFact(Kind.SITE_SET, "PEK"), "PEK-001.*does not belong to the log of a subject"),
        (ADMINISTRATION, C1D1_DONE, "does not belong"),
        (subject(1), NewFact(Kind.NOTE, item="C1D1"), "has no item"),
        (subject(1), NewFact(Kind.VISIT_MISSED, "C1D1", day=date(2026, 3, 2)), "has no day"),
        (subject(1), NewFact(Kind.BOOKED, "C1D1", date(2026, 3, 2), details={"colour": "red"}), "has no details colour"),
        (subject(1), NewFact(Kind.VISIT_DONE, "C1D1", date(2026, 3, 2), replaces=1), "cannot point at fact 1"),
        (subject(1), NewFact(Kind.HOLD_ENDED, day=date(2026, 3, 2), refers=0), "cannot point at fact 0"),
        (subject(1), NewFact(Kind.UNDONE), "names what it takes back"),
        (subject(1), NewFact(Kind.VISIT_MISSED, "C1\nD1"), "control character"),
        (subject(1), NewFact(Kind.VISIT_MISSED, "C1\x00D1"), "control character"),
        (subject(1), NewFact(Kind.NOTE, note="a\x00b"), "control character"),
        (subject(1), NewFact(Kind.NOTE, note="a" * 2001), "too long"),
    ],
)
def test_a_fact_of_the_wrong_form_is_refused_whole(database: Database, key: SubjectKey, said: NewFact, told: str) -> None:
    with pytest.raises(FactFormError, match=told), database.writing() as connection:
        append(connection, [Act(subject(9), 0, notes("with it")), Act(key, 0, (said,))], NURSE, NOON)
    assert whole_log(database) == []


def test_texts_that_look_like_sql_are_kept_as_they_are(database: Database) -> None:
    text = "'); DROP TABLE facts; -- %s :name {} \\"
    key = SubjectKey("ulrrc", text)
    write(database, key, 0, *notes(text))
    with database.reading() as connection:
        assert read_facts(connection, key)[0].said.note == text
        assert subjects_numbered(connection, text) == [key]
