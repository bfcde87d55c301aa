"""The log as columns: from facts, from either database, and beginnings of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import insert

from planner.records.facts.fact import ADMINISTRATION, Act, Fact, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.fold import fact_table as module
from planner.records.fold.fact_table import (
    KINDS,
    FactTable,
    FactTableError,
    chosen_prefixes,
    fact_table,
    known_at,
    prefixes,
    read_fact_table,
)
from planner.records.store.append import append
from planner.records.store.database import Database, open_database
from planner.records.store.log import read_facts, subject_keys
from planner.records.store.schema import facts
from planner.schedule.days import NO_DAY, day_number
from tests.records.hand_logs import FIRST, KEY, START, enrolled, log_of
from tests.records.writing import COORDINATOR, NOON, NURSE, subject

BOOKED = NewFact(
    Kind.BOOKED, "C2D1", date(1969, 12, 31), value="09:30", details={"minutes": 90, "place": "日间病房, 3"}, reason="subject_request"
)
HOLD = NewFact(Kind.HOLD_STARTED, "", date(2026, 4, 1), until_day=date(9999, 12, 31), value="shift", note="a note, never in the table")
CORRECTED = NewFact(Kind.HOLD_STARTED, "pd1", date(1930, 1, 1), value="skip", replaces=3)
ENDED = NewFact(Kind.HOLD_ENDED, day=date(2026, 4, 9), refers=3)

Row = tuple[SubjectKey, int, str, str, int, int, str, int, int, dict[str, Any], str, int]


def rows_of(table: FactTable) -> list[Row]:
    """The facts of a table, in words."""
    words = table.words
    return [
        (
            table.subjects[table.row[index]],
            int(table.number[index]),
            KINDS[table.kind[index]].value,
            words[table.item[index]],
            int(table.day[index]),
            int(table.until_day[index]),
            words[table.value[index]],
            int(table.replaces[index]),
            int(table.refers[index]),
            table.details_of(int(table.details[index])),
            words[table.reason[index]],
            int(table.recorded_at[index]),
        )
        for index in range(len(table))
    ]


def numbers_by_row(table: FactTable) -> list[list[int]]:
    return [table.number[table.row == row].tolist() for row in range(len(table.subjects))]


def _site(code: str) -> NewFact:
    return NewFact(Kind.SITE_SET, code, details={"subject_pattern": rf"{code}-\d{{3}}"})


def filled(database: Database) -> list[Fact]:
    """A log of two subjects and the administration, its facts mixed."""
    with database.writing() as connection:
        append(connection, [Act(ADMINISTRATION, 0, (_site("PEK"),))], NURSE, NOON)
        append(connection, [Act(subject(2), 0, (enrolled(), BOOKED)), Act(subject(1), 0, (enrolled(site="SHA"),))], NURSE, NOON)
        append(
            connection, [Act(ADMINISTRATION, 1, (NewFact(Kind.SITE_SET, "SHA", details={"subject_pattern": r"SHA-\d{3}"}),))], NURSE, NOON
        )
        append(connection, [Act(subject(1), 1, (BOOKED,)), Act(subject(2), 2, (HOLD, CORRECTED, ENDED))], COORDINATOR, NOON)
        append(connection, [Act(subject(1), 2, (NewFact(Kind.RELEASED, "C2D1"),))], NURSE, NOON + timedelta(microseconds=1))
        return read_facts(connection)


def test_every_field_is_in_its_column() -> None:
    table = fact_table(log_of(enrolled(), BOOKED, HOLD, CORRECTED, ENDED))
    assert table.words[0] == ""
    assert [array.dtype for array in (table.row, table.kind, table.day, table.details)] == [np.dtype(np.int32)] * 4
    nothing, micro = int(NO_DAY), 1_000_000
    first = int(FIRST.timestamp()) * micro
    booked = (KEY, 2, "booked", "C2D1", -1, nothing, "09:30", 0, 0, {"minutes": 90, "place": "日间病房, 3"}, "subject_request")
    hold = (KEY, 3, "hold_started", "", day_number(date(2026, 4, 1)), day_number(date(9999, 12, 31)), "shift", 0, 0, {}, "")
    corrected = (KEY, 4, "hold_started", "pd1", day_number(date(1930, 1, 1)), nothing, "skip", 3, 0, {}, "")
    ended = (KEY, 5, "hold_ended", "", day_number(date(2026, 4, 9)), nothing, "", 0, 3, {}, "")
    expected = [(*fields, first + minute * 60 * micro) for minute, fields in enumerate((booked, hold, corrected, ended), start=1)]
    assert rows_of(table)[1:] == expected


def test_the_administration_log_is_left_out_and_facts_are_sorted_by_position() -> None:
    own = log_of(enrolled(), BOOKED)
    other = [replace(fact, subject=ADMINISTRATION, position=9) for fact in log_of(NewFact(Kind.SITE_SET, "PEK"))]
    table = fact_table([*reversed(own), *other])
    assert table.subjects == (KEY,)
    assert table.number.tolist() == [1, 2]


def test_a_table_without_facts() -> None:
    table = fact_table([])
    assert (len(table), table.subjects, table.words) == (0, (), ("",))


@pytest.mark.parametrize("at_once", [1, 3, 200_000])
def test_the_whole_log_as_it_is_read_in_bulk(database: Database, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(module, "POSITIONS_AT_ONCE", at_once)
    log = filled(database)
    with database.reading() as connection:
        table = read_fact_table(connection)
    assert table.subjects == (subject(2), subject(1))
    assert rows_of(table) == rows_of(fact_table(log))
    assert len(table) == 8


@pytest.mark.parametrize("most_by_index", [0, 5_000])
def test_chosen_subjects_in_the_order_asked_for(database: Database, monkeypatch: pytest.MonkeyPatch, most_by_index: int) -> None:
    monkeypatch.setattr(module, "MOST_BY_INDEX", most_by_index)
    monkeypatch.setattr(module, "SUBJECTS_AT_ONCE", 1)
    log = filled(database)
    with database.reading() as connection:
        keys = subject_keys(connection)
        both = read_fact_table(connection, [keys[subject(1)], keys[subject(2)]])
        one = read_fact_table(connection, [keys[subject(1)]])
        none = read_fact_table(connection, [])
    assert both.subjects == (subject(1), subject(2))
    assert sorted(rows_of(both)) == sorted(rows_of(fact_table(log)))
    assert numbers_by_row(both) == [[1, 2, 3], [1, 2, 3, 4, 5]]
    assert rows_of(one) == [row for row in rows_of(fact_table(log)) if row[0] == subject(1)]
    assert (len(none), none.subjects) == (0, ())


def test_an_empty_database(database: Database) -> None:
    with database.reading() as connection:
        table = read_fact_table(connection)
    assert (len(table), table.subjects) == (0, ())


@pytest.mark.parametrize("number", [0, 99])
def test_a_number_that_no_subject_has_is_named(database: Database, number: int) -> None:
    filled(database)
    with database.reading() as connection, pytest.raises(FactTableError, match=f"no subject with the number {number}"):
        read_fact_table(connection, [number])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"kind": "teleported"}, "'teleported'.*newer"),
        ({"item": "a\x1fb"}, "column item gave 10 entries for 9 facts"),
        ({"reason": "a\x1fb"}, "column reason gave 4 entries for 3 facts"),
    ],
)
def test_a_log_that_cannot_be_read_is_refused(database: Database, changed: dict[str, str], message: str) -> None:
    last = max(filled(database), key=lambda fact: fact.position)
    with database.writing() as connection:
        row: dict[str, Any] = dict(connection.execute(facts.select().where(facts.c.position == last.position)).mappings().one())
        connection.execute(insert(facts), [{**row, "position": last.position + 1, "number": last.number + 1, **changed}])
    with database.reading() as connection, pytest.raises(FactTableError, match=message):
        read_fact_table(connection)


@pytest.mark.parametrize("column", ["day", "until_day", "replaces", "refers"])
def test_a_text_in_a_column_of_numbers_is_refused(sqlite_url: str, column: str) -> None:
    database = open_database(sqlite_url)
    log = filled(database)
    with database.writing() as connection:
        columns = ", ".join(column.name for column in facts.columns)
        others = columns.replace("position", f"{len(log) + 1}", 1).replace("number", "number + 1", 1).replace(f" {column},", " 'soon',", 1)
        connection.exec_driver_sql(f"INSERT INTO facts ({columns}) SELECT {others} FROM facts WHERE position = {len(log)}")
    with database.reading() as connection, pytest.raises(FactTableError, match=f"column {column} holds"):
        read_fact_table(connection)
    database.close()


RARE = (
    NewFact(Kind.HOLD_STARTED, "", date(2026, 4, 1), until_day=date(1969, 12, 31), value="shift"),
    NewFact(Kind.HOLD_STARTED, "pd1", date(2026, 4, 2), value="skip", replaces=1),
    NewFact(Kind.HOLD_ENDED, day=date(2026, 4, 9), refers=2),
    NewFact(Kind.BOOKED, "C2D1", date(2026, 4, 9), details={"minutes": 90}),
    NewFact(Kind.BOOKED, "C2D1", date(2026, 4, 9), reason="subject_request"),
)
"""Each says something in one of the columns that are mostly empty."""


@pytest.mark.parametrize("at_once", [1, 2, 7])
@pytest.mark.parametrize("place", range(len(RARE)))
def test_what_few_facts_say_stays_with_its_fact(database: Database, monkeypatch: pytest.MonkeyPatch, place: int, at_once: int) -> None:
    monkeypatch.setattr(module, "POSITIONS_AT_ONCE", at_once)
    plain = NewFact(Kind.VISIT_DONE, "C1D1", date(2026, 3, 2))
    said = [plain] * len(RARE)
    said[place] = RARE[place]
    with database.writing() as connection:
        append(connection, [Act(subject(1), 0, (enrolled(), plain, *said, plain))], NURSE, NOON)
        log = read_facts(connection)
    with database.reading() as connection:
        assert rows_of(read_fact_table(connection)) == rows_of(fact_table(log))
        assert rows_of(read_fact_table(connection, [1])) == rows_of(fact_table(log))


def test_a_log_that_says_nothing_in_the_rare_columns(database: Database) -> None:
    with database.writing() as connection:
        append(connection, [Act(subject(1), 0, (NewFact(Kind.VISIT_DONE, "C1D1", date(2026, 3, 2)),))], NURSE, NOON)
    with database.reading() as connection:
        ((_, _, _, _, _, until_day, _, replaces, refers, details, reason, _),) = rows_of(read_fact_table(connection))
    assert (until_day, replaces, refers, details, reason) == (int(NO_DAY), 0, 0, {}, "")


def two_subjects() -> FactTable:
    other = [replace(fact, subject=subject(2), position=fact.position + 10) for fact in log_of(enrolled(site="SHA"), HOLD)]
    return fact_table([*log_of(enrolled(), BOOKED, HOLD), *other])


def test_each_beginning_of_a_log_is_a_row() -> None:
    table = prefixes(two_subjects())
    assert table.subjects == (KEY,) * 3
    assert numbers_by_row(table) == [[1], [1, 2], [1, 2, 3]]
    assert numbers_by_row(prefixes(two_subjects(), 1)) == [[1], [1, 2]]


def test_chosen_beginnings_in_the_order_asked_for() -> None:
    table = chosen_prefixes(two_subjects(), [1, 0, 0, 1], [1, 3, 0, 99])
    assert table.subjects == (subject(2), KEY, KEY, subject(2))
    assert numbers_by_row(table) == [[1], [1, 2, 3], [], [1, 2]]
    assert [row[3] for row in rows_of(table)] == ["SHA", "PEK", "C2D1", "", "SHA", ""]


def test_what_was_known_at_a_moment() -> None:
    table = two_subjects()
    after_two = int((FIRST + timedelta(minutes=1)).timestamp() * 1e6)
    assert numbers_by_row(known_at(table, after_two)) == [[1, 2], [1, 2]]
    assert numbers_by_row(known_at(table, after_two - 1)) == [[1], [1]]
    assert numbers_by_row(known_at(table, 0)) == [[], []]


def test_what_was_known_is_a_beginning_even_if_the_clock_was_put_back() -> None:
    log = log_of(enrolled(), BOOKED, HOLD)
    late = datetime(2027, 1, 1, tzinfo=UTC)
    table = fact_table([log[0], replace(log[1], recorded_at=late), log[2]])
    assert numbers_by_row(known_at(table, int(FIRST.timestamp() * 1e6) + 60_000_000 * 5)) == [[1]]


def test_one_row_by_itself() -> None:
    one = two_subjects().of_row(1)
    assert one.subjects == (subject(2),)
    assert rows_of(one) == rows_of(two_subjects())[3:]
    assert day_number(START) == one.day[0]
