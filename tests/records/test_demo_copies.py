"""The demonstration that tests are given is the same on both engines, and each test has its own."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from planner.records.store.database import open_database
from planner.records.store.log import head
from tests.records.databases import made_once


def head_at(url: str) -> str:
    database = open_database(url)
    with database.reading() as connection:
        found = head(connection)
    database.close()
    return found


def test_the_demonstration_is_the_same_on_both_engines(demo_sqlite_url: str, demo_postgresql_url: str) -> None:
    assert head_at(demo_sqlite_url) == head_at(demo_postgresql_url) != ""


def test_what_is_done_to_a_copy_stays_there(demo_sqlite_file: Path, demo_sqlite_url: str) -> None:
    before = demo_sqlite_file.read_bytes()
    database = open_database(demo_sqlite_url)
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE of_my_own (number INTEGER)"))
    database.close()
    assert demo_sqlite_file.read_bytes() == before
    assert not list(demo_sqlite_file.parent.glob("demo.sqlite-*"))


def test_a_file_is_made_once_and_again_after_a_failure(tmp_path: Path) -> None:
    def fail(file: Path) -> None:
        file.write_text("half", encoding="ascii")
        raise OSError("half")

    with pytest.raises(OSError, match="half"):
        made_once(tmp_path, "note", fail)
    for said in ("first", "second"):
        made = made_once(tmp_path, "note", partial(Path.write_text, data=said, encoding="ascii"))
        assert made.read_text(encoding="ascii") == "first"
