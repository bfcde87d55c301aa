"""The trace of what was printed."""

from __future__ import annotations

from datetime import date

import pytest

from planner.records.facts.fact import SubjectKey
from planner.records.store.database import Database
from planner.records.store.log import UnknownSubjectError
from planner.records.traces.prints import Print, last_print, note_print
from tests.records.desk import SUBJECT, Desk, someone

FIRST, SECOND = someone(date(2026, 4, 1)), someone(date(2026, 4, 2), "other")


def test_prints_are_kept_and_the_last_is_found(database: Database) -> None:
    desk = Desk.opened(database)
    desk.enrol()
    other = desk.enrol("PEK-002")
    with database.writing() as connection:
        assert last_print(connection, SUBJECT) is None
        note_print(connection, SUBJECT, 3, "en", FIRST)
        note_print(connection, SUBJECT, 5, "zh-CN", SECOND)
        note_print(connection, SUBJECT, 5, "en", SECOND)
    with database.reading() as connection:
        assert last_print(connection, SUBJECT) == Print(5, "en", SECOND.now, "other")
        assert last_print(connection, SUBJECT, before=5) == Print(3, "en", FIRST.now, "nurse")
        assert last_print(connection, SUBJECT, before=3) is None
        assert last_print(connection, SUBJECT, until=SECOND.now) == Print(3, "en", FIRST.now, "nurse")
        assert last_print(connection, SUBJECT, until=FIRST.now) is None
        assert last_print(connection, other) is None


def test_a_print_of_nobody_is_refused(database: Database) -> None:
    with database.writing() as connection, pytest.raises(UnknownSubjectError, match="no subject ulrrc/PEK-009"):
        note_print(connection, SubjectKey("ulrrc", "PEK-009"), 1, "en", FIRST)
